import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("Rows to which a column refers, by a small example")
struct ForeignKeyTests {
  private static let base = """
    version: 1
    name: renewals
    data_through: 2024-12-31
    sources:
      opportunities: {parquet: opportunities.parquet, key: id, created: created, columns: {
        created: {type: date, class: event}, won: {type: date, class: event},
        account: {type: text, class: static}}}
      regions: {parquet: regions.parquet, key: code, valid_from: since, valid_to: until,
        columns: {manager: text}}
      accounts: {parquet: accounts.parquet, key: number, created: opened, columns: {
        tier: {type: text, class: static}, region: {type: text, class: static}}}
      deals: {parquet: deals.parquet, key: account, time: day, known_at: logged,
        columns: {amount: number, stage: text}}
    references:
      accounts.number: opportunities.account
      regions.code: accounts.region
      deals.account: opportunities.account
    feature_sets:
      all:
        - age: {days_since: opportunities.created}
        - tier: {category: accounts.tier}
        - has_tier: {present: accounts.tier}
        - no_tier: {sql: "accounts.tier is null", type: flag}
        - manager: {category: regions.manager}
        - deals: {count: deals}
        - won: {count: deals, where: "stage = 'won'", within: 180 days}
        - amount: {sum: deals.amount}
        - newest: {max: deals.amount, newest: 1}
        - last: {days_since_last: deals}
    cutoffs: {every: month_end, train: 2, calibrate: 0, test: 1}
    cohort: {entity: opportunities}
    label: {event: opportunities.won, horizon: 3 months}
    calibration: {method: none}
    features: [all]

    """

  /// The rows of each table. Two opportunities share an account; one has none, and one has an account
  /// that is not in the table.
  private static let tables = [
    "opportunities": """
    SELECT * FROM (VALUES ('o1', DATE '2024-01-10', DATE '2024-11-05', '12.0'),
      ('o2', DATE '2024-02-01', NULL, ' 12 '), ('o3', DATE '2024-02-01', NULL, 'B7'),
      ('o4', DATE '2024-02-01', NULL, NULL), ('o5', DATE '2024-02-01', NULL, 'zz'))
      AS rows(id, created, won, account)
    """,
    "accounts": """
    SELECT * FROM (VALUES ('12', DATE '2023-05-01', 'gold', 'N'),
      ('B7.0', DATE '2024-06-15', 'basic', 'S')) AS rows(number, opened, tier, region)
    """,
    "regions": """
    SELECT * FROM (VALUES ('N', DATE '2023-01-01', DATE '2024-07-01', 'Ada'),
      ('N', DATE '2024-07-01', NULL, 'Bo'), ('S', DATE '2023-01-01', NULL, 'Cy'))
      AS rows(code, since, until, manager)
    """,
    "deals": """
    SELECT * FROM (VALUES ('12', DATE '2024-03-01', DATE '2024-03-05', 10.0, 'won'),
      ('12.0', DATE '2024-06-20', DATE '2024-07-02', 5.0, 'won'),
      ('12', DATE '2024-06-25', DATE '2024-06-25', 7.0, 'lost'),
      ('B7', DATE '2024-05-01', DATE '2024-05-01', 3.0, 'won'))
      AS rows(account, day, logged, amount, stage)
    """,
  ]

  private static func spec(_ overlay: String = "") throws -> ExperimentSpec {
    let loaded = Bench.load("extends: base.yaml\n" + overlay, beside: ["base.yaml": base])
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    return spec
  }

  private static func builder(
    _ overlay: String = "", tables: [String: String] = [:], alteration: DataAlteration = .none
  ) throws -> PanelBuilder {
    let bench = try Bench()
    for (name, query) in Self.tables { try bench.parquet(name, tables[name] ?? query) }
    return try bench.builder(try spec(overlay), alteration: alteration)
  }

  private static func rows(_ builder: PanelBuilder, on day: String) throws -> PanelRows {
    let date = try #require(CalendarDate(day))
    let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
    let block = try builder.block(Cutoff(date: date, role: .test, windowEnd: windows.end(date)))
    return PanelRows(block, builder, try builder.keys())
  }

  /// The values of a feature for o1 to o5.
  private static func values(
    _ feature: String, on day: String, _ builder: PanelBuilder
  ) throws -> [SlowValue] {
    let found = try rows(builder, on: day).values(feature, of: builder)
    #expect(found.keys.sorted() == ["o1", "o2", "o3", "o4", "o5"])
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  @Test("every entity has the row of its account, and of its account's region, as of the cutoff")
  func parents() throws {
    let builder = try Self.builder()
    func values(_ feature: String, _ day: String) throws -> [SlowValue] {
      try Self.values(feature, on: day, builder)
    }
    let (gold, basic) = (SlowValue.text("gold"), SlowValue.text("basic"))
    // B7 was opened on 2024-06-15.
    #expect(try values("tier", "2024-06-14") == [gold, gold, .null, .null, .null])
    #expect(try values("tier", "2024-06-15") == [gold, gold, basic, .null, .null])
    #expect(
      try values("has_tier", "2024-06-15") == [1, 1, 1, 0, 0].map { SlowValue.number($0) })
    #expect(try values("no_tier", "2024-06-14") == [0, 0, 1, 1, 1].map { SlowValue.number($0) })
    // The region is that of an account that exists.
    let (ada, bo, cy) = (SlowValue.text("Ada"), SlowValue.text("Bo"), SlowValue.text("Cy"))
    #expect(try values("manager", "2024-06-14") == [ada, ada, .null, .null, .null])
    #expect(try values("manager", "2024-06-30") == [ada, ada, cy, .null, .null])
    #expect(try values("manager", "2024-07-01") == [bo, bo, cy, .null, .null])
    // The panel has one row per opportunity, and its own label.
    #expect(try Self.rows(builder, on: "2024-08-31").labels == [1, 0, 0, 0, 0])
  }

