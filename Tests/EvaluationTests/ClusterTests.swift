import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

/// Clusters of entities that are copies of each other: they add rows, and no evidence.
@Suite struct ClusterTests {
  /// 400 entities at one cutoff, each with a margin of its own.
  private static func once(seed: UInt64) -> ScoredRows {
    var draw = Draw(seed: seed)
    return draw.scoredRows(entities: 600, cutoffs: 1, base: -1, step: 0)
      .selecting(Array(0..<400))
  }

  /// Every row for `copies` entities of one cluster. The clusters are numbered backward.
  private static func copied(
    _ rows: ScoredRows, copies: Int32 = 2, areClustered: Bool = true
  ) -> ScoredRows {
    let places = (0..<rows.count).flatMap { Array(repeating: $0, count: Int(copies)) }
    let numbers = (0..<Int32(rows.count)).flatMap { Array(repeating: $0, count: Int(copies)) }
    return ScoredRows(
      cutoff: places.map { rows.cutoff[$0] },
      entity: places.indices.map { rows.entity[places[$0]] * copies + Int32($0) % copies },
      cluster: areClustered ? numbers.map { 1_000 - $0 } : nil,
      label: places.map { rows.label[$0] }, margin: places.map { rows.margin[$0] },
      score: places.map { rows.score[$0] }, uncalibrated: places.map { rows.uncalibrated[$0] })
  }

  private let options = EvaluationOptions(topK: [], topPercent: [25])

  @Test(arguments: [2, 4] as [Int32])
  func `copies in one cluster give the draws of the rows without copies`(_ copies: Int32) throws {
    let rows = Self.once(seed: 31)
    let settings = BootstrapOptions(resamples: 60, seed: 3)
    let expected = bootstrap(rows, options: options, bootstrap: settings)
    let found = bootstrap(
      Self.copied(rows, copies: copies), options: options, bootstrap: settings)
    for (name, values) in expected.pooled {
      let own = try #require(found.pooled[name])
      if ["ece", "calibration_slope", "calibration_intercept"].contains(name) {
        // Sums over the rows of a bin, and iterations that end after a step of 1e-10.
        for (left, right) in zip(own, values) { #expect(isClose(left, right, 1e-9), "\(name)") }
      } else {
        // Twice or four times every sum, which a binary fraction represents exactly.
        #expect(own == values, "\(name)")
      }
    }
    #expect(found.mean == expected.mean)
    // Without the clusters, the copies count as evidence.
    let naive = bootstrap(
      Self.copied(rows, copies: copies, areClustered: false), options: options,
      bootstrap: BootstrapOptions(resamples: 400, seed: 3))
    let wide = bootstrap(
      Self.copied(rows, copies: copies), options: options,
      bootstrap: BootstrapOptions(resamples: 400, seed: 3))
    let (narrow, wider) = (
      try #require(naive.intervals().pooled["roc_auc"]).standardError,
      try #require(wide.intervals().pooled["roc_auc"]).standardError
    )
    // Smaller by the root of the number of copies; 400 resamples know it to within a tenth.
    let ratio = wider / narrow / Double(copies).squareRoot()
    #expect(ratio > 0.8 && ratio < 1.25)
  }

  @Test func `evidence counts the clusters that have a positive row`() {
    let rows = Self.once(seed: 32)
    let copied = Self.copied(rows)
    #expect(copied.positiveEntities == rows.positiveEntities)
    #expect(copied.distinctEntities == 800 && copied.distinctClusters == 400)
    #expect(Self.copied(rows, areClustered: false).positiveEntities == 2 * rows.positiveEntities)
    let metrics = evaluate(copied, options: options)
    #expect(metrics.evidence.positiveEntities == rows.positiveEntities)
    #expect(metrics.pooled.values["clusters"] == 400)
    #expect(metrics.pooled.values["entities"] == 800)
    #expect(metrics.pooled.values["positive_entities"] == Double(rows.positiveEntities))
    #expect(evaluate(rows, options: options).pooled.values["clusters"] == nil)
    // The copies change no other metric but the counts.
    #expect(
      metrics.pooled.values["roc_auc"]
        == evaluate(rows, options: options).pooled.values["roc_auc"])
    let segments = evaluateSegments(
      copied, segment: (0..<800).map { $0 < 400 ? 0 : -1 }, count: 1)
    #expect(segments[0]["clusters"] == 200)
  }

