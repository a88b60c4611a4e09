import Diagnostics
import YAML

/// How values are written: the form of CSV files, and that of one column's values.
extension SpecDecoder {
  mutating func decodeCSV(_ fields: Fields) -> CSVSettings {
    var csv = CSVSettings()
    csv.encoding = fields.text("encoding")
    csv.delimiter = character(fields, "delimiter", words: ["tab": "\t"])
    csv.quote = character(fields, "quote", words: ["none": ""])
    csv.escape = character(fields, "escape", words: [:])
    if let delimiter = csv.delimiter, let quote = csv.quote, delimiter.value == quote.value {
      findings.append(.sameCharacter(quote, as: "delimiter"))
    }
    csv.nulls = fields.texts("null")
    csv.skip = fields.integer("skip")?.value ?? 0
    if let has = fields["header"]?.boolean {
      csv.header = has ? .firstRecord : .none
    } else if fields.key("header") != nil {
      csv.header = .names(fields.texts("header"))
    }
    return csv
  }

  /// Returns one ASCII character, or the character that a word means.
  private mutating func character(
    _ fields: Fields, _ key: String, words: [String: String]
  ) -> Located<String>? {
    guard let text = fields.text(key) else { return nil }
    if let meant = words[text.value] { return Located(meant, at: text.span) }
    guard text.value.utf8.count == 1, text.value != "\n", text.value != "\r" else {
      findings.append(.notOneCharacter(key, text, words: words.keys.sorted()))
      return nil
    }
    return text
  }

  mutating func decodeForm(
    _ fields: Fields?, type: ColumnSpec.ColumnType, decimal: String?
  ) -> ValueForm {
    var form = ValueForm()
    let isNumeric = type == .number || type == .integer
    form.hasDecimalComma = isNumeric && decimal == ","
    guard let fields else { return form }
    form.nulls = fields.texts("null").map(\.value)
    for name in ["strip", "decimal"] {
      if let key = fields.key(name), !isNumeric {
        findings.append(.onlyForType(key, .number, actual: type))
      }
    }
    form.strip = fields.text("strip")?.value ?? ""
    if let key = fields.key("strip"),
      let sign = form.strip.first(where: { $0.isNumber || "()+-\u{2212}\u{2013}".contains($0) })
    {
      findings.append(.stripsMeaning(key, sign))
    }
    if let own = fields.text("decimal") { form.hasDecimalComma = own.value == "," }
    if form.strip.contains(form.hasDecimalComma ? "," : "."), let key = fields.key("strip") {
      findings.append(.sameCharacter(key, as: "decimal"))
    }
    if let key = fields.key("time_of_day") {
      if type != .date { findings.append(.onlyForType(key, .date, actual: type)) }
      form.isWholeDays = fields.text("time_of_day")?.value == "ignored"
    }
    if let key = fields.key("range") {
      let ends = fields.items("range").compactMap(\.date?.value)
      if type != .date {
        findings.append(.onlyForType(key, .date, actual: type))
      } else if ends.count == 2, fields.items("range").count == 2, ends[0] <= ends[1] {
        form.days = ends[0]...ends[1]
      } else {
        findings.append(.notARange(key))
      }
    }
    return form
  }
}

/// A strptime format for days.
public enum DateFormat {
  /// The word for ISO 8601 in a list of formats.
  public static let iso = "iso"

  /// What a format reads.
  public enum Reading: Sendable {
    /// A day.
    case day
    /// A day and a time of day.
    case time
    /// A day, a time of day, and the offset of its time zone.
    case instant
  }

  /// Returns what a strptime format reads.
  public static func reading(_ format: String) -> Reading {
    var specifiers: Set<Character> = []
    var rest = Substring(format)
    while let start = rest.firstIndex(of: "%") {
      rest = rest[rest.index(after: start)...]
      if rest.first == "-" { rest = rest.dropFirst() }
      if let letter = rest.popFirst() { specifiers.insert(letter) }
    }
    if !specifiers.isDisjoint(with: ["z", "Z"]) { return .instant }
    return specifiers.isDisjoint(with: ["H", "I", "p", "M", "S", "f", "n", "g", "c", "X", "T"])
      ? .day : .time
  }

