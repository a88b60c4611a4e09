internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// A column that a promise is about, as SQL over the rows as they arrive.
struct ContractColumn {
  let name: Located<String>
  /// The value, null where blank: of the declared type where the column is listed.
  let value: String
  /// The value as it arrives.
  let raw: String
  /// The value as a day.
  let date: String

  /// The column of a source, listed or not; nil when the table has none of that name.
  init?(_ name: Located<String>, of source: SourceSpec, _ relation: RawRelation) {
    let listed = source.columns[name.value]
    let physical = (listed?.from ?? name).value
    guard let actual = relation.type(of: physical) else { return nil }
    self.name = name
    raw = SQL.identifier(physical)
    func parsed(_ type: ColumnSpec.ColumnType) -> String {
      let column = ColumnSpec(
        name: name, type: type, columnClass: .static, formats: listed?.formats ?? [],
        jsonField: listed?.jsonField)
      return ColumnParser(column, named: physical, actual: actual).parsed
    }
    // A column that is not listed is taken as it arrives, blank text as null.
    let isText = actual == "VARCHAR"
    value = listed.map { parsed($0.type) } ?? (isText ? parsed(.text) : SQL.identifier(physical))
    date = parsed(.date)
  }

  /// Whether a value lies outside of two ends: days, numbers, or else texts in their order.
  func lies(outside low: String, _ high: String) -> String {
    if let low = CalendarDate(low), let high = CalendarDate(high) {
      return "\(date) NOT BETWEEN DATE '\(low)' AND DATE '\(high)'"
    }
    if let low = Double(low), let high = Double(high) {
      return "TRY_CAST(\(value) AS DOUBLE) NOT BETWEEN \(low) AND \(high)"
    }
    return "CAST(\(value) AS VARCHAR) NOT BETWEEN \(SQL.literal(low)) AND \(SQL.literal(high))"
  }
}
