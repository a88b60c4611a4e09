internal import Diagnostics

/// Reads the records of a CSV file (RFC 4180), leaving out blank lines and those that start with `#`.
///
/// Fields end at a comma, a semicolon or a tab, so that no one has to say which it is.
struct DelimitedReader {
  private static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")
  private static let breaks: Set<UInt8> = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
  private static let separators = Set(",;\t".utf8)

  private let file: SourceFile
  private var offset = 0
  /// A quote that nothing closes; the field reached to the end of the file.
  private(set) var openQuote: SourceSpan?

  init(_ file: SourceFile) { self.file = file }

  /// The next record; nil at the end.
  mutating func next() -> DelimitedRecord? {
    skipLines()
    guard offset < file.bytes.count else { return nil }
    let start = offset
    var fields = [field()]
    while let byte = current, Self.separators.contains(byte) {
      offset += 1
      fields.append(field())
    }
    return DelimitedRecord(fields: fields, span: SourceSpan(file: file, range: start..<offset))
  }

  private var current: UInt8? { offset < file.bytes.count ? file.bytes[offset] : nil }

  /// Goes to the first byte of the next line that says something.
  private mutating func skipLines() {
    while offset < file.bytes.count {
      var end = offset
      while end < file.bytes.count, !Self.breaks.contains(file.bytes[end]) { end += 1 }
      let first = file.bytes[offset..<end].first { $0 != Self.space && $0 != UInt8(ascii: "\t") }
      if let first, first != UInt8(ascii: "#") { return }
      offset = min(end + 1, file.bytes.count)
    }
  }

  /// Reads up to a separator or the end of the line.
  private mutating func field() -> String {
    while current == Self.space { offset += 1 }
    var bytes: [UInt8] = []
    if current == Self.quote { bytes = quoted() }
    while let byte = current, !Self.separators.contains(byte), !Self.breaks.contains(byte) {
      bytes.append(byte)
      offset += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads from a quote to the one that closes it; two of them stand for one.
  private mutating func quoted() -> [UInt8] {
    let start = offset
    var bytes: [UInt8] = []
    offset += 1
    while let byte = current {
      offset += 1
      if byte != Self.quote {
        bytes.append(byte)
      } else if current == Self.quote {
        bytes.append(byte)
        offset += 1
      } else {
        return bytes
      }
    }
    openQuote = SourceSpan(file: file, range: start..<start + 1)
    return bytes
  }
}
