import Diagnostics

/// Writes values as JSON, indented by two spaces a level, with keys in their given order and a
/// newline at the end.
///
/// JSON has no infinities and no NaN, so they are written as null.
public enum JSONWriter {
  /// Returns a value as JSON text.
  public static func write(_ value: YAMLValue) -> String { text(value, "") + "\n" }

  private static func text(_ value: YAMLValue, _ margin: String) -> String {
    switch value {
    case .scalar(let scalar): return text(scalar)
    case .sequence(let items):
      let texts = items.map { text($0, margin + "  ") }
      // A short list of scalars is easier to read on one line.
      let line = "[" + texts.joined(separator: ", ") + "]"
      let isFlat = items.allSatisfy { if case .scalar = $0 { true } else { false } }
      if items.isEmpty || (isFlat && line.utf8.count + margin.utf8.count <= 100) { return line }
      return block("[", texts, "]", margin)
    case .mapping(let entries):
      if entries.isEmpty { return "{}" }
      let texts = entries.map { entry in
        "\(JSONText.quoted(entry.key)): \(text(entry.value, margin + "  "))"
      }
      return block("{", texts, "}", margin)
    }
  }

  private static func block(
    _ open: String, _ texts: [String], _ close: String, _ margin: String
  ) -> String {
    let separator = ",\n\(margin)  "
    return "\(open)\n\(margin)  " + texts.joined(separator: separator) + "\n\(margin)\(close)"
  }

  private static func text(_ scalar: Scalar.Value) -> String {
    switch scalar {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .float(let number):
      if !number.isFinite {
        "null"
      } else {
        Int(exactly: number).map(String.init) ?? number.description
      }
    case .string(let text): JSONText.quoted(text)
    }
  }
}
