internal import Diagnostics
internal import Evaluation
internal import Panel
public import Runs
public import Spec

extension Page {
  /// The report.html of a run: the conclusion in words, the evidence as figures, the details, and how
  /// the run was made.
  public init(figuresOf summary: RunSummary, _ curves: RunCurves, of spec: ExperimentSpec) {
    self.init(RunFigures(summary: summary, curves: curves, spec: spec).blocks)
  }
}

/// A run's report.html. Every number is one of metrics.json, run.json, or curves.json.
struct RunFigures {
  let summary: RunSummary
  let curves: RunCurves
  let spec: ExperimentSpec

  var blocks: [Page.Block] {
    [.heading(summary.name, level: 1), .paragraph(spec.description ?? "")]
      + conclusion + metrics + list + probabilities + time + segments + features + top + origin
  }

  /// The tables that report.md has too.
  var report: RunReport { RunReport(summary: summary, curves: curves, spec: spec) }

  /// What an entity with a positive row is called.
  var noun: PositiveNoun { spec.label.noun }

  /// The level of the intervals: `95 %`.
  var level: String { NumberText.level(spec.evaluation.level) }

  var hasIntervals: Bool { spec.evaluation.resamples > 0 }

  /// How the intervals were made, as a sentence.
  var intervalWords: String {
    hasIntervals
      ? "Whiskers are \(level) intervals over \(spec.evaluation.resamples.grouped) resamples of "
        + "\(spec.evaluation.resampledUnits)."
      : "There are no intervals, because `evaluation.resamples` is 0."
  }

  /// The mean number of rows of a test cutoff.
  var rowsPerCutoff: Double {
    Double(summary.total(.test).rows) / Double(max(summary.cutoffs.count, 1))
  }

  /// Below this, a p-value is called a difference.
  var significance: Double { 1 - spec.evaluation.level }

  // MARK: - Metrics

  /// The metrics beside those of the baselines.
  private var metrics: [Page.Block] {
    [
      .heading("Metrics and baselines", level: 2),
      .figure(
        Figure(
          metricsChart,
          caption: (baselineNames.isEmpty
            ? "" : "The model beside \(baselineNames.inWords("and")), on the same rows. ")
            + intervalWords
            + (summary.hasDifferences
              ? " The baselines have none of their own; the differences have." : ""))),
    ] + differences + [
      .details(
        "All metrics and differences",
        [.table(report.testTable), .table(report.differenceTable())])
    ]
  }

  private var differences: [Page.Block] {
    guard summary.hasDifferences else { return [] }
    return [
      .paragraph(
        "The model's metric minus the baseline's, with \(level) intervals over the same resamples "
          + "for both. An interval without 0 is a difference that chance does not explain."),
      .table(
        report.differenceTable { name in
          !name.hasPrefix("precision_at_") && !name.hasPrefix("recall_at_")
        }),
    ]
  }

  private var baselineNames: [String] {
    summary.baselines.map { name, _ in
      switch name {
      case .oneFeature: "its best single feature, `\(summary.feature ?? "")`,"
      case .logistic: "a logistic regression"
      case .prior: "the base rate of the train rows for everyone (prior)"
      }
    }
  }

  private var metricsChart: MetricsChart {
    let baselines = summary.baselines.map { name, baseline in
      (name == .oneFeature ? "only \(summary.feature ?? "one feature")" : name.rawValue, baseline)
    }
    let names =
      ["roc_auc", "pr_auc"] + [headline?.metric("lift")].compactMap(\.self)
      + ["log_loss", "brier_skill", "observed_over_expected"]
    return MetricsChart(
      entries: ["model"] + baselines.map(\.0),
      metrics: names.filter { summary.metrics[$0] != nil }.map { name in
        MetricsChart.Metric(
          Self.title(of: name),
          [ChartEstimate(summary.metrics[name], summary.intervals[name])]
            + baselines.map { ChartEstimate($1.metrics[name] ?? .nan) })
      })
  }

