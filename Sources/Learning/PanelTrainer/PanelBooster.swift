internal import CLightGBM
internal import CPanelTrees
internal import Columns
internal import Foundation

/// Boosting on a panel: one tree after the other on the derivatives of the log loss.
struct PanelBooster {
  private let data: PanelDataset
  let parameters: TreeParameters
  private let template: String
  private let log: LogCollector
  private let scores: BoostedScores
  private let builder: HistogramBuilder
  private var grower: TreeGrower
  private var features: FeatureDraws
  private var bags: RowBags
  private(set) var trees: [GrownTree] = []
  /// The number of trees that could be split.
  private var iteration = 0
  /// What each leaf of the last tree still adds to the scores of its rows.
  private(set) var pending: [Double] = []
  /// The margin that all rows start from; 0 until the first tree.
  private(set) var start = 0.0

  /// Prepares training.
  /// - Throws: `invalidInput` if the dataset was not made for training; `callFailed` if LightGBM
  ///   rejects the parameters.
  init(
    on dataset: Dataset, _ data: PanelDataset, _ configuration: LearnerConfiguration,
    threads: Int, log: LogCollector
  ) throws(LearningError) {
    guard let groups = data.groups else {
      throw LearningError(.invalidInput, "the dataset was binned for validation only")
    }
    template = try Self.template(dataset, data, configuration, threads: threads, log: log)
    parameters = TreeParameters(
      given: configuration.givenTexts(with: dataset.library),
      effective: Self.values(template))
    scores = BoostedScores(data, sigmoid: parameters.sigmoid)
    builder = HistogramBuilder(rows: data.rows, groups: groups, threads: threads)
    grower = TreeGrower(
      rows: data.rows, builder: builder, parameters: parameters, units: scores.units)
    features = FeatureDraws(parameters, count: data.rows.features.count)
    bags = RowBags(parameters, labels: data.labels, rows: data.rows)
    self.data = data
    self.log = log
    if !scores.hasBothClasses { warn("Contains only one class") }
  }

  private func warn(_ text: String) {
    log.receive("[LightGBM] [Warning] ", thread: 0)
    log.receive(text, thread: 0)
    log.receive("\n", thread: 0)
  }

  /// Tries to grow a tree. Returns it if it is part of the model.
  mutating func grow() throws(LearningError) -> GrownTree? {
    if trees.isEmpty, parameters.startsFromAverage { begin(at: scores.average) }
    bags.draw(iteration: iteration)
    builder.bag = bags.bag
    var tree = GrownTree(value: 0, count: data.labels.count)
    if scores.hasBothClasses, !data.rows.features.isEmpty { tree = try growSplits() }
    guard tree.leafCount > 1 else {
      warn("Stopped training because there are no more leaves that meet the split requirements")
      guard trees.isEmpty else { return nil }
      // A model of one leaf is the average in any case.
      if !parameters.startsFromAverage { begin(at: scores.average) }
      tree = GrownTree(value: start, count: data.labels.count)
      trees.append(tree)
      return tree
    }
    tree.shrink(by: parameters.learningRate)
    pending = tree.leafValues
    if trees.isEmpty, start != 0 { tree.add(start) }
    trees.append(tree)
    iteration += 1
    return tree
  }

  private mutating func begin(at margin: Double) {
    guard margin.magnitude > SplitSearch.epsilon else { return }
    start = margin
    pending = [margin]
  }

  private mutating func growSplits() throws(LearningError) -> GrownTree {
    let (scores, pending, prefix) = (scores, pending, builder.prefix)
    // The last tree's leaves, or all rows before the first tree.
    let masks = grower.masks.isEmpty ? [data.rows.slots.occupied()] : grower.masks
    let copies = pending.isEmpty ? [] : Array(masks.prefix(pending.count))
    let grown = try grower.grow(features: features.next(), rowCount: bags.count) { chunk in
      let words = chunk * Slots.wordsPerChunk..<(chunk + 1) * Slots.wordsPerChunk
      for (leaf, value) in pending.enumerated() {
        scores.add(value, to: copies[leaf], words: words)
      }
      scores.differentiate(chunk: chunk, into: prefix)
    }
    self.pending = []
    if let gain = grown.lastGain {
      warn("No further splits with positive gain, best gain: " + String(format: "%f", gain))
    }
    return grown.tree
  }
}

