internal import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Panel
internal import Reports
internal import Spec

/// `holdout plan`
struct PlanCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every cutoff with its role, label window, rows, and positives.",
    discussion: """
      The timeline is built backward from the last cutoff whose label window has
      been observed: test, then calibrate, then train, with an embargo between them,
      so that no label window of a role ends after the first cutoff of the next
      role. Below it are the folds, if there are several, and what other choices
      would cost in cutoffs and positives.

        holdout plan experiments/solidworks.yaml
        holdout plan experiments/solidworks.yaml cutoffs.train=12
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, markdown, html }

  @OptionGroup var arguments: SpecArguments
  @Option(help: "How the plan is printed: text, markdown or html.")
  var format: Format = .text
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let file = try arguments.loadFile()
    let project = try machine.limits.project()
    var blocks: [Page.Block] = []
    for (index, specs) in file.panels.enumerated() {
      let page = try plan(specs[0], project)
      let others = specs.dropFirst().map(\.name.value).joined(separator: " ")
      if format == .text {
        if index > 0 { Terminal.print("") }
        Terminal.print(page)
        if !others.isEmpty { Terminal.print("\nthe same for: \(others)") }
      } else {
        blocks += [.heading(specs[0].name.value, level: 2)] + page.blocks
        blocks.append(.paragraph(others.isEmpty ? "" : "The same for: \(others)"))
      }
    }
    switch format {
    case .text: break
    case .markdown: Terminal.printText(Page(blocks).markdown)
    case .html: Terminal.printText(Page(blocks).html(title: "Plan"))
    }
  }

  private func plan(_ spec: ExperimentSpec, _ project: Project) throws -> Page {
    let engine = try NativeLibraries.engine(threads: machine.threads)
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    Terminal.show(builder.findings)
    // Cohort and label depend only on the day, so each day is counted once for all folds and
    // choices.
    var days: Set<CalendarDate> = []
    let cutoffs = (builder.timeline.cutoffs + builder.folds.flatMap(\.split))
      .filter { days.insert($0.date).inserted }
    let counts = Dictionary(
      uniqueKeysWithValues: zip(cutoffs.map(\.date), try builder.counts(cutoffs)))
    return Page(planOf: spec, builder.timeline, folds: builder.folds, counts: counts)
  }
}
