/// A named text that findings point into: a spec file, or an override given on the command line.
///
/// Offsets are UTF-8 byte offsets into `bytes`. Lines and columns that a person sees start at 1; a
/// column counts Unicode scalars, as editors do.
public final class SourceFile: Sendable {
  /// What a person calls the text: a path relative to the working directory, or `argument 3`.
  public let name: String
  /// The text as UTF-8, without a byte order mark.
  public let bytes: [UInt8]
  /// The byte offset at which each line starts; at least one element.
  let lineStarts: [Int]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// A span of the whole text's first byte: for findings about the file as such.
  public var start: SourceSpan { SourceSpan(file: self, range: 0..<0) }

  /// The number of lines, at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The byte offset at which a line (from 0) starts; past the last line, the text's end.
  public func startOfLine(_ line: Int) -> Int {
    line < lineStarts.count ? lineStarts[max(line, 0)] : bytes.count
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
}
