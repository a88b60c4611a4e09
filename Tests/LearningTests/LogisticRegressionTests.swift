import Columns
import Foundation
import HoldoutTestSupport
import Learning
import Randomness
import Testing

/// Rows of a made-up world: two numbers, one of them with missing values, a category, and noise.
private struct LogisticWorld {
  let columns: [FeatureColumn]
  let encodings: [ColumnEncoding]
  let labels: [UInt8]
  let folds: [UInt8]
  let draws: [Double]

  static let names = ["curve", "gaps", "level", "noise"]

  /// - Parameter order: the rows' indices in a world of as many rows; nil: ascending.
  init(count: Int, seed: UInt64 = 1, order: [Int]? = nil) {
    var random = SplitMix64(seed: seed)
    var rows: [(Double, Double, Int32, Double, UInt8, UInt8, Double)] = []
    for row in 0..<count {
      let curve = random.uniform() * 10
      let gaps = random.uniform() < 0.2 ? Double.nan : random.uniform()
      let level = Int32(random.uniform() * 12)
      let margin =
        -2.5 + 2 * sin(curve / 2) + (gaps.isNaN ? 1 : gaps) + (level % 3 == 0 ? 1 : -0.3)
      let label: UInt8 = random.uniform() < 1 / (1 + exp(-margin)) ? 1 : 0
      rows.append(
        (curve, gaps, level, random.uniform(), label, UInt8(row / 4 % 5), random.uniform()))
    }
    rows = (order ?? Array(rows.indices)).map { rows[$0] }
    columns = [
      .double(rows.map(\.0)), .double(rows.map(\.1)), .int32(rows.map(\.2)),
      .double(rows.map(\.3)),
    ]
    encodings = [.number, .number, .category(codes: (1...12).map { $0 }), .number]
    labels = rows.map(\.4)
    folds = rows.map(\.5)
    draws = rows.map(\.6)
  }

  var blocks: [FeatureBlock] {
    let count = labels.count
    let first = FeatureBlock(rowCount: count, columns: columns)
    return [first.rows(Array(0..<count / 3)), first.rows(Array(count / 3..<count))]
  }

  func fit(
    settings: LogisticSettings = LogisticSettings(),
    weights: (positive: Double, negative: Double) = (1, 1), limit: Int = .max, threads: Int = 2
  ) throws -> LogisticRegression {
    try LogisticRegression.fit(
      LogisticRows(
        blocks: blocks, encodings: encodings, labels: labels, folds: folds, foldCount: 5,
        draws: draws, weights: weights),
      names: Self.names, settings: settings, limit: limit, threads: threads)
  }

  func margins(_ model: LogisticRegression) throws -> [Double] {
    try model.predictMargins(blocks: blocks, encodings: encodings, threads: 2)
  }
}

private func areaUnderCurve(_ margins: [Double], _ labels: [UInt8]) -> Double {
  var (pairs, positives, negatives) = (0.0, 0.0, 0.0)
  for row in margins.indices.sorted(by: { margins[$0] < margins[$1] }) {
    if labels[row] == 1 {
      pairs += negatives
      positives += 1
    } else {
      negatives += 1
    }
  }
  return pairs / (positives * negatives)
}

private func logLoss(_ margins: [Double], _ labels: [UInt8]) -> Double {
  zip(margins, labels).reduce(0) { sum, row in
    sum + log1p(exp(row.1 == 1 ? -row.0 : row.0))
  } / Double(margins.count)
}

@Suite struct LogisticRegressionTests {
  @Test func `an independent world is ranked almost as well as its true probabilities allow`()
    throws
  {
    let model = try LogisticWorld(count: 6_000).fit()
    let other = LogisticWorld(count: 20_000, seed: 2)
    let margins = try other.margins(model)
    // The true margins reach 0.815 on these rows.
    #expect(areaUnderCurve(margins, other.labels) > 0.80)
    // The base rate for everyone has a loss of 0.57.
    #expect(logLoss(margins, other.labels) < 0.46)
    let mean = margins.reduce(0) { $0 + 1 / (1 + exp(-$1)) } / Double(margins.count)
    let rate = Double(other.labels.reduce(0) { $0 + Int($1) }) / Double(margins.count)
    // Two standard errors of the rate of the training rows.
    #expect(abs(mean - rate) < 0.012)
  }

  @Test func `the loss out of fold is that of rows not seen`() throws {
    let model = try LogisticWorld(count: 6_000).fit()
    let other = LogisticWorld(count: 20_000, seed: 3)
    let best = try #require(model.trials.map(\.logLoss).min())
    // 0.01 is two standard errors of the loss of 6,000 rows.
    #expect(try abs(best - logLoss(other.margins(model), other.labels)) < 0.01)
    #expect(model.trials.contains { $0.penalty == model.penalty && $0.logLoss == best })
  }

