internal import Diagnostics
internal import Foundation
public import Spec
internal import Warehouse

/// A way to read a column: its type, and the form of its values.
public struct ColumnReading: Equatable, Sendable {
  /// The type.
  public var type: ColumnSpec.ColumnType
  /// For dates as text: the strptime formats, with `iso` for ISO 8601; empty means only ISO 8601.
  public var formats: [String]
  /// For numbers as text: the characters that are removed.
  public var strip = ""
  /// For numbers as text: whether the decimal character is a comma.
  public var hasDecimalComma = false

  /// Creates a reading.
  public init(_ type: ColumnSpec.ColumnType, formats: [String] = []) {
    self.type = type
    self.formats = formats
  }
}

/// The SQL that says how many values of a column a reading does not read.
///
/// It is the SQL with which a run reads the column, and a little stricter: a code such as `007` is
/// not a number, and `1,234.5` is one only if its commas group thousands.
struct ReadingSQL {
  /// Whether there is a value.
  let isPresent: String
  /// The value as trimmed text.
  let raw: String
  /// The value in the reading's type.
  let parsed: String
  /// Whether there is a value that the reading does not read.
  let fails: String

  /// - Parameters:
  ///   - name: the column's name in the table.
  ///   - actual: the engine's type of the column.
  ///   - isOpenEnded: whether a day far in the future means that a version has not ended.
  init(_ reading: ColumnReading, _ name: String, actual: String, isOpenEnded: Bool) {
    let nowhere = SourceFile(name: "", bytes: []).start
    var form = ValueForm()
    form.strip = reading.strip
    form.hasDecimalComma = reading.hasDecimalComma
    let column = ColumnSpec(
      name: Located(name, at: nowhere), type: reading.type, columnClass: .static,
      formats: reading.formats.map { Located($0, at: nowhere) }, form: form)
    let parser = ColumnParser(
      column, named: name, actual: actual, clock: DayClock(),
      isOpenEnded: isOpenEnded && reading.type == .date)
    isPresent = parser.isPresent
    raw = parser.raw
    parsed = parser.parsed
    let fails = "(\(parser.fails))"
    let isText = actual == "VARCHAR"
    self.fails =
      Self.objection(reading, raw: parser.raw).flatMap { isText ? $0 : nil }.map {
        "(\(fails) OR (\(parser.isPresent) AND \($0)))"
      } ?? fails
  }

  /// Characters between the thousands of a number, other than a comma or a period.
  private static let blanks = " '\u{A0}\u{202F}’"

  /// Returns SQL that is true for text that a reading would read as a number and that may be
  /// something else; nil if there is none.
  private static func objection(_ reading: ColumnReading, raw: String) -> String? {
    guard reading.type == .integer || reading.type == .number else { return nil }
    guard !reading.strip.isEmpty || reading.hasDecimalComma else {
      let long = reading.type == .number ? "|^[+-]?[0-9]{16,}" : ""
      return "regexp_matches(\(raw), '^[+-]?0[0-9]|_\(long)')"
    }
    let (group, point) = reading.hasDecimalComma ? (".", ",") : (",", "[.]")
    // A sign is within `around`.
    let around = "[^0-9.,]*"
    let number = "([0-9]+|[0-9]{1,3}([\(group)\(blanks)][0-9]{3})+)(\(point)[0-9]+)?"
    return "NOT regexp_full_match(\(raw), \(SQL.literal(around + number + around)))"
  }
}

/// The readings that the first values of a column of text suggest.
///
/// Every reading that fits all values of the column is among them, unless no value among the first
/// has its form.
struct ReadingCandidates {
  /// The most date formats that are tried.
  private static let mostFormats = 6

  /// Candidates in the order of preference.
  let readings: [ColumnReading]

  /// - Parameter values: trimmed texts, none of them blank.
  init(_ values: [String]) {
    var readings = [ColumnReading(.flag), ColumnReading(.integer), ColumnReading(.number)]
    readings += Self.numbers(values)
    let hasISO = values.contains { $0.prefixMatch(of: #/\d{4}-\d{2}-\d{2}/#) != nil }
    // What ISO 8601 reads needs no format.
    let formats = Self.formats(values).filter { !hasISO || !$0.hasPrefix("%Y-%m-%d") }
    if hasISO { readings.append(ColumnReading(.date)) }
    readings += formats.map { ColumnReading(.date, formats: [$0]) }
    let all = (hasISO ? [DateFormat.iso] : []) + formats
    // Day-first and month-first days of one form cannot be told apart in one column.
    if all.count > 1, Set(all.map { $0.sorted() }).count == all.count {
      readings.append(ColumnReading(.date, formats: all))
    }
    self.readings = readings
  }

  private static func formats(_ values: [String]) -> [String] {
    let column = ColumnSpec(
      name: Located("", at: SourceFile(name: "", bytes: []).start), type: .date,
      columnClass: .event)
    var shapes: Set<String> = []
    var formats: [String] = []
    for value in values where value.utf8.count <= 40 && value.contains(where: \.isNumber) {
      guard shapes.insert(Self.shape(value)).inserted, shapes.count <= 50 else { continue }
      let found = FormSuggestion(column: column, examples: [value], hasOthers: false).formats
      formats += found.filter { !formats.contains($0) }
    }
    return Array(formats.prefix(mostFormats))
  }

  /// A text with its digits and letters replaced, so that values of one form have one shape.
  private static func shape(_ value: String) -> String {
    String(value.map { $0.isNumber ? "9" : $0.isLetter ? "a" : $0 })
  }

  /// Characters that do not affect a number's value.
  private static let dress: Set<Character> = [
    "$", "€", "£", "¥", "%", " ", "'", "\u{A0}", "\u{202F}", "’",
  ]

  private static func numbers(_ values: [String]) -> [ColumnReading] {
    let texts = values.filter { value in
      value.contains(where: \.isNumber)
        && value.allSatisfy { sign in
          (sign.isASCII && sign.isNumber) || "+-.,".contains(sign) || dress.contains(sign)
        }
    }
    guard texts.count * 2 > values.count else { return [] }
    let characters = Set(texts.joined())
    let signs = characters.intersection(dress).sorted().map(String.init).joined()
    let hasComma = characters.contains(",")
    guard hasComma || !signs.isEmpty else { return [] }
    var forms: [(strip: String, comma: Bool)] = [(signs + (hasComma ? "," : ""), false)]
    if hasComma { forms.append((signs + (characters.contains(".") ? "." : ""), true)) }
    return forms.flatMap { form in
      [ColumnSpec.ColumnType.integer, .number].map { type in
        var reading = ColumnReading(type)
        reading.strip = form.strip
        reading.hasDecimalComma = form.comma
        return reading
      }
    }
  }
}
