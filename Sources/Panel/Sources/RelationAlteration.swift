internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Rewrites a source's rows so that nothing of them that was not known at the end of a day stays.
///
/// Later than the day are: rows created, valid or happened after it, or known after it; dates of class
/// `event` after it; the end of a version after it; and every value of class `current`, of which only
/// today's is known, so that any other could have stood there. A `current` column that only decides
/// which of several rows of a key is kept (`order`) stays, as duplicates are settled once for all
/// cutoffs. So does what is `static` in rows that were there.
struct RelationAlteration {
  private enum Kind { case poison, cut }

  private let kind: Kind
  private let day: CalendarDate
  private let source: SourceSpec
  private let relation: RawRelation

  /// The rows of a source under an alteration.
  static func applying(
    _ alteration: DataAlteration, to relation: RawRelation, of source: SourceSpec
  ) -> RawRelation {
    switch alteration {
    case .none: relation
    case .poisoned(let day):
      RelationAlteration(kind: .poison, day: day, source: source, relation: relation).altered
    case .cut(let day):
      RelationAlteration(kind: .cut, day: day, source: source, relation: relation).altered
    }
  }

  private init(kind: Kind, day: CalendarDate, source: SourceSpec, relation: RawRelation) {
    self.kind = kind
    self.day = day
    self.source = source
    self.relation = relation
  }

  private var altered: RawRelation {
    let values = replacements
    let list = values.map { "\($0.value) AS \(SQL.identifier($0.key))" }.joined(separator: ", ")
    let columns = "* EXCLUDE (\(Self.isLater))" + (values.isEmpty ? "" : " REPLACE (\(list))")
    // Whether a row is later is found once, as dates of several formats are slow to read.
    let marked = "(SELECT *, \(isLaterRow) AS \(Self.isLater) FROM \(relation.sql))"
    let rows = kind == .cut ? " WHERE NOT \(Self.isLater)" : ""
    return RawRelation(
      sql: "(SELECT \(columns) FROM \(marked)\(rows))",
      types: relation.types.map { name, type in
        (name, values[name] == nil ? type : Self.writable(type))
      })
  }

  /// SQL that replaces a column's values, by the column's name in the table.
  private var replacements: OrderedDictionary<String, String> {
    var values: OrderedDictionary<String, String> = [:]
    // The key and what places a row in time say themselves when they were known.
    var settled: Set<String> = [physical(source.key).lowercased()]
    for (place, value) in times {
      let name = physical(place)
      settled.insert(name.lowercased())
      if let value { values[inTable(name)] = value }
    }
    for column in source.columns.values {
      let name = (column.from ?? column.name).value
      guard settled.insert(name.lowercased()).inserted, let value = replacement(of: column) else {
        continue
      }
      values[inTable(name)] = value
    }
    return values
  }

  private func replacement(of column: ColumnSpec) -> String? {
    let own = own(column)
    let isOrder = source.duplicateOrder.contains { $0.value == column.name.value }
    let isToday = column.columnClass == .current && !isOrder
    let isEvent = column.columnClass == .event && column.type == .date
    let happensLater = "(\(parser(column).parsed) > \(literal))"
    switch kind {
    case .poison:
      if isToday { return wild(column) }
      let date = isEvent ? " WHEN \(happensLater) THEN \(dateAfter(column))" : ""
      return "CASE WHEN \(Self.isLater) THEN \(wild(column))\(date) ELSE \(own) END"
    case .cut:
      if isToday { return "CAST(NULL AS \(type(column)))" }
      return isEvent ? "CASE WHEN \(happensLater) THEN NULL ELSE \(own) END" : nil
    }
  }

  // MARK: - Rows

  /// Holdout's own column, which no user column can be called: whether a row is later.
  private static let isLater = SQL.identifier("is later")

  /// SQL that is true for rows that were not known at the end of the day; never null.
  private var isLaterRow: String {
    func after(_ place: Located<String>) -> String { "(\(parsed(place)) > \(literal))" }
    switch source.shape {
    case .entity(let created): return created.map { "(\(after($0)) IS TRUE)" } ?? "false"
    case .history(let from, _): return "(\(after(from)) IS TRUE)"
    case .events(let time, let knownAt):
      // A row that nobody says when it was known never was.
      let known = knownAt.map { " OR (\(after($0)) IS NOT FALSE)" } ?? ""
      return "((\(after(time)) IS TRUE)\(known))"
    }
  }

