import Diagnostics
import Testing

@Suite("Findings are written for programs and for GitHub")
struct FindingFormatTests {
  private let findings: [Finding] = {
    let file = SourceFile(name: "a,b:c%.yaml", text: "k: \"日\"\nl: 1\n")
    return [
      Finding(
        231, "unknown `k\"\u{7}`\n50%", at: SourceSpan(file: file, range: 3..<8), label: "why",
        notes: ["one\u{9B}"], hints: ["two", "\\"],
        related: [.init("first", at: SourceSpan(file: file, range: 9..<10))]),
      Finding(2, .warning, "over lines", at: SourceSpan(file: file, range: 3..<13)),
      Finding(3, "nowhere"),
    ]
  }()

  @Test("JSON has every key in every object")
  func json() {
    #expect(
      FindingFormat.json.render(findings) == #"""
        [
          {"id": "H231", "severity": "error", "message": "unknown `k\"\u0007`\n50%", "file": "a,b:c%.yaml", "line": 1, "column": 4, "end_line": 1, "end_column": 7, "label": "why", "related": [{"file": "a,b:c%.yaml", "line": 2, "column": 1, "end_line": 2, "end_column": 2, "label": "first"}], "notes": ["one\u009b"], "hints": ["two", "\\"]},
          {"id": "H2", "severity": "warning", "message": "over lines", "file": "a,b:c%.yaml", "line": 1, "column": 4, "end_line": 2, "end_column": 5, "label": null, "related": [], "notes": [], "hints": []},
          {"id": "H3", "severity": "error", "message": "nowhere", "file": null, "line": null, "column": null, "end_line": null, "end_column": null, "label": null, "related": [], "notes": [], "hints": []}
        ]

        """#)
    #expect(FindingFormat.json.render([]) == "[]\n")
  }

  @Test("GitHub's commands escape what would end them")
  func gitHub() {
    #expect(
      FindingFormat.github.render(findings) == """
        ::error file=a%2Cb%3Ac%25.yaml,line=1,col=4,endColumn=7,title=H231::unknown `k"\\u{7}`%0A50%25: why%0Afirst: a,b:c%25.yaml:2:1%0Anote: one\\u{9B}%0Ahelp: two%0Ahelp: \\
        ::warning file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=H2::over lines
        ::error title=H3::nowhere

        """)
    #expect(FindingFormat.github.render([]).isEmpty)
  }

  @Test("formats are named as the command line names them")
  func names() {
    #expect(FindingFormat.allCases.map(\.rawValue) == ["text", "json", "github"])
    #expect(FindingFormat.text.render(findings) == TextRenderer().render(findings))
    #expect(
      FindingFormat.text.render(findings, colored: true)
        == TextRenderer(colored: true).render(findings))
  }

  @Test("warnings alone do not stop the work; an error stops it with all findings")
  func errors() {
    #expect(![findings[1]].hasErrors)
    #expect(throws: Never.self) { try [findings[1]].throwIfErrors() }
    let thrown = #expect(throws: FindingsError.self) { try findings.throwIfErrors() }
    #expect(thrown?.findings.count == 3)
  }
}
