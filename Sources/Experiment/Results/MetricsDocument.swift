internal import Diagnostics
package import Evaluation
internal import Foundation
internal import Learning
internal import Panel
internal import Runs
package import Spec

/// A run's metrics.json: numbers only, nested, with sorted keys.
package struct MetricsDocument {
  let tree: MetricTree

  init(_ run: ExperimentRun) {
    let folds = run.folds.count > 1 ? ["folds": FoldMetrics(run.folds).tree] : [:]
    tree = MetricTree.object([
      "caveats": run.caveats.tree,
      "test": Self.test(run.evaluation, resamples: run.spec.evaluation.resamples),
      "baselines": Self.baselines(run.evaluation),
    ]).adding(Self.counts(run.counts, run.evaluation.metrics.evidence))
      .adding(Self.learning(run.folds.first)).adding(folds)
      .adding(Self.clusters(run.spec.evaluation, run.evaluation.metrics))
  }

  /// The number of clusters among the test rows, under the name of their column; empty if every
  /// entity is a cluster of its own.
  package static func clusters(
    _ spec: EvaluationSpec, _ metrics: TestMetrics
  ) -> [String: MetricTree] {
    guard let name = spec.clusterName, let count = metrics.pooled.values["clusters"] else {
      return [:]
    }
    return ["evaluation": .object(["cluster": MetricTree([name: count])])]
  }

  /// What the learner has seen, if a spec asks for less than everything, and what it chose itself: for
  /// a run and for each of its folds.
  static func learning(_ fold: FoldOutcome?) -> [String: MetricTree] {
    [
      ("sample", fold?.sample?.tree), ("early_stopping", fold?.earlyStop?.tree),
      ("regression", fold?.regression.map(regression)),
    ].reduce(into: [:]) { $0[$1.0] = $1.1 }
  }

  private static func regression(_ model: LogisticRegression) -> MetricTree {
    let numbers = ["penalty": model.penalty, "columns": Double(model.columnCount)]
    let loss = model.trials.first { $0.penalty == model.penalty }?.logLoss
    return MetricTree(numbers).adding(loss.map { ["log_loss": .number($0)] } ?? [:])
  }

  /// Rows, positives and buyers by role, and whether they suffice: for a run and for each of its
  /// folds. With a conditional label also the entities without one.
  static func counts(_ counts: RoleCounts, _ evidence: Evidence) -> [String: MetricTree] {
    func byRole(_ value: (Role) -> Int) -> MetricTree {
      MetricTree(
        Dictionary(
          uniqueKeysWithValues: RunSummary.roles.map { ($0.rawValue, Double(value($0))) }))
    }
    let excluded = counts.excluded.map { excluded in
      ["excluded": byRole { excluded[$0] ?? 0 }]
    }
    return [
      "rows": byRole { counts.rows[$0] ?? 0 },
      "positives": byRole { counts.positives[$0] ?? 0 },
      "positive_entities": byRole(counts.buyerCount),
      "evidence": MetricTree([
        "sufficient": evidence.isSufficient ? 1 : 0,
        "min_positives": Double(evidence.minimumPositives),
      ]),
    ].merging(excluded ?? [:]) { first, _ in first }
  }

  private static func test(_ evaluation: RunEvaluation, resamples: Int) -> MetricTree {
    .object(
      judged(
        evaluation.metrics, dates: evaluation.cutoffs.map(\.date.description),
        evaluation.intervals, resamples: resamples)
    ).adding([
      "segments": .object(
        evaluation.segmentMetrics.mapValues { .object($0.mapValues(MetricTree.init)) })
    ])
  }

  /// The part of `test` that depends on the scored test rows alone.
  /// - Parameter dates: the days of the cutoffs.
  package static func judged(
    _ metrics: TestMetrics, dates: [String], _ intervals: BootstrapIntervals?, resamples: Int
  ) -> [String: MetricTree] {
    var entries: [String: MetricTree] = [
      "pooled": metrics.pooled.tree,
      "mean": metrics.mean.tree,
      "cutoffs": .object(
        Dictionary(
          zip(dates, metrics.cutoffs.map(\.tree)), uniquingKeysWith: { first, _ in first })),
    ]
    if let intervals {
      // Top lists are made per cutoff, so their intervals are of means over cutoffs. All other
      // intervals are of pooled metrics. No name occurs in both.
      let all = intervals.pooled.merging(intervals.mean) { pooled, _ in pooled }
      entries["interval"] = .object(
        all.mapValues { interval in
          let ends = MetricTree(["low": interval.lower, "high": interval.upper])
          // An interval leaves out resamples in which the metric is undefined. The number of the
          // others is then added.
          let isWhole = interval.defined == resamples
          return isWhole ? ends : ends.adding(["defined": .number(Double(interval.defined))])
        })
    }
    return entries
  }

  private static func baselines(_ evaluation: RunEvaluation) -> MetricTree {
    func summary(_ baseline: RunEvaluation.Baseline) -> MetricTree {
      let metrics = baseline.metrics
      let lists = metrics.mean.values.filter { $0.key.contains("_at_") }
      let names = ["roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece"]
      let pooled = metrics.pooled.values.filter { names.contains($0.key) }
      // The model's gain or loss, over the same resamples of entities for both.
      let differences = baseline.differences.mapValues { paired in
        MetricTree([
          "value": paired.difference, "low": paired.interval.lower, "high": paired.interval.upper,
        ])
      }
      return MetricTree(pooled.merging(lists) { first, _ in first }).adding(
        differences.isEmpty ? [:] : ["difference": .object(differences)])
    }
    var entries: [String: MetricTree] = [:]
    entries["prior"] = evaluation.prior.map(summary)
    entries["one_feature"] = evaluation.oneFeature.map { summary($0.scores) }
    entries["logistic"] = evaluation.logistic.map { logistic in
      summary(logistic.scores).adding(["penalty": .number(logistic.model.penalty)])
    }
    return .object(entries)
  }

  /// The file's text, with a trailing newline.
  func json() throws -> Data { try JSONDocument.data(tree, isSnakeCase: false) }
}

/// The `folds` of metrics.json: for each fold the same values as above, under the same names, then
/// their mean and spread over the folds.
struct FoldMetrics {
  let spread: MetricSpread
  private let folds: [(name: String, tree: MetricTree)]

  init(_ outcomes: [FoldOutcome]) {
    folds = outcomes.map { ($0.name, Self.tree($0)) }
    spread = MetricSpread(folds.map(\.tree))
  }

  var tree: MetricTree {
    var entries = Dictionary(
      folds.map { ($0.name, $0.tree) }, uniquingKeysWith: { first, _ in first })
    entries["mean"] = spread.mean
    entries["spread"] = spread.spread
    entries["min"] = spread.minimum
    entries["max"] = spread.maximum
    if spread.takenOver != .object([:]) { entries["taken_over"] = spread.takenOver }
    return .object(entries)
  }

  private static func tree(_ outcome: FoldOutcome) -> MetricTree {
    MetricTree.object([
      "test": .object([
        "pooled": outcome.metrics.pooled.tree,
        "mean": MetricTree(outcome.metrics.mean.values.filter { RunSummary.isPlainList($0.key) }),
      ])
    ]).adding(MetricsDocument.counts(outcome.counts, outcome.metrics.evidence))
      .adding(MetricsDocument.learning(outcome))
  }
}
