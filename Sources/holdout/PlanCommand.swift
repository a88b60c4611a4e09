import ArgumentParser
import Diagnostics
import Experiment
import Panel
import Spec

/// `holdout plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every cutoff with its role, label window, rows and positives.",
    discussion: """
      The timeline is built backwards from the last cutoff whose label window has
      been observed: test, then calibrate, then train, with an embargo between them
      so that no label window of an earlier role reaches past the first cutoff of
      the next.

        holdout plan experiments/solidworks.yaml
        holdout plan experiments/solidworks.yaml cutoffs.train=12
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var machine: MachineArguments

  func run() throws {
    let file = try arguments.loadFile()
    let project = try SpecArguments.project()
    for (index, specs) in file.panels.enumerated() {
      if index > 0 { Terminal.print("") }
      try plan(specs[0], project)
      let others = specs.dropFirst().map(\.name.value)
      if !others.isEmpty { Terminal.print("\nthe same for: \(others.joined(separator: " "))") }
    }
  }

  private func plan(_ spec: ExperimentSpec, _ project: Project) throws {
    let engine = try NativeLibraries.engine(threads: machine.threads)
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    Terminal.show(builder.findings)
    let counts = try builder.timeline.cutoffs.map(builder.counts)
    Terminal.print(TimelineDrawing(spec: spec, timeline: builder.timeline, counts: counts).text)
  }
}
