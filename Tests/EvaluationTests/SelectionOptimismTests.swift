import Evaluation
import Randomness
import Testing

@Suite struct SelectionOptimismTests {
  /// A world with runs whose margins are the truth and noise of their own.
  private static func world(_ seed: UInt64, noises: [Double]) -> [ScoredRows] {
    var draw = Draw(seed: seed)
    let truth = draw.scoredRows(entities: 300, cutoffs: 2, base: -1.5, step: 0)
    return noises.map { draw.noisier(truth, by: $0) }
  }

  /// The area under the ROC curve of runs of that noise in general.
  private static func truth(_ noise: Double) throws -> Double {
    var draw = Draw(seed: 99)
    let rows = draw.scoredRows(entities: 100_000, cutoffs: 2, base: -1.5, step: 0)
    let groups = draw.noisier(rows, by: noise)
    return try #require(
      ScoreGroups(labels: groups.label, scores: groups.margin).areaUnderROC)
  }

  @Test(arguments: [
    ([Double](repeating: 1, count: 10), 0.8...1.2),
    // Picking by the 63 % of the entities that a resample holds goes wrong a little more often.
    ([0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25], 0.7...1.6),
  ])
  func `it finds about the optimism that is there`(
    noises: [Double], expected: ClosedRange<Double>
  ) throws {
    let truths = try noises.map(Self.truth)
    let mean = truths.reduce(0, +) / Double(truths.count)
    var real = 0.0
    var found = 0.0
    for world in 0..<60 {
      let runs = Self.world(UInt64(world), noises: noises)
      let optimism = try #require(
        selectionOptimism(
          runs, metric: "roc_auc", bootstrap: BootstrapOptions(resamples: 60, threads: 2)))
      // What the best leads the others by; the labels are as lucky for one run as for another.
      let values = runs.compactMap {
        ScoreGroups(labels: $0.label, scores: $0.margin).areaUnderROC
      }
      let lead = optimism.value - values.reduce(0, +) / Double(values.count)
      real += lead - (truths[optimism.best] - mean)
      found += optimism.optimism
      #expect(optimism.corrected == optimism.value - optimism.optimism)
      #expect(isClose(optimism.shares.reduce(0, +), 1, 1e-12))
    }
    #expect(real / 60 > 0.005, "picking flatters in this world")
    #expect(expected.contains(found / real), "found \(found / 60), real \(real / 60)")
  }

  @Test func `a run that is clearly the best is not flattered by being picked`() throws {
    let runs = Self.world(7, noises: [3, 0.1, 3, 3])
    let optimism = try #require(
      selectionOptimism(
        runs, metric: "roc_auc", bootstrap: BootstrapOptions(resamples: 200)))
    #expect(optimism.best == 1)
    #expect(optimism.shares == [0, 1, 0, 0])
    #expect(optimism.optimism < 0.005)
  }

  @Test(arguments: ["log_loss", "brier", "ece", "pr_auc", "recall_at_10_percent", "lift_at_50"])
  func `it never makes the best look better`(metric: String) throws {
    let runs = Self.world(8, noises: [1, 1.1, 0.9, 1])
    let options = EvaluationOptions(topK: [50, 60], topPercent: [10])
    let found = try #require(
      selectionOptimism(
        runs, metric: metric, evaluation: options,
        bootstrap: BootstrapOptions(resamples: 100, threads: 2)))
    let values = runs.map { rows in
      let metrics = evaluate(rows, options: options)
      return metrics.pooled.values[metric] ?? metrics.mean.values[metric] ?? .nan
    }
    let lessIsBetter = MetricDirection(of: metric) == .lessIsBetter
    #expect(found.value == (lessIsBetter ? values.min() : values.max()))
    #expect(lessIsBetter ? found.corrected >= found.value : found.corrected <= found.value)
    #expect(found.optimism > 0)
  }

  @Test func `a single run, and copies of one, are not flattered`() throws {
    let rows = Self.world(9, noises: [1])
    for runs in [rows, rows + rows + rows] {
      let found = try #require(selectionOptimism(runs, metric: "roc_auc"))
      #expect(found.best == 0 && found.optimism == 0)
    }
    #expect(selectionOptimism([], metric: "roc_auc") == nil)
    #expect(selectionOptimism(rows, metric: "base_rate") == nil)
    #expect(selectionOptimism(rows, metric: "recall_at_7") == nil)
  }
}
