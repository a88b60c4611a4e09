public import Columns
internal import CLightGBM

// Safety: the content is set once, and a handle is freed once, in deinit. After init nothing writes
// to what it points to: LightGBM's boosters take the dataset as const.
/// Labeled rows, binned for training. It can be reused, and several boosters may train on it at a
/// time.
///
/// It takes about one byte per value, whatever the size of the blocks, which are not kept.
///
/// ```swift
/// let dataset = try Dataset(
///   library: library, blocks: blocks, names: names, encodings: encodings, labels: labels,
///   weights: configuration.classWeight.weights(labels: labels), configuration: configuration,
///   threads: 2)
/// let booster = try Booster.train(on: dataset, configuration: configuration, threads: 2)
/// ```
public final class Dataset: @unchecked Sendable {
  /// The library that binned the rows.
  public let library: LightGBMLibrary
  /// The names of the features, in column order.
  public let featureNames: [String]
  /// The number of rows.
  public let rowCount: Int
  /// The warnings that LightGBM logged while it binned the rows.
  public let warnings: [LearningMessage]

  /// The parameters that affected binning; a booster must be trained with the same.
  let datasetText: String
  /// The indices of the categorical columns.
  let categories: Set<Int>
  /// The categorical columns as a LightGBM parameter; empty if there are none.
  let categoricalText: String
  /// Whether the rows are stored entity by entity, and not in the order in which they came.
  let isByEntity: Bool
  let content: Content

  /// The binned rows, in the form of the trainer that they are for.
  enum Content {
    case library(lgbm_dataset)
    case panel(PanelDataset)
  }

  /// What grows the trees of boosters that are trained on the dataset.
  public var trainer: Trainer {
    switch content {
    case .library: .library
    case .panel: .panel
    }
  }

  /// Bins rows.
  ///
  /// Bins are learned from the rows that LightGBM itself would sample from the full matrix, so
  /// models equal those of its Python package on the same rows in the same order.
  ///
  /// - Parameters:
  ///   - blocks: the rows, with one column per feature.
  ///   - names: the names of the features. They must be distinct and contain no whitespace, no
  ///     control characters, and none of `"`, `,`, `:`, `[`, `]`, `{`, `}`, which LightGBM's model
  ///     text cannot represent.
  ///   - encodings: how each column is read.
  ///   - labels: one per row, 0 or 1.
  ///   - weights: one per row, above 0; nil for equal weights.
  ///   - entities: the entity of each row. Rows of an entity are then stored side by side, in the
  ///     order of the entities' numbers, unless the configuration draws rows at random. Many of
  ///     their values are equal, so that LightGBM counts them faster. Bins are the same, and so are
  ///     sums, apart from their last bits.
  ///   - configuration: what will be trained; only the part in `datasetText`, and whether it draws
  ///     rows, matters.
  ///   - trainer: what will grow the trees. The panel trainer stores rows by entity also if rows
  ///     are drawn at random.
  ///   - threads: the number of threads that convert and bin; the result does not depend on it.
  /// - Throws: `invalidInput`, `invalidParameter`, or `callFailed` with LightGBM's reason.
  public init(
    library: LightGBMLibrary, blocks: [FeatureBlock], names: [String],
    encodings: [ColumnEncoding], labels: [Float], weights: [Float]? = nil,
    entities: [Int32]? = nil, configuration: LearnerConfiguration, trainer: Trainer = .library,
    threads: Int
  ) throws(LearningError) {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    try Self.check(
      names: names, rows: rows, labels: labels, weights: weights, entities: entities)
    let categories = encodings.indices.filter { encodings[$0].isCategory }
    try configuration.check(
      with: library, features: FeatureShape(names: names, categories: Set(categories)))
    let categoricalText =
      categories.isEmpty
      ? "" : " categorical_feature=" + categories.map(String.init).joined(separator: ",")
    let datasetText = try configuration.datasetText(with: library)
    let parameters = datasetText + categoricalText + " verbosity=0 num_threads=\(threads)"
    let log = LogCollector()
    let keepsOrder = trainer == .library && configuration.drawsRows(with: library)
    let order = keepsOrder ? nil : entities.map(Self.order)
    let builder = DatasetBuilder(
      rows: rows, names: names, labels: labels, weights: weights, parameters: parameters,
      threads: threads, order: order)
    isByEntity = order != nil
    self.library = library
    featureNames = names
    rowCount = rows.rowCount
    self.datasetText = datasetText
    self.categories = Set(categories)
    self.categoricalText = categoricalText
    content =
      switch trainer {
      case .library: .library(try builder.build(in: library, log: log))
      case .panel: .panel(try PanelDataset(builder, library: library, log: log))
      }
    warnings = log.warnings
  }

