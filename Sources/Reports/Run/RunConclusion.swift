internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Panel
internal import Runs
internal import Spec

// What a run shows, in sentences.
extension RunFigures {
  var conclusion: [Page.Block] {
    [
      .heading("Conclusion", level: 2),
      .warnings(summary.doubts, lead: "These metrics do not show what to expect in production."),
      .paragraph(([verdict] + [capture].compactMap(\.self)).joined(separator: " ")),
      .fields(
        [
          ("Ranking.", ranking),
          ("Against `\(summary.feature ?? "")` alone.", differences(summary.oneFeature)),
          ("Against a logistic regression.", differences(summary.logistic)),
          ("Against the base rate for everyone.", differences(summary.prior)),
          ("Probabilities.", calibration), ("Evidence.", evidence), ("Over time.", stability),
          ("Segments.", segmentVerdicts),
        ].filter { !$0.1.isEmpty }, width: 0),
      .notes(remarks),
    ]
  }

  private var auc: ChartEstimate {
    ChartEstimate(summary.metrics["roc_auc"], summary.intervals["roc_auc"])
  }

  // MARK: - Verdict

  /// What the model is good for, in a sentence.
  private var verdict: String {
    let total = summary.total(.test)
    guard auc.value.isFinite else {
      let rows = "the \(total.rows.of("test row"))"
      return total.positives == 0
        ? "None of \(rows) is positive, so nothing can be said about the ranking."
        : "All of \(rows) are positive, so nothing can be said about the ranking."
    }
    guard summary.evidence.sufficient else {
      let found = noun.count(summary.evidence.positiveEntities)
      return "How well the model ranks cannot be said from \(found)."
    }
    guard auc.low.isFinite else {
      return "How well the model ranks is known without an interval, so chance may explain it."
    }
    guard auc.low > 0.5 else {
      return auc.high < 0.5
        ? "The model ranks worse than chance."
        : "These rows do not show that the model ranks better than chance."
    }
    let start = "The model ranks better than chance"
    guard let feature = summary.feature, let baseline = summary.oneFeature,
      !baseline.differences.isEmpty
    else { return "\(start)." }
    let verdicts = ["roc_auc", "pr_auc"].compactMap { baseline.verdict($0) }
    let alone = "its best single feature alone, `\(feature)`"
    if verdicts.contains(.worse) { return "\(start), but not as well as \(alone)." }
    return verdicts.contains(.better)
      ? "\(start), and better than \(alone)."
      : "\(start), but these rows do not show that it ranks better than \(alone)."
  }

  /// The share of the positives on the list that words speak of.
  private var capture: String? {
    guard let headline, let captured = summary.metrics[headline.metric("recall")] else {
      return nil
    }
    let interval = ChartEstimate(captured, summary.intervals[headline.metric("recall")])
      .interval(\.percent)
    let lift = summary.metrics[headline.metric("lift")]
    let others = summary.oneFeature?.metrics[headline.metric("recall")].map {
      "; with the best single feature, \($0.percent)"
    }
    return "\(headline.words.capitalizedFirst) of each list have \(captured.percent) of the "
      + "\(noun.many)" + (interval.isEmpty ? "" : " (\(level) interval \(interval))")
      + (lift.map { ", \(NumberText.tenths($0)) times as many as a random list of that length" }
        ?? "") + (others ?? "") + "."
  }

  private var ranking: String {
    auc.value.isFinite
      ? "ROC AUC \(auc.words): of a \(noun.one) and another row, the \(noun.one) comes first in "
        + "\(auc.value.percent) of all pairs." : ""
  }

  /// The model's differences from a baseline.
  private func differences(_ baseline: RunSummary.Baseline?) -> String {
    let parts = ["roc_auc", "pr_auc", "log_loss"].compactMap { metric -> String? in
      guard let baseline, let difference = baseline.differences[metric],
        let verdict = baseline.verdict(metric)
      else { return nil }
      return "\(Self.title(of: metric)) \(difference.words), \(verdict.words)"
    }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + "."
  }

  // MARK: - Probabilities

