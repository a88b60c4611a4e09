/// The tag resolution of YAML 1.2.2, section 10.3 ("core schema").
enum CoreSchema {
  /// Returns the value of a plain scalar.
  static func resolve(_ text: String) -> Scalar.Value {
    for tag in [Scalar.Tag.null, .bool, .integer, .float] {
      if let value = resolve(text, as: tag) { return value }
    }
    return .string(text)
  }

  /// Returns the value of a text as one type, or nil if the text does not have that type's form.
  static func resolve(_ text: String, as tag: Scalar.Tag) -> Scalar.Value? {
    // No real number is written with so many digits, and converting one takes quadratic time.
    guard tag == .string || text.utf8.count <= longestNumber else { return nil }
    return switch tag {
    case .string: .string(text)
    case .null: ["", "~", "null", "Null", "NULL"].contains(text) ? .null : nil
    case .bool: bool(text).map(Scalar.Value.bool)
    case .integer: integer(text)
    case .float: float(text).map(Scalar.Value.float)
    }
  }

  private static let longestNumber = 1_000

  private static func bool(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// Parses `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`; an integer that overflows `Int` becomes
  /// the nearest float.
  private static func integer(_ text: String) -> Scalar.Value? {
    if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
    let unsigned = isSign(text.utf8.first) ? text.utf8.dropFirst() : text.utf8[...]
    guard !unsigned.isEmpty, unsigned.allSatisfy(isDigit) else { return nil }
    return Int(text).map(Scalar.Value.integer) ?? Double(text).map(Scalar.Value.float)
  }

  private static func integer(_ digits: Substring, radix: Int) -> Scalar.Value? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ isDigit($0) || isLetter($0) }) else {
      return nil
    }
    if let value = Int(digits, radix: radix) { return .integer(value) }
    var sum = 0.0
    for digit in digits {
      guard let value = digit.hexDigitValue, value < radix else { return nil }
      sum = sum * Double(radix) + Double(value)
    }
    return .float(sum)
  }

  /// Parses `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, `[-+]?\.inf` or `\.nan`.
  private static func float(_ text: String) -> Double? {
    switch text {
    case ".nan", ".NaN", ".NAN": return .nan
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
    case "-.inf", "-.Inf", "-.INF": return -.infinity
    default: break
    }
    var rest = text.utf8[...]
    if isSign(rest.first) { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = ""
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      let digits = rest.dropFirst(isSign(rest.dropFirst().first) ? 2 : 1)
      guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
      exponent = "e" + String(decoding: rest.dropFirst(), as: UTF8.self)
      rest = rest.prefix(0)
    }
    guard rest.isEmpty else { return nil }
    let sign = text.utf8.first == UInt8(ascii: "-") ? "-" : ""
    let digits = [whole, fraction].map { String(decoding: $0, as: UTF8.self) }
    return Double("\(sign)0\(digits[0]).\(digits[1])0\(exponent)")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  private static func isSign(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }
}
