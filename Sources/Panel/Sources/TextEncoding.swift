internal import Foundation
internal import Glibc

/// The encoding of a text file, and its conversion to UTF-8.
enum TextEncoding {
  /// Returns the probable encoding of bytes, by its name in the spec; nil for UTF-8.
  static func guess(_ bytes: [UInt8]) -> String? {
    if isUTF16(bytes) { return "utf-16" }
    guard !isUTF8(bytes) else { return nil }
    // In Latin-1, 0x80 to 0x9F are control characters, which text does not contain.
    return bytes.contains { (0x80...0x9F).contains($0) } ? "windows-1252" : "latin-1"
  }

  /// Returns whether a file starts like UTF-16: with its byte order mark, or with zeros in about
  /// every other byte, which text in another encoding does not have.
  static func isUTF16(_ start: [UInt8]) -> Bool {
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return true }
    let head = start.prefix(256)
    return head.count >= 4 && head.filter { $0 == 0 }.count * 3 >= head.count
  }

  /// Returns whether bytes are UTF-8 text with characters beyond ASCII; text in another encoding is
  /// not valid UTF-8 by chance.
  static func isWideUTF8(_ path: String) -> Bool {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
      return false
    }
    return data.withUnsafeBytes { bytes in
      bytes.contains { $0 >= 0x80 } && String(validating: bytes, as: UTF8.self) != nil
    }
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  /// The reason that text cannot be decoded.
  enum Failure: Error {
    /// The C library does not support the encoding.
    case unknown
    /// The bytes from this offset on are invalid in the encoding.
    case invalid(offset: Int)
  }

  /// Writes a copy of a file in UTF-8.
  static func decode(_ path: String, from encoding: String, to scratch: String) throws {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    try Data().write(to: URL(filePath: scratch))
    let output = try FileHandle(forWritingTo: URL(filePath: scratch))
    defer { try? output.close() }
    let (name, start) = iconvName(encoding, Data(data.prefix(2)))
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else {
      throw Failure.unknown
    }
    defer { iconv_close(converter) }
    var buffer = [CChar](repeating: 0, count: 1 << 20)
    try data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in
      guard let base = bytes.baseAddress else { return }
      // Safety: iconv reads from its input and never writes to it.
      var input: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(
        mutating: base.advanced(by: start).assumingMemoryBound(to: CChar.self))
      var left = bytes.count - start
      while left > 0 {
        let (status, written, problem) = buffer.withUnsafeMutableBufferPointer { buffer in
          var target = buffer.baseAddress
          var room = buffer.count
          errno = 0
          let status = iconv(converter, &input, &left, &target, &room)
          return (status, buffer.count - room, errno)
        }
        try output.write(
          contentsOf: buffer.withUnsafeBytes { Data($0.prefix(written)) })
        if status == -1, problem != E2BIG {
          throw Failure.invalid(offset: bytes.count - left)
        }
      }
    }
  }

  /// Returns the C library's name of an encoding, and where the text begins after a byte order
  /// mark.
  private static func iconvName(_ encoding: String, _ head: Data) -> (name: String, start: Int) {
    guard encoding == "utf-16" else { return (iconvName(encoding), 0) }
    guard [Data([0xFF, 0xFE]), Data([0xFE, 0xFF])].contains(head) else { return ("UTF-16LE", 0) }
    return (head.first == 0xFF ? "UTF-16LE" : "UTF-16BE", 2)
  }

  /// Returns the C library's name of an encoding.
  static func iconvName(_ encoding: String) -> String {
    switch encoding {
    case "utf-8": "UTF-8"
    case "utf-16": "UTF-16"
    case "latin-1": "ISO-8859-1"
    case "latin-9": "ISO-8859-15"
    case "windows-1250": "CP1250"
    case "windows-1251": "CP1251"
    case "windows-1252": "CP1252"
    case "mac-roman": "MACINTOSH"
    case "shift-jis": "CP932"
    case "gb18030": "GB18030"
    default: encoding
    }
  }
}
