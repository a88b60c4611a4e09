/// A range of bytes in a source text: where a value stands that a finding is about.
public struct SourceSpan: Sendable {
  /// The text that is pointed into.
  public let file: SourceFile
  /// UTF-8 byte offsets into `file.bytes`; may be empty (a place, not a piece).
  public let range: Range<Int>

  /// Makes a span; a range that reaches past the text is cut to it.
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

  /// The bytes of the span as text; bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: file.bytes[range], as: UTF8.self) }

  private var lastOffset: Int { range.isEmpty ? range.lowerBound : range.upperBound - 1 }
}
