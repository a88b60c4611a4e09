/// A named text that findings point into: a spec file, or an override given on the command line.
///
/// Offsets are UTF-8 byte offsets into `bytes`. Lines and columns shown to people start at 1. A
/// column counts Unicode scalars, as editors do. A line ends at LF, CR LF or a lone CR.
public final class SourceFile: Sendable {
  /// The name shown to people: a path relative to the working directory, or `argument 3`.
  public let name: String
  /// The text as UTF-8, without a byte order mark.
  public let bytes: [UInt8]
  /// The byte offset at which each line starts; at least one element.
  let lineStarts: [Int]

  /// Makes a text from its UTF-8 bytes, unchanged.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    lineStarts = Self.lineStarts(in: bytes)
  }

  /// Makes a text from a string.
  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// An empty span before the text's first byte, for findings about the file itself.
  public var start: SourceSpan { SourceSpan(file: self, range: 0..<0) }

  /// The number of lines, at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The byte offset at which a line (from 0) starts; past the last line, the text's end.
  public func startOfLine(_ line: Int) -> Int {
    line < lineStarts.count ? lineStarts[max(line, 0)] : bytes.count
  }

  /// The bytes of a line (from 0) without its line break; past the last line, empty.
  public func rangeOfLine(_ line: Int) -> Range<Int> {
    let start = startOfLine(line)
    var end = max(start, startOfLine(max(line, 0) + 1))
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The line (from 0) that holds a byte offset.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The column of a byte offset in Unicode scalars, from 1, counted from the start of a line.
  func column(at offset: Int, onLine line: Int? = nil) -> Int {
    let start = startOfLine(line ?? self.line(at: offset))
    // A byte that continues a scalar (10xxxxxx) does not start a column.
    return bytes[start..<max(start, offset)].count { $0 & 0xC0 != 0x80 } + 1
  }

  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    let count = bytes.count
    for (offset, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") {
        starts.append(offset + 1)
      } else if byte == UInt8(ascii: "\r"),
        offset + 1 == count || bytes[offset + 1] != UInt8(ascii: "\n")
      {
        starts.append(offset + 1)
      }
    }
    return starts
  }
}

/// A range of bytes in a source text: the location of the value that a finding is about.
public struct SourceSpan: Sendable {
  /// The text that the span points into.
  public let file: SourceFile
  /// UTF-8 byte offsets into `file.bytes`. May be empty (a position rather than a piece of text).
  public let range: Range<Int>

  /// Makes a span. A range that extends past the text is clipped to it.
  public init(file: SourceFile, range: Range<Int>) {
    self.file = file
    let low = min(max(range.lowerBound, 0), file.bytes.count)
    self.range = low..<min(max(range.upperBound, low), file.bytes.count)
  }

  /// The line of the first byte, from 1.
  public var line: Int { file.line(at: range.lowerBound) + 1 }

  /// The column of the first byte in Unicode scalars, from 1.
  public var column: Int { file.column(at: range.lowerBound) }

  /// The line on which the span ends, from 1: that of the last byte, or `line` for an empty span.
  public var endLine: Int { file.line(at: lastOffset) + 1 }

  /// The column just after the last scalar, on `endLine`, from 1; equals `column` for an empty span.
  public var endColumn: Int {
    range.isEmpty ? column : file.column(at: range.upperBound, onLine: endLine - 1)
  }

  /// The bytes of the span as text. Bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: file.bytes[range], as: UTF8.self) }

  private var lastOffset: Int { range.isEmpty ? range.lowerBound : range.upperBound - 1 }
}

/// A value together with the place where it was written.
public struct Located<Value: Sendable>: Sendable {
  /// The value itself.
  public var value: Value
  /// Where it was written.
  public var span: SourceSpan

  /// Makes a value with its place.
  public init(_ value: Value, at span: SourceSpan) {
    self.value = value
    self.span = span
  }

  /// Returns the same place with a value made from this one.
  ///
  /// - Throws: What `transform` throws.
  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: span)
  }
}
