internal import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Panel
internal import Reports
internal import Runs
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
        holdout plan experiments/solidworks.yaml --format html --out plan.html
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, markdown, html }

  @OptionGroup var arguments: SpecArguments
  @Option(help: "How the plan is printed: text, markdown or html.")
  var format: Format = .text
  @OptionGroup var file: OutArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    try file.check()
    let loaded = try arguments.loadFile()
    let project = try machine.limits.project()
    let plans = try loaded.panels.map { specs in
      try plan(specs[0], others: specs.dropFirst().map(\.name.value), project)
    }
    switch format {
    case .text where file.out == nil: Terminal.print(Page(plans))
    case .text: try file.write(Page(plans).text(), as: .text)
    case .markdown: try show(Page(plans).markdown, as: .markdown)
    case .html: try show(Page(figuresOf: plans).html(), as: .html)
    }
  }

  /// Prints a page, or writes it to the file.
  private func show(_ text: String, as format: PageFormat) throws {
    if file.out == nil { Terminal.printText(text) } else { try file.write(text, as: format) }
  }

  private func plan(_ spec: ExperimentSpec, others: [String], _ project: Project) throws -> Plan {
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
    return Plan(
      spec, builder.timeline, folds: builder.folds, counts: counts, others: others)
  }
}
