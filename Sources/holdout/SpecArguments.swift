public import ArgumentParser
public import Diagnostics
internal import Experiment
internal import Foundation
internal import Runs
public import Spec

extension FindingFormat: ExpressibleByArgument {}

/// The specs that a command works on, and the overrides given with them.
struct SpecArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Specs (YAML files), then any number of overrides KEY.KEY=VALUE.",
      discussion: """
        Example: experiments/solidworks.yaml model.params.num_leaves=63, which is \
        solidworks@num_leaves=63 and does not change the results of solidworks.
        """,
      valueName: "spec"),
    completion: .file(extensions: ["yaml", "yml"]))
  var specs: [String] = []

  mutating func validate() throws {
    if paths.isEmpty {
      throw ValidationError("name a spec, for example experiments/solidworks.yaml")
    }
  }

  /// The distinct paths of the specs.
  var paths: [String] {
    var seen: Set<String> = []
    return specs.filter { path in
      !Override.isOverride(path)
        && seen.insert(URL(fileURLWithPath: path).standardizedFileURL.path).inserted
    }
  }

  private var overrides: [Override] {
    specs.enumerated().filter { Override.isOverride($0.element) }
      .map { Override($0.element, number: $0.offset + 1) }
  }

  /// Loads every spec with the overrides. Two experiments with the same name would overwrite each
  /// other's results, so the later one's file gets a finding.
  ///
  /// A spec may be anywhere; the files it extends must be in the project, or below one of its
  /// roots.
  /// - Throws: `FindingsError` if holdout.yaml is wrong.
  func load() throws -> [LoadedSpecFile] {
    let project = try Self.project()
    let roots = project.roots
    var names: [String: Located<String>] = [:]
    return paths.enumerated().map { number, path in
      var file = SpecLoader.load(
        path: path, overrides: overrides, naming: .byOverrides, roots: roots)
      // Findings about holdout.yaml itself appear once, before those about the specs.
      if number == 0 { file.findings = project.spec.warnings + file.findings }
      for spec in file.specs {
        if let other = names.updateValue(spec.name, forKey: spec.name.value) {
          file.findings.append(.sameName(spec.name, other: other))
        }
      }
      return file
    }
  }

  /// Loads the specs for a command that processes them one by one and continues past invalid files.
  /// If an override does not fit one of the specs, the command must do nothing at all.
  /// - Throws: `FindingsError` with every problem with the overrides, in any of the specs.
  func loadToWork() throws -> [LoadedSpecFile] {
    let files = try load()
    guard !overrides.isEmpty else { return files }
    let roots = try Self.project().roots
    let findings = try files.flatMap { file in
      let own = try Self.errors(of: file)
      let plain =
        own.isEmpty ? [] : try Self.errors(of: SpecLoader.load(path: file.path, roots: roots))
      return own.filter { finding in !plain.contains { $0.isSame(as: finding) } }
    }
    // A problem with an argument is reported once, however many specs it applies to.
    let unique = findings.enumerated().filter { offset, finding in
      !findings[..<offset].contains { $0.isSame(as: finding) }
    }
    guard unique.isEmpty else { throw FindingsError(unique.map(\.element)) }
    return files
  }

  /// The errors in a file's experiments and in their learner parameters.
  private static func errors(of file: LoadedSpecFile) throws -> [Finding] {
    let errors = file.findings.filter { $0.severity == .error }
    guard errors.isEmpty else { return errors }
    // Members that differ only elsewhere have the same learner.
    var tried: Set<String> = []
    return try file.members.flatMap { member -> [Finding] in
      guard let model = member.model, let features = member.spec?.features else { return [] }
      let learner =
        model.learnerText
        + ["\(model.constraints)", model.trainer.value.rawValue] + features.map(\.name.value)
      guard tried.insert(learner.joined(separator: " ")).inserted else { return [] }
      return try ExperimentRunner.parameterFindings(model, features: features)
        .filter { $0.severity == .error }
    }
  }

  /// Loads the only spec file of a command that takes one, and prints its warnings.
  /// - Throws: `FindingsError` when it has errors.
  func loadFile() throws -> LoadedSpecFile {
    guard paths.count == 1 else { throw ValidationError("this command takes one spec") }
    let file = try load()[0]
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    Terminal.show(file.findings)
    return file
  }

  /// Loads the only experiment of a command that takes one.
  /// - Throws: `FindingsError` when it has errors, or when the spec is a sweep of several.
  func loadOne() throws -> ExperimentSpec { try only(of: try loadFile()) }

  /// The only experiment of a file.
  /// - Throws: `FindingsError` when the file is a sweep of several.
  func only(of file: LoadedSpecFile) throws -> ExperimentSpec {
    guard let spec = file.spec else {
      throw FindingsError(.severalExperiments(file.specs.map(\.name), file.path))
    }
    return spec
  }

  /// The project of the working directory, after removing what killed commands left in it.
  static func project() throws -> Project {
    let project = try ProjectFinder.find(from: FileManager.default.currentDirectoryPath)
    Leftovers.remove(from: project)
    return project
  }
}

/// How much of the machine a command may use.
struct MachineArguments: ParsableArguments {
  @Option(
    name: .long,
    help: "The number of threads; it does not affect results. Default: all cores.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
  @OptionGroup var limits: LimitArguments

  mutating func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
  }
}

// Findings about the specs of one command: H261 and H272.
extension Finding {
  /// Whether another finding is identical and at the same position of a file; arguments never
  /// match.
  fileprivate func isSame(as other: Finding) -> Bool {
    id == other.id && message == other.message
      && span?.file.name == other.span?.file.name && span?.range == other.span?.range
  }

  static func severalExperiments(
    _ names: [Located<String>], _ path: String
  ) -> Finding {
    let examples = names.prefix(3).map { "`\($0.value)`" }.joined(separator: ", ")
    return Finding(
      261, "`\(path)` describes \(names.count) experiments, but this command takes one",
      notes: ["they are \(examples)\(names.count > 3 ? " ..." : "")"],
      hints: ["give a value for every swept path as an argument, or `sweep=null`"])
  }

  fileprivate static func sameName(_ name: Located<String>, other: Located<String>) -> Finding {
    Finding(
      272, "two experiments are named `\(name.value)`", at: name.span,
      label: "their results would overwrite each other",
      hints: ["give one of them another name"],
      related: [Related("named here before", at: other.span)])
  }
}

extension CalendarDate: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Explanation {
  static let specArgumentsFindings: [Explanation] = [
    Explanation(
      261, "several experiments where one is needed",
      cause: """
        A spec with a `sweep` describes one experiment per combination of values. `panel` writes the \
        panel of a single one.
        """,
      example: .files(
        [("spec.yaml", "extends: base.yaml\nsweep: {cutoffs.train: [3, 4]}\n")],
        "holdout panel spec.yaml --out panel.parquet"),
      fix:
        "Give the swept values as arguments: `cutoffs.train=3`. A given value is not swept."
    ),
    Explanation(
      272, "two experiments with one name",
      cause: """
        Results go to `results/NAME`. Of two experiments with one name, the later would overwrite \
        the earlier.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\nname: renewals\n"),
          ("other.yaml", "extends: base.yaml\nname: «renewals»\ndescription: Another question\n"),
        ], "holdout check --offline spec.yaml other.yaml"),
      fix: "Give one of them another name."),
  ]
}
