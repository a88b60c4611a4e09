/// A range of bytes in a source text: where a value stands that a finding is about.
public struct SourceSpan: Sendable {
  public let file: SourceFile
  /// UTF-8 byte offsets into `file.bytes`; may be empty (a place, not a piece).
  public let range: Range<Int>

  public init(file: SourceFile, range: Range<Int>) {
    self.file = file
    let low = min(max(range.lowerBound, 0), file.bytes.count)
    self.range = low..<min(max(range.upperBound, low), file.bytes.count)
  }

  /// The line of the first byte, from 1.
  public var line: Int { file.line(at: range.lowerBound) + 1 }

  /// The column of the first byte in Unicode scalars, from 1.
  public var column: Int {
    let start = file.startOfLine(line - 1)
    // A byte that continues a scalar (10xxxxxx) does not start a column.
    return file.bytes[start..<range.lowerBound].count { $0 & 0xC0 != 0x80 } + 1
  }
}

/// A value together with the place it was written at.
public struct Located<Value: Sendable>: Sendable {
  public var value: Value
  public var span: SourceSpan

  public init(_ value: Value, at span: SourceSpan) {
    self.value = value
    self.span = span
  }

  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: span)
  }
}
