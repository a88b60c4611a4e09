import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing

/// The page of likely mistakes shows what the program says.
@Suite struct MistakeTests {
  private static let path = "\(Repository.folder)/docs/mistakes.md"

  /// With HOLDOUT_RECORD=1 the answers on the page are written again instead of compared.
  @Test func `each mistake on the page is answered as the page says`() throws {
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    var recorded = ""
    var count = 0
    var rest = page[...]
    let pattern =
      #/```yaml\n(?<spec>[^`]*(?:`[^`]+`[^`]*)*?)```\n\n```text\n(?<answer>(?s:.*?))```\n/#
    while let match = rest.firstMatch(of: pattern) {
      let answer = String(match.answer)
      let command = try #require(answer.split(separator: "\n").first?.dropFirst(2))
      let example = Example(
        files: [.init(name: "spec.yaml", text: "extends: base.yaml\n\(match.spec)")], sql: "",
        command: String(command))
      let result = try ExampleFolder(example).run(example)
      let actual = "$ \(command)\n\(result.errors)"
      #expect(result.findings.count == 1, "\(result)")
      #expect(result.end == .exit(2))
      if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] == nil {
        #expect(answer == actual, "record it again with HOLDOUT_RECORD=1")
      }
      recorded += rest[..<match.range.lowerBound]
      recorded += "```yaml\n\(match.spec)```\n\n```text\n\(actual)```\n"
      rest = rest[match.range.upperBound...]
      count += 1
    }
    #expect(count == 10)
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data((recorded + rest).utf8).write(to: URL(filePath: Self.path))
    }
  }
}
