import Columns
import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Randomness
import Spec
import Testing
import Warehouse

@Suite("The order of rows and the number of threads change nothing")
struct RowOrderTests {
  @Test(
    "a shuffled world gives the same blocks on one thread and on two",
    arguments: [101, 102, 103, 104] as [UInt64])
  func shuffledWorld(_ seed: UInt64) throws {
    let yaml = RandomSpec(seed: seed).yaml
    let expected = try Self.panel(RandomWorld(seed: seed).tables, yaml, threads: 1, cutoffs: 6)
    for (number, threads) in [1, 2, 2].enumerated() {
      var generator = SplitMix64(seed: seed &+ UInt64(number))
      let shuffled = RandomWorld(seed: seed).tables.map { table in
        var table = table
        table.rows.shuffle(using: &generator)
        return table
      }
      #expect(try Self.panel(shuffled, yaml, threads: threads, cutoffs: 6) == expected)
    }
  }

  @Test("sums of very different numbers are the same to the last bit")
  func sums() throws {
    // 60,000 rows, so that several threads have their share; 1e16 + 1 has no exact sum.
    let rows = """
      SELECT CAST(i % 20 AS VARCHAR) AS id, DATE '2024-01-01' + CAST(i % 300 AS INTEGER) AS day,
        CASE i % 7 WHEN 0 THEN 1e16 WHEN 1 THEN -1e16 WHEN 2 THEN 1e-9 * i
          ELSE sin(i) * power(10, i % 23 - 8) END AS amount
      FROM range(60000) AS numbers(i) ORDER BY hash(i + SALT)
      """
    var expected: Panel?
    for (salt, threads) in [(0, 1), (1, 1), (2, 2), (3, 2)] {
      let bench = try Bench(threads: threads)
      try bench.parquet(
        "customers",
        "SELECT CAST(i AS VARCHAR) AS id, '2020-01-01' AS created, NULL::DATE AS bought "
          + "FROM range(20) AS numbers(i) ORDER BY hash(i + \(salt))")
      try bench.parquet("orders", rows.replacing("SALT", with: "\(salt)"))
      let builder = try bench.builder(Self.sumSpec)
      let cutoff = try #require(CalendarDate("2024-10-20"))
      let block = try builder.block(Cutoff(date: cutoff, role: .test, windowEnd: cutoff))
      let panel = [PanelRows(block, builder, try builder.keys())]
      #expect(panel == expected ?? panel, "rows in order \(salt), \(threads) threads")
      expected = panel
      guard case .double(let sums) = block.features.columns[0] else {
        Issue.record("a sum is a double")
        continue
      }
      #expect(Set(sums).count == 20)
    }
  }

  private static let sumSpec = """
    version: 1
    name: sums
    data_through: 2024-12-31
    sources:
      customers: {parquet: customers.parquet, key: id, created: created, columns: {
        created: {type: date, class: event}, bought: {type: date, class: event}}}
      orders: {parquet: orders.parquet, key: id, time: day, columns: {amount: number}}
    feature_sets:
      all:
        - total: {sum: orders.amount}
        - recent: {sum: orders.amount, within: 90 days}
        - typical: {mean: orders.amount}
        - some: {sum: orders.amount, where: "amount > 0.5"}
    cutoffs: {every: month_end, train: 1, calibrate: 0, test: 1}
    cohort: {entity: customers}
    label: {event: customers.bought, horizon: 1 month}
    calibration: {method: none}
    features: [all]
    """

  private typealias Panel = [PanelRows]

  /// The panel of some cutoffs, each a little later than the one before.
  private static func panel(
    _ tables: [RawTable], _ yaml: String, threads: Int, cutoffs: Int
  ) throws -> Panel {
    let bench = try Bench(threads: threads)
    for table in tables { try bench.parquet(table.name, table.query) }
    let builder = try bench.builder(yaml)
    let keys = try builder.keys()
    let chosen = (0..<cutoffs).map { number in
      let day = CalendarDate(days: RandomWorld.first + 300 + number * 131)
      return Cutoff(date: day, role: .test, windowEnd: CalendarDate(days: day.days + 90))
    }
    let together = try builder.blocks(chosen, threads: threads)
    #expect(together.map(\.cutoff) == chosen)
    let oneByOne = try chosen.map { try builder.block($0) }
    let panel = together.map { PanelRows($0, builder, keys) }
    #expect(panel == oneByOne.map { PanelRows($0, builder, keys) })
    return panel
  }
}
