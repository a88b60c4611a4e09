import Experiment
import Foundation
import HoldoutTestSupport
import Spec
import Synchronization
import Testing

/// Experiments that are run side by side, in this process.
@Suite struct SuiteRunnerTests {
  private static let overlays = [
    "name: one", "name: two\nmodel: {params: {num_leaves: 6}}",
    // Another panel, so that it is of another group of fits.
    "name: three\nfeature_sets: {more: [big: {sql: \"accounts.size >= 50\", type: flag}]}",
    "name: four\nmodel: {seed: 43, quantized_gradients: true}", "name: five\ncutoffs: {train: 4}",
    "name: six\nmodel: {params: {num_leaves: 3}}",
  ]

  /// Runs all of them; returns how each ended, in the order in which it was told.
  private static func run(
    _ bench: AccountsBench, _ overlays: [String] = overlays, jobs: Int?, threads: Int,
    memory: Int = 1 << 33
  ) throws -> [(index: Int, word: String)] {
    let told = Mutex<[(index: Int, word: String)]>([])
    let runner = SuiteRunner(
      runner: bench.runner(), machine: SuiteMachine(threads: threads, jobs: jobs, memory: memory))
    let experiments = try overlays.map { try AccountsBench.experiment($0) }
    runner.run(experiments, progress: { _ in { _ in } }) { index, outcome in
      let word =
        switch outcome {
        case .done: "done"
        case .kept: "kept"
        case .dropped: "dropped"
        case .failed(let error): "failed: \(error)"
        }
      told.withLock { $0.append((index, word)) }
    }
    return told.withLock { $0 }
  }

  /// Every file but run.json, which holds times.
  private static func results(_ bench: AccountsBench) -> [String: Data] {
    bench.contents(of: "results").filter { !$0.key.hasSuffix("run.json") }
  }

  @Test func `side by side or one after the other, the results are the same bytes`() throws {
    let alone = try AccountsBench()
    #expect(try Self.run(alone, jobs: 1, threads: 1).allSatisfy { $0.word == "done" })
    let expected = Self.results(alone)
    #expect(expected.keys.count { $0.hasSuffix("/model.txt") } == 6)
    for (jobs, threads, memory) in [(nil, 4, 1 << 33), (3, 6, 1 << 33), (nil, 4, 1)] {
      let bench = try AccountsBench()
      let told = try Self.run(bench, jobs: jobs, threads: threads, memory: memory)
      // Told in their order, however they end.
      #expect(told.map(\.index) == Array(0..<6))
      #expect(told.allSatisfy { $0.word == "done" }, "\(told)")
      #expect(Self.results(bench) == expected)
      let again = try Self.run(bench, jobs: jobs, threads: threads)
      #expect(again.map(\.index) == Array(0..<6) && again.allSatisfy { $0.word == "kept" })
    }
  }

  @Test func `one that fails does not keep the others from running`() throws {
    let bench = try AccountsBench()
    let told = try Self.run(
      bench,
      [
        "name: one", "name: two\ncohort: {where: [{sql: \"accounts.size > 1000\"}]}",
        "name: three\nsources: {visits: {parquet: none.parquet}}", "name: four",
      ], jobs: nil, threads: 2)
    #expect(told.map(\.index) == [0, 1, 2, 3])
    #expect(told.map { $0.word.prefix(6) } == ["done", "failed", "failed", "done"])
  }
}
