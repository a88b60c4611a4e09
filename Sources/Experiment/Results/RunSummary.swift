internal import Diagnostics
internal import Evaluation
internal import Foundation
internal import Learning
internal import OrderedCollections
public import Panel
internal import Spec

/// The figures of a run that a person is shown first.
public struct RunSummary: Codable, Sendable {
  public struct Line: Codable, Sendable {
    public let metric: String
    public let value: String
    public let interval: String
    /// What the one-feature baseline reaches.
    public let baseline: String
  }

  /// The rows that a run is judged on.
  public struct Test: Codable, Sendable {
    public let rows: Int
    public let positives: Int
    /// Distinct entities of positive rows.
    public let buyers: Int
  }

  /// A second fit.
  public struct RefitLine: Codable, Sendable {
    public let counts: [CutoffCounts]
    public let calibration: String
  }

  public let name: String
  public let runId: String
  public let timeline: Timeline
  public let counts: [CutoffCounts]
  public let lines: [Line]
  public let test: Test
  /// nil where there is one fold.
  public let folds: FoldTable?
  /// The baseline's feature.
  public let oneFeature: String?
  /// How much better or worse the model is than each baseline, with intervals, a line each.
  public let baselines: [String]
  /// Why the numbers should not be believed; nil when the evidence is sufficient.
  public let insufficientEvidence: String?
  /// What the spec allows itself that makes the numbers other than what to expect.
  public let caveats: [Caveat]
  /// What the model has learned from; nil where that is every train row.
  public let sample: String?
  /// The number of trees that was found, and how; nil where the spec gives it.
  public let trees: String?
  public let calibration: String
  /// Where calibration makes the log loss worse; nil: nowhere.
  public let calibrationDoubt: String?
  /// The cutoffs of the second fit and its calibration; nil where there is none.
  public let refit: RefitLine?
  public let warnings: [String]
  /// The folder of the results, and the run's own below it.
  public internal(set) var resultsFolder: String

  init(_ run: ExperimentRun, identity: RunIdentity, resultsFolder: String) {
    name = run.spec.name.value
    runId = identity.id
    timeline = run.timeline
    counts = run.cutoffCounts
    let metrics = run.evaluation.metrics
    let baseline = run.evaluation.oneFeature?.scores.metrics
    let pooled = Self.metrics.map { name in
      Line(
        metric: name, value: Self.number(metrics.pooled.values[name]),
        interval: Self.interval(run.evaluation.intervals?.pooled[name]),
        baseline: Self.number(baseline?.pooled.values[name]))
    }
    let lists = metrics.mean.values.keys.filter {
      Self.isPlainList($0) && $0.hasPrefix("lift")
    }.sorted(by: Self.precedes).map { name in
      Line(
        metric: name, value: Self.number(metrics.mean.values[name]),
        interval: Self.interval(run.evaluation.intervals?.mean[name]),
        baseline: Self.number(baseline?.mean.values[name]))
    }
    lines = pooled + lists
    test = Test(
      rows: run.counts.rows[.test] ?? 0, positives: run.counts.positives[.test] ?? 0,
      buyers: run.counts.buyerCount(.test))
    folds = FoldTable(run.folds)
    oneFeature = run.evaluation.oneFeature?.baseline.feature
    baselines = Self.baselines(run.evaluation)
    insufficientEvidence = metrics.evidence.isSufficient ? nil : Self.evidence(metrics.evidence)
    caveats = run.caveats.list
    sample = run.model.sample?.words
    trees = run.model.earlyStop?.words
    calibration = RunSummary.calibration(run.calibrator)
    calibrationDoubt = run.calibrationDoubt
    refit = run.refit.map {
      RefitLine(counts: $0.cutoffCounts, calibration: RunSummary.calibration($0.calibrator))
    }
    warnings = run.warnings.map { "\($0.id): \($0.message)" }
    self.resultsFolder = resultsFolder
  }

  static let roles: [Role] = [.train, .calibrate, .test, .embargoed]

  /// The pooled metrics that are shown, in this order.
  static let metrics = [
    "roc_auc", "pr_auc", "brier_skill", "log_loss", "ece", "calibration_slope",
    "calibration_intercept", "observed_over_expected", "base_rate",
  ]

  static func evidence(_ evidence: Evidence) -> String {
    "\(evidence.isSufficient ? "sufficient" : "insufficient") evidence: "
      + "\(evidence.distinctBuyers) distinct buyers in test, \(evidence.minimumPositives) are needed"
  }

  /// The metrics that a model is compared with its baselines by in few words.
  private static let baselineMetrics = ["roc_auc", "pr_auc", "log_loss"]

  private static func baselines(_ evaluation: RunEvaluation) -> [String] {
    func line(_ name: String, _ baseline: RunEvaluation.Baseline?) -> String? {
      let parts = baselineMetrics.compactMap { metric in
        baseline?.differences[metric].map { "\(metric) \(difference($0))" }
      }
      return parts.isEmpty ? nil : "\(name): \(parts.joined(separator: ", "))"
    }
    return [
      line("prior", evaluation.prior),
      evaluation.oneFeature.flatMap { line("only \($0.baseline.feature)", $0.scores) },
    ].compactMap(\.self)
  }

  /// A difference with its interval: `+0.0148 (+0.0037 to +0.0259)`.
  static func difference(_ paired: PairedDifference) -> String {
    func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + number(value) }
    return "\(signed(paired.difference)) (\(signed(paired.interval.lower)) to "
      + "\(signed(paired.interval.upper)))"
  }

  /// The method and the reason for it.
  static func calibration(_ calibrator: Calibrator) -> String {
    if calibrator.method == .none { return "none (\(calibrator.why))" }
    let fitted =
      switch calibrator.fit {
      case .calibrate: "fitted on \(calibrator.rows) rows"
      case .test: "fitted on the \(calibrator.rows) test rows themselves"
      case .crossFit(let folds):
        "cross-fitted over \(folds) folds of train, on \(calibrator.rows) out-of-fold rows"
      }
    return "\(calibrator.method.rawValue) (\(calibrator.why)), \(fitted) with "
      + "\(calibrator.positives) positives"
  }

  /// Orders metric names with the numbers in them compared as numbers.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.compare(right, options: .numeric) == .orderedAscending
  }

  /// Whether a metric is of a top list, and not its best or worst order of ties.
  package static func isPlainList(_ name: String) -> Bool {
    name.contains("_at_") && !name.hasSuffix("_best") && !name.hasSuffix("_worst")
  }

  /// A metric's value as people are shown it; `-` where it is undefined.
  public static func number(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(format: abs(value) < 0.01 ? "%.3g" : "%.4f", value)
  }

  static func interval(_ interval: Interval?) -> String {
    interval.map { "\(number($0.lower)) to \(number($0.upper))" } ?? ""
  }
}

extension RunSummary {
  /// Names of runs whose predictions are the same, byte for byte, in groups.
  ///
  /// Whatever their specs differ in had no effect on any of their test rows.
  public static func alike(_ summaries: [RunSummary]) -> [[String]] {
    guard summaries.count > 1 else { return [] }
    var names: OrderedDictionary<String, [String]> = [:]
    for summary in summaries {
      let path = "\(summary.resultsFolder)/runs/\(summary.runId)/predictions.parquet"
      guard let hash = Fingerprint.of(file: path) else { continue }
      names[hash, default: []].append(summary.name)
    }
    return names.values.filter { $0.count > 1 }
  }
}
