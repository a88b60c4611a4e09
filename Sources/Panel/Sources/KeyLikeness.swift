internal import Diagnostics
internal import Foundation

/// How unmatched keys are written differently from the keys that they may mean.
///
/// Each way of writing a key is undone on both sides; if two keys are then equal, that is the
/// likely cause. It only explains; nothing is ever joined by it.
public struct KeyLikeness: Sendable, Equatable {
  /// A way in which two texts of the same key differ.
  public enum Difference: String, CaseIterable, Sendable {
    /// Blanks, line breaks, zero-width and control characters.
    case invisible
    /// `1000.00`, `1,000` or `1e3` for `1000`.
    case numberForm
    /// `00417` for `417`.
    case leadingZeros
    /// `AB` for `ab`.
    case letterCase
    /// Wide, composed or otherwise equivalent characters of Unicode.
    case unicodeForm
    /// `{ab-12}` for `ab12`.
    case punctuation
    /// `ACC-417` for `417`.
    case prefix
    /// 18 characters for 15: the form of an ID with a checksum.
    case checksum
    /// More than one of these.
    case several
  }

  /// The difference. A key is counted only for the first case that explains it.
  public let difference: Difference
  /// The number of unmatched keys that it explains.
  public let count: Int
  /// One of them, and the key that it may mean.
  public let example: (unmatched: String, known: String)

  /// Returns whether two explanations are equal.
  public static func == (left: KeyLikeness, right: KeyLikeness) -> Bool {
    left.difference == right.difference && left.count == right.count
      && left.example == right.example
  }

  /// Returns the likely causes, with the one that explains the most keys first.
  /// - Parameters:
  ///   - unmatched: keys that are not in `known`.
  ///   - known: the keys with which they are compared.
  public static func causes(
    of unmatched: [String], among known: some Sequence<String>
  ) -> [KeyLikeness] {
    var wanted: [String: [String]] = [:]
    for key in unmatched { wanted[skeleton(key)] = [] }
    // One pass over possibly hundreds of thousands of keys keeps the few that are worth comparing.
    for key in known {
      let skeleton = skeleton(key)
      guard let found = wanted[skeleton], found.count < 64 else { continue }
      wanted[skeleton]?.append(key)
    }
    var found: [Difference: (count: Int, example: (String, String))] = [:]
    for key in unmatched {
      let candidates = wanted[skeleton(key)] ?? []
      search: for difference in Difference.allCases {
        for candidate in candidates where difference.explains(key, candidate) {
          found[difference, default: (0, (key, candidate))].count += 1
          break search
        }
      }
    }
    let order = Difference.allCases
    return order.compactMap { difference in
      found[difference].map {
        KeyLikeness(difference: difference, count: $0.count, example: $0.example)
      }
    }.sorted { $0.count > $1.count }
  }

  /// Returns what is left of a key when everything that may differ is removed. Keys with different
  /// skeletons differ in more than their form.
  static func skeleton(_ key: String) -> String {
    var text = key
    if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = Form.compatible(text) }
    text = Form.visible(text)
    if let short = Form.withoutChecksum(text) { text = short }
    text = Form.plainNumber(text.lowercased())
    return Form.withoutZeros(Form.alphanumeric(Form.core(text)))
  }
}

extension KeyLikeness.Difference {
  /// Returns whether two keys are equal once this difference is undone.
  func explains(_ left: String, _ right: String) -> Bool {
    switch self {
    case .invisible: Self.isSame(Form.visible(left), Form.visible(right))
    case .numberForm: Self.isSame(Form.plainNumber(left), Form.plainNumber(right))
    case .leadingZeros: Self.isSame(Form.withoutZeros(left), Form.withoutZeros(right))
    case .letterCase: Self.isSame(left.lowercased(), right.lowercased())
    case .unicodeForm: Form.compatible(left) == Form.compatible(right)
    case .punctuation: Form.alphanumeric(left) == Form.alphanumeric(right)
    case .prefix:
      // One of them must be the bare number; otherwise any two keys with equal digits would match.
      Form.core(left) == Form.core(right) && (Form.core(left) == left || Form.core(right) == right)
    case .checksum:
      Form.withoutChecksum(left) == right || left == Form.withoutChecksum(right)
    case .several: Self.plain(left) == Self.plain(right)
    }
  }

  /// Returns whether two texts have the same characters; `==` also equates `é` and `e` followed by
  /// a combining accent.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  private static func plain(_ key: String) -> String {
    let text = Form.plainNumber(Form.visible(Form.compatible(key)).lowercased())
    return Form.withoutZeros(Form.alphanumeric(text))
  }
}

