internal import Experiment
internal import Foundation

/// Names as MLflow takes them: letters, digits, `_`, `-`, `.`, space and `/`, at most 250 bytes.
enum MLflowName {
  /// The most bytes of a name, by MLflow's REST interface.
  static let maximumBytes = 250

  /// A legal name for each of some names, all different from each other.
  ///
  /// A name that is legal stays. In another each foreign character becomes `_`; where it is too
  /// long, or where that makes two names one, it ends in the first eight digits of its own SHA-256.
  static func legal(_ names: [String]) -> [String: String] {
    let plain = Dictionary(names.map { ($0, replaced($0)) }) { first, _ in first }
    var counts: [String: Int] = [:]
    for name in plain.values { counts[name, default: 0] += 1 }
    return plain.reduce(into: [:]) { legal, pair in
      let (name, replaced) = pair
      let isFine = name == replaced || counts[replaced] == 1
      legal[name] =
        isFine && replaced.utf8.count <= maximumBytes
        ? replaced
        : cut(replaced, to: maximumBytes - 9) + "-" + digest(name).prefix(8)
    }
  }

  /// Foreign characters as `_`, and no empty, `.` or `..` part, which MLflow takes for paths.
  private static func replaced(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      text.unicodeScalars.append(isAllowed(scalar) ? scalar : "_")
    }
    return text.split(separator: "/", omittingEmptySubsequences: false)
      .map {
        ["", ".", ".."].contains($0) ? String(repeating: "_", count: max(1, $0.count)) : String($0)
      }
      .joined(separator: "/")
  }

  /// MLflow's rule is `[/\w.\- ]` of Python's `re`, whose `\w` are all letters and numbers.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: "_-. /".unicodeScalars.contains(scalar)
    }
  }

  /// The longest beginning of a text with at most so many bytes, whole characters only.
  static func cut(_ text: String, to bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var end = text.startIndex
    var count = 0
    while end < text.endIndex {
      count += text[end].utf8.count
      if count > bytes { break }
      end = text.index(after: end)
    }
    return String(text[..<end])
  }

  /// SHA-256 of a text, in hexadecimal digits.
  static func digest(_ text: String) -> String {
    Fingerprint.of(Data(text.utf8))
  }
}
