import Columns
import Diagnostics
import Evaluation
import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Randomness
import Runs
import Spec
import Testing

@Suite struct ExplainedRowsTests {
  /// A model of accounts, of which some have no size or no region, and its test rows.
  private struct Fitted {
    let spec: ExperimentSpec
    let model: TrainedModel
    let calibrator: Calibrator
    let test: [PanelBlock]
    let texts: PanelTexts

    init(_ overlay: String = "", method: CalibrationMethod = .isotonic) throws {
      let bench = try AccountsBench(
        "UPDATE accounts SET size = NULL WHERE CAST(substr(id, 2) AS INTEGER) % 5 = 0",
        "UPDATE regions SET region = NULL WHERE CAST(substr(id, 2) AS INTEGER) % 7 = 0",
        "ALTER TABLE accounts ADD COLUMN parent VARCHAR",
        "UPDATE accounts SET parent = 'P' || (CAST(substr(id, 2) AS INTEGER) % 300)")
      let builder = try bench.builder(
        "sources: {accounts: {columns: {parent: {type: text, class: static}}}}\n" + overlay)
      spec = builder.spec
      let blocks = try [Role.train, .calibrate, .test].map {
        try builder.blocks(builder.timeline[$0], threads: 1)
      }
      texts = try PanelTexts(builder)
      model = try TrainedModel(
        spec, train: blocks[0], texts: texts, library: NativeTestLibrary.loadLightGBM(),
        settings: RunSettings(threads: 1))
      calibrator = try Calibrator.fit(
        method: method, margins: model.margins(blocks[1], threads: 1),
        labels: blocks[1].flatMap(\.labels), logOddsPerMargin: model.predictor.logOddsPerMargin,
        bounds: .jeffreys(rowsPerEntity: 2))
      test = blocks[2]
    }

    var names: [String] { spec.features.map(\.name.value) }

    func rows(_ test: [PanelBlock]) throws -> ScoredRows {
      let margins = try model.margins(test, threads: 1)
      let scores = calibrator.apply(margins)
      return ScoredRows(
        cutoff: test.indices.flatMap { [Int32](repeating: Int32($0), count: test[$0].rowCount) },
        entity: test.flatMap(\.entities),
        cluster: test.contains(where: \.isClustered) ? test.flatMap(\.clusters) : nil,
        label: test.flatMap(\.labels), margin: margins, score: scores, uncalibrated: scores,
        cutoffCount: test.count)
    }

    /// - Parameter test: nil: all test rows.
    func explained(_ test: [PanelBlock]? = nil, threads: Int = 1) throws -> ExplainedRows {
      try ExplainedRows(
        spec, model, calibrator, test: test ?? self.test, rows: rows(test ?? self.test),
        texts: texts, threads: threads)
    }

    /// The rows of every cutoff in another order.
    func shuffled(seed: UInt64) -> [PanelBlock] {
      var draw = SplitMix64(seed: seed)
      return test.map { block in
        let order = (0..<block.rowCount).shuffled(using: &draw)
        return block.rows(order)
      }
    }
  }

  private static let settings = BootstrapOptions(resamples: 50, seed: 3)
  /// Leaves by which the trees are small, and by which LightGBM itself predicts them.
  private static let small = ""
  private static let large =
    "model: {params: {num_leaves: 12, min_data_in_leaf: 20, num_iterations: 20}}\n"
  private static let clustered = "evaluation: {cluster: accounts.parent}\n"

  // MARK: - Permutation importance

