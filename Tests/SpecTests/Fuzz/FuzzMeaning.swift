import Diagnostics
import Spec

/// What a spec says, without where it says it: two specs that mean the same have the same text.
enum FuzzMeaning {
  /// The meaning as text, a line for every value.
  static func text(of spec: ExperimentSpec) -> String {
    var text = ""
    write(spec, label: "", indentation: 0, into: &text)
    return text
  }

  private static func write(
    _ value: Any, label: String, indentation: Int, into text: inout String
  ) {
    if value is SourceSpan { return }
    let margin = String(repeating: " ", count: indentation)
    let leaf: String? =
      switch value {
      case let sql as SQLText: sql.text
      case let date as CalendarDate: date.description
      case let string as String: string
      default: nil
      }
    let mirror = Mirror(reflecting: value)
    if leaf != nil || mirror.children.isEmpty {
      text += "\(margin)\(label): \(leaf ?? String(describing: value))\n"
      return
    }
    text += "\(margin)\(label):\n"
    for (index, child) in mirror.children.enumerated() {
      write(
        child.value, label: child.label ?? String(index), indentation: indentation + 1, into: &text)
    }
  }
}
