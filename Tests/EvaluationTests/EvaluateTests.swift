import Evaluation
import Foundation
import Randomness
import Testing

@Suite struct EvaluateTests {
  private let options = EvaluationOptions(topK: [5, 20], topPercent: [0.5, 10])

  @Test(arguments: 0..<5)
  func `no metric depends on the order of the rows, bit by bit`(seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let rows = draw.scoredRows(entities: 200, cutoffs: 3, step: seed % 2 == 0 ? 0.25 : 0)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    #expect(evaluate(rows, options: options) == evaluate(shuffled, options: options))
  }

  @Test func `the headline ranks by margin although the calibrated score is flat`() {
    let rows = ScoredRows(
      cutoff: [0, 0, 0, 0], entity: [0, 1, 2, 3], label: [0, 1, 0, 1], margin: [-2, -1, -3, 1],
      score: [0.25, 0.25, 0.25, 0.25], uncalibrated: [-2, -1, -3, 1].map(logistic))
    let pooled = evaluate(rows).pooled
    #expect(pooled.values["roc_auc"] == 1)
    #expect(pooled.raw["roc_auc"] == 1)
    #expect(pooled.calibrated["roc_auc"] == 0.5)
    #expect(pooled.calibrated["pr_auc"] == 0.5)
    #expect(pooled.values["observed_over_expected"] == 2)
    #expect(pooled.raw["log_loss"] != pooled.values["log_loss"])
  }

  @Test func `top lists are drawn up per cutoff and never pooled`() {
    var draw = Draw(seed: 5)
    let rows = draw.scoredRows(entities: 300, cutoffs: 2)
    let metrics = evaluate(rows, options: options)
    #expect(!metrics.pooled.values.keys.contains { $0.contains("_at_") })
    for (cutoff, block) in metrics.cutoffs.enumerated() {
      let own = rows.selecting((0..<rows.count).filter { Int(rows.cutoff[$0]) == cutoff })
      let groups = ScoreGroups(labels: own.label, scores: own.margin)
      let list = groups.topList(.count(20))
      #expect(block.values["precision_at_20"] == list.map { $0.hits / 20 })
      #expect(block.values["roc_auc"] == groups.areaUnderROC)
      #expect(block.values["rows"] == Double(own.count))
    }
  }

  @Test func `a mean is taken over the cutoffs in which the metric is defined`() {
    // The second cutoff has no positive: precision is 0 there, recall and lift do not exist.
    let rows = ScoredRows(
      cutoff: [0, 0, 1, 1], entity: [0, 1, 0, 1], label: [1, 0, 0, 0], margin: [2, 1, 2, 1],
      score: [0.6, 0.2, 0.6, 0.2], uncalibrated: [0.6, 0.2, 0.6, 0.2], cutoffCount: 3)
    let metrics = evaluate(rows, options: EvaluationOptions(topK: [1], topPercent: []))
    #expect(metrics.mean.values["precision_at_1"] == 0.5)
    #expect(metrics.mean.values["recall_at_1"] == 1)
    #expect(metrics.mean.values["lift_at_1"] == 2)
    #expect(metrics.mean.values["roc_auc"] == 1)
    #expect(metrics.meanTakenOver["roc_auc"] == 1)
    #expect(metrics.meanTakenOver["precision_at_1"] == 2)
    #expect(metrics.meanTakenOver["rows"] == nil, "the empty third cutoff has 0 rows")
    #expect(metrics.cutoffs[2].values["rows"] == 0)
  }

  @Test func `a cutoff without ties at the end of its list joins the mean of best and worst`() {
    let rows = ScoredRows(
      cutoff: [0, 0, 1, 1], entity: [0, 1, 0, 1], label: [1, 0, 1, 0], margin: [1, 1, 2, 1],
      score: [0.5, 0.5, 0.5, 0.5], uncalibrated: [0.5, 0.5, 0.5, 0.5])
    let mean = evaluate(rows, options: EvaluationOptions(topK: [1], topPercent: [])).mean.values
    #expect(mean["precision_at_1"] == 0.75)
    #expect(mean["precision_at_1_best"] == 1)
    #expect(mean["precision_at_1_worst"] == 0.5)
  }

  @Test func `buyers are counted once, however many cutoffs see them buy`() {
    let rows = ScoredRows(
      cutoff: [0, 1, 2, 0], entity: [7, 7, 7, 9], label: [1, 1, 1, 0], margin: [1, 1, 1, 0],
      score: [0.5, 0.5, 0.5, 0.5], uncalibrated: [0.5, 0.5, 0.5, 0.5])
    let metrics = evaluate(rows, options: EvaluationOptions(minimumPositives: 2))
    #expect(metrics.pooled.values["positives"] == 3)
    #expect(metrics.pooled.values["positive_entities"] == 1)
    #expect(metrics.pooled.values["entities"] == 2)
    #expect(!metrics.evidence.isSufficient)
    #expect(Evidence(positiveEntities: 20).isSufficient)
    #expect(!Evidence(positiveEntities: 19).isSufficient)
  }

  @Test func `a segment is measured as if its rows were all there are`() {
    var draw = Draw(seed: 8)
    let rows = draw.scoredRows(entities: 300, cutoffs: 2)
    let segment = rows.entity.map { ($0 / 3) % 3 - 1 }
    let levels = evaluateSegments(rows, segment: segment, count: 3, options: options)
    for level in 0..<2 {
      let own = rows.selecting((0..<rows.count).filter { segment[$0] == Int32(level) })
      let alone = evaluate(own, options: options)
      #expect(levels[level]["roc_auc"] == alone.pooled.values["roc_auc"])
      #expect(levels[level]["lift_at_10_percent"] == alone.mean.values["lift_at_10_percent"])
      #expect(levels[level]["rows"] == Double(own.count))
    }
    #expect(levels[2] == ["rows": 0, "positives": 0, "entities": 0, "positive_entities": 0])
  }

  @Test func `nothing is not a number, and the JSON is nested numbers`() throws {
    var draw = Draw(seed: 9)
    let rows = draw.scoredRows(entities: 40, cutoffs: 2, base: -6)
    let metrics = evaluate(rows, options: options)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let tree = metrics.tree(cutoffNames: ["2024-01-31", "2024-02-29"])
    let data = try encoder.encode(tree)
    #expect(try JSONDecoder().decode(MetricTree.self, from: data) == tree)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object.keys.sorted() == ["cutoffs", "evidence", "mean", "pooled"])
    let cutoffs = try #require(object["cutoffs"] as? [String: [String: Any]])
    #expect(cutoffs["2024-02-29"]?["raw"] is [String: Double])
    #expect(cutoffs["2024-02-29"]?["rows"] is Int)
  }

  @Test func `no rows give counts of zero and nothing else`() {
    let rows = ScoredRows(
      cutoff: [], entity: [], label: [], margin: [], score: [], uncalibrated: [])
    let metrics = evaluate(rows)
    #expect(metrics.cutoffs.isEmpty)
    #expect(metrics.mean.values.isEmpty)
    #expect(
      metrics.pooled.values
        == ["rows": 0, "positives": 0, "entities": 0, "positive_entities": 0])
  }
}
