internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Rewrites a source's rows so that nothing remains that was not known at the end of a day.
///
/// These are later than the day: rows created, valid, happened or known after it; dates of class
/// `event` after it; the end of a version after it; and every value of class `current`, because
/// only today's value is known and any other could have been there. Columns that nothing reads are
/// unchanged, including a `current` column that only decides which of several rows of a key is kept
/// (`order`), because duplicates are resolved once for all cutoffs. `static` values in rows that
/// existed are unchanged, too.
struct RelationAlteration {
  private enum Kind { case poison, cut }

  private let kind: Kind
  private let day: CalendarDate
  private let source: SourceSpec
  private let relation: RawRelation
  /// The columns that cohort, label or features read.
  private let read: [ColumnSpec]

  /// Returns the rows of a source with an alteration applied.
  /// - Parameter read: the columns that cohort, label or features read.
  static func applying(
    _ alteration: DataAlteration, to relation: RawRelation, of source: SourceSpec,
    read: [ColumnSpec]
  ) -> RawRelation {
    switch alteration {
    case .none: relation
    case .poisoned(let day):
      RelationAlteration(
        kind: .poison, day: day, source: source, relation: relation, read: read
      ).altered
    case .cut(let day):
      RelationAlteration(
        kind: .cut, day: day, source: source, relation: relation, read: read
      ).altered
    }
  }

  private init(
    kind: Kind, day: CalendarDate, source: SourceSpec, relation: RawRelation, read: [ColumnSpec]
  ) {
    self.kind = kind
    self.day = day
    self.source = source
    self.relation = relation
    self.read = read
  }

  /// Rows that were known on the day, and those that were not.
  private enum Part { case known, later }

  private var altered: RawRelation {
    let parts: [(part: Part, condition: String)] =
      switch kind {
      case .poison: [(.known, "NOT \(isLater)"), (.later, isLater)]
      case .cut: [(.known, "NOT \(isLater)")]
      }
    // Use two queries rather than a CASE per row: a column that keeps all its values, or has only
    // one, stays compressed as in the file, and parsing works on its distinct values.
    let queries = parts.map { part, condition in
      let values = replacements(part)
      let list = values.map { "\($0.value) AS \(SQL.identifier($0.key))" }.joined(separator: ", ")
      let columns = values.isEmpty ? "*" : "* REPLACE (\(list))"
      return "SELECT \(columns) FROM \(relation.sql) WHERE \(condition)"
    }
    return RawRelation(
      sql: "(\(queries.joined(separator: " UNION ALL ")))",
      isRereadable: relation.isRereadable,
      types: relation.types.map { ($0.name, Self.writable($0.type)) })
  }

  /// Returns SQL that replaces a column's values, by the column's name in the table.
  private func replacements(_ part: Part) -> OrderedDictionary<String, String> {
    var values: OrderedDictionary<String, String> = [:]
    for (name, type) in relation.types where Self.writable(type) != type {
      values[name] = "CAST(\(SQL.identifier(name)) AS \(Self.writable(type)))"
    }
    // The key and the columns that place a row in time define when the row was known.
    var settled: Set<String> = [physical(source.key).lowercased()]
    for (place, value) in times(part) {
      let name = physical(place)
      settled.insert(name.lowercased())
      if let value { values[inTable(name)] = value }
    }
    // Several columns may be read from one column of the table; the first that must change decides.
    // For a row that did not exist yet, the values that order it were not known either.
    let order = source.duplicateOrder.compactMap { source.columns[$0.value] }
    for column in part == .later ? read + order : read {
      let name = (column.from ?? column.name).value
      guard !settled.contains(name.lowercased()), let value = replacement(of: column, in: part)
      else { continue }
      settled.insert(name.lowercased())
      values[inTable(name)] = value
    }
    return values
  }

  private func replacement(of column: ColumnSpec, in part: Part) -> String? {
    if part == .later { return wild(column) }
    if column.columnClass == .current {
      return kind == .poison ? wild(column) : "CAST(NULL AS \(type(column)))"
    }
    guard column.columnClass == .event, column.type == .date else { return nil }
    let other = kind == .poison ? dateAfter(column) : "NULL"
    return "CASE WHEN (\(parser(column).parsed) > \(literal)) THEN \(other) "
      + "ELSE \(own(column)) END"
  }

  // MARK: - Rows

  /// SQL that is true for rows that were not known at the end of the day; never null.
  private var isLater: String {
    func after(_ place: Located<String>) -> String { "(\(parsed(place)) > \(literal))" }
    switch source.shape {
    case .entity(let created): return created.map { "(\(after($0)) IS TRUE)" } ?? "false"
    case .history(let from, _, _): return "(\(after(from)) IS TRUE)"
    case .events(let time, let knownAt):
      // A row without a day on which it became known was never known.
      let known = knownAt.map { " OR (\(after($0)) IS NOT FALSE)" } ?? ""
      return "((\(after(time)) IS TRUE)\(known))"
    }
  }

