internal import Diagnostics
internal import Panel
internal import Spec
internal import Warehouse

/// What the table of lists holds of a model already: when rows were selected, and the last list.
struct EarlierLists {
  private static let stage = "earlier lists"
  private let engine: Engine
  private let key: String
  private let cutoff: CalendarDate
  private let rank: String
  private let group: String?
  private let hasCapacity: Bool

  /// Reads the lists up to a cutoff, that of an earlier scoring of the cutoff itself included.
  init(
    _ sinks: ScoreSinks, score: ScoreSpec, capacity: CapacitySpec?, model: String,
    cutoff: CalendarDate, engine: Engine
  ) throws {
    self.engine = engine
    self.cutoff = cutoff
    key = score.key.value
    rank = score.rankColumns().first?.column ?? ScoreList.Column.rank
    group = score.rankBy.first.flatMap { feature in
      score.published.first { $0.feature?.value == feature.value }?.name.value
    }
    hasCapacity = capacity != nil
    let columns =
      [key, ScoreList.Column.cutoff, rank, ScoreList.Column.selected] + [group].compactMap(\.self)
    try sinks.fetchEarlier(columns: columns, model: model, through: cutoff, into: Self.stage)
  }

  private var rows: String { SQL.identifier(Self.stage) }

  /// By entity number, the day of the last list before the cutoff that an entity was selected on.
  func lastSelected(
    keyTable: String, entityCount: Int
  ) throws(WarehouseError) -> [Int32] {
    var days = [Int32](repeating: AllocationRows.never, count: entityCount)
    let batches = try engine.connection.query(
      """
      SELECT entity, max(CAST(cutoff_date AS DATE)) AS day FROM \(rows) AS list
      JOIN \(keyTable) AS keys ON keys.key = list.\(SQL.identifier(key))
      WHERE selected AND cutoff_date < DATE '\(cutoff)' GROUP BY entity
      """)
    while let batch = try batches.next() {
      for row in 0..<batch.rowCount {
        if let entity = batch.columns[0].integer(row), let day = batch.columns[1].integer(row) {
          days[entity] = Int32(day)
        }
      }
    }
    return days
  }

  /// The last list, and the day that it is of: the one that a scoring of the same cutoff replaces or, where
  /// there is none, the one before it. Only selected rows count where there is a capacity.
  func last() throws(WarehouseError) -> (rows: ListRows, cutoff: CalendarDate)? {
    guard
      let day = try engine.connection.scalar(
        "SELECT max(CAST(cutoff_date AS DATE)) FROM \(rows)"
      ).flatMap({ CalendarDate($0) })
    else { return nil }
    return (try Self.rows(of: table(at: day), engine), day)
  }

  private func table(at day: CalendarDate) -> String {
    listRows(rows) + " WHERE CAST(cutoff_date AS DATE) = DATE '\(day)'"
      + (hasCapacity ? " AND selected" : "")
  }

  /// The rows of a table in the layout of a list as `last` compares them.
  func rows(ofStaged table: String) throws(WarehouseError) -> ListRows {
    try Self.rows(
      of: listRows(SQL.identifier(table)) + (hasCapacity ? " WHERE selected" : ""), engine)
  }

  private func listRows(_ table: String) -> String {
    let groups = group.map(SQL.identifier) ?? "''"
    return "SELECT \(SQL.identifier(key)), CAST(\(SQL.identifier(rank)) AS INTEGER), "
      + "coalesce(CAST(\(groups) AS VARCHAR), '') FROM \(table)"
  }

  private static func rows(of query: String, _ engine: Engine) throws(WarehouseError) -> ListRows {
    var list = ListRows()
    let batches = try engine.connection.query("\(query) ORDER BY 2, 1")
    while let batch = try batches.next() {
      for row in 0..<batch.rowCount {
        guard let key = batch.columns[0].text(row) else { continue }
        list.keys.append(key)
        list.ranks.append(Int32(batch.columns[1].integer(row) ?? 0))
        list.groups.append(batch.columns[2].text(row) ?? "")
      }
    }
    return list
  }
}
