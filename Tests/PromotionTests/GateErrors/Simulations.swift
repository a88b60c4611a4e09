import Dispatch
import Evaluation
import Foundation
import Randomness
import Synchronization

/// How many pairs of models are simulated, and from what seed.
struct Simulations {
  /// Whether `scripts/gate-errors` asks; otherwise a slice of a few seconds is one of the tests.
  let isWhole: Bool
  let pairs: Int
  let seed: UInt64

  static let asked: Simulations = {
    let environment = ProcessInfo.processInfo.environment
    let pairs = environment["HOLDOUT_GATE_PAIRS"].flatMap { Int($0) }
    return Simulations(
      isWhole: pairs != nil, pairs: pairs ?? 30,
      seed: environment["HOLDOUT_GATE_SEED"].flatMap { UInt64($0) } ?? 1)
  }()

  static let entities = 4000

  /// ROC AUC with the usual smallest effect; the script draws more resamples.
  func options(resamples: Int? = nil) -> ComparisonOptions {
    ComparisonOptions(
      bootstrap: BootstrapOptions(resamples: resamples ?? (isWhole ? 1000 : 200)))
  }

  /// The comparison of two models' rows; what does not decide is not measured, to save time.
  func compare(
    _ base: ScoredRows, _ candidate: ScoredRows, resamples: Int? = nil
  ) -> PairedComparison? {
    let options = options(resamples: resamples)
    return comparePaired(
      base, [candidate], EvaluationOptions(topK: [], topPercent: []), options,
      only: options.metric)[0]
  }

  /// The seed of one pair of one simulation.
  func seed(_ simulation: String, _ pair: Int) -> UInt64 {
    SplitMix64.mixed(SplitMix64.number(of: simulation) &+ SplitMix64.mixed(seed) &+ UInt64(pair))
  }

  /// The answers for every pair, on two threads.
  func each<Answer: Sendable>(
    _ count: Int? = nil, _ body: @Sendable (Int) throws -> Answer
  ) throws -> [Answer] {
    let count = count ?? pairs
    let answers = Mutex([Result<Answer, any Error>?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      for pair in stride(from: worker, to: count, by: 2) {
        let answer = Result { try body(pair) }
        answers.withLock { $0[pair] = answer }
      }
    }
    return try answers.withLock { $0 }.compactMap { try $0?.get() }
  }

  func say(_ line: String) {
    if isWhole { print("gate-errors: \(line)") }
  }

  /// The rates of every outcome of the comparisons, one to a line.
  func report(_ comparisons: [PairedComparison]) {
    func rate(_ name: String, _ holds: (PairedComparison) -> Bool) {
      say("  \(name) \(Share(comparisons.count(where: holds), of: comparisons.count))")
    }
    for verdict in Verdict.allCases {
      rate("\(verdict.rawValue):") { $0.verdict == verdict }
    }
    rate("interval leaves zero out (nominal 5 %):") { $0.pValue <= 0.05 }
    for outcome in NonInferiority.Outcome.allCases {
      rate("gate, \(outcome.rawValue)\(outcome == .fail ? " (nominal 2.5 %)" : ""):") {
        NonInferiority($0, margin: options().smallestEffect).outcome == outcome
      }
    }
  }
}