  @Test func `draws depend on which rows are together, not on the numbers of clusters`() {
    var draw = Draw(seed: 33)
    let rows = draw.scoredRows(entities: 90, cutoffs: 3)
    func clustered(_ cluster: (Int32) -> Int32) -> ScoredRows {
      ScoredRows(
        cutoff: rows.cutoff, entity: rows.entity, cluster: rows.entity.map(cluster),
        label: rows.label, margin: rows.margin, score: rows.score,
        uncalibrated: rows.uncalibrated, cutoffCount: 3)
    }
    let settings = BootstrapOptions(resamples: 40, seed: 5)
    let left = bootstrap(clustered { $0 / 12 }, bootstrap: settings)
    let right = bootstrap(clustered { 500 - 7 * ($0 / 12) }, bootstrap: settings)
    let isSame = left == right
    #expect(isSame)
    let shuffled = bootstrap(
      clustered { $0 / 12 }.selecting(draw.shuffled(Array(0..<rows.count))), bootstrap: settings)
    let isSameInAnyOrder = left == shuffled
    #expect(isSameInAnyOrder)
    // Clusters of one entity each are the entities.
    let alone = bootstrap(clustered { 300 - $0 }, bootstrap: settings)
    let without = bootstrap(rows, bootstrap: settings)
    let isWithout = alone == without
    #expect(isWithout && left != without)
  }

  @Test func `a comparison of copies is that of the rows without copies`() throws {
    let base = Self.once(seed: 34)
    var draw = Draw(seed: 35)
    let candidate = draw.noisier(base, by: 0.4)
    let comparison = ComparisonOptions(bootstrap: BootstrapOptions(resamples: 200, seed: 6))
    func compared(_ change: (ScoredRows) -> ScoredRows) throws -> PairedComparison {
      try #require(
        comparePaired(
          base: change(base), candidates: [change(candidate)], evaluation: options,
          options: comparison
        ).first ?? nil)
    }
    let expected = try compared { $0 }
    let found = try compared { Self.copied($0) }
    #expect(found.decisive == expected.decisive && found.pValue == expected.pValue)
    #expect(found.smallestDetectable == expected.smallestDetectable)
    #expect(found.differences["pr_auc"] == expected.differences["pr_auc"])
    let naive = try compared { Self.copied($0, areClustered: false) }
    #expect(
      naive.decisive.interval.standardError < 0.9 * expected.decisive.interval.standardError)
    // The best of several is chosen on clusters, too.
    let optimism = { (change: (ScoredRows) -> ScoredRows) in
      selectionOptimism(
        [change(base), change(candidate)], metric: "roc_auc", evaluation: options,
        bootstrap: comparison.bootstrap)
    }
    #expect(optimism { Self.copied($0) } == optimism { $0 })
  }

  @Test func `rows of one cluster are as dependent as their scores allow`() {
    let scores = [0.5, 0.5, 0.3, 0.3]
    let apart = CountForecast(scores: scores, entities: [0, 1, 2, 3])
    let together = CountForecast(scores: scores, entities: [0, 0, 1, 1])
    #expect(abs(together.mean - apart.mean) < 1e-12)
    // Two wins or none: each pair has four times the variance of one row, and not twice.
    #expect(abs(together.variance - 4 * (0.25 + 0.21)) < 1e-12)
    #expect(abs(apart.variance - 2 * (0.25 + 0.21)) < 1e-12)
  }
}
