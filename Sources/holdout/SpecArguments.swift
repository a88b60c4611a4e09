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

  var paths: [String] { specs.filter { !Override.isOverride($0) } }

  /// Loads every spec with the overrides.
  func load() -> [LoadedSpec] {
    let overrides = specs.enumerated().filter { Override.isOverride($0.element) }
      .map { Override($0.element, number: $0.offset + 1) }
    return paths.map { SpecLoader.load(path: $0, overrides: overrides) }
  }

  /// Loads the only spec of a command that takes one.
  /// - Throws: `FindingsError` when it has errors; its warnings are shown.
  func loadOne() throws -> ExperimentSpec {
    guard paths.count == 1 else { throw ValidationError("this command takes one spec") }
    let loaded = load()[0]
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    Terminal.show(loaded.findings)
    return spec
  }

  /// The project that the working directory is in.
  static func project() throws -> Project {
    try ProjectFinder.find(from: FileManager.default.currentDirectoryPath)
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
