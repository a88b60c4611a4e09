import Diagnostics
import Testing

@Suite("Findings are shown to people with their line and carets")
struct TextRendererTests {
  /// A finding at the first place where `piece` stands in `text`.
  private func finding(
    _ text: String, at piece: String, id: Int = 231, _ message: String = "wrong",
    label: String? = nil
  ) -> Finding {
    let file = SourceFile(name: "a.yaml", text: text)
    let low = text.firstRange(of: piece).map { text[..<$0.lowerBound].utf8.count }
    let range = (low ?? text.utf8.count)..<(low ?? text.utf8.count) + piece.utf8.count
    return Finding(
      id, message, at: SourceSpan(file: file, range: range), label: label)
  }

  private func render(_ findings: Finding..., width: Int = 100) -> String {
    TextRenderer(width: width).render(findings)
  }

  @Test("the shape that the style asks for")
  func shape() {
    let text = String(repeating: "\n", count: 13) + "    horizont: 90 days\n"
    var found = finding(
      text, at: "horizont", "unknown key `horizont`", label: "did you mean `horizon`?")
    found.notes = ["keys allowed here: event, horizon, settle"]
    found.hints = ["see `holdout schema`"]
    #expect(
      render(found) == """
        error[H231]: unknown key `horizont`
          --> a.yaml:14:5
           |
        14 |     horizont: 90 days
           |     ^^^^^^^^ did you mean `horizon`?
           = note: keys allowed here: event, horizon, settle
           = help: see `holdout schema`

        1 error

        """)
  }

  @Test("a related place follows with its own line, in the same gutter")
  func related() {
    let file = SourceFile(
      name: "a.yaml", text: "a: 1\n" + String(repeating: "\n", count: 120) + "a: 2")
    let found = Finding(
      122, "the key `a` is given twice", at: SourceSpan(file: file, range: 125..<126),
      label: "given again here", hints: ["remove one of them"],
      related: [.init("given first here", at: SourceSpan(file: file, range: 0..<1))])
    #expect(
      render(found) == """
        error[H122]: the key `a` is given twice
           --> a.yaml:122:1
            |
        122 | a: 2
            | ^ given again here
           ::: a.yaml:1:1
            |
          1 | a: 1
            | - given first here
            = help: remove one of them

        1 error

        """)
  }

  @Test("findings stand in the order of files and places, and are counted")
  func order() {
    let first = SourceFile(name: "b.yaml", text: "one\ntwo\n")
    let second = SourceFile(name: "a.yaml", text: "three\n")
    let findings = [
      Finding(3, "third", at: SourceSpan(file: first, range: 4..<7)),
      Finding(4, .warning, "fourth", at: SourceSpan(file: second, range: 0..<5)),
      Finding(1, "first", at: SourceSpan(file: first, range: 0..<1)),
      Finding(2, "second", at: SourceSpan(file: first, range: 0..<3)),
      Finding(5, "fifth"),
    ]
    let text = TextRenderer().render(findings)
    let heads = text.split(separator: "\n").filter { $0.contains("[H") || $0.contains(" error") }
    #expect(
      heads == [
        "error[H1]: first", "error[H2]: second", "error[H3]: third", "warning[H4]: fourth",
        "error[H5]: fifth", "4 errors, 1 warning",
      ])
    #expect(TextRenderer.summary(of: [findings[1]]) == "1 warning")
    #expect(
      TextRenderer.summary(of: [findings[1], findings[1], findings[0]]) == "1 error, 2 warnings")
    #expect(TextRenderer().render([]).isEmpty)
  }

  /// The source line and the caret line of a rendering.
  private func lines(_ found: Finding, width: Int = 100) -> [String] {
    let all = render(found, width: width).split(separator: "\n", omittingEmptySubsequences: false)
    return all[3...4].map { String($0.dropFirst(5)) }
  }

  private func pair(_ found: Finding, width: Int) -> (line: String, carets: String) {
    let both = lines(found, width: width)
    return (both[0], both[1])
  }

  @Test("tabs are four columns wide")
  func tabs() {
    #expect(lines(finding("\ta\t b", at: "b")) == ["    a     b", "          ^"])
  }

  @Test("East Asian letters and emoji are two columns wide, marks that combine none")
  func widths() {
    #expect(lines(finding("日本 x", at: "x")) == ["日本 x", "     ^"])
    #expect(lines(finding("日本 x", at: "本")) == ["日本 x", "  ^^"])
    #expect(lines(finding("😀e\u{301}x", at: "x")) == ["😀e\u{301}x", "   ^"])
    #expect(lines(finding("👨‍👩‍👧x", at: "x")) == ["👨‍👩‍👧x", "  ^"])
    #expect(lines(finding("🇩🇪❤️x", at: "x")) == ["🇩🇪❤️x", "    ^"])
    #expect(lines(finding("ｱＡ한x", at: "x")) == ["ｱＡ한x", "     ^"])
  }

  @Test("control and direction characters are shown as escapes")
  func controls() {
    #expect(
      lines(finding("\u{1B}[31m\u{202E}x\u{7F}", at: "x"))
        == ["\\u{1B}[31m\\u{202E}x\\u{7F}", "                  ^"])
    let text = render(
      finding("a", at: "a", "bad\u{1B}[2J\nname", label: "\u{9B}31m"))
    #expect(text.contains("error[H231]: bad\\u{1B}[2J\\nname\n"))
    #expect(text.contains("^ \\u{9B}31m\n"))
    #expect(
      !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
  }

  @Test("carriage returns at line ends are not shown")
  func carriageReturns() {
    #expect(lines(finding("a: b\r\nc: d\r\n", at: "b")) == ["a: b", "   ^"])
  }

  @Test("an empty span has one caret, also at the end of the text")
  func places() {
    let file = SourceFile(name: "a.yaml", text: "ab\n")
    let place = Finding(1, "here", at: SourceSpan(file: file, range: 1..<1))
    #expect(lines(place) == ["ab", " ^"])
    let lineEnd = Finding(1, "here", at: SourceSpan(file: file, range: 2..<2))
    #expect(lines(lineEnd) == ["ab", "  ^"])
    let end = Finding(1, "here", at: SourceSpan(file: file, range: 3..<3))
    #expect(lines(end) == ["", "^"])
    #expect(lines(Finding(1, "here", at: SourceFile(name: "e", text: "").start)) == ["", "^"])
  }

  @Test("a span over lines is underlined to the end of its first")
  func severalLines() {
    #expect(lines(finding("ab: cd\nef\n", at: "cd\nef")) == ["ab: cd", "    ^^"])
  }

  @Test("long lines are cut round the caret")
  func longLines() {
    let text = String(repeating: "x", count: 300) + "HERE" + String(repeating: "y", count: 300)
    let (line, carets) = pair(finding(text, at: "HERE"), width: 40)
    #expect(line.count == 42)
    #expect(line.first == "…" && line.last == "…")
    let start = carets.prefix { $0 == " " }.count
    #expect(carets.count == start + 4)
    #expect(String(Array(line)[start..<start + 4]) == "HERE")
  }

  @Test("a long line's start and end are cut on one side alone")
  func longLineEnds() {
    let text = "A" + String(repeating: "x", count: 300) + "Z"
    let (start, startCarets) = pair(finding(text, at: "A"), width: 20)
    #expect(start == "A" + String(repeating: "x", count: 19) + "…")
    #expect(startCarets == "^")
    let (end, endCarets) = pair(finding(text, at: "Z"), width: 20)
    #expect(end.first == "…" && end.last == "Z")
    #expect(end.count == endCarets.count)
  }

  @Test("a long line of wide letters keeps its carets in place")
  func longWideLines() {
    let text = String(repeating: "日", count: 301) + "x" + String(repeating: "本", count: 300)
    for width in 20...23 {
      let (line, carets) = pair(finding(text, at: "x"), width: width)
      let before = line.prefix { $0 != "x" }
      let columns = before.reduce(0) { $0 + ($1 == "日" ? 2 : 1) }
      #expect(carets.count == columns + 1)
    }
  }

  @Test("a mark longer than the width is cut with its line")
  func longMarks() {
    let text = "k: " + String(repeating: "x", count: 500)
    let (line, carets) = pair(finding(text, at: String(repeating: "x", count: 500)), width: 30)
    #expect(line.last == "…")
    #expect(carets.count <= line.count)
    #expect(carets.last == "^")
  }

  @Test("of a line of 16 million letters a part is shown")
  func hugeLine() {
    let file = SourceFile(name: "a", bytes: [UInt8](repeating: 0x61, count: 16 << 20))
    let found = Finding(1, "here", at: SourceSpan(file: file, range: 8 << 20..<16 << 20))
    #expect(render(found).utf8.count < 1_000)
  }

  @Test("colour is added without changing the words")
  func color() {
    let found = finding("a: b", at: "b", "unknown `b`", label: "no")
    let colored = TextRenderer(colored: true).render([found])
    #expect(colored.hasPrefix("\u{1B}[1;31merror[H231]\u{1B}[0m\u{1B}[1m: unknown `b`\u{1B}[0m\n"))
    var plain = ""
    var rest = colored[...]
    while let escape = rest.firstIndex(of: "\u{1B}"), let end = rest[escape...].firstIndex(of: "m")
    {
      plain += rest[..<escape]
      rest = rest[rest.index(after: end)...]
    }
    #expect(plain + rest == render(found))
  }

  @Test("a finding without a place is told without a line")
  func noPlace() {
    #expect(
      render(Finding(701, "there is no LightGBM library", hints: ["run `scripts/setup`"])) == """
        error[H701]: there is no LightGBM library
           = help: run `scripts/setup`

        1 error

        """)
  }
}
