import Evaluation
import Testing

@Suite struct MetricSpreadTests {
  private static let trees = [
    MetricTree.object(["a": .number(1), "b": .object(["c": .number(10), "d": .number(3)])]),
    MetricTree.object(["a": .number(2), "b": .object(["c": .number(10)])]),
    MetricTree.object(["a": .number(6), "b": .object(["c": .number(10)])]),
  ]

  @Test func `each number has its mean, sample deviation and ends`() {
    let spread = MetricSpread(Self.trees)
    #expect(
      spread.mean
        == .object(["a": .number(3), "b": .object(["c": .number(10), "d": .number(3)])]))
    // ((1-3)^2 + (2-3)^2 + (6-3)^2) / 2 = 7; of a single number there is no deviation.
    #expect(
      spread.spread
        == .object(["a": .number(7.0.squareRoot()), "b": .object(["c": .number(0)])]))
    #expect(
      spread.minimum
        == .object(["a": .number(1), "b": .object(["c": .number(10), "d": .number(3)])]))
    #expect(
      spread.maximum
        == .object(["a": .number(6), "b": .object(["c": .number(10), "d": .number(3)])]))
  }

  @Test func `numbers that some trees lack say over how many they are taken`() {
    #expect(MetricSpread(Self.trees).takenOver == .object(["b": .object(["d": .number(1)])]))
    #expect(MetricSpread(Array(Self.trees.dropFirst())).takenOver == .object([:]))
  }

  @Test func `the order of the trees does not show in the last bit`() {
    let trees = [0.1, 0.7, 1e-9, 12.3, 0.2].map { MetricTree(["a": $0]) }
    #expect(MetricSpread(trees) == MetricSpread(trees.reversed()))
  }
}
