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
  /// Whether there is a value, of whatever type: what cannot be read as the declared type is there too.
  let isPresent: String
  /// The declared type, where the column is listed.
  let type: ColumnSpec.ColumnType?
  /// Whether values compare as numbers.
  let isNumber: Bool
  /// The value as a day.
  let date: String

  /// The column of a source, listed or not; nil when the table has none of that name.
  init?(_ name: Located<String>, of source: SourceSpec, _ relation: RawRelation) {
    let listed = source.columns[name.value]
    let physical = (listed?.from ?? name).value
    guard let actual = relation.type(of: physical) else { return nil }
    self.name = name
    raw = SQL.identifier(physical)
    let text = ColumnParser(
      ColumnSpec(
        name: name, type: .text, columnClass: .static, jsonField: listed?.jsonField,
        form: listed?.form ?? ValueForm()),
      named: physical, actual: actual)
    isPresent = "(\(text.parsed)) IS NOT NULL"
    type = listed?.type
    isNumber = listed.map { [.integer, .number].contains($0.type) } ?? Self.isNumeric(actual)
    func parsed(_ type: ColumnSpec.ColumnType) -> String {
      let column = ColumnSpec(
        name: name, type: type, columnClass: .static, formats: listed?.formats ?? [],
        jsonField: listed?.jsonField, form: listed?.form ?? ValueForm())
      return ColumnParser(column, named: physical, actual: actual).parsed
    }
    // A column that is not listed is taken as it arrives, blank text as null.
    let isText = actual == "VARCHAR"
    value = listed.map { parsed($0.type) } ?? (isText ? parsed(.text) : SQL.identifier(physical))
    date = parsed(.date)
  }

  private static func isNumeric(_ type: String) -> Bool {
    type.hasSuffix("INT") || type.hasSuffix("INTEGER")
      || ["DOUBLE", "FLOAT"].contains(type) || type.hasPrefix("DECIMAL")
  }

  /// The value as it is compared with others: as a number, or as text.
  var comparable: String { "CAST(\(value) AS \(isNumber ? "DOUBLE" : "VARCHAR"))" }

  /// Whether a value is none of those listed; a text that is no number equals no number.
  func differs(from values: [String]) -> String {
    let list =
      isNumber
      ? values.compactMap(Double.init).filter(\.isFinite).map { "\($0)" }
      : values.map(SQL.literal)
    return list.isEmpty ? "true" : "\(comparable) NOT IN (\(list.joined(separator: ", ")))"
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