  @Test(arguments: [small, large])
  func `importance is what whole predictions of shuffled rows lose`(_ overlay: String) throws {
    let fitted = try Fitted(overlay)
    let rows = try fitted.rows(fitted.test)
    let study = try #require(try fitted.explained().permutation(Self.settings))
    #expect(study.rows == rows.count && study.allRows == rows.count && rows.count > 400)
    let used = try fitted.model.predictor.featureImportance().filter { $0.split > 0 }.map(\.feature)
    #expect(Set(study.features.map(\.name)) == Set(used) && used.count >= 4)
    let increases = study.features.map(\.importance.increase)
    #expect(increases == increases.sorted(by: >))
    let base = try #require(ScoreGroups(labels: rows.label, scores: rows.score).logLoss)
    let shuffles = EntityShuffles(rows, seed: Self.settings.seed)
    for feature in study.features {
      let column = try #require(fitted.names.firstIndex(of: feature.name))
      var mean = 0.0
      for shuffle in 0..<10 {
        let sources = shuffles.sources(ofShuffle: shuffle)
        var start = 0
        let blocks = fitted.test.map { block in
          var columns = block.features.columns
          columns[column] = columns[column].rows(
            (0..<block.rowCount).map { Int(sources[start + $0]) - start })
          start += block.rowCount
          return PanelBlock(
            cutoff: block.cutoff, entities: block.entities, labels: block.labels,
            features: FeatureBlock(rowCount: block.rowCount, columns: columns))
        }
        let scores = try fitted.rows(blocks).score
        mean += try #require(ScoreGroups(labels: rows.label, scores: scores).logLoss) / 10
      }
      // 1e-12: means of 1,400 losses in another order.
      #expect(abs(feature.importance.increase - (mean - base)) < 1e-12, "\(feature.name)")
      #expect(feature.importance.shuffles == 10)
      let interval = try #require(feature.importance.interval)
      #expect(interval.defined == 50 && interval.lower <= interval.upper)
    }
    #expect(increases[0] > 0.001)
  }