  private var calibration: String {
    let estimate = ChartEstimate(
      summary.metrics["observed_over_expected"], summary.intervals["observed_over_expected"])
    guard estimate.value.isFinite else { return "" }
    let counts = curves.cutoffs.study.all
    let direction =
      !estimate.low.isFinite
      ? ""
      : estimate.low > 1
        ? ": the scores are too low" : estimate.high < 1 ? ": the scores are too high" : ""
    return "The scores expected \(NumberText.wins(counts.expected)) positive rows, and there are "
      + "\(counts.positives.grouped): observed / expected \(estimate.words)\(direction). "
      + miscalibration
  }

  /// Whether the scores are calibrated.
  var miscalibration: String {
    guard let reliability = curves.reliability else { return "" }
    let p = reliability.logLoss.pValue
    let values =
      "p = \(NumberText.probability(p)) by log loss, "
      + "\(NumberText.probability(reliability.brier.pValue)) by Brier score"
    return p < significance
      ? "The scores are miscalibrated (\(values)): scores that are right would rarely look like this."
      : "No miscalibration is shown (\(values))."
  }

  // MARK: - Evidence

  private var evidence: String {
    let total = summary.total(.test)
    let found = summary.evidence.positiveEntities
    let counted =
      summary.evidence.cluster.map { "\(noun.many) with distinct `\($0)`" }
      ?? "distinct \(noun.many)"
    let start =
      "\(found.grouped) \(counted) are behind the \(total.positives.of("positive row")) of "
      + "\(total.rows.of("test row")) at \(summary.cutoffs.count.of("cutoff")); at least "
      + "\(summary.evidence.needed.grouped) are needed."
    let isClustered = spec.evaluation.cluster != nil
    return start
      + (hasIntervals
        ? " All intervals (\(level)) keep the rows of \(isClustered ? "a cluster" : "an entity") "
          + "together. They describe other \(isClustered ? "clusters" : "entities") at these dates, "
          + "not other dates."
        : " There are no intervals, because `evaluation.resamples` is 0.")
  }

  private var stability: String {
    let values = summary.cutoffs.compactMap { $0.values["roc_auc"] }
    guard let least = values.min(), let greatest = values.max(), summary.cutoffs.count > 1 else {
      return foldWords
    }
    return [
      "ROC AUC lies between \(NumberText.metric(least)) and \(NumberText.metric(greatest)) at "
        + "\(values.count.of("cutoff")). \(cutoffVerdict)", foldWords,
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Whether the scores hold at all cutoffs alike.
  var cutoffVerdict: String {
    guard let test = curves.cutoffs.study.alike else { return "" }
    let p = "p = \(NumberText.probability(test.pValue))"
    return test.pValue < significance
      ? "Observed / expected differs between the cutoffs (\(p))."
      : "No difference of observed / expected between the cutoffs is shown (\(p))."
  }

  private var foldWords: String {
    let values = summary.folds.compactMap { $0.pooled["roc_auc"] }
    guard summary.folds.count > 1, let least = values.min(), let greatest = values.max() else {
      return ""
    }
    return "Over \(summary.folds.count) folds, each trained and tested separately, ROC AUC lies "
      + "between \(NumberText.metric(least)) and \(NumberText.metric(greatest))."
  }

  // MARK: - Segments and remarks

  private var segmentVerdicts: String {
    let lines = SegmentBlocks(curves.segments, noun: noun).lines
    return lines.isEmpty ? "" : "\(lines.joined(separator: "; "))."
  }

  private var remarks: [String] {
    [
      summary.clusterWords(spec).map { "Clusters: \($0)." },
      summary.calibrationDoubt.map { "\($0.capitalizedFirst)." },
    ].compactMap(\.self) + summary.warnings.map(\.words)
  }
}

// MARK: - Baselines

extension RunSummary.Baseline {
  /// Whether the model is better than a baseline.
  fileprivate enum Verdict {
    case better, worse, open

    var words: String {
      switch self {
      case .better: "better"
      case .worse: "worse"
      case .open: "no difference shown"
      }
    }
  }

  /// By a metric; nil if it is not compared, or cannot rank two models.
  fileprivate func verdict(_ metric: String) -> Verdict? {
    guard let difference = differences[metric], let direction = MetricDirection(of: metric) else {
      return nil
    }
    guard difference.low > 0 || difference.high < 0 else { return .open }
    return (difference.low > 0) == (direction == .moreIsBetter) ? .better : .worse
  }
}

extension String {
  /// The text with a capital letter at the beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