  /// The columns that place rows in time, with what is written into those that a later day stands in.
  private var times: [(place: Located<String>, value: String?)] {
    let next = CalendarDate(days: day.days + 1)
    func moved(_ place: Located<String>) -> String {
      let column = column(place)
      return "CASE WHEN \(parsed(place)) > \(literal) THEN \(written(next, column)) "
        + "ELSE \(own(column)) END"
    }
    switch source.shape {
    case .entity(let created): return created.map { [($0, nil)] } ?? []
    case .history(let from, let to):
      let column = column(to)
      // A version that held on the day may end on any later one. The next version starts on the next
      // day at the earliest, so one that ends there overlaps none.
      let ends = "\(parsed(to)) > \(literal)"
      let value =
        kind == .cut
        ? "CASE WHEN \(ends) THEN NULL ELSE \(own(column)) END"
        : "CASE WHEN NOT \(Self.isLater) AND (\(ends)) IS NOT FALSE THEN \(written(next, column)) "
          + "ELSE \(own(column)) END"
      return [(from, nil), (to, value)]
    case .events(let time, let knownAt):
      return ([time] + (knownAt.map { [$0] } ?? [])).map { place in
        (place, kind == .cut ? nil : moved(place))
      }
    }
  }

  // MARK: - Values

  /// The first day after the day, or the second where a row's date names the first.
  private func dateAfter(_ column: ColumnSpec) -> String {
    let (next, other) = (CalendarDate(days: day.days + 1), CalendarDate(days: day.days + 2))
    return "CASE WHEN \(parser(column).parsed) = \(ExpressionCompiler.literal(next)) "
      + "THEN \(written(other, column)) ELSE \(written(next, column)) END"
  }

  /// A value that a row does not have, of the declared type as far as the table's type allows.
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
    let value = "coalesce(\(candidates.map { cast("'\($0)'", column) }.joined(separator: ", ")))"
    return "CASE WHEN \(value) IS DISTINCT FROM \(own(column)) THEN \(value) END"
  }

  /// A day as the column writes days.
  private func written(_ day: CalendarDate, _ column: ColumnSpec) -> String {
    let formats = column.formats.map { format in
      let text = "strftime(\(ExpressionCompiler.literal(day)), \(SQL.literal(format.value)))"
      return cast(text, column)
    }
    return "coalesce(\(([cast("'\(day)'", column)] + formats).joined(separator: ", ")))"
  }

  private func cast(_ text: String, _ column: ColumnSpec) -> String {
    "TRY_CAST(\(text) AS \(type(column)))"
  }

  /// A row's own value, in the type that is written.
  private func own(_ column: ColumnSpec) -> String {
    "CAST(\(SQL.identifier((column.from ?? column.name).value)) AS \(type(column)))"
  }

  // MARK: - Columns

  private var literal: String { ExpressionCompiler.literal(day) }

  /// A listed column, or one that only places rows in time.
  private func column(_ place: Located<String>) -> ColumnSpec {
    if let declared = source.columns[place.value], declared.type == .date { return declared }
    return ColumnSpec(name: place, type: .date, columnClass: .event)
  }

  private func physical(_ place: Located<String>) -> String {
    (source.columns[place.value]?.from ?? place).value
  }

  /// The column's name as the table spells it.
  private func inTable(_ name: String) -> String {
    relation.types.first { $0.name.lowercased() == name.lowercased() }?.name ?? name
  }

  private func parser(_ column: ColumnSpec) -> ColumnParser {
    let name = (column.from ?? column.name).value
    return ColumnParser(column, named: name, actual: relation.type(of: name) ?? "VARCHAR")
  }

  private func parsed(_ place: Located<String>) -> String { parser(column(place)).parsed }

  private func type(_ column: ColumnSpec) -> String {
    Self.writable(relation.type(of: (column.from ?? column.name).value) ?? "VARCHAR")
  }

  /// The type that altered values have: one of listed words takes no others, so it becomes text.
  private static func writable(_ type: String) -> String {
    type.hasPrefix("ENUM") ? "VARCHAR" : type
  }
}
