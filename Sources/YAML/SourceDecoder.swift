public import Diagnostics

/// Decodes the raw bytes of a file as text.
public enum SourceDecoder {
  /// Returns the text, or nil with a finding at the first invalid byte.
  ///
  /// Accepts UTF-8 with or without a byte order mark, and UTF-16 of either byte order with one. The
  /// mark is removed, so the first column is 1.
  public static func decode(
    _ bytes: [UInt8], name: String, findings: inout [Finding]
  ) -> SourceFile? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      findings.append(.otherEncoding("UTF-32", in: SourceFile(name: name, bytes: [])))
      return nil
    }
    if bytes.starts(with: [0xFF, 0xFE]) {
      return decodeUTF16(bytes[2...], lowByteFirst: true, name: name, findings: &findings)
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      return decodeUTF16(bytes[2...], lowByteFirst: false, name: name, findings: &findings)
    }
    if bytes.prefix(4).contains(0) {
      let guess = "UTF-16 without a byte order mark, or not text at all"
      findings.append(.otherEncoding(guess, in: SourceFile(name: name, bytes: [])))
      return nil
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    return decodeUTF8(hasMark ? Array(bytes[3...]) : bytes, name: name, findings: &findings)
  }

  private static func decodeUTF8(
    _ bytes: [UInt8], name: String, findings: inout [Finding]
  ) -> SourceFile? {
    if String(validating: bytes, as: UTF8.self) != nil {
      return SourceFile(name: name, bytes: bytes)
    }
    // Decoding changes nothing before the first invalid byte, so that is where the two texts
    // differ.
    let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
    var offset = zip(bytes, repaired).prefix { $0 == $1 }.map { _ in 1 }.count
    while offset > 0, repaired[offset] & 0xC0 == 0x80 { offset -= 1 }
    let file = SourceFile(name: name, bytes: repaired)
    findings.append(.invalidUTF8(at: SourceSpan(file: file, range: offset..<offset + 3)))
    return nil
  }

  private static func decodeUTF16(
    _ bytes: ArraySlice<UInt8>, lowByteFirst: Bool, name: String, findings: inout [Finding]
  ) -> SourceFile? {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var firstFault: Int?
    var offset = bytes.startIndex
    func unit(_ offset: Int) -> UInt32? {
      guard offset + 1 < bytes.endIndex else { return nil }
      let low = bytes[lowByteFirst ? offset : offset + 1]
      let high = bytes[lowByteFirst ? offset + 1 : offset]
      return UInt32(high) << 8 | UInt32(low)
    }
    while offset < bytes.endIndex {
      var value = unit(offset)
      offset += 2
      if let high = value, (0xD800..<0xDC00).contains(high), let low = unit(offset),
        (0xDC00..<0xE000).contains(low)
      {
        value = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        offset += 2
      }
      let scalar = value.flatMap(Unicode.Scalar.init)
      if scalar == nil { firstFault = firstFault ?? text.count }
      text += Array(String(scalar ?? "\u{FFFD}").utf8)
    }
    let file = SourceFile(name: name, bytes: text)
    guard let firstFault else { return file }
    findings.append(
      .invalidUTF16(at: SourceSpan(file: file, range: firstFault..<firstFault + 3)))
    return nil
  }
}

extension Finding {
  static func invalidUTF8(at span: SourceSpan) -> Finding {
    Finding(
      106, "this is not valid UTF-8", at: span,
      hints: ["save the file as UTF-8; a file from Western Windows is often Windows-1252"])
  }

  static func invalidUTF16(at span: SourceSpan) -> Finding {
    Finding(
      106, "this is not valid UTF-16", at: span,
      hints: ["save the file as UTF-8; half a character suggests that the file was cut off"])
  }

  static func otherEncoding(_ encoding: String, in file: SourceFile) -> Finding {
    Finding(
      106, "`\(file.name)` seems to be \(encoding)", hints: ["save the file as UTF-8"])
  }
}

/// The line breaks that libyaml recognizes: LF, CR, CR LF, NEL, LS and PS.
enum LineBreak {
  /// Returns the length in bytes of the line break at an offset; 0 if there is none.
  static func length(in bytes: [UInt8], at offset: Int) -> Int {
    func byte(_ distance: Int) -> UInt8 {
      offset + distance < bytes.count ? bytes[offset + distance] : 0
    }
    switch byte(0) {
    case UInt8(ascii: "\n"): return 1
    case UInt8(ascii: "\r"): return byte(1) == UInt8(ascii: "\n") ? 2 : 1
    case 0xC2: return byte(1) == 0x85 ? 2 : 0
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }

  /// Returns the content of a scalar for a line break of a given length: LS and PS stay, the others
  /// become LF.
  static func content(in bytes: [UInt8], at offset: Int, length: Int) -> [UInt8] {
    length == 3 ? Array(bytes[offset..<offset + 3]) : [UInt8(ascii: "\n")]
  }
}

extension Explanation {
  static let sourceDecoderFindings: [Explanation] = [
    Explanation(
      106, "text in another encoding",
      cause: """
        The file is not UTF-8: an editor saved it in another encoding, or it is not text. Names \
        and values would be garbled and would not match the data.
        """,
      example: .commands(
        """
        printf 'name: caf«\\xe9»\\n' > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: """
        Save the file as UTF-8. `iconv -f WINDOWS-1252 -t UTF-8` converts a file from Western \
        Windows.
        """)
  ]
}
