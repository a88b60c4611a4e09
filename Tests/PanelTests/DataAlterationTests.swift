import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Randomness
import Spec
import Testing

@Suite("A panel of data in which everything later is altered")
struct DataAlterationTests {
  /// A world without a second row of any entity, as the one that is kept may have come later.
  private static func tables(_ seed: UInt64, parents: Bool) -> [RawTable] {
    RandomWorld(seed: seed, parents: parents).tables.map { table in
      guard table.name == "customers" else { return table }
      var table = table
      var seen: Set<String> = []
      table.rows = table.rows.filter { row in
        SlowParser.key(row[0]).map { seen.insert($0).inserted } ?? true
      }
      return table
    }
  }

  private static func rows(
    _ tables: [RawTable], _ yaml: String, _ cutoff: Cutoff, _ alteration: DataAlteration
  ) throws -> PanelRows {
    let bench = try Bench()
    for table in tables { try bench.parquet(table.name, table.query) }
    let loaded = Bench.load(yaml)
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    let builder = try bench.builder(spec, alteration: alteration)
    var rows = PanelRows(try builder.block(cutoff), builder, try builder.keys())
    rows.labels = []
    return rows
  }

  @Test(
    "of random tables is the same at that day, and another one later", arguments: [false, true])
  func randomWorlds(parents: Bool) throws {
    var shown = 0
    let seeds: ClosedRange<UInt64> = 1...6
    for seed in seeds {
      let tables = Self.tables(seed, parents: parents)
      let yaml = RandomSpec(seed: seed, parents: parents).yaml
      var generator = SplitMix64(seed: seed)
      let days = (RandomWorld.first + 200)...(RandomWorld.last - 300)
      let date = CalendarDate(days: generator.number(days))
      let cutoff = Cutoff(date: date, role: .immature, windowEnd: date)
      let expected = try Self.rows(tables, yaml, cutoff, .none)
      for alteration in [DataAlteration.poisoned(after: date), .cut(after: date)] {
        #expect(
          try Self.rows(tables, yaml, cutoff, alteration) == expected,
          "seed \(seed), \(alteration)\n\(yaml)")
      }
      let before = CalendarDate(days: date.days - 190)
      let earlier = try Self.rows(tables, yaml, cutoff, .poisoned(after: before))
      shown += earlier == expected ? 0 : 1
    }
    // Altered from an earlier day on, the same cutoffs must show it, unless a cohort is empty.
    #expect(shown >= seeds.count / 2, "\(shown)")
  }

  /// The values of a feature on 2024-11-04, the day before customer 1 buys.
  private func values(
    _ feature: String, _ alteration: DataAlteration, rows: [String: String] = [:],
    change: (inout ExperimentSpec) -> Void = { _ in }
  ) throws -> [String: SlowValue] {
    let builder = try FindingBench.builder(
      "feature_sets: {more: [tried: \(feature)]}", rows: rows, alteration: alteration,
      change: change)
    let block = try builder.block(Cutoff(date: Self.day, role: .immature, windowEnd: Self.day))
    return PanelRows(block, builder, try builder.keys()).values("tried", of: builder)
  }

  private static let day = CalendarDate(days: 20_031)  // 2024-11-04

  /// The column becomes one of today after the spec was checked, as if it had been declared falsely.
  @Test("shows a feature that reads a column of which only today's value is known")
  func currentColumn() throws {
    func size(_ alteration: DataAlteration, order: Bool = false) throws -> [String: SlowValue] {
      try values("{value: customers.size}", alteration) { spec in
        spec.sources["customers"]?.columns["size"]?.columnClass = .current
        if order {
          spec.sources["customers"]?.duplicateOrder = [Located("size", at: spec.label.span)]
        }
      }
    }
    #expect(try size(.none) == ["1": .number(5), "2": .number(6)])
    #expect(
      try size(.poisoned(after: Self.day)) == [
        "1": .number(987_654_321), "2": .number(987_654_321),
      ])
    #expect(try size(.cut(after: Self.day)) == ["1": .null, "2": .null])
    // That it also decides which duplicate is kept is no excuse for a feature that reads it.
    #expect(
      try size(.poisoned(after: Self.day), order: true) == size(.poisoned(after: Self.day)))
  }

  /// The views hide an event date before its day; as a static one it lies open.
  @Test("shows a date to come that is declared as known from the start")
  func staticDate() throws {
    func due(_ alteration: DataAlteration, _ columnClass: ColumnSpec.ColumnClass) throws
      -> SlowValue?
    {
      try values("{days_since: customers.bought}", alteration) { spec in
        spec.sources["customers"]?.columns["bought"]?.columnClass = columnClass
      }["1"]
    }
    for alteration in [DataAlteration.none, .poisoned(after: Self.day), .cut(after: Self.day)] {
      #expect(try due(alteration, .event) == .null)
      #expect(try due(alteration, .static) == .number(-1))
    }
  }

  @Test("keeps to a table's types: listed words, decimals, booleans, whole days as numbers")
  func types() throws {
    let rows = [
      "customers": """
      ('1', 20200101, '2024-11-05', 5::DECIMAL(3, 1), 1.5::DECIMAL(2, 1), true,
          'retail'::ENUM('retail', 'public')),
        ('2', 20241105, NULL, 6, 2.5, false, 'public')
      """
    ]
    let overlay = """
      sources: {customers: {columns: {created: {type: date, class: event, formats: ["%Y%m%d"]}}}}
      """
    let expected = try FindingBench.builder(overlay, rows: rows)
    for alteration in [DataAlteration.poisoned(after: Self.day), .cut(after: Self.day)] {
      let builder = try FindingBench.builder(overlay, rows: rows, alteration: alteration)
      let cutoff = Cutoff(date: Self.day, role: .immature, windowEnd: Self.day)
      #expect(
        PanelRows(try builder.block(cutoff), builder, try builder.keys())
          == PanelRows(try expected.block(cutoff), expected, try expected.keys()))
      #expect(builder.entityCount == (alteration == .cut(after: Self.day) ? 1 : 2))
    }
  }

  @Test("is not asked what was promised of the rows as they are")
  func promises() throws {
    let overlay = "sources: {calls: {expect: [row_count_between: [1, 1]]}}"
    let builder = try FindingBench.builder(
      overlay, rows: ["calls": "('1', '2020-05-01', '2020-05-02', 'call', '5')"],
      alteration: .poisoned(after: Self.day))
    #expect(builder.findings.isEmpty)
  }
}