  /// A metric's name in words.
  static func title(of metric: String) -> String {
    let titles = [
      "roc_auc": "ROC AUC", "pr_auc": "PR AUC", "log_loss": "log loss", "brier": "Brier score",
      "brier_skill": "Brier skill", "observed_over_expected": "observed / expected",
    ]
    if let title = titles[metric] { return title }
    guard let list = TopList(metric), let kind = metric.split(separator: "_").first else {
      return metric
    }
    return "\(kind) of \(list.words)"
  }

  // MARK: - Lists

  /// A list of a length that metrics.json has.
  struct TopList {
    /// The end of the metrics' names: `500`, `10_percent`.
    let size: String
    private let number: Double
    private let isShare: Bool

    /// - Parameter metric: such as `recall_at_10_percent`; nil for a metric of no list.
    init?(_ metric: String) {
      guard let start = metric.firstRange(of: "_at_"), RunSummary.isPlainList(metric) else {
        return nil
      }
      size = String(metric[start.upperBound...])
      isShare = size.hasSuffix("_percent")
      guard let number = Double(isShare ? String(size.dropLast(8)) : size), number > 0 else {
        return nil
      }
      self.number = number
    }

    /// The length as a share of this number of rows.
    func share(of rows: Double) -> Double { isShare ? number / 100 : number / max(rows, 1) }

    /// Such as `the first 10 %`.
    var words: String {
      "the first " + (isShare ? "\(NumberText.short(number)) %" : Int(number).of("row"))
    }

    func metric(_ kind: String) -> String { "\(kind)_at_\(size)" }
  }

  /// The list that words speak of: the one closest in length to the capacity, or to a tenth.
  var headline: TopList? {
    let target = capacity?.share ?? 0.1
    func distance(_ list: TopList) -> Double {
      let ratio = list.share(of: rowsPerCutoff) / target
      return max(ratio, 1 / ratio)
    }
    return summary.lists { $0.hasPrefix("recall") }.compactMap(TopList.init)
      .min { distance($0) < distance($1) }
  }

  /// How many rows of a list the spec's capacity selects, if it limits the complete list.
  var capacity: (rows: Int, share: Double)? {
    guard let capacity = spec.capacity, rowsPerCutoff > 0 else { return nil }
    let limits = [capacity.total?.value, capacity.per == nil ? capacity.rows?.value : nil]
    return limits.compactMap(\.self).min().map { ($0, min(1, Double($0) / rowsPerCutoff)) }
  }
}

extension ChartEstimate {
  /// Such as `53.7 % (49.0 % to 58.6 %)`.
  var percentWords: String {
    let interval = interval(\.percent)
    return value.percent + (interval.isEmpty ? "" : " (\(interval))")
  }
}

// Whether the scores are probabilities.
extension RunFigures {
  var probabilities: [Page.Block] {
    let figures = [reliability, scores].compactMap { $0.map { Page.Block.figure($0) } }
    return figures.isEmpty ? [] : [.heading("Probabilities", level: 2)] + figures
  }

  private var reliability: Figure? {
    guard let reliability = curves.reliability, !reliability.steps.isEmpty else { return nil }
    return Figure(
      ReliabilityChart(reliability, bins: curves.scores.scoreBins),
      caption: "The line is the share of positive rows at each score (isotonic regression); where "
        + "the scores are right it is on the diagonal, and within the band "
        + "\(NumberText.level(reliability.bandLevel)) of the time. \(miscalibration) "
        + "MCB is what recalibrating would gain, DSC what the scores gain over the base rate.")
  }

  private var scores: Figure? {
    curves.scores.bins.isEmpty
      ? nil
      : Figure(
        ScoresChart(bins: curves.scores.scoreBins),
        caption:
          "How often each score occurs among the \(curves.scores.positives.grouped) positive "
          + "and the \(curves.scores.negatives.grouped) negative rows, each class relative to its "
          + "highest bin. The further apart the two are, the better the model separates them.")
  }
}
