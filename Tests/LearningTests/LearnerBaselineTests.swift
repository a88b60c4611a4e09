import Columns
import Foundation
import Learning
import Panel
import Testing

struct LearnerBaselineTests {
  private func select(
    _ columns: [FeatureColumn], _ encodings: [ColumnEncoding], _ labels: [Float]
  ) throws -> OneFeatureBaseline {
    try OneFeatureBaseline.select(
      blocks: [FeatureBlock(rowCount: labels.count, columns: columns)],
      names: columns.indices.map { "f\($0)" }, encodings: encodings, labels: labels, threads: 2)
  }

  private func margins(
    _ baseline: OneFeatureBaseline, _ columns: [FeatureColumn], _ encodings: [ColumnEncoding]
  ) throws -> [Double] {
    try baseline.margins(
      blocks: [FeatureBlock(rowCount: columns[0].count, columns: columns)], encodings: encodings)
  }

  /// The definition: the share of pairs of both classes that are in order, ties counting half.
  private func areaUnderCurve(_ margins: [Double], _ labels: [Float]) -> Double {
    var pairs = 0.0
    var inOrder = 0.0
    for (high, label) in zip(margins, labels) where label > 0 {
      for (low, other) in zip(margins, labels) where other == 0 {
        pairs += 1
        inOrder += high > low ? 1 : high == low ? 0.5 : 0
      }
    }
    return inOrder / pairs
  }

  @Test("The feature that ranks best is chosen, in whichever direction")
  func direction() throws {
    let labels: [Float] = [1, 1, 0, 1, 0, 0]
    let columns: [FeatureColumn] = [
      .int8([1, 0, 1, 0, 1, 0]), .int32([3, 5, 20, 8, 30, 900]), .double([0, 0, 0, 0, 0, 0]),
    ]
    let encodings = [ColumnEncoding](repeating: .number, count: 3)
    let baseline = try select(columns, encodings, labels)
    #expect(baseline.feature == "f1" && baseline.column == 1 && baseline.areaUnderCurve == 1)
    #expect(try margins(baseline, columns, encodings) == [-3, -5, -20, -8, -30, -900])
  }

  @Test("The reported area is that of its own margins, by the definition, for every storage")
  func definition() throws {
    var state: UInt64 = 3
    func next(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    for round in 0..<40 {
      let labels = [1, 0] + (0..<60).map { _ in Float(next(2)) }
      let count = labels.count
      let column: FeatureColumn
      var encoding = ColumnEncoding.number
      switch round % 4 {
      case 0: column = .int16((0..<count).map { _ in next(5) == 0 ? .min : Int16(next(20)) - 9 })
      case 1: column = .double((0..<count).map { _ in next(6) == 0 ? .nan : Double(next(9)) / 8 })
      case 2: column = .int32((0..<count).map { _ in Int32(next(3)) * 1_000_000_000 - 9 })
      default:
        column = .int8((0..<count).map { _ in next(7) == 0 ? .min : Int8(next(9)) })
        encoding = .category(codes: [0, 3, 1, 2, 2, 4, -1], missing: -1, unseen: 0)
      }
      let baseline = try select([column], [encoding], labels)
      let margins = try margins(baseline, [column], [encoding])
      // Both are quotients of small whole numbers, one of them taken from 1.
      #expect(abs(baseline.areaUnderCurve - areaUnderCurve(margins, labels)) < 1e-12)
      #expect(baseline.areaUnderCurve >= 0.5 && margins.allSatisfy(\.isFinite))
    }
  }

  @Test("A category's margin is its smoothed log odds, an unseen one's the base rate's")
  func categories() throws {
    let labels: [Float] = [1, 1, 1, 0, 0, 0, 0, 0]
    let column = FeatureColumn.int8([0, 0, 0, 1, 1, 1, 1, .min])
    let encoding = ColumnEncoding.category(codes: [1, 2], missing: -1)
    let baseline = try select([column], [encoding], labels)
    #expect(baseline.areaUnderCurve == 1)
    let other = FeatureColumn.int8([0, 1, .min, 2])
    let table = ColumnEncoding.category(codes: [1, 2, 7], missing: -1)
    let found = try margins(baseline, [other], [table])
    // (positives + 20 p) / (negatives + 20 (1 - p)) with p = 3/8
    let expected = [10.5 / 12.5, 7.5 / 16.5, 7.5 / 13.5, 7.5 / 12.5].map(Foundation.log)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test("Values outside what was seen keep their order near its ends, and missing ones stay apart")
  func ends() throws {
    let labels: [Float] = [0, 0, 1, 1, 0]
    let column = FeatureColumn.int32([10, 20, 30, 40, .min])
    let baseline = try select([column], [.number], labels)
    #expect(baseline.areaUnderCurve == 1)
    let other = FeatureColumn.int32([.min, 5, 8, 10, 25, 40, 41, 500, 100_000, 1_000_000])
    let found = try margins(baseline, [other], [.number])
    #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 })
    #expect(found[0] == 9 && found[3...5] == [10, 25, 40])
    #expect(found[1] > 9.5 && found[9] < 40.5)
  }

  @Test("One class alone, or rows that do not fit, are refused")
  func refused() {
    #expect(throws: LearningError.self) { try select([.int8([1, 2])], [.number], [1, 1]) }
    #expect(throws: LearningError.self) {
      try OneFeatureBaseline.select(
        blocks: [FeatureBlock(rowCount: 1, columns: [.int8([1])])], names: ["a"],
        encodings: [.number], labels: [1, 0], threads: 1)
    }
    #expect(throws: LearningError.self) { try PriorBaseline(labels: []) }
  }

  @Test("The prior is the base rate")
  func prior() throws {
    let prior = try PriorBaseline(labels: [1, 0, 0, 0])
    #expect(prior.probability == 0.25)
    #expect(abs(prior.margin - Foundation.log(1.0 / 3.0)) < 1e-15)
  }

  @Test("The same baseline is chosen on any thread count, and survives storage")
  func threads() throws {
    let labels = (0..<500).map { Float($0 % 3 == 0 ? 1 : 0) }
    let columns: [FeatureColumn] = (0..<7).map { shift in
      .int32((0..<500).map { Int32(($0 * (shift + 3)) % 17) })
    }
    let blocks = [FeatureBlock(rowCount: 500, columns: columns)]
    let encodings = [ColumnEncoding](repeating: .number, count: 7)
    let names = (0..<7).map { "f\($0)" }
    let baselines = try [1, 2, 3].map { threads in
      try OneFeatureBaseline.select(
        blocks: blocks, names: names, encodings: encodings, labels: labels, threads: threads)
    }
    #expect(Set(baselines).count == 1)
    let data = try JSONEncoder().encode(baselines[0])
    #expect(try JSONDecoder().decode(OneFeatureBaseline.self, from: data) == baselines[0])
  }
}
