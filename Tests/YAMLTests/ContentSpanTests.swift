import Diagnostics
import HoldoutTestSupport
import Testing
import YAML

@Suite("A range of a scalar's content is found again in the source")
struct ContentSpanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// The value under `k`, with a mark round the source of what is sought.
    var source: String
    /// The piece of the content that is sought, in brackets `«»`.
    var content: String
    init(_ name: String, _ source: String, _ content: String) {
      self.name = name
      self.source = source
      self.content = content
    }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case("plain", "k: select «1»colum«/1» from\n", "select «colum» from"),
    Case("plain behind anchor and tag", "k: &a !!str x «1»y«/1»\n", "x «y»"),
    Case("plain with CJK and emoji", "語: x\nk: 日本 😀 «1»é«/1» z\n", "日本 😀 «é» z"),
    Case("plain over lines", "k: a\n  «1»b«/1»\n\n  c\n", "a «b»\nc"),
    Case("plain over lines, after a blank line", "k: a\n  b\n\n  «1»c«/1»\n", "a b\n«c»"),
    Case("the space that a line break became", "k: a«1»\n«/1»  b\n", "a« »b"),
    Case("across a folded line break", "k: a «1»b  \n    c«/1» d\n", "a «b c» d"),
    Case("plain with blanks inside", "k: a \t «1»b«/1»\n", "a \t «b»"),
    Case("tabs round a folded line break", "k: a\t\n \t«1»b«/1»\n", "a «b»"),
    Case("single quotes", "k: 'where a = «1»''x''«/1»'\n", "where a = «'x'»"),
    Case("single quotes over lines", "k: 'a\n\n  «1»b«/1» c '\n", "a\n«b» c "),
    Case("a blank before the closing quote", "k: 'a«1»  «/1»'\n", "a«  »"),
    Case("double quotes", "k: \"a «1»b«/1»\"\n", "a «b»"),
    Case("an escape", "k: \"日«1»\\t«/1»b\"\n", "日«\t»b"),
    Case("behind escapes", "k: \"\\x41\\u00e9\\U0001F600\\\\\\\" «1»b«/1»\"\n", "Aé😀\\\" «b»"),
    Case("a wide escape", "k: \"a«1»\\u00e9«/1»b\"\n", "a«é»b"),
    Case("an escaped line break", "k: \"a\\\n   «1»b«/1»\"\n", "a«b»"),
    Case("an escaped line break and a blank line", "k: \"a \\\n\n  «1»b«/1»\"\n", "a \n«b»"),
    Case(
      "every short escape",
      "k: \"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\N\\_\\L\\P«1»x«/1»\"\n",
      "\0\u{7}\u{8}\t\n\u{B}\u{C}\r\u{1B} \"/\u{85}\u{A0}\u{2028}\u{2029}«x»"),
    Case("literal", "k: |\n  select\n    «1»colum«/1»\n  from t\n", "select\n  «colum»\nfrom t\n"),
    Case("literal, stripped", "k: |-\n    a\n    «1»b«/1»\n\n", "a\n«b»"),
    Case("literal, kept", "k: |+\n  a\n«1»\n«/1»\nz: 1\n", "a\n«\n»\n"),
    Case("literal with a tab inside", "k: |\n  x\n  \ta\t«1»b«/1»\n", "x\n\ta\t«b»\n"),
    Case("literal with an indicator", "k: |2\n    a\n   «1»b«/1»\n", "  a\n «b»\n"),
    Case("literal with both indicators", "k: |-1 # why\n   a\n «1»b«/1»\n", "  a\n«b»"),
    Case("literal after blank lines", "k: |\n\n \n  a\n  «1»b«/1»\n", "\n\na\n«b»\n"),
    Case("literal over a blank line", "k: |\n  a\n\n  «1»b«/1»\n", "a\n\n«b»\n"),
    Case("literal with CJK", "k: |\n  日本 «1»語«/1»\n", "日本 «語»\n"),
    Case("literal with CR LF", "k: |\r\n  a\r\n  «1»b«/1»\r\nz: 1\r\n", "a\n«b»\n"),
    Case("across a literal's lines", "k: |\n  a «1»b\n  c«/1» d\n", "a «b\nc» d\n"),
    Case("literal without a last line break", "k: |\n  a\n  «1»b«/1»", "a\n«b»"),
    Case("literal in a list in a map", "k:\n - x\n - |\n   a «1»b«/1»\n", "a «b»\n"),
    Case("folded", "k: >\n  a\n  «1»b«/1» c\n", "a «b» c\n"),
    Case("folded over a blank line", "k: >-\n  a\n\n  «1»b«/1»\n", "a\n«b»"),
    Case("folded with deeper lines", "k: >\n  a\n    b\n  «1»c«/1»\n", "a\n  b\n«c»\n"),
    Case("the space of a folded line", "k: >\n  a«1»\n«/1»  b\n", "a« »b\n"),
    Case("folded after blank lines", "k: >\n\n  a\n  «1»b«/1»\n", "\na «b»\n"),
    Case("folded with a line of blanks", "k: >\n  a\n     \n  «1»b«/1»\n", "a\n   \n«b»\n"),
    Case("a place", "k: a «1»«/1»b\n", "a «»b"),
    Case("the end of plain text", "k: a b«1»«/1»\n", "a b«»"),
    Case("the end of quoted text", "k: 'a b«1»«/1»'\n", "a b«»"),
    Case("the end of a block, before its line break", "k: |\n  a\n  b«1»«/1»\nz: 1\n", "a\nb\n«»"),
    Case("the only place of empty text", "k: '«1»«/1»'\n", "«»"),
  ]

  @Test("in every style", arguments: cases)
  func finds(_ example: Case) throws {
    let source = MarkedText(example.source)
    let value = try #require(try parse(source.text).mapping?["k"])
    let scalar = try #require(value.scalar ?? value.sequence?.last?.scalar)
    let parts = example.content.split(
      omittingEmptySubsequences: false, whereSeparator: { "«»".contains($0) })
    #expect(scalar.text == parts.joined())
    let start = parts[0].utf8.count
    let span = scalar.span(ofContent: start..<start + parts[1].utf8.count)
    #expect(span.range.lowerBound == source.starts[1])
    #expect(span.range.upperBound == source.ends[1])
  }

  @Test("a range outside the content is cut to it")
  func outside() throws {
    let scalar = try #require(try parse("k: 'ab'\n").mapping?["k"]?.scalar)
    #expect(scalar.span(ofContent: 0..<99).text == "ab")
    #expect(scalar.span(ofContent: 50..<99).range == 6..<6)
  }

  @Test("a scalar that a program made has no place")
  func synthetic() {
    let span = Scalar(text: "abc", style: .plain).span(ofContent: 0..<2)
    #expect(span.file.name.isEmpty)
    #expect(span.range.isEmpty)
  }
}