  /// Returns the columns that place rows in time, with the replacement for those that have a later
  /// day.
  private func times(_ part: Part) -> [(place: Located<String>, value: String?)] {
    let next = CalendarDate(days: day.days + 1)
    func cased(_ condition: String, _ value: String, _ place: Located<String>) -> String {
      "CASE WHEN \(condition) THEN \(value) ELSE \(own(column(place))) END"
    }
    switch source.shape {
    case .entity(let created): return created.map { [($0, nil)] } ?? []
    case .history(let from, let to, let isInclusive):
      guard part == .known else { return [(from, nil), (to, nil)] }
      let ends = "\(parsed(to)) \(isInclusive ? ">=" : ">") \(literal)"
      // A version that was valid on the day may end on any later one. The next version starts on
      // the next day at the earliest, so one that ends there, or has the day as its last, overlaps
      // none.
      let end = isInclusive ? day : next
      let value =
        kind == .cut
        ? cased(ends, "NULL", to)
        : cased("(\(ends)) IS NOT FALSE", written(end, column(to)), to)
      return [(from, nil), (to, value)]
    case .events(let time, let knownAt):
      return ([time] + (knownAt.map { [$0] } ?? [])).map { place in
        let isAfter = "\(parsed(place)) > \(literal)"
        return (place, part == .known ? nil : cased(isAfter, written(next, column(place)), place))
      }
    }
  }

  // MARK: - Values

  /// Returns the first day after the day, or the second if the row's date is the first.
  private func dateAfter(_ column: ColumnSpec) -> String {
    let (next, other) = (CalendarDate(days: day.days + 1), CalendarDate(days: day.days + 2))
    return "CASE WHEN \(parser(column).parsed) = \(ExpressionCompiler.literal(next)) "
      + "THEN \(written(other, column)) ELSE \(written(next, column)) END"
  }

  /// Returns a value that probably no row has, of the declared type as far as the table's type
  /// allows; for a flag, the opposite value.
  private func wild(_ column: ColumnSpec) -> String {
    let candidates: [String]
    switch column.type {
    case .flag:
      let isSet = "(\(parser(column).parsed)) IS TRUE"
      return "CASE WHEN \(isSet) THEN \(cast("'0'", column)) ELSE \(cast("'1'", column)) END"
    case .date: return written(CalendarDate(days: day.days - 200), column)
    case .text: candidates = ["poisoned", "987654321", "113", "2999-12-31", "true"]
    case .integer, .number: candidates = ["987654321", "31113", "113", "7", "0"]
    }
    return "coalesce(\(candidates.map { cast("'\($0)'", column) }.joined(separator: ", ")))"
  }

  /// Returns a day in the format in which the column writes days.
  private func written(_ day: CalendarDate, _ column: ColumnSpec) -> String {
    let iso = "'\(day)'"
    let clock = DaySQL(clock: column.form.isWholeDays ? DayClock() : source.clock)
    func value(_ format: String) -> String {
      guard !clock.clock.isPlain else { return ExpressionCompiler.literal(day) }
      return switch DateFormat.reading(format) {
      case .day: ExpressionCompiler.literal(day)
      case .time: clock.time(on: day)
      case .instant: "timezone('UTC', \(clock.instant(on: day)))"
      }
    }
    // Text is read only in the declared formats; a typed column accepts a day as it is.
    let texts = column.formats.map { format in
      format.value == DateFormat.iso
        ? iso : "strftime(\(value(format.value)), \(SQL.literal(format.value)))"
    }
    let type = type(column)
    let isText = type == "VARCHAR"
    if type.hasPrefix("TIMESTAMP"), !clock.clock.isPlain {
      return DaySQL.isInstant(type)
        ? "CAST(\(clock.instant(on: day)) AS \(type))" : "CAST(\(clock.time(on: day)) AS \(type))"
    }
    let forms = isText && !texts.isEmpty ? texts : [iso] + texts
    return "coalesce(\(forms.map { cast($0, column) }.joined(separator: ", ")))"
  }

  private func cast(_ text: String, _ column: ColumnSpec) -> String {
    "TRY_CAST(\(text) AS \(type(column)))"
  }

  /// Returns a row's own value, in the type that is written.
  private func own(_ column: ColumnSpec) -> String {
    "CAST(\(SQL.identifier((column.from ?? column.name).value)) AS \(type(column)))"
  }

  // MARK: - Columns

  private var literal: String { ExpressionCompiler.literal(day) }

  /// Returns a listed column, or one that only places rows in time.
  private func column(_ place: Located<String>) -> ColumnSpec {
    if let declared = source.columns[place.value], declared.type == .date { return declared }
    return ColumnSpec(name: place, type: .date, columnClass: .event)
  }

  private func physical(_ place: Located<String>) -> String {
    (source.columns[place.value]?.from ?? place).value
  }

  /// Returns the column's name as the table spells it.
  private func inTable(_ name: String) -> String {
    relation.types.first { $0.name.lowercased() == name.lowercased() }?.name ?? name
  }

  private func parser(_ column: ColumnSpec) -> ColumnParser {
    let name = (column.from ?? column.name).value
    return ColumnParser(
      column, named: name, actual: relation.type(of: name) ?? "VARCHAR", clock: source.clock)
  }

  private func parsed(_ place: Located<String>) -> String { parser(column(place)).parsed }

  private func type(_ column: ColumnSpec) -> String {
    Self.writable(relation.type(of: (column.from ?? column.name).value) ?? "VARCHAR")
  }

  /// Returns the type of altered values: an enum type accepts no other values, so it becomes text.
  private static func writable(_ type: String) -> String {
    type.hasPrefix("ENUM") ? "VARCHAR" : type
  }
}