  @Test func `at most 200 resamples make the intervals, and none makes none`() throws {
    let explained = try Fitted().explained()
    func defined(_ resamples: Int) throws -> [Int?] {
      let study = try #require(
        try explained.permutation(BootstrapOptions(resamples: resamples), limit: 400))
      return Array(Set(study.features.map(\.importance.interval?.defined)))
    }
    #expect(try defined(500) == [200])
    #expect(try defined(0) == [nil])
  }

  @Test func `the accounts of a cluster are resampled together`() throws {
    let (plain, clustered) = (try Fitted(), try Fitted(Self.clustered))
    let (one, other) = (
      try #require(try plain.explained().permutation(Self.settings)),
      try #require(try clustered.explained().permutation(Self.settings))
    )
    // The sums by cluster differ in their rounding.
    for (left, right) in zip(one.features, other.features) {
      #expect(left.name == right.name)
      #expect(abs(left.importance.increase - right.importance.increase) < 1e-12)
      #expect(left.importance.interval != right.importance.interval)
    }
    let rows = try clustered.rows(clustered.test)
    let sample = try #require(
      try clustered.explained().permutation(Self.settings, limit: 500))
    #expect(sample.rows < 500 && sample.allRows == rows.count)
  }

  // MARK: - What all have in common

  @Test(arguments: [small, large, clustered])
  func `threads and the order of rows change no byte`(_ overlay: String) throws {
    let fitted = try Fitted(overlay)
    func texts(_ explained: ExplainedRows) throws -> [String] {
      try [
        JSONDocument.text(explained.permutation(Self.settings)),
        JSONDocument.text(explained.permutation(Self.settings, limit: 600)),
        JSONDocument.text(explained.shap()), JSONDocument.text(explained.top()),
      ]
    }
    let expected = try texts(fitted.explained())
    #expect(try texts(fitted.explained(threads: 3)) == expected)
    for seed in 1...3 {
      #expect(
        try texts(fitted.explained(fitted.shuffled(seed: UInt64(seed)), threads: 2)) == expected)
    }
  }

  @Test func `a model without splits has no importance, and its list no reasons`() throws {
    let fitted = try Fitted("model: {params: {min_data_in_leaf: 100000}}", method: .none)
    let explained = try fitted.explained()
    #expect(try explained.permutation(Self.settings) == nil && explained.shap() == nil)
    let top = try #require(try explained.top())
    #expect(top.rows.count == 20 && top.rows.allSatisfy(\.reasons.isEmpty))
    // Margins are all equal, so keys decide.
    #expect(top.rows.map(\.key) == top.rows.map(\.key).sorted())
  }

  @Test func `one cutoff, one row, and no row`() throws {
    let fitted = try Fitted()
    let last = try #require(fitted.test.last)
    let cutoff = try fitted.explained([last])
    #expect(try cutoff.permutation(Self.settings)?.rows == last.rowCount)
    #expect(try cutoff.shap()?.rows == last.rowCount)
    #expect(try cutoff.top() == fitted.explained().top())
    let one = try fitted.explained([fitted.test[0].rows([]), last.rows([5])])
    let study = try #require(try one.permutation(Self.settings))
    #expect(study.rows == 1 && study.features.allSatisfy { $0.importance.increase == 0 })
    let shap = try #require(try one.shap())
    #expect(shap.rows == 1 && shap.features.allSatisfy { $0.shap.count == 1 })
    #expect(try one.top()?.rows.map(\.rank) == [1])
    let none = try fitted.explained([last.rows([5]), last.rows([])])
    #expect(try none.top() == nil)
    let empty = try fitted.explained([last.rows([])])
    #expect(try empty.permutation(Self.settings) == nil && empty.shap() == nil)
  }

  // MARK: - SHAP values

  /// Each row's contributions, by key and cutoff, in log odds.
  private func contributions(_ fitted: Fitted) throws -> [[Double]] {
    let all = try fitted.model.predictor.contributions(
      blocks: fitted.test.map(\.features), encodings: fitted.model.encodings, threads: 1)
    let scale = fitted.model.predictor.logOddsPerMargin
    return (0..<all.rowCount).map { row in all.features(ofRow: row).map { scale * $0 } }
  }

  @Test(arguments: ["", "model: {params: {sigmoid: 0.5}}\n"])
  func `SHAP values are contributions in log odds, with the values of the same rows`(
    _ overlay: String
  ) throws {
    let fitted = try Fitted(overlay + "score: {hidden: [size]}\n")
    let shap = try #require(try fitted.explained().shap())
    let all = try contributions(fitted)
    #expect(shap.rows == all.count && shap.allRows == all.count)
    #expect((fitted.model.predictor.logOddsPerMargin == 0.5) == !overlay.isEmpty)
    let columns = fitted.names.indices.map { column in
      fitted.test.flatMap { block -> [Double?] in
        switch block.features.columns[column] {
        case .int8(let values): values.map { $0 == .min ? nil : Double($0) }
        case .int16(let values): values.map { $0 == .min ? nil : Double($0) }
        case .int32(let values): values.map { $0 == .min ? nil : Double($0) }
        case .float(let values): values.map { $0.isNaN ? nil : Double($0) }
        case .double(let values): values.map { $0.isNaN ? nil : $0 }
        }
      }
    }
    // A row is a value of each feature and a SHAP value of each, in the order of the features.
    struct Row: Hashable {
      var values: [String]
      var shap: [Int]
    }
    func row(_ values: [String], _ shap: [Double]) -> Row {
      // Four digits of values below 10 leave an error below 1e-3, which thousandths of 1e-2 cover.
      Row(values: values, shap: shap.map { Int(($0 * 100).rounded()) })
    }
    let features = try shap.features.map { feature in
      try #require(fitted.names.firstIndex(of: feature.name))
    }
    #expect(Set(features).count == features.count && features.count >= 4)
    #expect(shap.features.contains { $0.name == "size" })
    var missing = 0
    func text(_ value: Double?, _ levels: [String]?) -> String {
      guard let value else { return "missing" }
      return levels.map { $0[Int(value)] } ?? "\(value)"
    }
    let known = Set(
      all.indices.map { place in
        row(
          features.map {
            text(
              columns[$0][place],
              fitted.spec.features[$0].expression.isCategory ? fitted.texts.levels[$0] : nil)
          }, features.map { all[place][$0] })
      })
    let shown = (0..<400).map { place in
      row(
        shap.features.map { text($0.values[place], $0.levels) },
        shap.features.map { $0.shap[place] })
    }
    #expect(shown.count { known.contains($0) } > 380, "the others are rounded the other way")
    for (feature, index) in zip(shap.features, features) {
      #expect(feature.values.count == 400 && feature.shap.count == 400)
      let mean = all.reduce(0) { $0 + abs($1[index]) } / Double(all.count)
      #expect(abs(feature.meanAbsolute - mean) < 1e-12 && mean > 0)
      #expect(feature.shap.allSatisfy { "\(abs($0))".count { $0.isNumber } <= 9 })
      missing += feature.values.count { $0 == nil }
      if let levels = feature.levels {
        #expect(Set(feature.values.compactMap { $0.map { Int($0) } }) == Set(levels.indices))
      }
    }
    #expect(missing > 40)
    let means = shap.features.map(\.meanAbsolute)
    #expect(means == means.sorted(by: >))
    let categories = shap.features.filter { $0.levels != nil }.map(\.name)
    #expect(Set(categories).isSubset(of: ["segment", "region"]) && !categories.isEmpty)
  }

  @Test func `large trees have a smaller sample, which depends on the seed`() throws {
    let shap = try #require(try Fitted(Self.large).explained().shap())
    #expect(shap.rows == 400 && shap.allRows > 400)
    #expect(shap.features.allSatisfy { $0.shap.count == 400 })
    let other = try #require(
      try Fitted(Self.large + "evaluation: {intervals: {seed: 7}}\n").explained().shap())
    #expect(other.rows == 400 && other.features != shap.features)
  }

  @Test(arguments: [
    (0.0123456, 4, 0.01235), (-123_456, 4, -123_500), (9.99996, 4, 10), (0, 4, 0),
    (1_234_567, 6, 1_234_570), (0.1 + 0.2, 6, 0.3), (Double(Float(0.1)), 6, 0.1),
    (-1e-300, 4, -1e-300), (202_401, 6, 202_401), (1e300, 6, 1e300), (99_999.5, 6, 99_999.5),
  ])
  func `numbers are rounded to significant digits`(
    _ number: Double, _ digits: Int, _ rounded: Double
  ) {
    #expect(number.rounded(digits: digits) == rounded)
  }

  // MARK: - The top of the list

  @Test func `the top has the first rows of the last cutoff's list, with reasons`() throws {
    let fitted = try Fitted(
      """
      score:
        reasons: 2
        hidden: ["siz*"]
        sentences: {age: "{value} days old", visits: {zero: never visited}}

      """)
    let top = try #require(try fitted.explained().top())
    let block = try #require(fitted.test.last)
    let rows = try fitted.rows([block])
    #expect(top.cutoff == block.cutoff.date.description)
    let order = rows.margin.indices.sorted {
      (-rows.margin[$0], rows.entity[$0]) < (-rows.margin[$1], rows.entity[$1])
    }.prefix(20)
    // Small trees give few margins, so ties are common.
    #expect(Set(order.map { rows.margin[$0] }).count < 20)
    #expect(top.rows.map(\.rank) == Array(1...20))
    #expect(top.rows.map(\.key) == order.map { fitted.texts.keys[Int(rows.entity[$0])] })
    #expect(top.rows.map(\.score) == order.map { rows.score[$0] })
    #expect(top.rows.map(\.label) == order.map { Int(rows.label[$0]) })
    #expect(top.rows.contains { $0.label == 1 })
    let reasons = top.rows.flatMap(\.reasons)
    #expect(top.rows.allSatisfy { $0.reasons.count <= 2 } && reasons.count > 20)
    #expect(!reasons.contains { $0.contains("size") })
    let all = try contributions(fitted)
    for (row, place) in zip(top.rows, order) {
      let shap = all[rows.count == all.count ? place : all.count - rows.count + place]
      let strongest = fitted.names.indices
        .filter { fitted.names[$0] != "size" && shap[$0] != 0 }
        .sorted { (-abs(shap[$0]), $0) < (-abs(shap[$1]), $1) }.prefix(2)
      #expect(row.reasons.count == strongest.count)
      for (reason, feature) in zip(row.reasons, strongest) {
        #expect(reason.hasPrefix(shap[feature] > 0 ? "+ " : "- "))
        #expect(reason.contains(fitted.names[feature]))
        if fitted.names[feature] == "age" { #expect(reason.contains(" days old [age=")) }
      }
    }
  }

  @Test func `without score there are three reasons, with none there are none`() throws {
    let plain = try #require(try Fitted().explained().top())
    #expect(plain.rows.contains { $0.reasons.count == 3 })
    #expect(plain.rows.allSatisfy { $0.reasons.count <= 3 })
    let none = try #require(try Fitted("score: {reasons: 0}").explained().top())
    #expect(none.rows.count == 20 && none.rows.allSatisfy(\.reasons.isEmpty))
  }
}
