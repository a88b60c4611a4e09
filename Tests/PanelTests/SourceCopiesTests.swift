import Diagnostics
import HoldoutTestSupport
import Panel
import Spec
import Testing
import Warehouse

@Suite("Copies of the sources' rows")
struct SourceCopiesTests {
  private static let spec = """
    version: 1
    name: copies
    data_through: 2024-12-31
    sources:
      customers:
        csv: customers.csv
        key: id
        created: created
        duplicates: last
        columns:
          created: {type: date, class: event}
          bought: {type: date, class: event}
          segment: {type: text, class: static}
      calls: {csv: [calls-1.csv, calls-2.csv], key: id, time: day, columns: {minutes: integer}}
      mails: {json: mails.json, key: id, time: day, columns: {size: integer}}
      visits: {table: visits, connection: shop, key: id, time: day, known_at: noted, columns: {
        kind: text}}
      deals: {sql: "SELECT id, day, amount FROM deals", connection: shop, key: id, time: day,
        columns: {amount: number}}
      regions: {parquet: regions.parquet, key: id, valid_from: valid_from, valid_to: valid_to,
        columns: {region: text}}
    feature_sets:
      all:
        - age: {days_since: customers.created}
        - segment: {category: customers.segment}
        - minutes: {sum: calls.minutes, within: [90 days, all]}
        - size: {max: mails.size}
        - kinds: {distinct: visits.kind}
        - amount: {mean: deals.amount}
        - region: {category: regions.region}
    cutoffs: {every: month_end, train: 2, calibrate: 0, test: 1}
    cohort: {entity: customers}
    label: {event: customers.bought, horizon: 1 month}
    calibration: {method: none}
    features: [all]

    """

  /// The sources' files, by name.
  private static let files = [
    "customers.csv": """
    id,created,bought,segment,note
    1,2020-01-01,2024-11-05,retail,x
    2,2020-02-01,,public,y
    2,2020-02-01,,public,z
    3,2024-11-20,,retail,x

    """,
    "calls-1.csv": "id,day,minutes\n1,2024-05-01,5\n2,2020-06-01,7\n",
    "calls-2.csv": "id,day,minutes\n1,2024-12-24,9\n2,2024-09-30,1\n9,2024-09-30,1\n",
    "mails.json": """
    {"id": 1, "day": "2024-01-02", "size": 12}
    {"id": 2, "day": "2024-12-02", "size": 40}

    """,
  ]

  private static func bench() throws -> (bench: Bench, project: ProjectSpec) {
    let bench = try Bench()
    for (name, text) in files { try bench.write(name, text) }
    let connection = bench.engine.connection
    for statement in [
      "ATTACH '\(bench.path("shop.duckdb"))' AS made",
      """
      CREATE TABLE made.visits AS SELECT CAST(id AS DECIMAL(9, 2)) AS id, CAST(day AS DATE) AS day,
        CAST(noted AS TIMESTAMP) AS noted, CAST(kind AS ENUM('demo', 'call')) AS kind
      FROM (VALUES (1, '2024-03-01', '2024-03-02', 'demo'), (2, '2024-10-01', '2024-12-02', 'call'))
        AS rows(id, day, noted, kind)
      """,
      """
      CREATE TABLE made.deals AS SELECT CAST(1 AS HUGEINT) AS id, DATE '2024-02-01' AS day,
        0.1::DOUBLE AS amount, NULL AS nothing
      """, "DETACH made",
    ] { try connection.execute(statement) }
    try bench.parquet(
      "regions",
      "SELECT '1' AS id, DATE '2020-01-01' AS valid_from, CAST(NULL AS DATE) "
        + "AS valid_to, 'north' AS region")
    let file = SourceFile(name: "holdout.yaml", text: "connections: {shop: {duckdb: shop.duckdb}}")
    return (bench, try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) })
  }

  /// What is compared of a panel.
  private struct Loaded: Equatable {
    let rows: PanelRows
    let hashes: [String: String]
    let findings: [String]
  }

  private static func load(
    _ bench: Bench, _ project: ProjectSpec, _ alteration: DataAlteration = .none,
    _ copies: SourceCopies? = nil
  ) throws -> (builder: PanelBuilder, loaded: Loaded) {
    let file = Bench.load(spec)
    let builder = try PanelBuilder(
      try #require(file.spec, "\(TextRenderer().render(file.findings))"), project: project,
      projectFolder: bench.folder, engine: NativeTestLibrary.engine(threads: 1),
      alteration: alteration, copies: copies)
    let block = try builder.block(Cutoff(date: day, role: .immature, windowEnd: day))
    let loaded = Loaded(
      rows: PanelRows(block, builder, try builder.keys()), hashes: builder.contentHashes,
      findings: builder.findings.map(\.message))
    return (builder, loaded)
  }

  private static let day = CalendarDate(days: 20_031)  // 2024-11-04

  @Test("serve every later load, whatever has become of the sources")
  func once() throws {
    let (bench, project) = try Self.bench()
    let alterations: [DataAlteration] = [
      .none, .poisoned(after: Self.day), .cut(after: Self.day),
    ]
    let expected = try alterations.map { try Self.load(bench, project, $0).loaded }
    let copies = try #require(SourceCopies(project: project, projectFolder: bench.folder))
    let (builder, first) = try Self.load(bench, project, .none, copies)
    #expect(first == expected[0])
    #expect(first.hashes.keys.sorted() == ["deals", "visits"])
    for name in Self.files.keys + ["shop.duckdb"] { try bench.remove(name) }
    for (alteration, expected) in zip(alterations.dropFirst(), expected.dropFirst()) {
      #expect(try Self.load(bench, project, alteration, copies).loaded == expected, "\(alteration)")
    }
    #expect(
      try builder.keyCoverage().map { "\($0.source) \($0.unmatched) of \($0.rows)" } == [
        "calls 1 of 5", "deals 0 of 1", "mails 0 of 2", "regions 0 of 1", "visits 0 of 2",
      ])
    #expect(throws: FindingsError.self) { try Self.load(bench, project) }
  }

  @Test("are not made of rows that cannot be read, which is reported as without them")
  func unreadable() throws {
    let (bench, project) = try Self.bench()
    try bench.write("calls-2.csv", "id,day,minutes\n1,2024-12-24,9\n2,2024-09-30,1,extra\n")
    try bench.write("mails.json", "{\"id\": 1, \"day\": \"2024-01-02\", \"size\": \n")
    func found(_ copies: SourceCopies?) -> [String] {
      let error = #expect(throws: FindingsError.self) {
        try Self.load(bench, project, .none, copies)
      }
      return (error?.findings ?? []).map { "\($0.id.number) \($0.message) \($0.notes)" }
    }
    let copies = try #require(SourceCopies(project: project, projectFolder: bench.folder))
    let expected = found(nil)
    #expect(expected.count == 2)
    #expect(found(copies) == expected)
  }

  @Test("are in a folder that is removed with them")
  func removed() throws {
    let (bench, project) = try Self.bench()
    let before = bench.names()
    do {
      let copies = try #require(SourceCopies(project: project, projectFolder: bench.folder))
      _ = try Self.load(bench, project, .none, copies)
      withExtendedLifetime(copies) {
        let added = bench.names().filter { !before.contains($0) }
        let files = added.flatMap { bench.names(in: $0) }.filter { $0.hasSuffix(".duckdb") }
        // The Parquet file is not copied.
        #expect(files.count == 5, "\(added) \(files)")
      }
    }
    #expect(bench.names() == before)
  }
}
