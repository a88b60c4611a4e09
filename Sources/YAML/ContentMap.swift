import Diagnostics

/// Which source bytes each byte of a scalar's content came from.
///
/// The scalar is read again from the source by YAML's rules; where that does not give the very same
/// content there is no map, so a place is never a guess.
struct ContentMap {
  private let file: SourceFile
  private let pieces: [ContentPiece]
  /// The place of content that is empty.
  private let emptyPlace: Int

  /// Fails where the source does not say what the scalar says.
  init?(of scalar: Scalar, at span: SourceSpan) {
    let start = span.range.lowerBound
    switch scalar.style {
    case .literal, .folded:
      var scanner = BlockScanner(bytes: span.file.bytes, text: Array(scalar.text.utf8))
      guard scanner.scan(from: start) else { return nil }
      pieces = scanner.output.pieces
      emptyPlace = span.range.upperBound
    case .plain, .singleQuoted, .doubleQuoted:
      let quote = scalar.style == .plain ? 0 : 1
      guard span.range.count >= 2 * quote else { return nil }
      var scanner = FlowScanner(bytes: span.file.bytes, style: scalar.style)
      let inner = start + quote..<span.range.upperBound - quote
      guard scanner.scan(inner) else { return nil }
      guard scanner.output.bytes.elementsEqual(scalar.text.utf8) else { return nil }
      pieces = scanner.output.pieces
      emptyPlace = inner.lowerBound
    }
    file = span.file
  }

  /// The source of a range of the content; a range outside the content is cut to it.
  func span(of range: Range<Int>) -> SourceSpan {
    let start = range.isEmpty ? place(of: range.lowerBound) : firstByte(of: range.lowerBound)
    let end = range.isEmpty ? start : max(start, endOfByte(before: range.upperBound))
    return SourceSpan(file: file, range: start..<end)
  }

  private func firstByte(of offset: Int) -> Int {
    guard let piece = piece(at: offset) else { return place(of: offset) }
    return piece.isVerbatim
      ? piece.source.lowerBound + max(0, offset - piece.content.lowerBound)
      : piece.source.lowerBound
  }

  private func endOfByte(before offset: Int) -> Int {
    guard let piece = piece(at: offset - 1) ?? pieces.last else { return emptyPlace }
    let length = min(offset, piece.content.upperBound) - piece.content.lowerBound
    return piece.isVerbatim ? piece.source.lowerBound + length : piece.source.upperBound
  }

  /// The place before a byte; at the content's end, behind its last byte but before a line break.
  private func place(of offset: Int) -> Int {
    if piece(at: offset) != nil { return firstByte(of: offset) }
    guard let last = pieces.last else { return emptyPlace }
    return last.isLineBreak ? last.source.lowerBound : last.source.upperBound
  }

  private func piece(at offset: Int) -> ContentPiece? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].content.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < pieces.count ? pieces[low] : nil
  }
}