  private static let known: Set<Character> = [
    "a", "A", "w", "u", "d", "b", "B", "m", "y", "Y", "H", "I", "p", "M", "S", "f", "n", "g", "z",
    "Z",
    "j", "c", "x", "X", "h", "T", "U", "W", "G", "V", "%",
  ]

  /// Returns what is wrong with a format, or nil.
  static func finding(_ format: Located<String>) -> Finding? {
    if format.value == iso { return nil }
    var specifiers: Set<Character> = []
    var rest = Substring(format.value)
    while let start = rest.firstIndex(of: "%") {
      rest = rest[rest.index(after: start)...]
      if rest.first == "-" { rest = rest.dropFirst() }
      guard let letter = rest.first else { return .badFormat(format, "it ends in `%`") }
      guard known.contains(letter) else {
        return .badFormat(format, "there is no `%\(letter)`")
      }
      specifiers.insert(letter)
      rest = rest.dropFirst()
    }
    let isComplete = !specifiers.isDisjoint(with: ["c", "x", "G"])
    let missing: [(String, Set<Character>)] = [
      ("year", ["Y", "y"]), ("month", ["m", "b", "B", "h", "j"]), ("day", ["d", "j"]),
    ]
    for (part, letters) in missing where !isComplete && specifiers.isDisjoint(with: letters) {
      return .badFormat(format, "it has no \(part)")
    }
    return nil
  }
}

// Findings about forms: H287 to H289.
extension Finding {
  static func badFormat(_ format: Located<String>, _ reason: String) -> Finding {
    Finding(
      287, "`\(format.value)` is not a date format: \(reason)", at: format.span,
      hints: [
        "formats are those of strptime, such as `%m/%d/%Y`: %Y is a four-digit year, %y a "
          + "two-digit year, %m the month, %d the day; `iso` means 2024-05-01"
      ])
  }

  static func notOneCharacter(
    _ key: String, _ text: Located<String>, words: [String]
  ) -> Finding {
    let others = words.map { " or `\($0)`" }.joined()
    return Finding(
      288, "`\(key)` is one ASCII character\(others)", at: text.span,
      label: "this has \(text.value.utf8.count) bytes")
  }

  static func stripsMeaning(_ key: Located<String>, _ sign: Character) -> Finding {
    Finding(
      289, "`\(sign)` is part of the number and cannot be stripped", at: key.span,
      label: "stripping it changes the value",
      hints: [
        "convert parentheses and other minus signs with a query, such as `sql: SELECT * REPLACE "
          + "(replace(replace(amount, '(', '-'), ')', '') AS amount) FROM ...`"
      ])
  }

  static func sameCharacter(_ text: Located<String>, as other: String) -> Finding {
    Finding(
      289, "`\(text.value)` is also the `\(other)`", at: text.span,
      hints: ["one character cannot mean both"])
  }
}

extension Explanation {
  static let specDecoderFormsFindings: [Explanation] = [
    Explanation(
      287, "a format that cannot be a date",
      cause: """
        `formats` takes strptime formats. This one has a code that strptime does not know, or \
        lacks the year, the month, or the day.
        """,
      example: .spec(
        """
        sources:
          customers: {columns: {first_order: {type: date, class: event, formats: [«"%d.%m."»]}}}
        """),
      fix: """
        Write a complete date: `%m/%d/%Y` for a four-digit year, `%d.%m.%y` for a two-digit year, \
        `iso` for 2024-05-01. Two-digit years from 69 are in the last century, lower ones in this \
        century.
        """),
    Explanation(
      288, "more than one character",
      cause: """
        The delimiter, quote, and escape of a CSV file are each one ASCII character.
        """,
      example: .spec("sources: {calls: {parquet: ~, csv: {file: c.csv, delimiter: «\";;\"»}}}"),
      fix: "Write one character. `tab` means a tab, and `quote: none` means no quotes."),
    Explanation(
      289, "one character with two meanings",
      cause: """
        The quote is also the delimiter, or the decimal sign is also a character to strip, so the \
        meaning is ambiguous.
        """,
      example: .spec(
        "sources: {calls: {parquet: ~, csv: {file: c.csv, delimiter: \";\", quote: «\";\"»}}}"),
      fix: "Change one of the two."),
  ]
}
