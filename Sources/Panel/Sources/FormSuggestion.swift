internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// The line of the spec that reads values in the format in which they are written, inferred from
/// the smallest and the largest of them as text.
///
/// If no format fits both, or the format is ambiguous, it suggests what to find out instead: a line
/// that misreads a value is worse than none.
struct FormSuggestion {
  let column: ColumnSpec
  let examples: [String]
  /// Whether other values are valid for the declared type, so that a line must read both.
  let hasOthers: Bool

  private var name: String { column.name.value }
  private var type: String { column.type.rawValue }
  private var example: String { examples.first ?? "" }

  /// A hint; it gives a line of the spec if one is known to help.
  var text: String {
    if let null = placeholder {
      return "if it means no value, write `\(name): {type: \(type), null: [\(null)]}`"
    }
    return switch column.type {
    case .date: dates
    case .integer, .number: numbers
    case .text, .flag: "correct the data, or declare the column as `text`"
    }
  }

  /// A text that is neither a number nor a day, as YAML writes it.
  private var placeholder: String? {
    guard column.type != .text, column.type != .flag, isPlaceholder(example) else { return nil }
    return examples.filter(isPlaceholder).map { text in
      text.allSatisfy(\.isLetter) || text == "-infinity" ? text : "\"\(text)\""
    }.joined(separator: ", ")
  }

  private func isPlaceholder(_ text: String) -> Bool {
    let isWord = !text.contains(where: \.isNumber) && !text.contains { "()[]{}".contains($0) }
    let isZeroDay =
      column.type == .date && text.contains("0") && text.allSatisfy { "0-/.: T".contains($0) }
    return isWord || isZeroDay
  }

  // MARK: - Days

  private var dates: String {
    if let made = madeDays { return made }
    let isOpen = column.formats.isEmpty
    let start =
      isOpen
      ? "only ISO 8601 with a four-digit year is read by default"
      : "only the listed formats are read"
    let isISO = example.firstMatch(of: /^\d{4}-\d{2}-\d{2}/) != nil
    if !isOpen, isISO { return "\(start); `iso` means ISO 8601: add it to `formats`" }
    let formats = self.formats
    guard !formats.isEmpty else {
      return
        "\(start); name other formats under `formats`, as for strptime: `formats: [\"%d %B %Y\"]`"
    }
    func line(_ format: String) -> String {
      isOpen
        ? "`formats: [\(hasOthers ? "iso, " : "")\"\(format)\"]`"
        : "`\"\(format)\"` among `formats`"
    }
    return formats.count == 1
      ? "\(start); write \(line(formats[0]))"
      : "\(start); write \(line(formats[0])) if the month comes first, or \(line(formats[1])) if "
        + "the day does"
  }

  /// The hint for days that are stored as numbers in another unit.
  private var madeDays: String? {
    let column = SQL.identifier(column.physicalName.value)
    func query(_ value: String) -> String {
      "`sql: SELECT * REPLACE (\(value) AS \(column)) FROM ...`"
    }
    guard examples.allSatisfy({ $0.wholeMatch(of: /\d+(\.\d+)?/) != nil }) else { return nil }
    let digits = example.prefix { $0.isNumber }.count
    let number = "CAST(\(column) AS DOUBLE)"
    switch digits {
    case 13:
      return "for milliseconds since 1970, write \(query("epoch_ms(CAST(\(column) AS BIGINT))"))"
    case 9...10: return "for seconds since 1970, write \(query("to_timestamp(\(number))"))"
    case 5:
      return "for spreadsheet day numbers, write "
        + query("DATE '1899-12-30' + CAST(floor(\(number)) AS INTEGER)")
    case 7:
      return "for Julian days, write "
        + query("DATE '1970-01-01' + CAST(floor(\(number) - 2440587.5) AS INTEGER)")
    default: return nil
    }
  }

