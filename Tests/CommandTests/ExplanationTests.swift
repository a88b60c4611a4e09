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

  static let cases = Explanation.all.map(Case.init)

  /// Findings that never come alone, and what they come with.
  static let companions: [Int: Int] = [132: 128, 273: 231]

  @Test(arguments: cases)
  func `the example is found, at its mark, and nothing else is`(_ example: Case) throws {
    let explanation = example.explanation
    // Only root can give a file away.
    if explanation.id.number == 711, geteuid() != 0 { return }
    let folder = try ExampleFolder(explanation.example)
    let result = try folder.run(explanation.example)
    var found = result.findings
    if let companion = Self.companions[explanation.id.number] {
      found = found.filter { $0.id != "H\(companion)" }
    }
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

  @Test func `every finding that the sources make is explained, and nothing else is`() throws {
    let sources = "\(Repository.folder)/Sources"
    let names = try #require(FileManager.default.enumerator(atPath: sources))
    var used: Set<Int> = []
    while let name = names.nextObject() as? String {
      guard name.hasSuffix(".swift"), !name.contains("Explanations/") else { continue }
      let text = try String(contentsOfFile: "\(sources)/\(name)", encoding: .utf8)
      for match in text.matches(of: #/\b(?:Finding|finding)\(\s*([1-8][0-9]{2}),/#) {
        used.insert(try #require(Int(match.1)))
      }
    }
    #expect(used.count >= 60)
    #expect(Explanation.all.map(\.id.number) == used.sorted())
  }

  @Test func `the page of findings is what the program prints`() throws {
    let path = "\(Repository.folder)/docs/findings.md"
    let printed = try Program.run(["explain", "--markdown"], in: "/").output
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data(printed.utf8).write(to: URL(filePath: path))
    }
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page == printed, "record it anew with HOLDOUT_RECORD=1")
  }

  @Test func `titles and texts are written alike`() {
    for explanation in Explanation.all {
      #expect(!explanation.title.hasSuffix("."), "\(explanation.id)")
      #expect(explanation.cause.hasSuffix("."), "\(explanation.id)")
      #expect(explanation.mend.hasSuffix("."), "\(explanation.id)")
      #expect(Set(Explanation.all.map(\.title)).count == Explanation.all.count)
    }
  }

  @Test(arguments: ["H231", "h231", "231"])
  func `explain takes an id in any spelling`(_ id: String) throws {
    let result = try Program.run(["explain", id], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.output.hasPrefix("H231: unknown key\n"))
    #expect(result.output.contains("\nMend: "))
  }

  @Test func `explain says which ids there are`() throws {
    let result = try Program.run(["explain"], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.output.split(separator: "\n").count == Explanation.all.count)
    let unknown = try Program.run(["explain", "H999"], in: "/")
    #expect(unknown.end == .exit(2))
    #expect(unknown.errors.contains("there is no finding `H999`"))
  }
}
