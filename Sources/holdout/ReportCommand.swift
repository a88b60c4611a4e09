import ArgumentParser
import Diagnostics
import Files
import Foundation
import Promotion
import Reports
internal import Runs

/// `holdout report`
struct ReportCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Find the page of a run: its conclusion, charts, and numbers.",
    discussion: """
      Every run has a report.html: what the model is good for and how sure that is,
      charts with intervals, and how the run was made. It is one file that needs
      nothing else. This command checks that it is as the run wrote it, and prints
      where it is.

        holdout report solidworks
        holdout report solidworks --open
        holdout report solidworks --run 2025-09-18-dec603b0bb05 --out report.html

      The page shows keys of entities: the first rows of the last test list.

      Exit codes: 0 printed, opened, or copied; 2 there is none, or it was changed.
      docs/metrics.md explains the numbers.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run: an experiment (its latest run), a run's folder, or its id.", valueName: "run"),
    completion: .directory)
  var reference: String
  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "An earlier run of the experiment, by its id or the start of it.", valueName: "run-id"))
  var runId: String?
  @Flag(help: "Open it in a browser.")
  var open = false
  @OptionGroup var copy: OutArguments
  @OptionGroup var output: OutputArguments

  private static let file = "report.html"

  func validate() throws {
    if let runId, runId.isEmpty || reference.contains("/") || reference.contains(":") {
      throw ValidationError("--run takes the id of a run, and needs the name of its experiment")
    }
  }

  func run() throws {
    try copy.check()
    let run = try run(in: try SpecArguments.project())
    let isNamed = run.record.files.map { $0[Self.file] != nil }
    guard isNamed ?? Files.isFile(run.path(Self.file)) else {
      throw FindingsError(.noReport(run.record.runId))
    }
    let content = try run.files.content(Self.file, what: "a report")
    let path = run.path(Self.file)
    if copy.out == nil { Terminal.print(Terminal.shown(path)) }
    try copy.write(String(decoding: content, as: UTF8.self), as: .html)
    if open { try Self.show(copy.out ?? Terminal.shown(path)) }
  }

  private func run(in project: Project) throws(FindingsError) -> StoredRun {
    let finder = RunFinder(project: project)
    if let runId { return try finder.run(runId, of: reference) }
    let found = try finder.run(reference)
    for remark in found.remarks { Terminal.note("note: \(remark.words)") }
    guard let run = found.run else { throw FindingsError(.noRunHere(found.name)) }
    // The files of a promoted model have no page; those of its run have.
    return found.promoted == nil
      ? run : try finder.run(run.record.runId, of: run.record.name)
  }

  /// Opens a file in a browser.
  private static func show(_ path: String) throws(FindingsError) {
    let environment = ProcessInfo.processInfo.environment
    let opener = "xdg-open"
    guard
      ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].contains(where: {
        environment[$0].map { !$0.isEmpty } ?? false
      })
    else { throw FindingsError(.notOpened(path, "this machine has no display")) }
    guard
      let status = Subprocess.launch(
        opener, [URL(fileURLWithPath: path).standardizedFileURL.path])
    else { throw FindingsError(.notOpened(path, "there is no `\(opener)`")) }
    guard status == 0 else {
      throw FindingsError(.notOpened(path, "`\(opener)` ended with code \(status)"))
    }
  }
}

// Findings about the pages of runs: H663 and H664.
extension Finding {
  fileprivate static func noRunHere(_ name: String) -> Finding {
    Finding(
      663, "`\(name)` has metrics here, but no run with a report.html",
      hints: ["run its spec with `holdout run`, or look where it was run"])
  }

  fileprivate static func noReport(_ runId: String) -> Finding {
    Finding(
      663, "run `\(runId)` has no report.html: an earlier version of Holdout made it",
      hints: ["run the spec again: `holdout run` makes the page, and the same numbers"])
  }

  fileprivate static func notOpened(_ path: String, _ reason: String) -> Finding {
    Finding(
      664, "`\(path)` cannot be opened: \(reason)",
      hints: [
        "open the file in a browser, if need be on another machine: it is complete by itself"
      ])
  }
}

extension Explanation {
  static let reportCommandFindings: [Explanation] = [
    Explanation(
      663, "a run without a page",
      cause: """
        Every run has a report.html today, but not those of earlier versions. Or there are only \
        metrics, as in a fresh checkout: the page of a run stays on the machine where it was run.
        """,
      example: .promotion(
        Example.quietRun + """
          cd results/renewals/runs/2*
          rm report.html
          sed -i /report.html/d run.json
          seal=$(grep -v record_sha256 run.json | sha256sum | cut -c -64)
          sed -i -E "/record_sha256/s/[0-9a-f]{64}/$seal/" run.json
          cd ../../../..
          holdout report renewals
          """),
      fix: """
        Run the spec again. On the same data it has the same numbers, and it then has the page too.
        """),
    Explanation(
      664, "a page that cannot be opened",
      cause: """
        `--open` starts `xdg-open`, which shows the page in the browser of the desktop. There is no \
        desktop, as over SSH or in a container, or no `xdg-open`, or it failed.
        """,
      example: .promotion(
        Example.quietRun + """
          export BROWSER= DISPLAY= WAYLAND_DISPLAY=
          holdout report renewals --open
          """),
      fix: """
        Copy the page to a machine with a browser (`--out` writes it where you like), or install \
        `xdg-utils`.
        """),
  ]
}
