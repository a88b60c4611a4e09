internal import Panel
internal import Spec
internal import Warehouse

/// The scores of published lists, by list, as they were published.
struct PublishedScores {
  /// One list.
  struct List {
    let cutoff: CalendarDate
    /// Sorted.
    let runIds: [String]
    /// Ascending.
    let entities: [Int32]
    let scores: [Double]
    /// Whether each row was within capacity; nil if the list does not say.
    let selected: [Bool]?
    /// Whether each row is left alone by a hold-back; nil if the list has none.
    let isHeldBack: [Bool]?
  }

  /// Reads lists from the rows that `PublishedLists.load` has copied into the engine. Rows of accounts
  /// that are no longer in the data are left out.
  static func read(
    _ entries: [PublishedLedger.Entry], _ columns: PublishedColumns, builder: PanelBuilder,
    engine: Engine
  ) throws(WarehouseError) -> [List] {
    var lists: [List] = []
    for entry in entries {
      var rows: [(entity: Int32, score: Double, isSelected: Bool, mark: HoldBackMark?)] = []
      let stream = try engine.connection.query(
        "SELECT entity, score, selected, hold_back FROM \(PublishedLists.copy) "
          + "JOIN \(builder.keyTable) USING (key) "
          + "WHERE cutoff = DATE \(SQL.literal(entry.cutoff.description))")
      while let batch = try stream.next() {
        for row in 0..<batch.rowCount {
          guard let entity = batch.columns[0].integer(row), let score = batch.columns[1].number(row)
          else { continue }
          rows.append(
            (
              Int32(entity), score, batch.columns[2].integer(row) == 1,
              batch.columns[3].text(row).flatMap(HoldBackMark.init)
            ))
        }
      }
      // Rows stream in no fixed order.
      rows.sort { $0.entity < $1.entity }
      lists.append(
        List(
          cutoff: entry.cutoff, runIds: entry.runIds, entities: rows.map(\.entity),
          scores: rows.map(\.score),
          selected: columns.hasSelection ? rows.map(\.isSelected) : nil,
          isHeldBack: columns.hasHoldBack ? rows.map { $0.mark == .heldBack } : nil))
    }
    return lists
  }
}
