/// Content as it is put together from the source.
struct ContentOutput {
  private(set) var bytes: [UInt8] = []
  private(set) var pieces: [ContentPiece] = []

  /// Takes source bytes as they are.
  mutating func copy(_ source: Range<Int>, of file: [UInt8]) {
    guard !source.isEmpty else { return }
    let content = bytes.count..<bytes.count + source.count
    bytes += file[source]
    if let last = pieces.last, last.isVerbatim, last.source.upperBound == source.lowerBound {
      pieces[pieces.count - 1].content = last.content.lowerBound..<content.upperBound
      pieces[pieces.count - 1].source = last.source.lowerBound..<source.upperBound
    } else {
      pieces.append(ContentPiece(content: content, source: source, isVerbatim: true))
    }
  }

  /// Takes content that the source bytes stand for.
  mutating func replace(_ source: Range<Int>, with content: [UInt8], isLineBreak: Bool = false) {
    guard !content.isEmpty else { return }
    let range = bytes.count..<bytes.count + content.count
    bytes += content
    pieces.append(
      ContentPiece(content: range, source: source, isVerbatim: false, isLineBreak: isLineBreak))
  }

  /// Takes a line break, which reads as LF unless it is LS or PS.
  mutating func lineBreak(_ source: Range<Int>, of file: [UInt8], isBlock: Bool) {
    let content = LineBreak.content(in: file, at: source.lowerBound, length: source.count)
    replace(source, with: content, isLineBreak: isBlock)
  }
}
