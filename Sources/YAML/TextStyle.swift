/// Which of YAML's styles can say a text, and how.
enum TextStyle {
  /// Whether the text may stand without quotes, and is read as text by YAML 1.2 and 1.1 alike.
  static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, CoreSchema.resolve(text) == .string(text),
      text.unicodeScalars.count <= 200, !wordsOfYAML11.contains(text.lowercased()),
      !isNumberOfYAML11(text)
    else { return false }
    guard isWord(first) || "_./(".unicodeScalars.contains(first) else { return false }
    let isMarker = text.utf8.elementsEqual("...".utf8) || text.hasPrefix("... ")
    guard !isMarker, text.unicodeScalars.last != " " else { return false }
    return text.unicodeScalars.allSatisfy {
      isWord($0) || " _./,()+-*%@=<>;'|&!?~^$".unicodeScalars.contains($0)
    }
  }

  /// Whether a literal block gives the text back.
  static func isLiteral(_ text: String) -> Bool {
    guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "\n") }) else { return false }
    // What a CI system takes for a command is quoted, as a block's lines stand alone.
    return first != 0x20 && first != 0x09 && !text.contains("##")
      && !text.split(separator: "\n").contains { $0.drop(while: \.isWhitespace).hasPrefix("::") }
      && text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || isPrintable($0) }
  }

  /// The text in double quotes on one line.
  static func quoted(_ text: String) -> String {
    var result = "\""
    var isAfterHash = false
    for scalar in text.unicodeScalars {
      defer { isAfterHash = scalar == "#" }
      switch scalar {
      case "#" where isAfterHash: result += "\\x23"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, length) = scalar.value < 0x100 ? ("x", 2) : ("u", 4)
        result += "\\" + letter + String(repeating: "0", count: length - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// Whether libyaml takes the scalar outside an escape, and no reader takes it for a line break.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Marks that turn the direction of a text are written as escapes, too.
    case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
    case 0x20...0x7E, 0xA0...0x2027, 0x202F...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
  }

  /// Text that YAML 1.1 reads as true or false.
  private static let wordsOfYAML11: Set<String> = ["y", "n", "yes", "no", "on", "off"]

  /// Digits with `_` or `:` between them, which YAML 1.1 reads as a number; also `0b1`.
  private static func isNumberOfYAML11(_ text: String) -> Bool {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    guard let first = digits.first, first.isASCII, first.isNumber else { return false }
    return digits.allSatisfy { $0.isASCII && ($0.isHexDigit || "_:.box".contains($0)) }
  }
}
