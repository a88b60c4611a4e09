import ArgumentParser
import Diagnostics
import Experiment
import Panel
internal import Runs
import Spec

/// `holdout check`
struct CheckCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check specs, and whether the data fit them.",
    discussion: """
      Reports all problems at once, each with its place in the file and a fix.
      Nothing is trained or written.

        holdout check experiments/*.yaml
        holdout check --offline experiments/*.yaml     without looking at data
      """)

  @OptionGroup var arguments: SpecArguments
  @Flag(help: "Check only what needs no data: keys, types, references, learner parameters.")
  var offline = false
  @Option(help: "How findings are printed: text, json or github (annotations).")
  var format: FindingFormat = .text
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let project = try machine.limits.project()
    var findings: [Finding] = []
    for file in try arguments.load() {
      let own = try (file.findings + self.findings(of: file, project)).withoutRepetitions()
      findings += own
      if !own.hasErrors {
        let count = file.specs.count
        Terminal.note("\(file.path): ok\(count == 1 ? "" : ", \(count) experiments")")
      }
    }
    Terminal.show(findings, format: format, areResult: true)
    if findings.hasErrors { throw ExitCode(2) }
  }

  /// Checks the experiments of a file with the learner and, unless `--offline`, with the data.
  private func findings(of file: LoadedSpecFile, _ project: Project) throws -> [Finding] {
    var findings: [Finding] = []
    // Members that differ only elsewhere have the same learner.
    var tried: Set<String> = []
    for member in file.members {
      guard let model = member.model else { continue }
      let features = file.findings.hasErrors ? nil : member.spec?.features
      let learner =
        model.learnerText
        + ["\(model.constraints)", model.trainer.value.rawValue]
        + (features ?? []).map(\.name.value)
      guard tried.insert(learner.joined(separator: " ")).inserted else { continue }
      findings += try ExperimentRunner.parameterFindings(model, features: features)
    }
    if !offline, !file.findings.hasErrors {
      for group in file.panels { findings += try dataFindings(group, project) }
    }
    return findings
  }

  /// - Parameter group: experiments with the same panel.
  private func dataFindings(_ group: [ExperimentSpec], _ project: Project) throws -> [Finding] {
    let engine = try NativeLibraries.engine(threads: machine.threads)
    do {
      let builder = try PanelBuilder(
        group[0], project: project.spec, projectFolder: project.folder, engine: engine)
      return builder.findings
        + group.flatMap { ExperimentRunner.timelineFindings($0, builder.folds) }
    } catch let error as FindingsError {
      return error.findings
    }
  }
}

extension LoadedSpecFile {
  /// The experiments, grouped by identical panels.
  var panels: [[ExperimentSpec]] {
    var groups: [(text: String?, specs: [ExperimentSpec])] = []
    for member in members {
      guard let spec = member.spec else { continue }
      // Clusters and columns of segments are read along with a panel, and are no part of its text.
      let cluster = spec.evaluation.cluster.map { "\($0.value)" } ?? ""
      let segments = spec.segmentColumns.map(\.name.value)
      let text = member.panelText.map { "\($0)\n\(cluster)\n\(segments)" }
      if let index = groups.firstIndex(where: { $0.text == text }) {
        groups[index].specs.append(spec)
      } else {
        groups.append((text, [spec]))
      }
    }
    return groups.map(\.specs)
  }
}
