import Diagnostics
import Foundation
import Testing

/// Text that specs and data bring into output: it shows, and it does nothing.
@Suite struct PrintedTextTests {
  /// Pieces that mean something to a terminal, to CI systems, to Markdown, or to GitHub.
  private static let pieces = [
    "::", ":", "::error::x", "##[", "##", "#", "##vso[task.setvariable]", "\n", "\r", "\t", " ",
    "\u{A0}", "\u{3000}", "\u{85}", "\u{2028}", "\u{1B}[31m", "\u{1B}]0;x\u{7}", "\u{9B}1m",
    "\u{202E}", "\u{200F}", "\u{FEFF}", "\u{301}", "`", "``", "```", "<img src=x>", "<b>", "<", ">",
    "&lt;", "[a](http://b)", "![a](b)", "](", "http://evil.example", "www.evil.example", "@team",
    "|", "*", "_", "~~", "\\", "- ", "1. ", "===", "---", "x", "name", "東", "0",
  ]

  /// Many texts, the same every time.
  private static let texts: [String] = {
    var state: UInt64 = 1
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    return (0..<20_000).map { _ in
      (0...draw(7)).map { _ in pieces[draw(pieces.count)] }.joined()
    }
  }()

  /// Whether GitHub, Azure Pipelines, or TeamCity would obey a line.
  private static func isCommand(_ line: Substring) -> Bool {
    line.unicodeScalars.drop { $0.properties.isWhitespace }.starts(with: "::".unicodeScalars)
      || line.contains(#/##[A-Za-z]*\[/#)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
      Substring($0)
    }
  }

  private static func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      scalar != "\n" && scalar != "\t"
        && (scalar.properties.generalCategory == .control
          || scalar.properties.isBidiControl || scalar.value == 0x2028 || scalar.value == 0x2029)
    }
  }

  @Test func `printed text holds no command and no control character`() {
    for text in Self.texts {
      let safe = PrintedText.safe(text)
      #expect(!Self.lines(safe).contains(where: Self.isCommand), "\(text.debugDescription)")
      #expect(!Self.hasControls(safe), "\(text.debugDescription)")
      #expect(PrintedText.safe(safe) == safe, "\(text.debugDescription)")
    }
  }

  @Test func `text that does nothing is printed as it is`() {
    for text in [
      "", "\n", "a: b :: c\n", "## Heading\n", "# a ## b", "東 é 🙂\n", "| a | b |\n\n\tx\n", "a::b",
      "!! looser: x\n",
    ] {
      #expect(PrintedText.safe(text) == text)
    }
    #expect(PrintedText.safe(" ::error::x\n##[group]") == " \\u{3A}:error::x\n\\u{23}#[group]")
    #expect(PrintedText.safe("\r::x") == "\\u{D}\\u{3A}:x")
  }

  @Test func `JSON stays the JSON that it was`() throws {
    for text in Self.texts.prefix(2_000) {
      let json = try String(
        decoding: JSONEncoder().encode(["a", text]), as: UTF8.self)
      let safe = PrintedText.safe(json, as: .json)
      #expect(!Self.lines(safe).contains(where: Self.isCommand))
      #expect(!Self.hasControls(safe))
      let read = try JSONDecoder().decode([String].self, from: Data(safe.utf8))
      #expect(read[1].unicodeScalars.elementsEqual(text.unicodeScalars))
    }
  }

  @Test func `a finding's every part is safe in every format`() {
    for text in Self.texts.prefix(3_000) {
      let file = SourceFile(name: text, text: text + "\n" + text)
      let span = SourceSpan(file: file, range: 0..<min(3, file.bytes.count))
      let finding = Finding(
        231, text, at: span, label: text, notes: [text], hints: [text],
        related: [Finding.Related(text, at: span)])
      for format in FindingFormat.allCases {
        let syntax = PrintedText.Syntax(format: format.rawValue)
        let printed = PrintedText.safe(format.render([finding]), as: syntax)
        #expect(!Self.hasControls(printed), "\(format) \(text.debugDescription)")
        if format == .github {
          let lines = Self.lines(printed).filter { !$0.isEmpty }
          #expect(lines.count == 1 && lines[0].hasPrefix("::error "), "\(text.debugDescription)")
        } else {
          #expect(!Self.lines(printed).contains(where: Self.isCommand), "\(text.debugDescription)")
        }
      }
    }
  }
}

/// Text in Markdown.
@Suite struct MarkdownTextTests {
  @Test(arguments: [
    ("<img src=x>", "&lt;img src=x&gt;"), ("[a](b)", "\\[a\\](b)"), ("@team", "&#64;team"),
    ("a|b", "a\\|b"), ("http://a.b", "http&#58;//a.b"), ("WWW.a.b", "WWW&#46;a.b"),
    ("`<b>`", "`<b>`"), ("`a", "&#96;a"), ("a\nb", "a b"), ("_a_b_", "\\_a_b\\_"), ("-0.5", "-0.5"),
    ("roc_auc", "roc_auc"), ("#1", "\\#1"), ("\u{1B}[1m", "\\\\u{1B}\\[1m"),
    // Three backticks pair with three, so that the fourth begins no code.
    ("```<img src=x>`", "&#96;&#96;&#96;&lt;img src=x&gt;&#96;"),
    // A combining mark hides no backtick.
    ("`\u{301}<b>", "&#96;\u{301}&lt;b&gt;"),
  ])
  func `what would do something is escaped`(_ text: String, _ expected: String) {
    #expect(MarkdownText.escaped(text) == expected)
  }

  @Test(arguments: [("- a", "\\- a"), ("1. a", "1\\. a"), ("===", "\\==="), ("a", "a")])
  func `a line of its own begins no list and underlines nothing`(_ text: String, _ expected: String)
  {
    #expect(MarkdownText.paragraph(text) == expected)
  }

  @Test func `a name stays within its code span`() {
    #expect(MarkdownText.code("a`<b>|") == "`a'<b>\\|`")
    #expect(MarkdownText.code("") == "` `")
  }

  @Test func `cells of a table stay cells`() {
    let table = Table([.text("a"), .number("b")], rows: [["x|y\n| z", "<b>"]])
    #expect(table.markdown == "| a | b |\n| --- | ---: |\n| x\\|y \\| z | &lt;b&gt; |")
  }
}
