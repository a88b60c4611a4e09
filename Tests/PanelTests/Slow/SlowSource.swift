import Diagnostics
import OrderedCollections
import Spec

/// A source's rows in plain arrays, with what places them in time.
struct SlowSource {
  struct Row {
    var key: String
    var values: [String: SlowValue]
    /// Created, valid from, or the event's day; nil where the source has no time.
    var start: Int?
    /// The day a version no longer holds.
    var end: Int?
    /// The day an event was known.
    var known: Int?
  }

  let spec: SourceSpec
  private(set) var rows: [Row] = []

  init(_ spec: SourceSpec, _ table: RawTable) {
    self.spec = spec
    var kept: [[RawCell]] = []
    if case .entity = spec.shape {
      var byKey: [String: [[RawCell]]] = [:]
      for row in table.rows {
        if let key = key(row, table) { byKey[key, default: []].append(row) }
      }
      kept = byKey.values.map { chosen($0, table) }
    } else {
      kept = table.rows
    }
    rows = kept.compactMap { row($0, table) }
  }

  private func key(_ row: [RawCell], _ table: RawTable) -> String? {
    table.place(of: spec.key.value).flatMap { SlowParser.key(row[$0]) }
  }

  /// The row as read; nil when it has no key or its time is missing.
  private func row(_ cells: [RawCell], _ table: RawTable) -> Row? {
    guard let key = key(cells, table) else { return nil }
    var row = Row(key: key, values: [:])
    for column in spec.columns.values {
      let name = (column.from ?? column.name).value
      guard let place = table.place(of: name) else { continue }
      row.values[column.name.value] = SlowParser.value(cells[place], column, spec.clock)
    }
    func day(_ name: String) -> Int? {
      if let known = row.values[name] { return known.day }
      let column = ColumnSpec(name: spec.key, type: .date, columnClass: .event)
      return table.place(of: name).flatMap { SlowParser.value(cells[$0], column, spec.clock).day }
    }
    switch spec.shape {
    case .entity(let created):
      guard let created else { return row }
      row.start = day(created.value)
    case .history(let from, let to, let isInclusive):
      row.start = day(from.value)
      row.end = day(to.value).map { isInclusive ? $0 + 1 : $0 }
      if let start = row.start, let end = row.end, end <= start { return nil }
    case .events(let time, let knownAt):
      row.start = day(time.value)
      row.known = row.start
      // A day that nobody has written down never comes; the label asks for the event's day alone.
      if let knownAt { row.known = day(knownAt.value) ?? .max }
    }
    return row.start == nil ? nil : row
  }

  /// The row that `duplicates` keeps.
  private func chosen(_ rows: [[RawCell]], _ table: RawTable) -> [RawCell] {
    rows.dropFirst().reduce(rows[0]) { isBefore($1, $0, table) ? $1 : $0 }
  }

  private func isBefore(_ left: [RawCell], _ right: [RawCell], _ table: RawTable) -> Bool {
    let isLast = spec.duplicates == .last
    for name in spec.duplicateOrder.map(\.value) {
      guard let place = table.place(of: name) else { continue }
      let values = [left, right].map { row in
        spec.columns[name].map { SlowParser.value(row[place], $0, spec.clock) } ?? .null
      }
      if values[0] == values[1] { continue }
      // Nulls come last either way.
      if values[0].isNull || values[1].isNull { return values[1].isNull }
      return isLast ? values[1].precedes(values[0]) : values[0].precedes(values[1])
    }
    for place in table.columns.indices where left[place] != right[place] {
      if left[place] == .null || right[place] == .null { return right[place] == .null }
      return isLast
        ? right[place].precedes(left[place]) : left[place].precedes(right[place])
    }
    return false
  }

  /// What is known of the rows at the end of a day.
  func rows(at cutoff: Int) -> [Row] {
    rows.filter { isKnown($0, at: cutoff) }.map { hiding(after: cutoff, $0) }
  }

  /// What is known of the first row of a key at the end of a day.
  func row(of key: String, at day: Int) -> Row? {
    rows.first { $0.key == key && isKnown($0, at: day) }.map { hiding(after: day, $0) }
  }

  private func isKnown(_ row: Row, at cutoff: Int) -> Bool {
    switch spec.shape {
    case .entity: (row.start ?? cutoff) <= cutoff
    case .history: (row.start ?? .max) <= cutoff && (row.end ?? .max) > cutoff
    case .events: (row.start ?? .max) <= cutoff && (row.known ?? .max) <= cutoff
    }
  }

  private func hiding(after cutoff: Int, _ row: Row) -> Row {
    var row = row
    for column in spec.columns.values where column.columnClass == .event {
      let name = column.name.value
      if let day = row.values[name]?.day, day > cutoff { row.values[name] = .null }
    }
    return row
  }
}
