internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The rows that other sources had on the day of each row of an event source, for conditions on it.
///
/// Each of these sources becomes one column of the events: a struct with the columns that a
/// condition reads. So `stages.name` in a condition is a field of the event's own row, a name without
/// a source is still a column of the events, and no row of theirs is counted twice.
///
/// The day is that of the event, whenever the event became known. As the view of the events has none
/// after the cutoff, nothing later is read of the other sources either.
struct AsOfJoin {
  private let spec: ExperimentSpec
  private let events: SourceSpec
  /// The columns that conditions read, by source in the order of the spec.
  private let columns: [(source: SourceSpec, columns: [ColumnSpec])]

  // The spaces keep these names from equaling those of sources.
  private static let rows = SQL.identifier("event rows")
  private static let eventKey = SQL.identifier("event key")
  private static let day = "\(rows).\(LoadedSource.time)"

  /// - Parameter read: the columns of other sources that conditions on the events read.
  init(_ read: Set<ColumnReference>, on events: SourceSpec, in spec: ExperimentSpec) {
    self.spec = spec
    self.events = events
    columns = spec.sources.values.compactMap { source in
      let name = source.name.value
      let columns = source.columns.values.filter {
        read.contains(ColumnReference(source: name, column: $0.name.value))
      }
      return columns.isEmpty ? nil : (source, columns)
    }
  }

  /// Returns a query for events with a column for each of the other sources, from one for the events
  /// alone; the same if no condition reads any.
  func joined(_ query: String) -> String {
    guard !columns.isEmpty else { return query }
    let structs = columns.map { source, columns in
      let fields = columns.map { "\(SQL.identifier($0.name.value)) := \(value($0, of: source))" }
      return "struct_pack(\(fields.joined(separator: ", "))) AS "
        + SQL.identifier(source.name.value)
    }
    return "SELECT \(([Self.rows + ".*"] + structs).joined(separator: ", ")) "
      + "FROM (\(query)) AS \(Self.rows)" + joins.map { "\n\($0)" }.joined()
  }

  private func value(_ column: ColumnSpec, of source: SourceSpec) -> String {
    let value = "\(Self.row(source)).\(SQL.identifier(column.name.value))"
    return inForce(column.known(on: Self.day, value), of: source)
  }

  /// Returns a value of the row that is joined, or null if it is a version that is over.
  private func inForce(_ value: String, of source: SourceSpec) -> String {
    let condition = source.isInForce(on: Self.day, row: Self.row(source))
    return condition.map { "CASE WHEN \($0) THEN \(value) END" } ?? value
  }

  private static func row(_ source: SourceSpec) -> String {
    SQL.identifier("row of \(source.name.value)")
  }

  /// The joins of the rows, each found through those before it.
  ///
  /// None adds a row: keys are numbered once, and an as-of join takes the last version that begins on
  /// or before the day. As versions of one key do not overlap (H319), it is the one in force, unless
  /// it is over.
  private var joins: [String] {
    var joins: [String] = []
    var joined: Set<String> = []
    for target in columns {
      let path = spec.sources.path(fromEvents: events.name.value, to: target.source.name.value)
      for source in (path ?? []).compactMap({ spec.sources[$0] }) {
        guard joined.insert(source.name.value).inserted else { continue }
        var number = "\(Self.rows).entity"
        if let key = key(of: source) {
          if key.isOfEvents, !joins.contains(ownKeys) { joins.append(ownKeys) }
          let keys = SQL.identifier("key of \(source.name.value)")
          joins.append(
            "LEFT JOIN \(SourceLoader.keys(of: source)) AS \(keys) ON \(keys).key = \(key.sql)")
          number = "\(keys).entity"
        }
        let row = Self.row(source)
        let begun = source.hasBegun(on: Self.day, row: row)
        let conditions = ["\(row).entity = \(number)"] + [begun].compactMap(\.self)
        let hasVersions = source.isInForce(on: Self.day) != nil
        joins.append(
          "\(hasVersions ? "ASOF " : "")LEFT JOIN \(LoadedSource.table(source.name.value)) AS \(row) "
            + "ON \(conditions.joined(separator: " AND "))")
      }
    }
    return joins
  }

  /// The keys of the events by number, if these are not the entities.
  private var ownKeys: String {
    "LEFT JOIN \(SourceLoader.keys(of: events)) AS \(Self.eventKey) "
      + "ON \(Self.eventKey).entity = \(Self.rows).entity"
  }

  /// Returns SQL for the key of a source's row in `references`: that of the event if the same column
  /// refers to both, or else the value of the referring column in the row before; nil for a source
  /// whose keys are the entities' own.
  private func key(of source: SourceSpec) -> (sql: String, isOfEvents: Bool)? {
    guard let key = source.foreignKey?.value else { return nil }
    if key == events.foreignKey?.value { return ("\(Self.eventKey).key", true) }
    guard let referring = spec.sources[key.source], let column = referring.columns[key.column]
    else { return nil }
    return (inForce(column.key(of: Self.row(referring)), of: referring), false)
  }
}

extension SourceSpec {
  /// Returns SQL for a row to have begun by the end of a day: to be created, valid, or happened and
  /// known; nil if every row has.
  /// - Parameters:
  ///   - day: SQL for the day.
  ///   - row: the name of the rows; nil if their columns need none.
  func hasBegun(on day: String, row: String? = nil) -> String? {
    let starts =
      switch shape {
      case .entity(let created): created == nil ? [] : [LoadedSource.created]
      case .history: [LoadedSource.validFrom]
      case .events(_, let knownAt):
        [LoadedSource.time] + (knownAt == nil ? [] : [LoadedSource.knownAt])
      }
    let prefix = row.map { "\($0)." } ?? ""
    return starts.isEmpty
      ? nil : starts.map { "\(prefix)\($0) <= \(day)" }.joined(separator: " AND ")
  }

  /// Returns SQL for a version not to be over at the end of a day; nil for rows that are no versions.
  func isInForce(on day: String, row: String? = nil) -> String? {
    guard case .history = shape else { return nil }
    let end = (row.map { "\($0)." } ?? "") + LoadedSource.validTo
    return "(\(end) IS NULL OR \(end) > \(day))"
  }
}

extension ColumnSpec {
  /// Returns SQL for a value as known at the end of a day. An event date is itself the moment it
  /// became known.
  func known(on day: String, _ value: String) -> String {
    columnClass == .event && type == .date
      ? "CASE WHEN \(value) <= \(day) THEN \(value) END" : value
  }
}