  /// Bins rows with the bins of another dataset, so that training on that one can be validated on
  /// them.
  ///
  /// - Parameters:
  ///   - blocks: the rows, with the other dataset's columns.
  ///   - encodings: the encodings of the other dataset.
  ///   - labels: one per row, 0 or 1.
  /// - Throws: `invalidInput`, or `callFailed` with LightGBM's reason.
  public init(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], labels: [Float],
    binnedAs reference: Dataset, threads: Int
  ) throws(LearningError) {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    try Self.check(
      names: reference.featureNames, rows: rows, labels: labels, weights: nil, entities: nil)
    let library = reference.library
    let log = LogCollector()
    isByEntity = false
    var builder = DatasetBuilder(
      rows: rows, names: reference.featureNames, labels: labels, weights: nil, parameters: "",
      threads: threads)
    self.library = library
    featureNames = reference.featureNames
    rowCount = rows.rowCount
    datasetText = reference.datasetText
    categories = reference.categories
    categoricalText = reference.categoricalText
    switch reference.content {
    case .library(let handle):
      builder.reference = handle
      content = .library(try builder.build(in: library, log: log))
    case .panel(let data):
      content = .panel(
        PanelDataset(builder, reference: data.reference, isForTraining: false))
    }
    warnings = log.warnings
  }

  deinit {
    if case .library(let handle) = content { _ = library.functions.datasetFree(handle) }
  }

  private static func check(
    names: [String], rows: RowMajorConverter, labels: [Float], weights: [Float]?,
    entities: [Int32]?
  ) throws(LearningError) {
    guard rows.rowCount > 0 else {
      throw LearningError(.invalidInput, "there are no rows to learn from")
    }
    guard names.count == rows.columnCount else {
      throw LearningError(
        .invalidInput, "\(rows.columnCount) columns have \(names.count) names")
    }
    guard Set(names).count == names.count else {
      throw LearningError(.invalidInput, "two features have the same name")
    }
    for name in names {
      let fits = name.unicodeScalars.allSatisfy { scalar in
        scalar.value > 0x20 && scalar.value != 0x7F && !#"",:[]{}"#.unicodeScalars.contains(scalar)
      }
      guard fits, !name.isEmpty else {
        throw LearningError(
          .invalidInput, "LightGBM cannot hold the feature name `\(name)`: use letters and digits")
      }
    }
    guard labels.count == rows.rowCount else {
      throw LearningError(.invalidInput, "\(rows.rowCount) rows have \(labels.count) labels")
    }
    if let row = labels.firstIndex(where: { $0 != 0 && $0 != 1 }) {
      throw LearningError(.invalidInput, "the label of row \(row) is \(labels[row]), not 0 or 1")
    }
    if let entities {
      guard entities.count == rows.rowCount, entities.allSatisfy({ $0 >= 0 }) else {
        throw LearningError(
          .invalidInput,
          "\(rows.rowCount) rows need as many entities, numbered from 0, not \(entities.count)")
      }
    }
    guard let weights else { return }
    guard weights.count == rows.rowCount else {
      throw LearningError(.invalidInput, "\(rows.rowCount) rows have \(weights.count) weights")
    }
    if let row = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw LearningError(
        .invalidInput, "the weight of row \(row) is \(weights[row]), not a number above 0")
    }
  }
}

extension Dataset {
  /// Returns the rows in the order of their entities, and of their indices within an entity.
  package static func order(of entities: [Int32]) -> [Int32] {
    guard let last = entities.max() else { return [] }
    var next = [Int32](repeating: 0, count: Int(last) + 2)
    for entity in entities { next[Int(entity) + 1] += 1 }
    for entity in 1..<next.count { next[entity] += next[entity - 1] }
    var order = [Int32](repeating: 0, count: entities.count)
    for (row, entity) in entities.enumerated() {
      order[Int(next[Int(entity)])] = Int32(row)
      next[Int(entity)] += 1
    }
    return order
  }

  /// Bins rows labeled 0 or 1, weighted by the configuration's `classWeight`.
  ///
  /// - Throws: `invalidInput`, `invalidParameter`, or `callFailed` with LightGBM's reason.
  public convenience init(
    library: LightGBMLibrary, blocks: [FeatureBlock], names: [String],
    encodings: [ColumnEncoding], labels: [UInt8], configuration: LearnerConfiguration, threads: Int
  ) throws(LearningError) {
    let labels = labels.map(Float.init)
    try self.init(
      library: library, blocks: blocks, names: names, encodings: encodings, labels: labels,
      weights: configuration.classWeight.weights(labels: labels), configuration: configuration,
      threads: threads)
  }
}