/// Normalized forms of a key's text; most texts are returned unchanged.
private enum Form {
  static func visible(_ text: String) -> String {
    func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
      if scalar.value > 0x20 && scalar.value < 0x7F { return false }
      let properties = scalar.properties
      switch properties.generalCategory {
      case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
      default: return properties.isDefaultIgnorableCodePoint
      }
    }
    guard text.unicodeScalars.contains(where: isInvisible) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) }))
  }

  static func compatible(_ text: String) -> String {
    text.precomposedStringWithCompatibilityMapping
  }

  /// Returns `1000` for `1000.00`, `1,000`, `1e3` and `+1000`.
  static func plainNumber(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    if bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    guard bytes.first?.isDigit == true, text.utf8.contains(where: { !$0.isDigit }) else {
      return text
    }
    if let index = bytes.firstIndex(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }),
      index + 1 < bytes.endIndex, bytes.endIndex - index <= 4,
      let number = Decimal(string: String(decoding: bytes, as: UTF8.self), locale: Form.english),
      bytes[..<index].allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") })
    {
      return "\(number)"
    }
    // Remove a fraction of zeros. After a separator, exactly three zeros are a group of thousands,
    // as in `1,000`.
    if let mark = bytes.lastIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }),
      bytes.endIndex - mark != 4, mark + 1 < bytes.endIndex,
      bytes[(mark + 1)...].allSatisfy({ $0 == UInt8(ascii: "0") })
    {
      bytes = bytes[..<mark]
    }
    let groups = bytes.split(
      omittingEmptySubsequences: false, whereSeparator: { Form.groupMarks.contains($0) })
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }),
      groups.dropFirst().allSatisfy({ $0.count == 3 }), groups.count == 1 || groups[0].count <= 3
    else { return text }
    return String(decoding: groups.joined(), as: UTF8.self)
  }

  private static let english = Locale(identifier: "en_US_POSIX")
  private static let groupMarks = Set(",.'_".utf8)

  /// Returns a text without the leading zeros of its first number.
  static func withoutZeros(_ text: String) -> String {
    var bytes = Array(text.utf8)
    guard let start = bytes.firstIndex(where: \.isDigit) else { return text }
    var end = start
    while end + 1 < bytes.count, bytes[end] == 0x30, bytes[end + 1].isDigit { end += 1 }
    guard end > start else { return text }
    bytes.removeSubrange(start..<end)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func alphanumeric(_ text: String) -> String {
    guard text.utf8.contains(where: { !$0.isDigit && !$0.isLetter }) else { return text }
    let kept = text.unicodeScalars.filter {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    return String(String.UnicodeScalarView(kept))
  }

  /// Returns a text from its first digit to its last; all of it if it has none.
  static func core(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: \.isDigit),
      let last = bytes.lastIndex(where: \.isDigit), first > 0 || last + 1 < bytes.count
    else { return text }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  /// Returns the first 15 of 18 letters and digits, of which the last three are a checksum.
  static func withoutChecksum(_ text: String) -> String? {
    let bytes = text.utf8
    guard bytes.count == 18, bytes.allSatisfy({ $0.isDigit || $0.isLetter }),
      bytes.contains(where: \.isLetter)
    else { return nil }
    return String(text.prefix(15))
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
  fileprivate var isLetter: Bool {
    (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}

// MARK: - In findings

extension KeyLikeness {
  /// A clause that says how many keys differ in which way, with an example.
  public var sentence: String { sentence(known: "an entity's key") }

  /// Returns the same clause about other keys than those of entities.
  /// - Parameter known: one of the keys with which they are compared, in words.
  func sentence(known: String) -> String {
    let keys = count == 1 ? "1 differs" : "\(count.grouped) differ"
    let (left, right) = (Self.shown(example.unmatched), Self.shown(example.known))
    return "\(keys) from \(known) only in \(difference.phrase): `\(left)` and `\(right)`"
  }

  /// Returns a key with invisible characters written as escapes.
  static func shown(_ key: String) -> String {
    var text = ""
    for scalar in key.unicodeScalars {
      let isInvisible =
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark: true
        case .spaceSeparator: scalar != " "
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
      text +=
        isInvisible
        ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }
    return text
  }
}

extension KeyLikeness.Difference {
  fileprivate var phrase: String {
    switch self {
    case .invisible: "spaces or invisible characters"
    case .numberForm: "the number format"
    case .leadingZeros: "leading zeros"
    case .letterCase: "upper and lower case"
    case .unicodeForm: "equivalent Unicode characters"
    case .punctuation: "punctuation"
    case .prefix: "the text around the number"
    case .checksum: "a three-character checksum"
    case .several: "format, in more than one way"
    }
  }
}
