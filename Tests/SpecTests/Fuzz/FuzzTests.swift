import Foundation
import HoldoutTestSupport
import Testing

/// Mutated specs against the promises of the loaders.
///
/// `scripts/fuzz SECONDS SEED` runs it for longer. `HOLDOUT_FUZZ_INPUT=NUMBER` tries a single input
/// and writes its files out, so that `holdout check` can be run on them.
@Suite("Fuzz")
struct FuzzTests {
  /// A machine that tries fewer a second is too slow for its run to say anything.
  static let fewestInputsPerSecond = 5.0

  @Test("whatever a spec looks like, it is read or refused, and nothing crashes or hangs")
  func fuzz() throws {
    let settings = FuzzSettings.fromEnvironment
    if let number = settings.input { try Self.writeOut(number, settings) }
    var run = FuzzRun(settings)
    try run.run()
    print(run.summary)
    for violation in run.violations {
      let count = run.counts[violation.promise, default: 1]
      Issue.record("\(violation)\n(\(count) inputs broke this promise)")
    }
    guard settings.input == nil, run.violations.isEmpty else { return }
    #expect(Double(run.inputs) >= Self.fewestInputsPerSecond * settings.seconds)
    #expect(run.acceptedShare > 0.05, "hardly any input comes as far as decoding")
  }

  @Test("an input is made of its seed and number and of nothing else")
  func repeatable() throws {
    let seeds = try FuzzSeeds(repository: Repository.folder)
    let again = try FuzzSeeds(repository: Repository.folder)
    for number in 0..<200 {
      let input = FuzzGenerator(seeds: seeds, seed: 7).input(number)
      #expect(input == FuzzGenerator(seeds: again, seed: 7).input(number))
    }
  }

  /// Writes the files of one input into a folder of its own.
  private static func writeOut(_ number: Int, _ settings: FuzzSettings) throws {
    let seeds = try FuzzSeeds(repository: Repository.folder)
    let input = FuzzGenerator(seeds: seeds, seed: settings.seed).input(number)
    let folder = "\(FuzzSettings.folder)/seed-\(settings.seed)-input-\(number)"
    for file in input.files {
      let url = URL(fileURLWithPath: "\(folder)/\(file.name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: url)
    }
    try Data(input.overrides.joined(separator: "\n").utf8).write(
      to: URL(fileURLWithPath: "\(folder)/arguments.txt"))
    print("fuzz: input \(number) lies in \(folder), arguments one a line in arguments.txt")
  }
}
