import ArgumentParser
import Diagnostics
import Files
import Foundation
import Promotion
import Reports
internal import Runs
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
        holdout gate experiments/*.yaml --format html --out gate.html
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
  @OptionGroup var file: OutArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if format == .github, file.out != nil {
      throw ValidationError(
        "--out writes a page, and --format github prints annotations for GitHub to read")
    }
    if let markdown, markdown == file.out {
      throw ValidationError("--out and --markdown name the same file")
    }
  }

  func run() throws {
    let project = try machine.limits.project()
    try file.check()
    if let markdown { try Terminal.checkOutput(markdown, force: file.force) }
    let display = ProgressDisplay(name: "gate")
    defer { display.finish(isDone: false) }
    let runner = GateRunner(
      project: project, threads: machine.threads, auditDocument: { AuditDocument($0) },
      progress: display.show)
    let results = try arguments.loadToWork().flatMap {
      try runner.results(of: $0, as: name, against: against)
    }
    display.finish(isDone: true)
    let isShown = try show(results)
    for case .failure(let error) in results.map(\.report) { Terminal.show(error.findings) }
    let isWritten =
      isShown && writeMarkdown(results) && (format != .github || addSummary(results))
    if !isWritten || results.contains(where: { $0.outcome == .refused }) { throw ExitCode(2) }
    if !results.allSatisfy(\.isOpen) { throw ExitCode(1) }
  }

  /// Prints the results, or writes them to the file of --out.
  /// - Returns: whether that was possible.
  private func show(_ results: [GateResult]) throws -> Bool {
    let isFile = file.out != nil
    let (page, text): (PageFormat, String)
    switch format {
    case .github:
      Terminal.printText(GateAnnotations(results).text, as: .commands)
      return true
    case .text where !isFile:
      Terminal.print(Page(results))
      return true
    case .text: (page, text) = (.text, Page(results).text())
    case .json: (page, text) = (.json, try JSONDocument.text(GateDocument(results)))
    case .markdown:
      let mark = isFile ? OutputMark.markdown.utf8.count : 0
      (page, text) = (
        .markdown, GateMarkdown(results, limit: GateMarkdown.commentLimit - mark).text
      )
    case .html: (page, text) = (.html, Page(figuresOf: results).html())
    }
    guard isFile else {
      Terminal.printText(text, as: page == .json ? .json : .text)
      return true
    }
    return shows { () throws(FindingsError) in try file.write(text, as: page) }
  }

  /// Shows the findings of work that fails.
  /// - Returns: whether it succeeded.
  private func shows(_ work: () throws(FindingsError) -> Void) -> Bool {
    do throws(FindingsError) {
      try work()
      return true
    } catch {
      Terminal.show(error.findings)
      return false
    }
  }

  /// - Returns: whether it was written, or none was requested.
  private func writeMarkdown(_ results: [GateResult]) -> Bool {
    guard let markdown else { return true }
    let text =
      OutputMark.markdown
      + GateMarkdown(results, limit: GateMarkdown.commentLimit - OutputMark.markdown.utf8.count)
      .text
    return shows { () throws(FindingsError) in
      try Terminal.write(text, to: markdown, force: file.force)
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
