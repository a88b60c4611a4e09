import Diagnostics
import Testing

@Suite("Places in a text are lines and columns as editors count them")
struct SourceFileTests {
  @Test("lines end at LF, CR LF and CR alone")
  func lines() {
    let file = SourceFile(name: "a", text: "a\nb\r\nc\rd")
    #expect(file.lineCount == 4)
    #expect((0..<5).map { file.startOfLine($0) } == [0, 2, 5, 7, 8])
    #expect((0..<5).map { file.rangeOfLine($0) } == [0..<1, 2..<3, 5..<6, 7..<8, 8..<8])
    #expect([0, 1, 2, 4, 5, 7, 8].map { file.line(at: $0) } == [0, 0, 1, 1, 2, 3, 3])
  }

  @Test("columns count Unicode scalars")
  func columns() {
    let file = SourceFile(name: "a", text: "x\né日😀z")
    let start = 2 + 2 + 3 + 4
    let span = SourceSpan(file: file, range: start..<start + 1)
    #expect(span.line == 2)
    #expect(span.column == 4)
    #expect(span.endColumn == 5)
    #expect(span.text == "z")
  }

  @Test("a span over lines ends on its last byte's line")
  func ends() {
    let file = SourceFile(name: "a", text: "ab\ncd\n")
    let whole = SourceSpan(file: file, range: 1..<6)
    #expect((whole.endLine, whole.endColumn) == (2, 4))
    let place = SourceSpan(file: file, range: 6..<6)
    #expect((place.line, place.column, place.endLine, place.endColumn) == (3, 1, 3, 1))
  }

  @Test("a span is cut to its text")
  func cut() {
    let file = SourceFile(name: "a", text: "ab")
    #expect(SourceSpan(file: file, range: -3..<9).range == 0..<2)
    #expect(SourceSpan(file: file, range: 5..<9).range == 2..<2)
  }

  @Test("an empty text has one line")
  func empty() {
    let file = SourceFile(name: "a", text: "")
    #expect(file.lineCount == 1)
    #expect(file.rangeOfLine(0) == 0..<0)
    #expect((file.start.line, file.start.column) == (1, 1))
  }
}