extension PanelBooster {
  /// Returns LightGBM's text of a model without trees, which has the features and all parameters.
  private static func template(
    _ dataset: Dataset, _ data: PanelDataset, _ configuration: LearnerConfiguration, threads: Int,
    log: LogCollector
  ) throws(LearningError) -> String {
    let library = dataset.library
    let names = dataset.featureNames
    // LightGBM makes no booster without rows of both classes, or with an empty bag.
    let rowCount = max(2, min(dataset.rowCount, 1024))
    let parameters =
      try configuration.canonicalText(with: library) + dataset.categoricalText
      + " num_threads=\(threads)"
    return try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> String in
      var created: lgbm_dataset?
      try functions.check(
        functions.datasetCreateFromSerializedReference(
          data.reference.bytes, Int32(data.reference.bytes.count), Int64(rowCount), 1, parameters,
          &created),
        "LGBM_DatasetCreateFromSerializedReference")
      guard let empty = created else {
        throw LearningError(
          .callFailed, "returned no dataset", function: "LGBM_DatasetCreateFromSerializedReference")
      }
      defer { _ = functions.datasetFree(empty) }
      try functions.check(
        functions.datasetInitStreaming(empty, 0, 0, 0, 1, 1, 1), "LGBM_DatasetInitStreaming")
      let values = [Double](repeating: 0, count: rowCount * names.count)
      let labels = (0..<rowCount).map { Float($0 % 2) }
      try functions.check(
        functions.datasetPushRowsWithMetadata(
          empty, values, Int32(lgbm_type_float64), Int32(rowCount), Int32(names.count), 0, labels,
          nil, nil, nil, 0), "LGBM_DatasetPushRowsWithMetadata")
      try functions.check(functions.datasetMarkFinished(empty), "LGBM_DatasetMarkFinished")
      try DatasetBuilder.setNames(names, of: empty, functions)
      var booster: lgbm_booster?
      try functions.check(
        functions.boosterCreate(empty, parameters, &booster), "LGBM_BoosterCreate")
      guard let booster else {
        throw LearningError(.callFailed, "returned no booster", function: "LGBM_BoosterCreate")
      }
      defer { _ = functions.boosterFree(booster) }
      return try LightGBMLibrary.readText("LGBM_BoosterSaveModelToString", functions) {
        length, needed, buffer in
        functions.boosterSaveModelToString(
          booster, 0, -1, Int32(lgbm_importance_split), length, needed, buffer)
      }
    }
  }

  /// Returns the values that a model text lists as `[name: value]`.
  private static func values(_ text: String) -> [String: String] {
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("[") && line.hasSuffix("]") {
      let parts = line.dropFirst().dropLast().split(
        separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    return values
  }

  /// Returns the model so far in LightGBM's text format.
  func modelText(names: [String]) -> String {
    let texts = trees.enumerated().map {
      $1.text(number: $0, features: data.rows.features)
    }
    var counts = [Int](repeating: 0, count: names.count)
    for tree in trees { tree.count(into: &counts, features: data.rows.features) }
    let importances = names.indices.filter { counts[$0] > 0 }
      .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
      .map { "\(names[$0])=\(counts[$0])\n" }.joined()
    let sizes = "tree_sizes=" + texts.map { String($0.utf8.count) }.joined(separator: " ")
    return template.replacing(
      "\ntree_sizes=\n\n", with: "\n\(sizes)\n\n\(texts.joined())", maxReplacements: 1
    ).replacing(
      "\nfeature_importances:\n", with: "\nfeature_importances:\n\(importances)",
      maxReplacements: 1)
  }
}
