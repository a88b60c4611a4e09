import ArgumentParser
import Diagnostics

/// `holdout explain`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a finding means: cause, example and mend.",
    discussion: """
      Takes the ids that findings begin with. Without any, lists all of them.

        holdout explain H231
        holdout explain H231 H410
        holdout explain --markdown                     the page docs/findings.md
      """)

  @Argument(help: "Ids of findings, such as H231.")
  var ids: [String] = []
  @Flag(help: "Print all of them as one Markdown page.")
  var markdown = false

  func run() throws {
    if markdown {
      Terminal.printText(ExplanationPage.markdown())
      return
    }
    let explanations = try ids.map(Self.explanation)
    if explanations.isEmpty {
      Terminal.print(Explanation.all.map { "\($0.id)  \($0.title)" }.joined(separator: "\n"))
    } else {
      Terminal.print(explanations.map(\.text).joined(separator: "\n\n"))
    }
  }

  /// The explanation under an id written as `H231`, `h231` or `231`.
  private static func explanation(_ written: String) throws -> Explanation {
    let digits = written.uppercased().hasPrefix("H") ? written.dropFirst() : written[...]
    if let explanation = Int(digits).flatMap({ Explanation.of(Finding.ID($0)) }) {
      return explanation
    }
    let known = Explanation.all.map { $0.id.description }
    let near = Suggestion.closest(to: written, among: known).map { ", did you mean `\($0)`" } ?? ""
    throw ValidationError("there is no finding `\(written)`\(near); `holdout explain` lists them")
  }
}
