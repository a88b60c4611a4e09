import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("SQL over other features")
struct SQLOverFeaturesTests {
  /// The block of a day, and a feature's values in it by key.
  private func values(
    _ name: String, of builder: PanelBuilder, on day: String
  ) throws -> [String: SlowValue] {
    let date = try #require(CalendarDate(day))
    let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
    let block = try builder.block(Cutoff(date: date, role: .test, windowEnd: windows.end(date)))
    return PanelRows(block, builder, try builder.keys()).values(name, of: builder)
  }

  private func plan(_ more: String) throws -> PanelPlan {
    let text = "extends: base.yaml\nfeature_sets: {more: [\(more)]}"
    let loaded = Bench.load(text, beside: ["base.yaml": FindingBench.base])
    let spec = try #require(loaded.spec)
    let bench = try Bench()
    return try PanelPlan(
      spec, project: ProjectSpec(), folder: bench.folder, engine: bench.engine)
  }

  @Test(
    "it sees the values of the row: zero, missing, or text where they are",
    arguments: [
      // A call of the first customer is of 2020-05-01, and known a day later.
      ("features.calls + 1", "number", "2020-05-01", SlowValue.number(1), SlowValue.number(1)),
      ("features.calls + 1", "number", "2020-05-02", .number(2), .number(1)),
      ("features.calls / 2", "number", "2020-05-02", .number(0.5), .number(0)),
      ("coalesce(features.minutes, -1)", "number", "2020-05-02", .number(5), .number(0)),
      ("coalesce(features.score, -1)", "number", "2020-05-02", .number(1.5), .number(-1)),
      ("not features.named", "flag", "2020-05-02", .number(0), .number(1)),
      ("features.segment", "category", "2020-05-02", .text("retail"), .null),
      ("features.region || '/'", "category", "2020-05-02", .text("7/"), .text("8/")),
      ("features.region || '/'", "category", "2024-05-02", .text("North/"), .text("8/")),
      ("features.size / 2 + customers.size", "number", "2020-05-02", .number(7.5), .number(9)),
      (
        "date_diff('day', customers.created, cutoff) - features.age", "number", "2020-05-02",
        .number(0), .number(0)
      ),
    ])
  func values(
    _ sql: String, _ type: String, _ day: String, _ first: SlowValue, _ second: SlowValue
  ) throws {
    let builder = try FindingBench.builder(
      "feature_sets: {more: [tried: {sql: \"\(sql)\", type: \(type)}]}")
    #expect(try values("tried", of: builder, on: day) == ["1": first, "2": second])
  }

  @Test("it may read features that are not chosen, through others that are not chosen either")
  func unchosen() throws {
    let builder = try FindingBench.builder(
      """
      feature_sets:
        more: [tried: {sql: "features.b * 10"}]
        others:
          - a: {sum: [size, spoken]}
          - b: {sql: "features.a + features.c"}
          - c: {sql: "length(features.segment)"}
          - spoken: {sum: calls.minutes, within: 1 month}
      features: [age, more]
      """)
    #expect(builder.spec.features.map(\.name.value) == ["age", "tried"])
    #expect(
      try values("tried", of: builder, on: "2020-05-02") == ["1": .number(160), "2": .null])
    #expect(
      try values("tried", of: builder, on: "2020-06-02") == ["1": .number(110), "2": .null])
    #expect(
      builder.columns(ofFeature: "tried").map(\.description)
        == ["calls.minutes", "customers.segment", "customers.size"])
    #expect(builder.featureSources == ["calls", "customers"])
  }

  @Test("a ratio in it is missing where its divisor is zero, and is then no number of its own")
  func combinations() throws {
    let builder = try FindingBench.builder(
      """
      feature_sets:
        more:
          - share: {ratio: [size, calls]}
          - rest: {difference: [size, calls, score]}
          - tried: {sql: "coalesce(features.share, -1) + coalesce(features.rest, -10)"}
      """)
    #expect(
      try values("tried", of: builder, on: "2020-05-02") == ["1": .number(7.5), "2": .number(-11)])
  }

  @Test("what it reads is part of its recipe")
  func recipe() throws {
    let day = try #require(CalendarDate("2024-03-31"))
    func recipe(_ window: String) throws -> PanelPlan.Recipe {
      let plan = try plan(
        "{recent: {count: calls, within: \(window)}}, {tried: {sql: \"features.recent + 1\"}}")
      return try #require(plan.feature(plan.spec.features.count - 1, day))
    }
    let (short, long) = (try recipe("31 days"), try recipe("60 days"))
    #expect(short.sources == ["calls", "customers"])
    #expect(short.sql != long.sql)
    #expect(try recipe("31 days") == short)
    // On this day a month has 31 days, on others it has not.
    let month = try recipe("1 month")
    #expect(month.sql == short.sql && month != short)
  }

  @Test("a plain aggregate's recipe tells a month from its days, too")
  func windows() throws {
    let day = try #require(CalendarDate("2024-03-31"))
    func recipe(_ window: String) throws -> PanelPlan.Recipe {
      let plan = try plan("{recent: {count: calls, within: \(window)}}")
      return try #require(plan.feature(plan.spec.features.count - 1, day))
    }
    #expect(try recipe("1 month") != recipe("31 days"))
    #expect(try recipe("1 month") == recipe("1 month"))
  }

  @Test("a value on which an input fails is reported at the input alone")
  func failure() throws {
    let builder = try FindingBench.builder(
      """
      feature_sets:
        more:
          - tried: {sql: "features.b + 1"}
          - b: {sql: "CAST(features.region AS DOUBLE)"}
      """)
    let test = try #require(builder.timeline[.test].first)
    let error = #expect(throws: FindingsError.self) { _ = try builder.block(test) }
    #expect(error?.findings.map(\.id.number) == [308])
    #expect(error?.findings.first?.message.contains("North") == true)
  }
}
