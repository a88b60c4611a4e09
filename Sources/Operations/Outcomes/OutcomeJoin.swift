internal import Diagnostics
internal import Panel
internal import Spec
internal import Warehouse

/// Joins published rows to what the data now tell of their accounts.
///
/// A row's outcome goes by the event alone: an account that bought in the label window is a win,
/// even if today's data would not have had it in the cohort. It was listed, somebody may have called
/// it, and it bought; corrections of other columns do not undo that. Such an account joins the
/// population that the list is held against. A key that is no account any more, as after a merge, has
/// an outcome nobody can tell; it is counted and left out.
struct OutcomeJoin {
  struct Joined {
    let list: OutcomeList
    let unmatched: Int
    let departed: Int
    let departedWins: Int
  }

  private(set) var lists: [Joined] = []
  /// The names of each grouping's levels, by number.
  private(set) var levels: [[String]]
  private var numbers: [[String: Int32]]
  private let columns: PublishedColumns
  private let builder: PanelBuilder
  private let engine: Engine

  init(_ columns: PublishedColumns, builder: PanelBuilder, engine: Engine) {
    self.columns = columns
    self.builder = builder
    self.engine = engine
    levels = columns.groups.map { _ in [] }
    numbers = columns.groups.map { _ in [:] }
  }

  private struct Row {
    let entity: Int32
    let rank: Int
    let score: Double
    let isSelected: Bool
    let groups: [String?]
  }

  /// Takes the list of a cutoff.
  /// - Throws: `FindingsError` or `WarehouseError`.
  mutating func add(_ cutoff: Cutoff) throws {
    let outcomes = try builder.outcomes(cutoff)
    let (rows, unmatched) = try rows(cutoff)
    var isInCohort = [Bool](repeating: false, count: builder.entityCount)
    for entity in outcomes.cohort { isInCohort[Int(entity)] = true }
    let departed = rows.map(\.entity).filter { !isInCohort[Int($0)] }
    var isInPopulation = isInCohort
    for entity in departed { isInPopulation[Int(entity)] = true }
    let buyers = outcomes.buyers.filter { isInPopulation[Int($0)] }
    let departedWins = buyers.count { !isInCohort[Int($0)] }
    let groups = columns.groups.indices.map { grouping in
      rows.map { number(of: $0.groups[grouping] ?? "-", in: grouping) }
    }
    lists.append(
      Joined(
        list: OutcomeList(
          population: (outcomes.cohort + departed).sorted(), buyers: buyers,
          entities: rows.map(\.entity), scores: rows.map(\.score),
          selected: columns.hasSelection ? rows.map(\.isSelected) : nil, groups: groups),
        unmatched: unmatched, departed: departed.count, departedWins: departedWins))
  }

  /// The rows of known accounts in the order of the list, and how many others there are.
  private func rows(_ cutoff: Cutoff) throws(WarehouseError) -> (rows: [Row], unmatched: Int) {
    let groups = columns.groups.indices.map { ", g\($0)" }.joined()
    let stream = try engine.connection.query(
      "SELECT entity, rank, score, selected\(groups) FROM \(PublishedLists.copy) "
        + "LEFT JOIN \(builder.keyTable) USING (key) "
        + "WHERE cutoff = DATE \(SQL.literal(cutoff.date.description))")
    var rows: [Row] = []
    var unmatched = 0
    while let batch = try stream.next() {
      for row in 0..<batch.rowCount {
        guard let entity = batch.columns[0].integer(row) else {
          unmatched += 1
          continue
        }
        rows.append(
          Row(
            entity: Int32(entity), rank: batch.columns[1].integer(row) ?? 0,
            score: batch.columns[2].number(row) ?? 0,
            isSelected: batch.columns[3].integer(row) == 1,
            groups: batch.columns.dropFirst(4).map { $0.text(row) }))
      }
    }
    // Streamed rows come in no order.
    rows.sort { $0.rank == $1.rank ? $0.entity < $1.entity : $0.rank < $1.rank }
    return (rows, unmatched)
  }

  private mutating func number(of level: String, in grouping: Int) -> Int32 {
    if let known = numbers[grouping][level] { return known }
    let number = Int32(levels[grouping].count)
    numbers[grouping][level] = number
    levels[grouping].append(level)
    return number
  }

  /// Why no row could be joined.
  func strangeKeys(key: String) throws(WarehouseError) -> Finding {
    let copy = PublishedLists.copy
    return .strangeKeys(
      key, try engine.connection.scalar("SELECT min(key) FROM \(copy)") ?? "",
      rows: lists.reduce(0) { $0 + $1.unmatched },
      known: try engine.connection.scalar("SELECT min(key) FROM \(builder.keyTable)") ?? "")
  }
}
