/// The line that a span starts on as it is shown, and where the carets stand below it.
struct SourceExcerpt {
  /// The line with tabs widened and controls escaped, cut to the width where it is longer.
  let line: String
  /// The columns before the first caret.
  let caretColumn: Int
  /// The number of carets, at least 1.
  let caretCount: Int

  /// Makes the excerpt; reads only the bytes near the span, however long the line is.
  init(_ span: SourceSpan, width: Int) {
    let bytes = span.file.bytes
    let whole = span.file.rangeOfLine(span.line - 1)
    let start = min(span.range.lowerBound, whole.upperBound)
    let end = max(start, min(span.range.upperBound, whole.upperBound))
    let reach = 8 * width
    let first = Self.scalarStart(max(whole.lowerBound, start - reach), in: bytes, from: whole)
    let last = Self.scalarStart(min(whole.upperBound, start + reach), in: bytes, from: whole)
    func cells(_ range: Range<Int>) -> [Cell] {
      TerminalText.cells(String(decoding: bytes[range], as: UTF8.self))
    }
    let before = cells(min(first, start)..<start)
    let marked = cells(start..<min(end, max(last, start)))
    let after = cells(min(end, max(last, start))..<max(last, start))
    let window = Window(
      before: before, marked: marked, after: after, width: width,
      isCutBefore: first > whole.lowerBound, isCutAfter: last < whole.upperBound)
    line = window.text
    caretColumn = window.caretColumn
    caretCount = window.caretCount
  }

  /// The start of the scalar that holds an offset, not before the range's own start.
  private static func scalarStart(
    _ offset: Int, in bytes: [UInt8], from range: Range<Int>
  ) -> Int {
    var offset = offset
    while offset > range.lowerBound, offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 {
      offset -= 1
    }
    return offset
  }
}

extension SourceExcerpt {
  /// The cells that fit the width, with `…` where the line goes on.
  private struct Window {
    var text = ""
    var caretColumn = 0
    var caretCount = 0

    init(
      before: [Cell], marked: [Cell], after: [Cell], width: Int, isCutBefore: Bool,
      isCutAfter: Bool
    ) {
      let lead = before.reduce(0) { $0 + $1.width }
      let mark = marked.reduce(0) { $0 + $1.width }
      let total = lead + mark + after.reduce(0) { $0 + $1.width }
      var low = 0
      var high = total
      if total > width || isCutBefore || isCutAfter {
        // As much of the mark as fits is kept, and a third of the width for what stands before it.
        let wanted = max(min(lead - width / 3, lead + mark - width), 0)
        low = lead <= width / 2 && !isCutBefore ? 0 : max(wanted, lead - 2 * width / 3)
        high = min(total, low + width)
      }
      var column = 0
      var shown = low
      if low > 0 || isCutBefore { text = "…" }
      let offset = text.isEmpty ? 0 : 1
      for cell in [before, marked, after].joined() {
        defer { column += cell.width }
        guard column >= low, column + cell.width <= high else { continue }
        // A wide cell cut by the window's edge leaves a blank, so that the carets stay in place.
        text += String(repeating: " ", count: max(0, column - shown)) + cell.text
        shown = column + cell.width
      }
      if high < total || isCutAfter { text += "…" }
      caretColumn = max(lead - low, 0) + offset
      caretCount = max(1, min(lead + mark, high) - lead)
    }
  }
}
