import ArgumentParser
import Diagnostics
import Experiment
import Panel
import Spec

/// `holdout check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check specs, and whether the data fits them.",
    discussion: """
      Reports everything that is wrong at once, each with its place in the file and what to do.
      Nothing is trained or written.

        holdout check experiments/*.yaml
        holdout check --offline experiments/*.yaml     without looking at data
      """)

  @OptionGroup var arguments: SpecArguments
  @Flag(help: "Only what needs no data: keys, types, references, learner parameters.")
  var offline = false
  @Option(help: "How findings are printed: text, json or github (annotations).")
  var format: FindingFormat = .text
  @OptionGroup var machine: MachineArguments

  func run() throws {
    let project = try SpecArguments.project()
    var findings: [Finding] = []
    for (path, loaded) in zip(arguments.paths, arguments.load()) {
      var own = loaded.findings
      // What the spec's own checks have said already, the learner need not say again.
      let known = Set(own.map(\.id))
      if let spec = loaded.spec {
        own += try Self.findings(spec, project, self).filter { !known.contains($0.id) }
      }
      findings += own
      if !own.hasErrors { Terminal.note("\(path): ok") }
    }
    Terminal.show(findings, format: format)
    if findings.hasErrors { throw ExitCode(2) }
  }

  private static func findings(
    _ spec: ExperimentSpec, _ project: Project, _ command: CheckCommand
  ) throws -> [Finding] {
    let learner = try ExperimentRunner.parameterFindings(spec)
    if command.offline { return learner }
    let engine = try NativeLibraries.engine(threads: command.machine.threads)
    do {
      let builder = try PanelBuilder(
        spec, project: project.spec, projectFolder: project.folder, engine: engine)
      return learner + builder.findings
    } catch let error as FindingsError {
      return learner + error.findings
    }
  }
}
