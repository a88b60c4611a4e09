import ArgumentParser
import Diagnostics
import Experiment
import Spec

/// `holdout why`
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Show what a run would make anew, and the first thing that has changed.",
    discussion: """
      Stage by stage (the finished run, the cohort, the label, each feature): whether
      the cache has it, of how many cutoffs, and for what it has not, the first
      input that is another than in the spec's last run. Nothing is loaded or made.

        holdout why experiments/solidworks.yaml
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var limits: LimitArguments

  func run() throws {
    let project = try limits.project()
    let file = try arguments.loadFile()
    let runner = ExperimentRunner(project: project, version: Holdout.version) {
      Terminal.show([$0])
    }
    for experiment in file.members.compactMap(\.experiment) {
      Terminal.printText(Self.text(try runner.why(experiment)))
    }
  }

  private static func text(_ report: WhyReport) -> String {
    var lines = [report.name]
    if let unknown = report.unknown { return "\(report.name): \(unknown)\n" }
    let width = report.stages.map(\.stage.count).max() ?? 0
    for stage in report.stages {
      let count = stage.parts > 1 ? "\(stage.hits) of \(stage.parts) cached" : ""
      let reason =
        stage.isHit ? "" : stage.differs.map { "changed: \($0)" } ?? "not made yet, or pruned"
      lines.append(
        "  " + TimelineDrawing.padded(stage.stage, width + 2)
          + TimelineDrawing.padded(stage.isHit ? "hit" : "miss", 6)
          + TimelineDrawing.padded(count, 18) + reason)
    }
    return lines.map { $0.replacing(#/ +$/#, with: "") }.joined(separator: "\n") + "\n"
  }
}
