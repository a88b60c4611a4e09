import Diagnostics
import Foundation
import Promotion
import Reports
import Runs
import Testing

@Suite("Gates as Markdown")
struct GateMarkdownTests {
  private func refused(_ name: String, _ message: String) -> GateResult {
    GateResult(
      name: name, path: "experiments/\(name).yaml", span: nil,
      report: .failure(FindingsError(Finding(606, message, notes: ["a note"]))))
  }

  /// A result with a report of a run that passes or fails.
  private func judged(_ name: String, _ run: StoredRun, fails: Bool) -> GateResult {
    let checks = (0..<12).map { number in
      GateCheck(
        name: "minimum.lift_at_\(number)", outcome: fails && number == 7 ? .fail : .pass,
        origin: .spec,
        result: .bound(
          metric: "lift_at_\(number)", .minimum, limit: 5, GateCheck.Estimate(7.1, 3.5, 11.1),
          .outOfReach))
    }
    return GateResult(
      name: name, path: "experiments/\(name).yaml", span: nil,
      report: .success(
        GateReport(
          run: run, gates: Gates(spec: nil, project: nil), checks: checks, champion: nil,
          comparison: nil)))
  }

  @Test("stay within a comment's limit, the gravest first, and say what was left out")
  func limit() throws {
    let run = try RegistryBench().run("2024-a")
    for count in [1, 30, 300, 3_000] {
      let results = (0..<count).map {
        judged("solidworks@num_leaves=\($0)", run, fails: $0 == count - 1)
      }
      let text = GateMarkdown(results, limit: GateMarkdown.commentLimit).text
      #expect(text.utf8.count <= GateMarkdown.commentLimit)
      #expect(text.utf8.count < 65_536)
      let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
      #expect(rows[2].hasPrefix("| **fail** | `solidworks@num_leaves=\(count - 1)` |"))
      #expect(text.contains("do not fit here") == (count >= 300), "\(count)")
      #expect(text.contains("more experiments are left out here") == (count == 3_000))
      let opened = text.components(separatedBy: "<details>").count
      #expect(opened == text.components(separatedBy: "</details>").count)
      #expect(
        GateMarkdown(results, limit: GateMarkdown.summaryLimit).text.utf8.count < 1 << 20)
    }
  }

  @Test("show a user's text as text: no mention, no tag, no cell, no escape")
  func escaping() {
    let message = "because: @admin <script> a|b *bold*\n`c|d` \u{1B}[31m"
    let text = GateMarkdown([refused("a|b", message)], limit: GateMarkdown.commentLimit).text
    #expect(
      text.contains("because: &#64;admin &lt;script&gt; a\\|b \\*bold\\* `c\\|d` "), "\(text)")
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("`a\\|b`"))
  }

  @Test("and as annotations: one line each, properties and lines escaped")
  func annotations() {
    let text = GateAnnotations([refused("a,b:c", "100 %\nof it")]).text
    #expect(
      text == "::error title=gate refused%3A a%2Cb%3Ac::H606: 100 %25%0Aof it\n", "\(text)")
  }

  @Test("a text of outcomes is a word each")
  func words() {
    #expect(Set(GateResult.Outcome.allCases.map(\.rawValue)).count == 4)
  }
}
