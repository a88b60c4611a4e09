import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("What a condition on events knows of other sources, by small examples")
struct EventConditionTests {
  /// Versions that change on 2024-05-10, with a gap, and calls around that day.
  private static let rows = [
    "customers": """
    ('1', '2020-01-01', '2024-05-10', '5', '1.5', 'T', 'retail'),
      ('2', '2024-05-10', NULL, '6', NULL, '0', '')
    """,
    "history": """
    ('1', DATE '2020-01-01', DATE '2024-05-10', 'old'),
      ('1', DATE '2024-05-10', DATE '2024-06-15', 'new'), ('1', DATE '2024-07-01', NULL, 'newest'),
      ('2', DATE '2024-05-11', NULL, 'new')
    """,
    "calls": """
    ('1', DATE '2019-12-31', DATE '2019-12-31', 'call', 1),
      ('1', DATE '2024-05-09', DATE '2024-05-09', 'call', 2),
      ('1', DATE '2024-05-10', DATE '2024-05-10', 'mail', 4),
      ('1', DATE '2024-05-11', DATE '2024-06-20', 'call', 8),
      ('1', DATE '2024-06-15', DATE '2024-06-15', 'call', 16),
      ('2', DATE '2024-05-09', DATE '2024-05-09', 'call', 32),
      ('2', DATE '2024-05-10', DATE '2024-05-10', 'call', 64),
      ('2', DATE '2024-05-11', DATE '2024-05-11', 'call', 128)
    """,
  ]

  private static func builder(
    _ feature: String, overlay: String = "", rules: String = "", rows: [String: String] = [:],
    alteration: DataAlteration = .none, purpose: PanelBuilder.Purpose = .experiment,
    in folder: Bench? = nil
  ) throws -> PanelBuilder {
    try FindingBench.builder(
      """
      feature_sets: {more: [tried: \(feature)]}
      cohort: {where: [\(rules)]}
      \(overlay)
      """, rows: Self.rows.merging(rows) { $1 }, alteration: alteration, purpose: purpose,
      in: folder)
  }

  private static func rows(_ builder: PanelBuilder, on day: String) throws -> PanelRows {
    let date = try #require(CalendarDate(day))
    let cutoff = Cutoff(date: date, role: .immature, windowEnd: date)
    return PanelRows(try builder.block(cutoff), builder, try builder.keys())
  }

  /// The sum of the minutes of the calls of a customer that satisfy a condition, which tells which
  /// calls they are.
  private static func minutes(
    _ condition: String, on day: String, of key: String = "1", overlay: String = ""
  ) throws -> Double? {
    let builder = try builder("{sum: calls.minutes, where: \"\(condition)\"}", overlay: overlay)
    return try rows(builder, on: day).values("tried", of: builder)[key]?.number
  }

  @Test(
    "a version counts from its first day on until the day before its last, whatever holds later",
    arguments: [
      ("history.region = 'old'", "2024-05-31", 2), ("history.region = 'new'", "2024-05-31", 4),
      // The cutoff's own version is another one.
      ("history.region = 'old'", "2024-12-31", 2), ("history.region = 'new'", "2024-12-31", 12),
      // The version begins on the cutoff, the day before, and the day after.
      ("history.region = 'new'", "2024-05-10", 4), ("history.region = 'old'", "2024-05-10", 2),
      ("history.region = 'new'", "2024-05-09", 0), ("history.region = 'old'", "2024-05-09", 2),
      // Between versions, and before the first.
      ("history.region is null", "2024-12-31", 17), ("history.region is null", "2024-05-31", 1),
      ("history.region = 'newest'", "2024-12-31", 0),
      ("history.region is null or history.region is not null", "2024-12-31", 31),
    ])
  func boundaries(_ condition: String, _ day: String, _ expected: Double) throws {
    #expect(try Self.minutes(condition, on: day) == expected)
  }

  @Test("the day is that of the event, not the one on which it became known")
  func knownLater() throws {
    #expect(try Self.minutes("history.region = 'new'", on: "2024-06-19") == 4)
    #expect(try Self.minutes("history.region = 'new'", on: "2024-06-20") == 12)
  }

  @Test(
    "an entity has values from its creation on, and dates from their day on",
    arguments: [
      ("customers.segment = 'retail'", "1", 30), ("customers.size = 6", "2", 192),
      ("customers.size is null", "2", 32), ("customers.size is null", "1", 1),
      ("customers.bought is null", "1", 3), ("customers.bought is not null", "1", 28),
      ("customers.bought = DATE '2024-05-10'", "1", 28),
      ("customers.size = 5 and history.region = 'new' and kind = 'mail'", "1", 4),
    ])
  func entity(_ condition: String, _ key: String, _ expected: Double) throws {
    #expect(try Self.minutes(condition, on: "2024-12-31", of: key) == expected)
  }

