import Columns
import Diagnostics
import HoldoutTestSupport
import Panel
import Spec
import Testing

@Suite("Cutoffs that are read together")
struct CutoffBatchTests {
  private static let days = ["2024-02-29", "2024-05-31", "2024-08-31", "2024-11-04", "2024-11-30"]

  private static func cutoffs(_ role: Role = .train) throws -> [Cutoff] {
    try days.map { day in
      let date = try #require(CalendarDate(day))
      return Cutoff(date: date, role: role, windowEnd: CalendarDate(days: date.days + 90))
    }
  }

  @Test("differ from cutoffs that are read singly in nothing, labels and order included")
  func same() throws {
    let builder = try FindingBench.builder(
      "feature_sets: {more: [named_region: {category: {sql: \"history.region\"}}]}")
    let keys = try builder.keys()
    for role in [Role.train, .immature] {
      let cutoffs = try Self.cutoffs(role)
      builder.reading = .singly
      let singly = try builder.blocks(cutoffs, threads: 2)
      builder.reading = .together(3)
      let together = try builder.blocks(cutoffs, threads: 2)
      #expect(together.map(\.cutoff) == cutoffs)
      #expect(
        together.map { PanelRows($0, builder, keys) } == singly.map { PanelRows($0, builder, keys) }
      )
      #expect(together.allSatisfy { $0.labels.isEmpty == (role == .immature) })
    }
  }

  @Test("are only those with the same features, and each has its own")
  func pieces() throws {
    let builder = try FindingBench.builder("")
    builder.reading = .together(4)
    let all = Set(builder.spec.features.indices)
    let wanted = zip(try Self.cutoffs(), [all, all, [], [0, 6], [0, 6]] as [Set<Int>])
      .map { (cutoff: $0, features: $1) }
    let pieces = try builder.pieces(wanted, threads: 1, progress: { _ in }, take: { $0 })
    for (piece, (cutoff, features)) in zip(pieces, wanted) {
      #expect(piece.cutoff == cutoff)
      #expect(Set(piece.columns.keys) == features)
      #expect(piece.columns.values.allSatisfy { $0.count == piece.entities.count })
    }
  }

  /// The engine may compute the condition on all rows before it looks at their days.
  @Test("are read singly if an expression fails on a row that none of them sees")
  func unseenRow() throws {
    let rows = [
      "calls": """
      ('1', '2020-05-01', '2020-05-02', '7', '5'),
        ('1', '2024-12-20', '2024-12-21', 'seven', '5')
      """
    ]
    let builder = try FindingBench.builder(
      "feature_sets: {more: [late: {count: calls, where: \"CAST(kind AS INTEGER) > 6\"}]}",
      rows: rows)
    let index = try #require(builder.spec.features.firstIndex { $0.name.value == "late" })
    let blocks = try builder.blocks(try Self.cutoffs(), threads: 1)
    for block in blocks {
      #expect(
        PanelValues.values(block.features.columns[index], levels: nil)
          == block.entities.map { .number($0 == 0 ? 1 : 0) })
    }
  }

  @Test("report an expression that fails on a row that one of them sees")
  func failure() throws {
    let builder = try FindingBench.builder(
      "feature_sets: {more: [late: {count: calls, where: \"CAST(kind AS INTEGER) > 6\"}]}")
    #expect(throws: FindingsError.self) { try builder.blocks(try Self.cutoffs(), threads: 1) }
  }

  @Test("are as many as fit: fewer of large sources, of many features, and with many threads")
  func size() {
    func size(
      rows: Int, features: Int = 4, entities: Int = 20, count: Int = 10_000, threads: Int = 1
    ) -> Int {
      let rule = BatchRule(
        tables: [("source.\"calls\"", rows), ("source.\"visits\"", 50_000_000)],
        entityCount: entities, reading: .bySize)
      let query = (sql: "SELECT entity FROM source.\"calls\"", features: features)
      return rule.size([query], count: count, threads: threads)
    }
    #expect(size(rows: 100) == 128)
    #expect(size(rows: 20_000) == 40)
    #expect(size(rows: 20_000, features: 99) == 2)
    #expect(size(rows: 200_000) == 4)
    #expect(size(rows: 200_001) == 1)
    #expect(size(rows: 100, entities: 1_000_000) == 1)
    #expect(size(rows: 100, count: 100) == 25)
    #expect(size(rows: 100, count: 100, threads: 4) == 7)
  }

  @Test("have one query only if their queries differ in nothing but days")
  func query() throws {
    let queries = ["2024-01-31", "2024-02-29"].map {
      "SELECT DATE '\($0)' AS day, 'DATE ''x' FROM rows WHERE day > DATE '2020-01-01'"
    }
    let query = try #require(BatchQuery(queries))
    #expect(
      query.sql == """
        SELECT "batch days"."batch number", "batch rows".*
        FROM (VALUES (0, DATE '2024-01-31'), (1, DATE '2024-02-29')) AS \
        "batch days"("batch number", "day 0"),
        LATERAL (
        SELECT "batch days"."day 0" AS day, 'DATE ''x' FROM rows WHERE day > DATE '2020-01-01'
        ) AS "batch rows"
        """)
    #expect(BatchQuery(["SELECT 1 FROM days", "SELECT 2 FROM days"]) == nil)
    #expect(BatchQuery(["SELECT DATE '2024-01-31'", "SELECT DATE 'soon'"]) == nil)
  }
}