  @Test("every entity of a group has the group's events")
  func events() throws {
    let builder = try Self.builder()
    func numbers(_ feature: String, _ day: String) throws -> [Double?] {
      try Self.values(feature, on: day, builder).map(\.number)
    }
    #expect(try numbers("deals", "2024-06-30") == [2, 2, 1, 0, 0])
    #expect(try numbers("deals", "2024-07-02") == [3, 3, 1, 0, 0])
    #expect(try numbers("won", "2024-06-30") == [1, 1, 1, 0, 0])
    // The window after 2024-03-05 leaves out 2024-03-01.
    #expect(try numbers("won", "2024-09-01") == [1, 1, 1, 0, 0])
    #expect(try numbers("amount", "2024-06-30") == [17, 17, 3, 0, 0])
    #expect(try numbers("newest", "2024-06-30") == [7, 7, 3, nil, nil])
    #expect(try numbers("last", "2024-06-30") == [5, 5, 60, nil, nil])
  }

  @Test("a condition on a group's events reads the group, and what it leads to, on their own days")
  func eventConditions() throws {
    let overlay = """
      feature_sets:
        all:
          append:
            - gold: {count: deals, where: "accounts.tier = 'gold'"}
            - unopened: {count: deals, where: "accounts.tier is null"}
            - ada: {count: deals, where: "regions.manager = 'Ada' and stage = 'won'"}
            - cy: {sum: deals.amount, where: "regions.manager = 'Cy'"}
      """
    let builder = try Self.builder(overlay)
    func numbers(_ feature: String, _ day: String) throws -> [Double?] {
      try Self.values(feature, on: day, builder).map(\.number)
    }
    #expect(try numbers("gold", "2024-09-01") == [3, 3, 0, 0, 0])
    // B7 was opened after its deal.
    #expect(try numbers("unopened", "2024-09-01") == [0, 0, 1, 0, 0])
    #expect(try numbers("cy", "2024-09-01") == [0, 0, 0, 0, 0])
    // Since 2024-07-01 the region of 12 has another manager.
    #expect(try numbers("ada", "2024-09-01") == [2, 2, 0, 0, 0])
    #expect(try numbers("ada", "2024-06-30") == [1, 1, 0, 0, 0])
    #expect(
      builder.columns(ofFeature: "ada").map(\.description) == [
        "accounts.region", "deals.stage", "opportunities.account", "regions.manager",
      ])
    let day = try #require(CalendarDate("2024-06-20"))
    let expected = try Self.rows(builder, on: "2024-06-20")
    for alteration in [DataAlteration.poisoned(after: day), .cut(after: day)] {
      let altered = try Self.rows(
        try Self.builder(overlay, alteration: alteration), on: "2024-06-20")
      #expect(altered.features == expected.features, "\(alteration)")
    }
  }

  @Test("a rule reads an account like any other row")
  func rule() throws {
    let builder = try Self.builder(
      "cohort: {where: [{in: {column: accounts.tier, values: [gold]}}, {sql: \"regions.manager = 'Ada'\"}]}"
    )
    #expect(try Self.rows(builder, on: "2024-06-30").keys == ["o1", "o2"])
    #expect(try Self.rows(builder, on: "2024-07-01").keys == [])
  }

  @Test("a feature reads the columns that lead to its rows, and so do its recipe and the cache")
  func recipe() throws {
    let builder = try Self.builder()
    #expect(
      builder.columns(ofFeature: "manager").map(\.description) == [
        "accounts.region", "opportunities.account", "regions.manager",
      ])
    #expect(builder.columns(ofFeature: "deals").map(\.description) == ["opportunities.account"])
    #expect(builder.columns(ofFeature: "deals", foreignKeys: false).isEmpty)
    #expect(
      builder.featureSources == ["accounts", "deals", "opportunities", "regions"])
    let bench = try Bench()
    for (name, query) in Self.tables { try bench.parquet(name, query) }
    func planned(_ spec: ExperimentSpec) throws -> PanelPlan {
      try PanelPlan(
        spec, project: ProjectSpec(), folder: bench.folder,
        engine: try Bench(folder: bench.temporary).engine)
    }
    let plan = try planned(builder.spec)
    let day = try #require(CalendarDate("2024-06-30"))
    let recipes = try builder.spec.features.indices.map { try #require(plan.feature($0, day)) }
    let sources = Dictionary(
      uniqueKeysWithValues: zip(builder.spec.features.map(\.name.value), recipes.map(\.sources)))
    #expect(sources["age"] == ["opportunities"])
    #expect(sources["tier"] == ["accounts", "opportunities"])
    #expect(sources["manager"] == ["accounts", "opportunities", "regions"])
    #expect(sources["won"] == ["deals", "opportunities"])
    // Another column, another panel.
    let other = try planned(Self.spec("references: {deals.account: accounts.region}"))
    let won = try #require(builder.spec.features.firstIndex { $0.name.value == "won" })
    #expect(other.feature(won, day) != plan.feature(won, day))
    #expect(other.feature(0, day) == plan.feature(0, day))
  }

  @Test("references that lead to no row are counted, not the accounts of nobody")
  func coverage() throws {
    let found = try Self.builder().findings
    // Of four opportunities with an account, `zz` has no row; an account without deals is no mistake.
    #expect(found.map(\.id.number) == [392], "\(TextRenderer().render(found))")
    #expect(found.first?.span?.text == "opportunities.account")
    #expect(
      found.first?.message
        == "1 of 4 rows of `opportunities` (25.0 %) refer to a key that `accounts` does not have")
    let coverage = try Self.builder().keyCoverage()
    #expect(coverage.map(\.source) == ["accounts", "deals", "regions"])
    #expect(coverage.map(\.rows) == [4, 4, 2])
    #expect(coverage.map(\.unmatched) == [1, 1, 0])
    #expect(coverage.map(\.isPoor) == [true, false, false])
    #expect(coverage[0].examples == ["zz"])
    // Deals of the same accounts, with zeros in front of their numbers.
    let padded = try Self.builder(tables: [
      "deals": "SELECT * REPLACE ('000' || account AS account) FROM (\(Self.tables["deals"] ?? ""))"
    ]).findings
    #expect(padded.map(\.id.number) == [392, 392])
    let message = padded.map(\.message).first { $0.contains("`deals`") }
    #expect(message == "no value of `opportunities.account` is a key of `deals`")
  }

  @Test("what is later than a cutoff does not reach it through a reference")
  func poison() throws {
    let day = try #require(CalendarDate("2024-06-30"))
    for date in ["2024-06-14", "2024-06-30"] {
      let cutoff = try #require(CalendarDate(date))
      let expected = try Self.rows(try Self.builder(), on: date)
      for alteration in [DataAlteration.poisoned(after: cutoff), .cut(after: cutoff)] {
        let altered = try Self.rows(try Self.builder(alteration: alteration), on: date)
        #expect(altered.features == expected.features, "\(alteration)")
      }
    }
    // With today's account, the past has the accounts of today.
    let overlay = """
      sources: {opportunities: {columns: {account: {class: current}}}}
      look_ahead: {allow: [opportunities.account], because: to see it}
      """
    let builder = try Self.builder(overlay)
    #expect(builder.lookAhead.columns.map(\.description) == ["opportunities.account"])
    #expect(
      builder.lookAhead.features == [
        "tier", "has_tier", "no_tier", "manager", "deals", "won", "amount", "newest", "last",
      ])
    let altered = try Self.builder(overlay, alteration: .poisoned(after: day))
    #expect(
      try Self.values("tier", on: "2024-06-30", altered) == [.null, .null, .null, .null, .null])
    #expect(try Self.values("deals", on: "2024-06-30", altered).map(\.number) == [0, 0, 0, 0, 0])
  }

  @Test("the group of each row of a block")
  func groups() throws {
    let builder = try Self.builder()
    let day = try #require(CalendarDate("2024-06-30"))
    let block = try builder.block(Cutoff(date: day, role: .immature, windowEnd: day))
    // Keys are numbered in the order of their texts: 12, B7; N, S.
    #expect(try builder.groups(of: "accounts", block) == [0, 0, 1, -1, -1])
    #expect(try builder.groups(of: "regions", block) == [0, 0, 1, -1, -1])
    #expect(try builder.groups(of: "opportunities", block) == [-1, -1, -1, -1, -1])
  }

  @Test("rows of a group are counted with the label's events of all its entities")
  func rowAges() throws {
    let builder = try Self.builder()
    let (start, end) = (
      try #require(CalendarDate("2024-06-30")), try #require(CalendarDate("2024-12-31"))
    )
    let ages = try builder.rowAges(from: start, to: end)
    let tier = try #require(ages.first { $0.name == "accounts.tier" })
    // One row for each account; the win of o1 is one of 12.
    #expect(tier.counts.map(\.rows) == [1, 1])
    #expect(
      Set(tier.counts.map { "\(tier.levels[$0.level]) \($0.events)" })
        == ["text(\"gold\") 1", "text(\"basic\") 0"])
    // Whether a group has rows in the first days of its entities is not asked.
    #expect(!ages.contains { $0.name == "deals" })
    #expect(try builder.rowsBeforeCreation(from: start, to: end).isEmpty)
  }
}