  @Test("a name without a source is a column of the events, whatever other sources have")
  func sameNames() throws {
    let overlay = "sources: {history: {columns: {kind: {type: text, from: region}}}}\n"
    let rows = [
      "history": """
      ('1', DATE '2020-01-01', NULL::DATE, 'mail'), ('2', DATE '2024-05-11', NULL, 'call')
      """
    ]
    for (condition, expected) in [
      ("kind = history.kind", 4.0), ("calls.kind <> history.kind", 26), ("kind = 'call'", 27),
    ] {
      let builder = try Self.builder(
        "{sum: calls.minutes, where: \"\(condition)\"}", overlay: overlay, rows: rows)
      let found = try Self.rows(builder, on: "2024-12-31").values("tried", of: builder)
      #expect(found["1"]?.number == expected, "\(condition)")
    }
  }

  @Test(
    "every aggregate takes the same rows",
    arguments: [
      ("{count: calls, where: \"history.region = 'new'\"}", 2),
      ("{count: calls, where: \"history.region = 'new'\", within: 225 days}", 0),
      ("{max: calls.minutes, where: \"history.region = 'new'\", newest: 1}", 8),
      ("{sum: calls.minutes, where: \"history.region = 'old'\", newest: 1}", 2),
      ("{days_since_first: calls, where: \"history.region = 'old'\"}", 236),
      ("{distinct: calls.kind, where: \"history.region = 'new'\"}", 2),
    ])
  func aggregates(_ feature: String, _ expected: Double) throws {
    let builder = try Self.builder(feature)
    let found = try Self.rows(builder, on: "2024-12-31").values("tried", of: builder)
    #expect(found["1"]?.number == expected)
  }

  @Test(
    "a rule counts them, too",
    arguments: [
      ("history.region = 'new'", "at_least: 2", ["1"]),
      ("history.region = 'new'", "at_least: 1", ["1", "2"]),
      ("history.region = 'old'", "at_most: 0", ["2"]),
      ("history.region = 'old' and kind = 'call'", "at_least: 1, at_most: 1", ["1"]),
      // At the cutoff nobody is in this region.
      ("history.region = 'old'", "at_least: 1", ["1"]),
    ])
  func rule(_ condition: String, _ range: String, _ expected: [String]) throws {
    let builder = try Self.builder(
      "{value: customers.size}", rules: "{count: calls, where: \"\(condition)\", \(range)}")
    #expect(try Self.rows(builder, on: "2024-12-31").keys.sorted() == expected)
  }

  private static let features = """
    feature_sets:
      more:
        - tried: {sum: calls.minutes, where: "history.region = 'new'"}
        - again: {count: calls, where: "customers.bought is null", within: 1 year}
        - newest: {max: calls.minutes, where: "history.region is null", newest: 1}
    cohort: {where: [{count: calls, where: "history.region = 'new'", at_least: 1}]}

    """
  private static let days = ["2024-05-09", "2024-05-10", "2024-05-31", "2024-06-20", "2024-11-30"]

  @Test("a day that is read with others, and a day that is scored alone, have the same rows")
  func together() throws {
    // Its files are read again as long as it lives.
    let bench = try Bench()
    defer { withExtendedLifetime(bench) {} }
    let builder = try FindingBench.builder(Self.features, rows: Self.rows, in: bench)
    let keys = try builder.keys()
    let singly = try Self.days.map { try Self.rows(builder, on: $0) }
    #expect(singly.map(\.keys.count) == [0, 1, 2, 2, 2])
    builder.reading = .together(3)
    let cutoffs = try Self.days.map { day in
      let date = try #require(CalendarDate(day))
      return Cutoff(date: date, role: .immature, windowEnd: date)
    }
    let blocks = try builder.blocks(cutoffs, threads: 2)
    #expect(blocks.map { PanelRows($0, builder, keys) } == singly)
    for (cutoff, expected) in zip(cutoffs, singly) {
      let own = try Bench()
      defer { withExtendedLifetime(own) {} }
      let alone = try FindingBench.builder(
        Self.features, rows: Self.rows, purpose: .scoring([cutoff.date], allowsSilence: true),
        in: own)
      let found = PanelRows(try alone.block(cutoff), alone, try alone.keys())
      #expect(found == expected, "\(cutoff.date)")
    }
  }

  @Test("what is later than the cutoff does not reach a condition, and what is earlier does")
  func poison() throws {
    for day in Self.days {
      let date = try #require(CalendarDate(day))
      func rows(_ alteration: DataAlteration) throws -> PanelRows {
        try Self.rows(
          FindingBench.builder(Self.features, rows: Self.rows, alteration: alteration), on: day)
      }
      let expected = try rows(.none)
      #expect(try rows(.poisoned(after: date)) == expected)
      #expect(try rows(.cut(after: date)) == expected)
    }
    // The version that begins on the next day, on which every later call now lies.
    let before = try #require(CalendarDate("2024-05-09"))
    func poisoned(_ alteration: DataAlteration) throws -> SlowValue? {
      let builder = try Self.builder(
        "{count: calls, where: \"history.region = 'poisoned'\"}", alteration: alteration)
      return try Self.rows(builder, on: "2024-05-31").values("tried", of: builder)["1"]
    }
    #expect(try poisoned(.none) == .number(0))
    #expect(try poisoned(.poisoned(after: before)) == .number(3))
  }

