import Columns
import HoldoutTestSupport
import Learning
import Randomness
import Testing

/// Margins with one feature taken from other rows, against predictions of the rows that result.
@Suite struct ReplacedFeaturesTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  /// A model of large trees, models of small ones that take NaN, zero, or nothing for missing, and
  /// one of single splits.
  private func booster(_ index: Int) throws -> Booster {
    try Booster(
      library: library,
      modelText: index == 0
        ? golden.modelText : LightGBMGolden.smallModels()[index - 1].model)
  }

  private func margins(_ booster: Booster, _ blocks: [FeatureBlock]) throws -> [Double] {
    try booster.predictMargins(blocks: blocks, encodings: golden.encodings, threads: 1)
  }

  /// Every third row, and lists of rows that they take values from.
  private func sample(seed: UInt64) -> (rows: [Int], sources: [[Int32]]) {
    var draw = SplitMix64(seed: seed)
    let rows = golden.labels.indices.filter { $0 % 3 == 1 }
    let own = Array(0..<Int32(rows.count))
    return (rows, [own.shuffled(using: &draw), own, own.map { _ in 7 }, own.reversed()])
  }

  @Test(arguments: 0..<5)
  func `margins equal those of the model, and of rows with the other values`(_ index: Int) throws {
    let booster = try booster(index)
    let (rows, sources) = sample(seed: UInt64(index))
    let model = try ReplacedFeatures(
      booster, blocks: golden.blocks([1, 0, 1000, 7]), encodings: golden.encodings, rows: rows,
      threads: 1)
    let plain = golden.blocks()[0].rows(rows)
    let own = try margins(booster, [plain])
    #expect(model.margins.map(\.bitPattern) == own.map(\.bitPattern))
    let used = try booster.featureImportance().enumerated().filter { $0.element.split > 0 }
    #expect(model.features == used.map(\.offset) && !model.features.isEmpty)
    var changes = 0
    for feature in model.features {
      let replaced = model.replacing(feature, from: sources)
      #expect(replaced.margins.count == replaced.rows.count)
      for (number, list) in sources.enumerated() {
        let found = replaced.values(ofSource: number, own: own, changed: replaced.margins)
        var columns = plain.columns
        columns[feature] = columns[feature].rows(list.map { Int($0) })
        let expected = try margins(
          booster, [FeatureBlock(rowCount: plain.rowCount, columns: columns)])
        // 1e-12: sums of 30 terms of about 1 in another order.
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(feature) \(number)")
        changes += zip(expected, own).count { $0 != $1 }
      }
      let itself = replaced.values(ofSource: 1, own: own, changed: replaced.margins)
      #expect(itself == own)
      #expect(zip(replaced.margins, replaced.rows).allSatisfy { $0 != own[Int($1)] })
    }
    #expect(changes > 500)
  }

  @Test(arguments: 0..<5)
  func `threads and blocks change no number`(_ index: Int) throws {
    let booster = try booster(index)
    let (rows, sources) = sample(seed: 9)
    func model(_ sizes: [Int], threads: Int) throws -> ReplacedFeatures {
      try ReplacedFeatures(
        booster, blocks: golden.blocks(sizes), encodings: golden.encodings, rows: rows,
        threads: threads)
    }
    let one = try model([], threads: 1)
    let other = try model([0, 5, 700, 0, 1], threads: 3)
    #expect(one.margins == other.margins && one.features == other.features)
    for feature in one.features {
      let (left, right) = (
        one.replacing(feature, from: sources), other.replacing(feature, from: sources)
      )
      #expect(left.margins == right.margins && left.rows == right.rows)
    }
  }

  @Test func `the order of rows changes no margin`() throws {
    let booster = try booster(0)
    let count = 200
    let plain = golden.firstRows(count)[0]
    var draw = SplitMix64(seed: 4)
    // Where each row of the other order is in this one, and the other way round.
    let order = (0..<count).shuffled(using: &draw)
    let places = order.indices.sorted { order[$0] < order[$1] }
    let source = (0..<count).map { ($0 * 7 + 3) % count }
    func margins(_ block: FeatureBlock, _ source: [Int]) throws -> [[Double]] {
      let model = try ReplacedFeatures(
        booster, blocks: [block], encodings: golden.encodings, rows: Array(0..<count), threads: 1)
      return model.features.map { feature in
        let replaced = model.replacing(feature, from: [source.map { Int32($0) }])
        return replaced.values(ofSource: 0, own: model.margins, changed: replaced.margins)
      }
    }
    let expected = try margins(plain, source)
    let found = try margins(plain.rows(order), order.map { places[source[$0]] })
    #expect(found == expected.map { margins in order.map { margins[$0] } })
  }

  @Test func `a model without splits uses no feature`() throws {
    var configuration = golden.configuration
    configuration.parameters.removeAll { $0.name == "min_data_in_leaf" }
    configuration.parameters.append(Parameter("min_data_in_leaf", "100000"))
    let booster = try Booster.train(
      on: golden.dataset(library, threads: 1, configuration: configuration),
      configuration: configuration, threads: 1)
    let model = try ReplacedFeatures(
      booster, blocks: golden.blocks(), encodings: golden.encodings, rows: [0, 5], threads: 1)
    #expect(model.features.isEmpty)
    #expect(try model.margins == margins(booster, [golden.blocks()[0].rows([0, 5])]))
    #expect(model.replacing(0, from: [[1, 0]]).margins.isEmpty)
  }

  @Test func `there may be one row, no row, or no list of sources`() throws {
    let booster = try booster(0)
    func model(_ rows: [Int]) throws -> ReplacedFeatures {
      try ReplacedFeatures(
        booster, blocks: golden.blocks(), encodings: golden.encodings, rows: rows, threads: 2)
    }
    let one = try model([3])
    #expect(one.replacing(one.features[0], from: [[0], [0]]).margins.isEmpty)
    #expect(one.replacing(one.features[0], from: []).margins.isEmpty)
    let none = try model([])
    #expect(none.margins.isEmpty && none.replacing(none.features[0], from: [[]]).margins.isEmpty)
    #expect(throws: LearningError.self) {
      try ReplacedFeatures(
        booster, blocks: [FeatureBlock(rowCount: 0, columns: [])], encodings: [], rows: [],
        threads: 1)
    }
  }
}