  /// The formats that read the examples; two if the order of day and month is ambiguous.
  var formats: [String] {
    var text = example
    var time = ""
    if let found = text.firstMatch(of: /[ T](\d{1,2}):(\d{2})(:\d{2})?(\.\d+)?( ?[AaPp][Mm])?$/) {
      let blank = text[found.range].first == "T" ? "T" : " "
      let isHalf = found.5 != nil
      time = blank + (isHalf ? "%I:%M" : "%H:%M") + (found.3 == nil ? "" : ":%S")
      time += (found.4 == nil ? "" : ".%f")
      if let half = found.5 { time += half.hasPrefix(" ") ? " %p" : "%p" }
      text.removeSubrange(found.range)
    }
    if text.wholeMatch(of: /\d{8}/) != nil { return ["%Y%m%d\(time)"] }
    if let parts = text.wholeMatch(of: /\d{4}([-\/.])\d{1,2}([-\/.])\d{1,2}/), parts.1 == parts.2 {
      return ["%Y\(parts.1)%m\(parts.1)%d\(time)"]
    }
    if let parts = text.wholeMatch(of: /\d{1,2}([-\/. ])([A-Za-z]{3,9})([-\/. ])(\d{2}|\d{4})/) {
      let month = parts.2.count == 3 ? "%b" : "%B"
      return ["%d\(parts.1)\(month)\(parts.3)\(parts.4.count == 2 ? "%y" : "%Y")\(time)"]
    }
    if let parts = text.wholeMatch(of: /([A-Za-z]{3,9}) \d{1,2}, ?(\d{4})/) {
      let comma = text.contains(", ") ? ", " : ","
      return [(parts.1.count == 3 ? "%b" : "%B") + " %d\(comma)%Y\(time)"]
    }
    let days = examples.compactMap {
      $0.prefixMatch(of: /(\d{1,2})([-\/.])(\d{1,2})[-\/.](\d{2,4})/)
    }
    guard let first = days.first, days.count == examples.count else { return [] }
    let (mark, year) = (first.2, first.4.count == 2 ? "%y" : "%Y")
    let monthFirst = "%m\(mark)%d\(mark)\(year)\(time)"
    let dayFirst = "%d\(mark)%m\(mark)\(year)\(time)"
    if days.contains(where: { (Int($0.1) ?? 0) > 12 }) { return [dayFirst] }
    if days.contains(where: { (Int($0.3) ?? 0) > 12 }) { return [monthFirst] }
    return mark == "." ? [dayFirst] : [monthFirst, dayFirst]
  }

  // MARK: - Numbers

  /// Characters that do not affect a number's value, wherever they are.
  private static let dress: Set<Character> = [
    "$", "€", "£", "¥", "%", " ", "_", "'", "\u{A0}", "\u{202F}", "’",
  ]

  private var numbers: String {
    let other = "correct the data, or declare the column as `text`"
    if example.hasPrefix("("), example.hasSuffix(")") {
      return
        "parentheses mean a negative number: convert them in a query, `sql: SELECT ...`, or "
        + "\(other)"
    }
    let signs = Set(example.filter { !$0.isASCII || !($0.isNumber || "+-.,eE".contains($0)) })
    let isDressed = !signs.isEmpty && signs.isSubset(of: Self.dress)
    let commas = example.filter { $0 == "," }.count
    // A group of thousands has three digits; after any other comma there is a fraction.
    let isGrouped = example.firstMatch(of: /\d,\d{3}(?!\d)/) != nil && !example.contains(".")
    let (point, comma) = (example.lastIndex(of: "."), example.lastIndex(of: ","))
    if commas == 1, !isGrouped, let comma, point.map({ $0 < comma }) ?? true {
      let strip = signs.sorted().map(String.init).joined() + (example.contains(".") ? "." : "")
      guard signs.isEmpty || isDressed else { return other }
      return strip.isEmpty
        ? "for a decimal comma, write `\(name): {type: \(type), decimal: \",\"}`"
        : "write `\(name): {type: \(type), strip: \"\(strip)\", decimal: \",\"}`"
    }
    if isGrouped, signs.isEmpty {
      return
        "for a thousands comma, write `\(name): {type: \(type), strip: \",\"}`; for a decimal "
        + "comma, `decimal: \",\"`"
    }
    guard isDressed || (signs.isEmpty && commas > 0) else {
      return
        "the characters around the digits may change the number: convert it in a query, `sql: "
        + "SELECT ...`, or \(other)"
    }
    let strip = signs.sorted().map(String.init).joined() + (commas > 0 ? "," : "")
    return "to strip characters, write `\(name): {type: \(type), strip: \"\(strip)\"}`; otherwise "
      + other
  }
}