  @Test("only features with such a condition read the other source, and have another recipe for it")
  func recipe() throws {
    let bench = try Bench()
    _ = try FindingBench.builder("", in: bench)
    func plan(_ features: String) throws -> PanelPlan {
      let loaded = Bench.load(
        "extends: base.yaml\nfeature_sets: {more: [\(features)]}\nfeatures: [more]\n",
        beside: ["base.yaml": FindingBench.base])
      let spec = try #require(loaded.spec, "\(TextRenderer().render(loaded.findings))")
      return try PanelPlan(
        spec, project: ProjectSpec(), folder: bench.folder,
        engine: try Bench(folder: bench.temporary).engine)
    }
    let day = try #require(CalendarDate("2024-06-30"))
    let own = "{count: calls, where: \"kind = 'call'\"}"
    let plain = try plan("a: \(own), b: {count: calls}")
    let other = try plan(
      "a: \(own), b: {count: calls}, c: {count: calls, where: \"history.region = 'x'\"}")
    for index in [0, 1] {
      let recipe = try #require(plain.feature(index, day))
      #expect(recipe == other.feature(index, day))
      #expect(recipe.sources == ["calls", "customers"])
      #expect(!recipe.sql.contains("struct_pack"))
    }
    let recipe = try #require(other.feature(2, day))
    #expect(recipe.sources == ["calls", "customers", "history"])
    #expect(recipe.sql.contains("source.\"history\""))
    #expect(
      other.sql(Cutoff(date: day, role: .test, windowEnd: day)).contains("history.region = 'x'"))
    #expect(plain.sources == ["calls", "customers"])
    #expect(other.sources == ["calls", "customers", "history"])
  }

  @Test("a feature reads the columns of its condition, and its source must fit the entities")
  func columns() throws {
    let bench = try Bench()
    defer { withExtendedLifetime(bench) {} }
    let builder = try Self.builder(
      "{sum: calls.minutes, where: \"history.region = customers.segment\"}",
      overlay: "features: [more]\n", in: bench)
    #expect(
      builder.columns(ofFeature: "tried").map(\.description) == [
        "calls.minutes", "customers.segment", "history.region",
      ])
    #expect(builder.featureSources == ["calls", "customers", "history"])
    #expect(try builder.keyCoverage().map(\.source) == ["calls", "history"])
  }

  @Test("a condition that fails on a value of another source is named")
  func failure() throws {
    let builder = try Self.builder(
      "{count: calls, where: \"CAST(history.region AS INTEGER) > 1\"}")
    let error = #expect(throws: FindingsError.self) {
      _ = try Self.rows(builder, on: "2024-12-31")
    }
    #expect(error?.findings.map(\.id.number) == [308])
    #expect(error?.findings.first?.span?.text == "CAST")
  }

  // MARK: - Versions that begin too late

  private static func early(_ features: String) throws -> [Finding] {
    try FindingBench.builder(
      "feature_sets: {more: [\(features)]}", rows: Self.rows
    ).findings
  }

  @Test("more than a tenth of the events before the first version of their key is a warning")
  func beforeVersions() throws {
    let findings = try Self.early(
      "a: {count: calls, where: \"history.region = 'old'\"}, "
        + "b: {count: calls, where: \"history.region = 'new'\", within: 1 year}")
    #expect(findings.map(\.id.number) == [448], "\(TextRenderer().render(findings))")
    let finding = try #require(findings.first)
    #expect(finding.severity == .warning)
    #expect(finding.span?.text == "history.region = 'old'")
    // Customer 1 has one of 2019, customer 2 has two before 2024-05-11.
    #expect(
      finding.message
        == "3 of 8 rows of `calls` (37.5 %) are older than the first version of their key in "
        + "`history`")
    #expect(finding.notes == ["the first version of any key is valid from 2020-01-01"])
  }

  @Test("events before every window, and sources without versions, do not matter")
  func withinVersions() throws {
    // The first cutoff is 2024-05-31, so that the call of 2019 is in no window.
    #expect(
      try Self.early("a: {count: calls, where: \"history.region = 'old'\", within: 90 days}")
        .map(\.message) == [
          "2 of 7 rows of `calls` (28.6 %) are older than the first version of their key in "
            + "`history`"
        ])
    #expect(try Self.early("a: {count: calls, where: \"customers.size > 5\"}").isEmpty)
    #expect(try Self.early("a: {count: calls, where: \"kind = 'call'\"}").isEmpty)
  }
}