  @Test func `a category of noise with a level for every few rows is not learned by heart`()
    throws
  {
    var random = SplitMix64(seed: 4)
    let count = 4_000
    let labels = (0..<count).map { _ in UInt8(random.below(10) == 0 ? 1 : 0) }
    let codes = (0..<count).map { _ in Int32(random.below(1_000)) }
    let blocks = [FeatureBlock(rowCount: count, columns: [.int32(codes)])]
    let encodings = [ColumnEncoding.category(codes: (0..<1_000).map { $0 })]
    let model = try LogisticRegression.fit(
      LogisticRows(
        blocks: blocks, encodings: encodings, labels: labels,
        folds: (0..<count).map { UInt8($0 % 5) }, foldCount: 5,
        draws: (0..<count).map { Double($0) / Double(count) }),
      names: ["noise"], threads: 1)
    let margins = try model.predictMargins(blocks: blocks, encodings: encodings, threads: 1)
    let rate = Double(labels.reduce(0) { $0 + Int($1) }) / Double(count)
    let base = [Double](repeating: log(rate / (1 - rate)), count: count)
    // Encodings with the rows' own labels would halve the loss of the base rate.
    #expect(logLoss(margins, labels) > 0.95 * logLoss(base, labels))
  }

  @Test func `neither threads nor the order of the rows change a bit`() throws {
    let count = 3_000
    let model = try LogisticWorld(count: count).fit(threads: 1)
    #expect(try LogisticWorld(count: count).fit(threads: 3) == model)
    var random = SplitMix64(seed: 7)
    var order = Array(0..<count)
    for index in order.indices.dropLast() {
      order.swapAt(index, index + random.below(count - index))
    }
    #expect(try LogisticWorld(count: count, order: order).fit() == model)
    let sampled = try LogisticWorld(count: count).fit(limit: 1_000)
    #expect(sampled != model)
    #expect(try LogisticWorld(count: count, order: order).fit(limit: 1_000, threads: 1) == sampled)
  }

  @Test func `a weighted sample keeps the base rate and nearly the ranking`() throws {
    let world = LogisticWorld(count: 12_000)
    let sampled = try world.margins(world.fit(limit: 4_000))
    let mean = sampled.reduce(0) { $0 + 1 / (1 + exp(-$1)) } / Double(sampled.count)
    let rate = Double(world.labels.reduce(0) { $0 + Int($1) }) / Double(sampled.count)
    // A fit without weights would be off by 0.2.
    #expect(abs(mean - rate) < 0.02)
    #expect(areaUnderCurve(sampled, world.labels) > 0.79)
  }

  @Test func `contributions add up to the margin, and are those of the mean row otherwise`()
    throws
  {
    let world = LogisticWorld(count: 2_000)
    let model = try world.fit()
    let margins = try world.margins(model)
    let contributions = try model.contributions(
      blocks: world.blocks, encodings: world.encodings, threads: 1)
    #expect(contributions.rowCount == 2_000 && contributions.featureCount == 4)
    for row in margins.indices {
      let sum = contributions.features(ofRow: row).reduce(model.meanMargin, +)
      #expect(contributions.expectedMargin(ofRow: row) == model.meanMargin)
      // Sums of five numbers below 10, in another order.
      #expect(abs(sum - margins[row]) < 1e-14)
    }
    let importance = model.featureImportance()
    for feature in 0..<4 {
      let own = (0..<2_000).map { Array(contributions.features(ofRow: $0))[feature] }
      // The mean is of the same rows, which are added in another order.
      #expect(abs(own.reduce(0, +) / 2_000) < 1e-9)
      let magnitude = own.reduce(0) { $0 + abs($1) } / 2_000
      #expect(abs(importance[feature].gain - magnitude) < 1e-9)
    }
    #expect(importance.map(\.feature) == LogisticWorld.names)
    // Four columns of a spline, one more for missing values, and one of a category.
    #expect(importance.map(\.split) == [4, 5, 1, 4])
  }

