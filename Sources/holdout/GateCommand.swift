import ArgumentParser
import Diagnostics
import Experiment
import Files
import Foundation
import Promotion
import Reports
import Spec

/// `holdout gate`
struct GateCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Decide whether the runs of specs may be promoted.",
    discussion: """
      Checks the latest run of each spec against its gates: bounds on metrics,
      better than the baselines, no worse than the champion by more than a margin,
      enough buyers, no caveats, an audit that passes. They are written under
      `gates` in the spec or, for all specs, in holdout.yaml; without any, the
      standard gates apply.

        holdout gate experiments/solidworks.yaml
        holdout gate experiments/*.yaml --format github --markdown gate.md
        holdout gate experiments/small.yaml --as solidworks
        holdout gate experiments/solidworks.yaml --against git:main:solidworks

      With `--format github` it prints annotations, and adds the Markdown to the
      file that GITHUB_STEP_SUMMARY names.

      Exit codes: 0 every run passes; 1 a run fails, or is inconclusive and that
      blocks; 2 a run could not be evaluated. docs/ci.md has a workflow.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown, html, github
  }

  @OptionGroup var arguments: SpecArguments
  @Option(
    help: "The run to be no worse than: `champion`, or anything that `holdout compare` takes.")
  var against = "champion"
  @Option(name: .customLong("as"), help: "The name of the champion. Default: the experiment's.")
  var name: String?
  @Option(help: "How the gates are printed: text, json, markdown, html or github.")
  var format: Format = .text
  @Option(help: "Also write the Markdown to this file, for a comment on a pull request.")
  var markdown: String?
  @Flag(help: "Replace a Markdown file that something else has written.")
  var force = false
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let project = try machine.limits.project()
    if let markdown { try Terminal.checkOutput(markdown, force: force) }
    let display = ProgressDisplay(name: "gate")
    defer { display.finish(isDone: false) }
    let runner = GateRunner(
      project: project, threads: machine.threads,
      progress: { display.show($0.stage, done: $0.done, total: $0.total) })
    let results = try arguments.loadToWork().flatMap {
      try runner.results(of: $0, as: name, against: against)
    }
    display.finish(isDone: true)
    switch format {
    case .text: Terminal.print(Page(results))
    case .json: Terminal.printText(try JSONDocument.text(GateDocument(results)), as: .json)
    case .markdown:
      Terminal.printText(GateMarkdown(results, limit: GateMarkdown.commentLimit).text)
    case .html: Terminal.printText(Page(results).html(title: "Gates"))
    case .github: Terminal.printText(GateAnnotations(results).text, as: .commands)
    }
    for case .failure(let error) in results.map(\.report) { Terminal.show(error.findings) }
    let isWritten = writeMarkdown(results) && (format != .github || addSummary(results))
    if !isWritten || results.contains(where: { $0.outcome == .refused }) { throw ExitCode(2) }
    if !results.allSatisfy(\.isOpen) { throw ExitCode(1) }
  }

  /// - Returns: whether it was written, or none was requested.
  private func writeMarkdown(_ results: [GateResult]) -> Bool {
    guard let markdown else { return true }
    let text =
      OutputMark.markdown
      + GateMarkdown(results, limit: GateMarkdown.commentLimit - OutputMark.markdown.utf8.count)
      .text
    do throws(FindingsError) {
      try Terminal.write(text, to: markdown, force: force)
      return true
    } catch {
      Terminal.show(error.findings)
      return false
    }
  }

  /// Appends the Markdown to the step's summary.
  /// - Returns: whether it was added, or there is no summary.
  private func addSummary(_ results: [GateResult]) -> Bool {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return true }
    do throws(FileError) {
      try Files.append(
        { size in
          let room = GateMarkdown.summaryLimit - size
          return room < 2_000 ? nil : Data(GateMarkdown(results, limit: room).text.utf8)
        }, to: path)
      return true
    } catch {
      Terminal.complain("error: the summary \(path) cannot be written: \(error.reason)")
      return false
    }
  }
}
