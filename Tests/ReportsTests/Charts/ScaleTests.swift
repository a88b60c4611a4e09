import Reports
import Spec
import Testing

@Suite struct ScaleTests {
  /// A scale, the number of ticks that have space, and their labels.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let scale: Scale
    let count: Int
    let format: TickFormat
    let labels: [String]

    init(
      _ name: String, _ scale: Scale, _ count: Int, as format: TickFormat = .plain,
      _ labels: [String]
    ) {
      (self.name, self.scale, self.count) = (name, scale, count)
      (self.format, self.labels) = (format, labels)
    }

    var testDescription: String { name }
  }

  private static func day(_ text: String) -> Int { CalendarDate(text)?.days ?? 0 }

  static let cases = [
    Case("shares", .linear(covering: [0, 1]), 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    Case(
      "percentages", .linear(0, 1), 5, as: .percent,
      ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
    Case(
      "an interval", .linear(covering: [0.767, 0.8463]), 5,
      ["0.76", "0.78", "0.80", "0.82", "0.84", "0.86"]),
    Case(
      "around 0", .linear(covering: [-0.0011, 0.013], count: 4), 4,
      ["-0.005", "0", "0.005", "0.010", "0.015"]),
    Case(
      "counts", .linear(covering: [0, 4_500_000]), 5,
      ["0", "1,000,000", "2,000,000", "3,000,000", "4,000,000", "5,000,000"]),
    Case(
      "tiny", .linear(covering: [1e-8, 9e-8]), 5, ["0", "2e-8", "4e-8", "6e-8", "8e-8", "10e-8"]),
    Case("one value", .linear(covering: [3]), 5, ["2.6", "2.8", "3.0", "3.2", "3.4"]),
    Case(
      "equal values", .linear(covering: [-3, -3], count: 4), 4,
      ["-3.4", "-3.2", "-3.0", "-2.8", "-2.6"]),
    Case("zero", .linear(covering: [0]), 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    Case("nothing", .linear(covering: []), 2, ["0", "0.5", "1.0"]),
    Case(
      "no finite value but one", .linear(covering: [.nan, 2, .infinity]), 5,
      ["1.8", "1.9", "2.0", "2.1", "2.2"]),
    Case(
      "shares of a list", .log10(covering: [0.001, 0.1]), 8, as: .percent,
      ["0.1 %", "0.2 %", "0.5 %", "1 %", "2 %", "5 %", "10 %"]),
    Case("three decades", .log10(covering: [0.001, 0.1]), 4, ["0.001", "0.01", "0.1"]),
    Case(
      "nine decades", .log10(covering: [1, 1e9]), 5,
      ["1", "100", "10,000", "1,000,000", "100,000,000"]),
    Case("part of a decade", .log10(covering: [2, 8]), 6, ["2", "5"]),
    Case("one positive value", .log10(covering: [5, 0, -1]), 5, ["5", "10"]),
    Case("no positive value", .log10(covering: [0]), 4, ["1", "2", "5", "10"]),
    Case(
      "rare scores", .logit(covering: [0.0001, 0.3]), 8, ["0.0001", "0.001", "0.01", "0.1"]),
    Case(
      "all scores", .logit(covering: [0.001, 0.999]), 9,
      ["0.001", "0.01", "0.1", "0.5", "0.9", "0.99", "0.999"]),
    Case(
      "scores around one half", .logit(covering: [0.4, 0.6]), 5,
      ["0.40", "0.45", "0.50", "0.55", "0.60"]),
    Case("0 and 1 only", .logit(covering: [0, 1]), 5, ["0.01", "0.1", "0.5", "0.9", "0.99"]),
    Case(
      "square roots", .squareRoot(covering: [0.09]), 8,
      ["0", "0.001", "0.005", "0.01", "0.02", "0.04", "0.06", "0.08", "0.10"]),
    Case(
      "days", .date(covering: [day("2025-09-01"), day("2025-09-10")]), 5,
      ["2025-09-01", "2025-09-03", "2025-09-05", "2025-09-07", "2025-09-09"]),
    Case(
      "months", .date(covering: [day("2024-01-31"), day("2026-03-31")]), 8,
      ["2024-07", "2025-01", "2025-07", "2026-01"]),
    Case(
      "years", .date(covering: [day("2000-01-01"), day("2020-01-01")]), 6,
      ["2000", "2005", "2010", "2015", "2020"]),
    Case("names", .band(["b", "a"]), 1, ["b", "a"]),
  ]

  @Test(arguments: cases) func `ticks are round numbers`(_ example: Case) {
    let ticks = example.scale.ticks(example.count, as: example.format)
    #expect(ticks.map(\.label) == example.labels)
    let positions = ticks.compactMap { example.scale.position(of: $0.value) }
    #expect(positions.count == ticks.count)
    #expect(positions.allSatisfy { (0...1).contains($0) })
    #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `positions are shares of the axis`() {
    let cases: [(Scale, Double, Double?)] = [
      (.linear(0, 4), 1, 0.25), (.linear(0, 4), -1, 0), (.linear(0, 4), 5, 1),
      (.linear(0, 4), .nan, nil), (.linear(0, 4), .infinity, nil),
      (.log10(covering: [1, 100]), 10, 0.5), (.log10(covering: [1, 100]), 0, 0),
      (.logit(covering: [0.1, 0.9]), 0.5, 0.5), (.logit(covering: [0.1, 0.9]), 0, 0),
      (.logit(covering: [0.1, 0.9]), 1, 1), (.squareRoot(covering: [4]), 1, 0.5),
      (.band(["a", "b"]), 0, 0.25), (.band(["a", "b"]), 1, 0.75), (.band([]), 0, 0.5),
      (.date(covering: [10, 20]), 15, 0.5), (.date(covering: [10]), 10, 0.5),
    ]
    for (scale, value, expected) in cases {
      let position = scale.position(of: value)
      guard let expected, let position else {
        #expect((position == nil) == (expected == nil), "\(scale.kind) of \(value)")
        continue
      }
      // Logarithms round.
      #expect(abs(position - expected) < 1e-12, "\(scale.kind) of \(value)")
    }
  }

  @Test func `numbers are written exactly`() {
    let cases: [(Int, Int, TickFormat, String)] = [
      (0, -3, .plain, "0"), (5, 0, .plain, "5"), (-5, -1, .plain, "-0.5"),
      (12, 3, .plain, "12,000"),
      (1234, -2, .plain, "12.34"), (5, -6, .plain, "0.000005"), (5, -7, .plain, "5e-7"),
      (3, 13, .plain, "3e13"), (5, -3, .percent, "0.5 %"), (2, -1, .percent, "20 %"),
      (-1, 0, .percent, "-100 %"),
    ]
    for (mantissa, exponent, format, text) in cases {
      #expect(ScaledInteger(mantissa, exponent).text(format) == text)
    }
    #expect(ScaledInteger(3, -1).value == 0.3)
    #expect(ScaledInteger(7, 22).value == 7e22)
  }
}
