import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

/// How many resamples `Benchmarks/compare_bootstrap` asks for; nil where nobody asks.
private let askedResamples = ProcessInfo.processInfo.environment["HOLDOUT_BENCHMARK"].flatMap {
  Int($0)
}

/// Measures the paired bootstrap of two models.
@Suite(.serialized, .enabled(if: askedResamples != nil)) struct ComparisonBenchmark {
  /// `steps` steps to a logit: few leave as many scores as isotonic calibration, many 25,000.
  @Test(arguments: [8.0, 3000])
  func `two models on 300,000 rows, the same figures on one and two threads`(
    steps: Double
  ) throws {
    var draw = Draw(seed: 1)
    let truth = draw.benchmarkRows(entities: 100_000)
    let sides = (0..<2).map { _ in
      truth.withMargins(truth.margin.map { $0 + 0.8 * draw.normal() }) {
        logistic(($0 * steps).rounded() / steps)
      }
    }
    print(
      "compare_bootstrap: \(truth.count) rows, \(truth.positiveEntities) buyers,",
      "\(Set(sides[0].score).count) distinct scores, \(askedResamples ?? 0) resamples")
    var found: [[PairedComparison?]] = []
    for threads in [1, 2] {
      let options = ComparisonOptions(
        bootstrap: BootstrapOptions(resamples: askedResamples ?? 1, threads: threads))
      let start = clock()
      let time = ContinuousClock().measure {
        found.append(comparePaired(base: sides[0], candidates: [sides[1]], options: options))
      }
      let processor = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      let comparison = try #require(found.last?[0])
      let bits = comparison.differences.sorted { $0.key < $1.key }.reduce(UInt64(0)) {
        ($0 &* 31 &+ $1.value.interval.lower.bitPattern) &* 31
          &+ $1.value.interval.upper.bitPattern
      }
      print(
        "compare_bootstrap:   \(threads) threads: \(time) wall,",
        String(
          format: "%.1f s CPU, %d metrics, checksum %016lx", processor,
          comparison.differences.count, bits))
    }
    let areSame = found[0] == found[1]
    #expect(areSame)
  }
}

extension Draw {
  /// Rows of entities at three cutoffs, 1 % of them positive.
  fileprivate mutating func benchmarkRows(entities: Int) -> ScoredRows {
    var margins: [Double] = []
    var labels: [UInt8] = []
    for _ in 0..<entities {
      let own = normal()
      for _ in 0..<3 {
        let margin = -5.2 + 1.1 * own + 0.3 * normal()
        margins.append(margin)
        labels.append(uniform() < logistic(margin) ? 1 : 0)
      }
    }
    let scores = margins.map(logistic)
    return ScoredRows(
      cutoff: labels.indices.map { Int32($0 % 3) }, entity: labels.indices.map { Int32($0 / 3) },
      label: labels, margin: margins, score: scores, uncalibrated: scores)
  }
}
