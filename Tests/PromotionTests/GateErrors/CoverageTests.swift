import Evaluation
import Testing

/// How often an interval holds the true difference when few entities buy.
@Suite struct CoverageTests {
  private let simulations = Simulations.asked

  @Test(arguments: [20, 50, 200])
  func `intervals of equally good models hold zero about as often as they say`(
    buyers: Int
  ) throws {
    guard simulations.isWhole || buyers == 20 else { return }
    let metrics = ["roc_auc", "pr_auc", "log_loss", "brier", "ece", "recall_at_10_percent"]
    let evaluation = EvaluationOptions(topK: [], topPercent: [10])
    let held = try simulations.each(simulations.isWhole ? 2 * simulations.pairs : 30) { pair in
      var rows = SimulatedEntities(seed: simulations.seed("held", pair), buyers: buyers)
      let sides = [rows.judged(noise: 1), rows.judged(noise: 1)]
      let draws = sides.map {
        bootstrap($0, options: evaluation, bootstrap: BootstrapOptions(resamples: 500))
      }
      let differences = draws[1].subtracting(draws[0])
      let values = sides.map { evaluate($0, options: evaluation) }.map {
        $0.mean.values.merging($0.pooled.values) { $1 }
      }
      return try metrics.map { metric in
        let column = differences.pooled[metric] ?? differences.mean[metric] ?? []
        let estimate = try #require(values[1][metric]) - #require(values[0][metric])
        return try [buyers, 1_000_000_000].map { units in
          let interval = try #require(
            DifferenceDistribution(estimate: estimate, draws: column, units: units)
          ).interval(alpha: 0.05)
          return interval.lower <= 0 && interval.upper >= 0
        }
      }
    }
    simulations.say("coverage of 95 % intervals with \(buyers) buyers; plain percentile intervals")
    for (number, metric) in metrics.enumerated() {
      let shares = [0, 1].map { kind in
        Share(held.count { $0[number][kind] }, of: held.count)
      }
      simulations.say("  \(metric): \(shares[0]); \(shares[1])")
      #expect(shares[0].chanceOfSoFew(at: 0.93) > 1e-6, "\(metric): \(shares[0])")
    }
  }
}
