import Columns
import Diagnostics
import Experiment
import HoldoutTestSupport
import Panel
import Randomness
import Spec
import Testing

@Suite struct ReasonWriterTests {
  private let days = "feat_days_since_last_contact"

  /// The reasons of one row with one number.
  private func reason(
    _ value: Double, _ contribution: Double, _ sentences: ReasonSentences? = nil
  ) -> String? {
    ReasonWriter(features: ["feat_x"], levels: [nil], count: 1, sentences: { _ in sentences })
      .columns(
        [contribution, 0], of: FeatureBlock(rowCount: 1, columns: [.double([value])]))[0][0]
  }

  @Test func `a reason has a sign, a sentence and the value`() {
    let writer = ReasonWriter(
      features: [days, "cat_territory", "feat_has_email"],
      levels: [nil, ["West", "East"], nil], count: 3,
      sentences: { name in
        name == self.days ? ReasonSentences(otherwise: .test("no contact in {value} days")) : nil
      })
    let columns = writer.columns(
      [0.5, -0.25, 0.125, -3, 0, 0.1, -0.2, -3],
      of: FeatureBlock(
        rowCount: 2,
        columns: [.int32([210, .min]), .int16([1, .min]), .int8([1, 0])]))
    #expect(
      columns.map { $0[0] } == [
        "+ no contact in 210 days [feat_days_since_last_contact=210]", "- cat_territory=East",
        "+ feat_has_email=1",
      ])
    #expect(columns.map { $0[1] } == ["- feat_has_email=0", "+ cat_territory missing", nil])
  }

  @Test func `the first sentence that fits is taken`() {
    let all = ReasonSentences(
      missing: .test("missing"), zero: .test("zero"), one: .test("one"), raises: .test("raises"),
      lowers: .test("lowers"), otherwise: .test("otherwise"))
    #expect(reason(.nan, 1, all) == "+ missing [feat_x missing]")
    #expect(reason(0, -1, all) == "- zero [feat_x=0]")
    #expect(reason(1, -1, all) == "- one [feat_x=1]")
    #expect(reason(2, 1, all) == "+ raises [feat_x=2]")
    #expect(reason(2, -1, all) == "- lowers [feat_x=2]")
    let few = ReasonSentences(raises: .test("{value} and {value}"), otherwise: .test("otherwise"))
    #expect(reason(0, 1, few) == "+ 0 and 0 [feat_x=0]")
    #expect(reason(0, -1, few) == "- otherwise [feat_x=0]")
    // A missing value cannot be said.
    #expect(reason(.nan, 1, few) == "+ otherwise [feat_x missing]")
    #expect(reason(.nan, -1, ReasonSentences(lowers: .test("{value}"))) == "- feat_x missing")
  }

  @Test func `a level is not a number, whatever its code`() {
    let sentences = ReasonSentences(zero: .test("zero"), otherwise: .test("in {value}"))
    let columns = ReasonWriter(
      features: ["cat"], levels: [["0", "West"]], count: 1, sentences: { _ in sentences }
    ).columns([1, 0, 1, 0], of: FeatureBlock(rowCount: 2, columns: [.int8([0, 1])]))
    #expect(columns == [["+ in 0 [cat=0]", "+ in West [cat=West]"]])
  }

  @Test(arguments: [
    (210.0, "210"), (-3, "-3"), (1_234_567, "1234567"), (1.5, "1.5"), (0.1 + 0.2, "0.3"),
    (1234.567, "1234.57"), (-0.004, "-0.004"), (0.00001234, "0.00001"), (-0.0, "0"),
    (2.999, "3"), (1.04, "1.04"), (-0.5, "-0.5"), (Double(Float(0.1)), "0.1"), (.infinity, "inf"),
  ])
  func `numbers are whole or have two decimals, and none reads 0 that is not`(
    _ value: Double, _ text: String
  ) {
    #expect(reason(value, 1) == "+ feat_x=\(text)")
  }

  @Test(arguments: [
    ("feat_x", true), ("feat_", false), ("feat_*", true), ("*", true), ("*_x", true),
    ("f*t*x", true), ("f*a*a*x", false), ("feat_x*", true), ("feat_x*x", false), ("*at*", true),
    ("x*", false), ("FEAT_X", false), ("**x", true), ("*eat_x*", true),
  ])
  func `hidden features are names or patterns`(_ pattern: String, _ hides: Bool) {
    let writer = ReasonWriter(
      features: ["feat_x", "other"], levels: [nil, nil], count: 2,
      hidden: [pattern])
    let columns = writer.columns(
      [9, 1, 0], of: FeatureBlock(rowCount: 1, columns: [.int8([5]), .int8([6])]))
    #expect(columns[0].contains("+ feat_x=5") == !hides)
  }

  @Test(arguments: 0..<60)
  func `reasons stay with their rows, shuffled or cut to the best`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    let random = RandomReasons(&draw, rows: draw.number(1...60))
    let naive = (0..<random.rowCount).map(random.naive)
    func expectNaive(_ rows: [Int]) {
      let columns = random.writer.columns(
        random.contributions(of: rows), of: random.block(of: rows))
      #expect(columns.count == random.count)
      for (place, row) in rows.enumerated() {
        #expect(columns.compactMap { $0[place] } == naive[row], "row \(row)")
      }
    }
    let rows = Array(0..<random.rowCount)
    expectNaive(rows)
    expectNaive(rows.shuffled(using: &draw))
    let best = Array(rows.shuffled(using: &draw).prefix(draw.number(0...rows.count)))
    expectNaive(best)
  }
}
