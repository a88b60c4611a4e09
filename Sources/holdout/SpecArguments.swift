public import ArgumentParser
public import Diagnostics
import Experiment
import Foundation
import Spec

extension FindingFormat: ExpressibleByArgument {}

/// The specs that a command works on, and the values given beside them.
struct SpecArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Specs (YAML files), then any number of overrides KEY.KEY=VALUE.",
      discussion: "Example: experiments/solidworks.yaml model.params.num_leaves=63",
      valueName: "spec"),
    completion: .file(extensions: ["yaml", "yml"]))
  var specs: [String] = []

  mutating func validate() throws {
    if paths.isEmpty {
      throw ValidationError("name a spec, for instance experiments/solidworks.yaml")
    }
  }

  /// The specs' paths, each once.
  var paths: [String] {
    var seen: Set<String> = []
    return specs.filter { path in
      !Override.isOverride(path)
        && seen.insert(URL(fileURLWithPath: path).standardizedFileURL.path).inserted
    }
  }

  /// Loads every spec with the overrides. Two experiments of one name would overwrite each other's
  /// results, so the later one's file gets a finding.
  ///
  /// A spec may lie anywhere; what it extends lies in the project, or below a root of it.
  /// - Throws: `FindingsError` where holdout.yaml is wrong.
  func load() throws -> [LoadedSpecFile] {
    let roots = try Self.project().roots
    let overrides = specs.enumerated().filter { Override.isOverride($0.element) }
      .map { Override($0.element, number: $0.offset + 1) }
    var names: [String: Located<String>] = [:]
    return paths.map { path in
      var file = SpecLoader.load(path: path, overrides: overrides, roots: roots)
      for spec in file.specs {
        if let other = names.updateValue(spec.name, forKey: spec.name.value) {
          file.findings.append(.sameName(spec.name, other: other))
        }
      }
      return file
    }
  }

  /// Loads the only spec file of a command that takes one; its warnings are shown.
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
  func loadOne() throws -> ExperimentSpec {
    let file = try loadFile()
    guard let spec = file.spec else {
      throw FindingsError(.severalExperiments(file.specs.map(\.name), file.path))
    }
    return spec
  }

  /// The project that the working directory is in, rid of what killed commands left in it.
  static func project() throws -> Project {
    let project = try ProjectFinder.find(from: FileManager.default.currentDirectoryPath)
    Leftovers.remove(from: project)
    return project
  }
}

/// How much of the machine a command takes.
struct MachineArguments: ParsableArguments {
  @Option(
    name: .long,
    help: "Threads to work with; results are the same for any number. Default: all cores.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  mutating func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
  }
}

// Findings about the specs of one call: H261 and H272.
extension Finding {
  fileprivate static func severalExperiments(
    _ names: [Located<String>], _ path: String
  ) -> Finding {
    let examples = names.prefix(3).map { "`\($0.value)`" }.joined(separator: ", ")
    return Finding(
      261, "`\(path)` describes \(names.count) experiments, and this command takes one",
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
