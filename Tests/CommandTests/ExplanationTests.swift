import Diagnostics
import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// Every finding that Holdout has: explained, documented, and reported by the real program exactly where
/// its example says, with no other finding beside it.
@Suite struct ExplanationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let explanation: Explanation
    var testDescription: String { "\(explanation.id): \(explanation.title)" }
  }

  /// What the program prints for other programs.
  static let explanations: [Explanation] = {
    guard let result = try? Program.run(["explain", "--json"], in: "/") else { return [] }
    return (try? JSONDecoder().decode([Explanation].self, from: Data(result.output.utf8))) ?? []
  }()

  static let cases = explanations.map(Case.init)

  /// Findings that never come alone, and what they come with. The data of the examples end before
  /// the weeks of a monitor (H811, H417), and an input that moves changes the expected wins (H682).
  static let companions: [Int: Set<Int>] = [
    132: [128], 273: [231], 681: [811, 682], 682: [811], 683: [811, 417], 687: [811, 681, 682],
    688: [811], 689: [811],
  ]

  @Test(arguments: cases)
  func `the example is found, at its mark, and nothing else is`(_ example: Case) throws {
    let explanation = example.explanation
    // Only root can give a file away.
    if explanation.id.number == 711, geteuid() != 0 { return }
    let folder = try ExampleFolder(explanation.example)
    let result = try folder.run(explanation.example)
    let companions = (Self.companions[explanation.id.number] ?? []).map { "H\($0)" }
    let found = result.findings.filter { !companions.contains($0.id) }
    #expect(found.map(\.id) == [explanation.id.description], "\(result)")
    let finding = try #require(found.first)
    #expect(result.end == .exit(finding.isError ? 2 : 0), "\(result)")
    guard let mark = ExampleMark(explanation.example) else {
      #expect(finding.place == nil, "\(result)")
      return
    }
    let place = try #require(finding.place, "\(result)")
    // A mark in a command stands in an argument, or in a file that the command writes.
    if let file = mark.file {
      #expect(place == "\(file):\(mark.line):\(mark.column)", "\(result)")
    }
    let isEscape = mark.text.contains("\\") || mark.text.contains("\u{FFFD}")
    if !isEscape, !mark.text.isEmpty {
      // The excerpt shows a tab as four blanks and nothing of a line break.
      let shown = mark.text.replacing("\t", with: "    ")
      #expect(finding.underlined == shown, "\(result)")
    }
  }

  @Test func `every finding is explained in the file that raises it, and nothing else is`() throws {
    let sources = "\(Repository.folder)/Sources"
    let names = try #require(FileManager.default.enumerator(atPath: sources))
    var used: Set<Int> = []
    var explained: [Int] = []
    while let name = names.nextObject() as? String {
      guard name.hasSuffix(".swift") else { continue }
      let text = try String(contentsOfFile: "\(sources)/\(name)", encoding: .utf8)
      let raised = text.matches(of: #/\b(?:Finding|finding)\(\s*([1-8][0-9]{2}),/#)
        .compactMap { Int($0.1) }
      used.formUnion(raised)
      for match in text.matches(of: #/\bExplanation\(\s*([1-8][0-9]{2}),/#) {
        let number = try #require(Int(match.1))
        explained.append(number)
        #expect(raised.contains(number), "H\(number) in \(name)")
      }
    }
    #expect(used.count >= 60)
    #expect(Self.explanations.map(\.id.number) == used.sorted())
    #expect(explained.sorted() == used.sorted())
  }

  @Test(
    "the pages of findings are what the program prints",
    arguments: [nil, "H1xx", "H2xx", "H3xx", "H4xx", "H5xx", "H6xx", "H7xx", "H8xx"])
  func pages(_ name: String?) throws {
    let path = "\(Repository.folder)/docs/findings" + (name.map { "/\($0)" } ?? "") + ".md"
    let printed = try Program.run(["explain", "--markdown"] + (name.map { [$0] } ?? []), in: "/")
    #expect(printed.end == .exit(0))
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data(printed.output.utf8).write(to: URL(filePath: path))
    }
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page == printed.output, "record it again with HOLDOUT_RECORD=1")
  }

  @Test func `every finding is on a page`() throws {
    for explanation in Self.explanations {
      let name = "H\(explanation.id.number / 100)xx"
      let page = try String(
        contentsOfFile: "\(Repository.folder)/docs/findings/\(name).md", encoding: .utf8)
      #expect(page.contains("<a id=\"\(explanation.id)\"></a>"))
    }
  }

  @Test func `titles and texts are written alike`() {
    for explanation in Self.explanations {
      #expect(!explanation.title.hasSuffix("."), "\(explanation.id)")
      #expect(explanation.cause.hasSuffix("."), "\(explanation.id)")
      #expect(explanation.fix.hasSuffix("."), "\(explanation.id)")
      #expect(Set(Self.explanations.map(\.title)).count == Self.explanations.count)
    }
  }

  @Test(arguments: ["H231", "h231", "231"])
  func `explain takes an id in any spelling`(_ id: String) throws {
    let result = try Program.run(["explain", id], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.output.hasPrefix("H231: unknown key\n"))
    #expect(result.output.contains("\nFix: "))
  }

  @Test func `explain says which ids there are`() throws {
    let result = try Program.run(["explain"], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.output.split(separator: "\n").count == Self.explanations.count)
    let unknown = try Program.run(["explain", "H999"], in: "/")
    #expect(unknown.end == .exit(2))
    #expect(unknown.errors.contains("there is no finding `H999`"))
  }
}
