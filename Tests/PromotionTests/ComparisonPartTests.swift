import Evaluation
import Learning
import Promotion
import Testing

@Suite struct ComparisonPartTests {
  private func rows(_ margins: [Double]) -> ScoredRows {
    let half = margins.count / 2
    return ScoredRows(
      cutoff: (0..<margins.count).map { $0 < half ? 0 : 1 },
      entity: (0..<margins.count).map { Int32($0 % half) },
      label: margins.map { _ in 0 }, margin: margins, score: margins.map { _ in 0.5 },
      uncalibrated: margins.map { _ in 0.5 })
  }

  @Test func `lists overlap per cutoff, and ties go by entity on both sides`() {
    let base = rows([9, 8, 7, 6, 1, 2, 3, 4])
    let candidate = rows([5, 5, 5, 5, 4, 3, 2, 1])
    let overlaps = ListOverlap.all(
      base: base, candidate: candidate, lists: [.count(2), .count(3), .percent(25)])
    // At the first cutoff the ties fall as the base ranks; at the second the order is turned round.
    #expect(overlaps.map(\.shared) == [1, 2.5, 0.5])
    #expect(overlaps.map(\.length) == [2, 3, 1])
    #expect(overlaps.map(\.list) == ["2", "3", "25_percent"])
  }

  @Test func `importance is compared by share, with what is new and what is gone`() {
    func feature(_ name: String, _ gain: Double) -> FeatureImportance {
      FeatureImportance(feature: name, gain: gain, split: 1)
    }
    let changes = ImportanceChange.all(
      base: [feature("a", 60), feature("b", 30), feature("c", 10)],
      candidate: [feature("a", 1), feature("b", 2), feature("d", 1)])
    #expect(changes.map(\.feature) == ["a", "d", "b", "c"])
    #expect(changes.map(\.kind) == [.lost, .new, .gained, .gone])
    #expect(ImportanceChange.all(base: [feature("a", 0)], candidate: []).first?.base == 0)
  }

  /// One metric with an interval.
  private func tree(_ metric: String, _ value: Double, _ low: Double, _ high: Double) -> MetricTree
  {
    .object([
      "test": .object([
        "pooled": MetricTree([metric: value]),
        "interval": .object([metric: MetricTree(["low": low, "high": high])]),
      ])
    ])
  }

  @Test func `an unpaired interval is the root of the summed squares of the facing halves`() throws
  {
    let compared = UnpairedComparison(
      base: tree("roc_auc", 0.7, 0.66, 0.73), candidate: tree("roc_auc", 0.8, 0.76, 0.83),
      options: ComparisonOptions(), candidateCount: 1)
    let line = try #require(compared.differences["roc_auc"])
    // 0.04² + 0.03² = 0.05² on either side.
    #expect(abs(try #require(line.lower) - 0.05) < 1e-12)
    #expect(abs(try #require(line.upper) - 0.15) < 1e-12)
    #expect(compared.verdict == .better)
  }

  @Test(arguments: [
    ("roc_auc", 0.7, 0.8, 0.01, Verdict.better), ("roc_auc", 0.8, 0.7, 0.01, .worse),
    ("log_loss", 0.8, 0.7, 0.01, .better), ("log_loss", 0.7, 0.8, 0.01, .worse),
    ("roc_auc", 0.7, 0.701, 0.001, .equivalent), ("roc_auc", 0.7, 0.75, 0.1, nil),
  ])
  func `an unpaired verdict is given only where the wide interval decides`(
    _ metric: String, _ base: Double, _ candidate: Double, _ half: Double, _ verdict: Verdict?
  ) {
    func compared(_ count: Int) -> Verdict? {
      UnpairedComparison(
        base: tree(metric, base, base - half, base + half),
        candidate: tree(metric, candidate, candidate - half, candidate + half),
        options: ComparisonOptions(metric: metric, smallestEffect: 0.005), candidateCount: count
      ).verdict
    }
    #expect(compared(1) == verdict)
    #expect(compared(2) == nil, "several candidates are not corrected for without pairs")
  }
}