  @Test func `a model survives storage, and scores what it has never seen`() throws {
    let world = LogisticWorld(count: 2_000)
    let model = try world.fit()
    let stored = try LogisticRegression(modelText: model.modelText)
    #expect(stored == model && stored.modelText == model.modelText)
    #expect(try world.margins(stored) == world.margins(model))
    // Beyond the range of the training rows, missing where nothing was, and an unknown level.
    let block = FeatureBlock(
      rowCount: 3,
      columns: [
        .double([-1e300, .nan, 1e300]), .double([.nan, -5, 5]), .int32([99, .min, 0]),
        .double([.nan, 0, 1]),
      ])
    let margins = try stored.predictMargins(blocks: [block], encodings: world.encodings, threads: 1)
    #expect(margins.allSatisfy { $0.isFinite })
    #expect(throws: LearningError.self) {
      try stored.predictMargins(
        blocks: [block], encodings: [ColumnEncoding](repeating: .number, count: 4), threads: 1)
    }
  }

  @Test func `a penalty that is given is used, and a larger one gives smaller terms`() throws {
    let world = LogisticWorld(count: 3_000)
    let models = try [3.0, 30, 3_000].map { penalty in
      try world.fit(settings: LogisticSettings(penalty: penalty))
    }
    #expect(models.map(\.penalty) == [3, 30, 3_000])
    #expect(models.allSatisfy { $0.trials.isEmpty })
    let sizes = models.map { $0.featureImportance().totalGain }
    #expect(sizes[0] > sizes[1] && sizes[1] > sizes[2])
    // What `auto` chose, given as a number, is the same model but for the record of the choice.
    let chosen = try world.fit()
    let again = try world.fit(settings: LogisticSettings(penalty: chosen.penalty))
    let (own, other) = (try world.margins(chosen), try world.margins(again))
    // Both searches stop when no parameter moves by more than 1e-8.
    #expect(zip(own, other).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: 3...7) func `a spline has one column fewer than knots`(knots: Int) throws {
    let model = try LogisticWorld(count: 1_000).fit(settings: LogisticSettings(knots: knots))
    #expect(model.featureImportance().map(\.split) == [knots - 1, knots, 1, knots - 1])
  }

  @Test(arguments: [
    LogisticSettings(penalty: 0), LogisticSettings(penalty: -1), LogisticSettings(penalty: .nan),
    LogisticSettings(penalty: .infinity), LogisticSettings(knots: 2), LogisticSettings(knots: 8),
  ]) func `impossible settings are refused`(settings: LogisticSettings) {
    #expect(throws: LearningError.self) {
      try LogisticWorld(count: 100).fit(settings: settings)
    }
  }

  @Test func `weights count as that many rows`() throws {
    let world = LogisticWorld(count: 2_000)
    let order = (0..<2_000).flatMap { row in
      [Int](repeating: row, count: world.labels[row] == 1 ? 3 : 1)
    }
    let settings = LogisticSettings(penalty: 10)
    let weighted = try world.fit(settings: settings, weights: (3, 1))
    let repeated = try LogisticWorld(count: 2_000, order: order).fit(settings: settings)
    let (own, other) = (try world.margins(weighted), try world.margins(repeated))
    // Both searches stop when no parameter moves by more than 1e-8.
    #expect(zip(own, other).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(try world.margins(world.fit(settings: settings)) != own)
  }

  @Test func `a text that was changed is refused or is another model`() throws {
    let model = try LogisticWorld(count: 300).fit()
    let text = model.modelText
    #expect(text.hasPrefix("holdout logistic regression\nversion=1\n"))
    let lines = text.components(separatedBy: "\n")
    for index in lines.indices.dropLast() {
      var fewer = lines
      fewer.remove(at: index)
      #expect(throws: LearningError.self, "without line \(index + 1)") {
        try LogisticRegression(modelText: fewer.joined(separator: "\n"))
      }
      #expect(throws: LearningError.self, "until line \(index + 1)") {
        try LogisticRegression(modelText: lines[..<index].joined(separator: "\n"))
      }
    }
    for (old, new) in [
      ("version=1", "version=2"), ("features=4", "features=5"), ("features=4", "features=x"),
      ("intercept=", "intercept=nan "), ("mean=", "mean=x"),
      ("kind=number", "kind=word"), ("kind=category", "kind=number"), ("values=", "values=1.0 "),
      ("cuts=", "cuts=1e300 "), ("end of model\n", "end of model\nmore\n"),
      ("end of model\n", "end of model"), ("\n", "\r\n"),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      #expect(throws: LearningError.self, "\(new)") {
        try LogisticRegression(modelText: changed)
      }
    }
  }

  @Test func `numbers of a text come back bit by bit`() throws {
    let model = try LogisticWorld(count: 300).fit()
    let tiny = model.modelText.replacing(
      /intercept=[^\n]*/, with: "intercept=-5e-324", maxReplacements: 1)
    let read = try LogisticRegression(modelText: tiny)
    #expect(read.intercept == -Double.leastNonzeroMagnitude && read.modelText == tiny)
    let zero = tiny.replacing("intercept=-5e-324", with: "intercept=-0.0")
    #expect(try LogisticRegression(modelText: zero).intercept.sign == .minus)
  }

  @Test func `a feature takes the values of other rows as if they were its own`() throws {
    let world = LogisticWorld(count: 600)
    let model = try world.fit()
    let rows = Array(stride(from: 1, to: 600, by: 3))
    let replaceable = try model.replaceable(
      blocks: world.blocks, encodings: world.encodings, rows: rows, threads: 2)
    let all = try world.margins(model)
    #expect(replaceable.margins == rows.map { all[$0] })
    #expect(replaceable.features == [0, 1, 2, 3])
    let sources = [Array(rows.indices.reversed()), Array(rows.indices)].map { list in
      list.map { Int32($0) }
    }
    for feature in 0..<4 {
      // The same by hand: rows in which the column itself was exchanged.
      let columns = world.columns.indices.map { column in
        let taken = column == feature ? Array(rows.reversed()) : rows
        let block = FeatureBlock(rowCount: 600, columns: [world.columns[column]])
        return block.rows(taken).columns[0]
      }
      let expected = try model.predictMargins(
        blocks: [FeatureBlock(rowCount: rows.count, columns: columns)],
        encodings: world.encodings, threads: 1)
      let replaced = replaceable.replacing(feature, from: sources)
      let first = replaced.values(
        ofSource: 0, own: replaceable.margins, changed: replaced.margins)
      // A sum of five numbers, or one of them exchanged in it.
      #expect(zip(first, expected).allSatisfy { abs($0 - $1) < 1e-13 })
      let own = replaced.values(ofSource: 1, own: replaceable.margins, changed: replaced.margins)
      #expect(own == replaceable.margins)
    }
  }

  @Test func `constant and empty columns change nothing`() throws {
    let world = LogisticWorld(count: 1_000)
    let blocks = [
      FeatureBlock(
        rowCount: 1_000,
        columns: [
          world.columns[0], .int8([Int8](repeating: 3, count: 1_000)),
          .double([Double](repeating: .nan, count: 1_000)),
        ])
    ]
    let encodings = [ColumnEncoding](repeating: .number, count: 3)
    let model = try LogisticRegression.fit(
      LogisticRows(
        blocks: blocks, encodings: encodings, labels: world.labels, folds: world.folds,
        foldCount: 5, draws: world.draws),
      names: ["curve", "same", "empty"], threads: 1)
    #expect(model.columnCount == 4)
  }

  @Test func `shapes that do not match are refused`() {
    let block = FeatureBlock(rowCount: 2, columns: [.int8([1, 2])])
    func rows(_ labels: [UInt8], folds: [UInt8] = [0, 1]) throws -> LogisticRows {
      try LogisticRows(
        blocks: [block], encodings: [.number], labels: labels, folds: folds, foldCount: 2,
        draws: [0.1, 0.2])
    }
    #expect(throws: LearningError.self) { try rows([1]) }
    #expect(throws: LearningError.self) { try rows([1, 1]) }
    #expect(throws: LearningError.self) { try rows([1, 0], folds: [0, 2]) }
    #expect(throws: LearningError.self) {
      try LogisticRegression.fit(rows([1, 0]), names: [], threads: 1)
    }
  }

  @Test func `two rows are enough for a model`() throws {
    let model = try LogisticRegression.fit(
      LogisticRows(
        blocks: [FeatureBlock(rowCount: 2, columns: [.int8([1, 2])])], encodings: [.number],
        labels: [1, 0], folds: [0, 1], foldCount: 2, draws: [0.1, 0.2]),
      names: ["a"], threads: 1)
    #expect(model.intercept.isFinite)
  }
}

/// Coefficients that `Golden/make_logistic_golden.py` made with scikit-learn.
@Suite struct RidgeLogisticTests {
  private struct File: Decodable {
    struct Case: Decodable {
      let name: String
      let penalty: Double
      let columns: [[Double]]
      let labels: [UInt8]
      let intercept: Double
      let coefficients: [Double]
    }
    let cases: [Case]
  }

  @Test func `coefficients are those of scikit-learn`() throws {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let file = try JSONDecoder().decode(
      File.self, from: Data(contentsOf: folder.appending(path: "logistic.json")))
    #expect(file.cases.count == 6)
    for golden in file.cases {
      let found = try [1, 3].map { threads in
        try RidgeLogistic.fit(
          columns: golden.columns, labels: golden.labels, penalty: golden.penalty,
          threads: threads)
      }
      #expect(found[0] == found[1])
      // Both stop when a step changes less than a tenth of this.
      for (own, other) in zip(found[0], [golden.intercept] + golden.coefficients) {
        #expect(abs(own - other) < 1e-6 * max(1, abs(other)), "\(golden.name)")
      }
    }
  }
}
