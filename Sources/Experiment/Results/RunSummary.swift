internal import Diagnostics
public import Evaluation
internal import Foundation
public import Learning
internal import OrderedCollections
public import Panel
internal import Spec

/// What a run found out, as far as people are shown it: values, of which `Reports` makes pages.
public struct RunSummary: Codable, Sendable {
  /// The metrics of the test rows of a model, or of a baseline.
  public struct Metrics: Codable, Sendable {
    /// Of all test cutoffs pooled, and the mean over the cutoffs.
    public let pooled: MetricValues
    public let mean: MetricValues
    /// As `pooled`, before calibration.
    public let raw: MetricValues

    init(_ metrics: TestMetrics) {
      pooled = metrics.pooled.values
      mean = metrics.mean.values
      raw = metrics.pooled.raw
    }

    /// A metric as it is shown: top lists are means over cutoffs, all else is pooled.
    public subscript(name: String) -> Double? {
      RunSummary.isPlainList(name) ? mean[name] : pooled[name]
    }
  }

  /// A value with its ends.
  public struct Estimate: Codable, Sendable {
    public let value: Double
    public let low: Double
    public let high: Double
  }

  /// A simpler model on the same test rows.
  public struct Baseline: Codable, Sendable {
    public let metrics: Metrics
    /// The model's metrics less the baseline's; empty where no intervals were asked for.
    public let differences: [String: Estimate]

    init(_ baseline: RunEvaluation.Baseline) {
      metrics = Metrics(baseline.metrics)
      differences = baseline.differences.mapValues {
        Estimate(value: $0.difference, low: $0.interval.lower, high: $0.interval.upper)
      }
    }
  }

  /// A fold by its last test cutoff.
  public struct Fold: Codable, Sendable {
    public let name: String
    public let pooled: MetricValues
    public let rows: Int
    public let positives: Int
    /// Distinct entities of positive rows.
    public let buyers: Int
    public let evidence: EvidenceRecord

    init(_ outcome: FoldOutcome) {
      name = outcome.name
      pooled = outcome.metrics.pooled.values
      rows = outcome.counts.rows[.test] ?? 0
      positives = outcome.counts.positives[.test] ?? 0
      buyers = outcome.counts.buyerCount(.test)
      evidence = EvidenceRecord(outcome.metrics.evidence)
    }
  }

  /// The metrics of one test cutoff.
  public struct CutoffMetrics: Codable, Sendable {
    public let date: String
    public let values: MetricValues
  }

  /// A second fit.
  public struct SecondFit: Codable, Sendable {
    public let counts: [CutoffCounts]
    public let calibration: CalibrationRecord
  }

  public let name: String
  public let runId: String
  public let specSha256: String
  public let data: [DataFingerprint]
  public let timeline: Timeline
  public let counts: [CutoffCounts]
  public let metrics: Metrics
  /// Of the headline metrics, by name; empty where none were asked for.
  public let intervals: [String: Interval]
  public let evidence: EvidenceRecord
  public let prior: Baseline
  /// nil where the rows that it would be learned from are of one class.
  public let oneFeature: Baseline?
  /// The feature of `oneFeature`.
  public let feature: String?
  public let cutoffs: [CutoffMetrics]
  /// Newest first; a single one where there is one.
  public let folds: [Fold]
  /// By feature, then level.
  public let segments: [String: [String: MetricValues]]
  /// By falling gain.
  public let importance: [FeatureImportance]
  /// What the spec allows itself that makes the numbers other than what to expect.
  public let caveats: [Caveat]
  /// What the model has learned from; nil where that is every train row.
  public let sample: SampleRecord?
  /// The number of trees that was found, and how; nil where the spec gives it.
  public let trees: TreesRecord?
  public let calibration: CalibrationRecord
  /// Where calibration makes the log loss worse.
  public let calibrationLosses: [CalibrationLoss]
  /// The cutoffs of the second fit and its calibration; nil where there is none.
  public let refit: SecondFit?
  public let warnings: [RecordedFinding]
  /// The folder of the results, and the run's own below it.
  public internal(set) var resultsFolder: String

  init(
    _ run: ExperimentRun, identity: RunIdentity, importance: [FeatureImportance],
    projectFolder: String, resultsFolder: String
  ) {
    name = run.spec.name.value
    runId = identity.id
    specSha256 = identity.specHash
    data = identity.data
    timeline = run.timeline
    counts = run.cutoffCounts
    let evaluation = run.evaluation
    metrics = Metrics(evaluation.metrics)
    // Top lists are drawn up per cutoff; no name stands in both.
    intervals = (evaluation.intervals?.pooled ?? [:])
      .merging(evaluation.intervals?.mean ?? [:]) { pooled, _ in pooled }
    evidence = EvidenceRecord(evaluation.metrics.evidence)
    prior = Baseline(evaluation.prior)
    oneFeature = evaluation.oneFeature.map { Baseline($0.scores) }
    feature = evaluation.oneFeature?.baseline.feature
    cutoffs = zip(evaluation.cutoffs, evaluation.metrics.cutoffs).map {
      CutoffMetrics(date: $0.date.description, values: $1.values)
    }
    folds = run.folds.map(Fold.init)
    segments = evaluation.segments
    self.importance = importance
    caveats = run.caveats.list
    sample = run.model.sample.map(SampleRecord.init)
    trees = run.model.earlyStop.map(TreesRecord.init)
    calibration = CalibrationRecord(run.calibrator)
    calibrationLosses = run.calibrationLosses.filter(\.isWorse)
    refit = run.refit.map {
      SecondFit(counts: $0.cutoffCounts, calibration: CalibrationRecord($0.calibrator))
    }
    warnings = run.warnings.map { RecordedFinding($0, in: projectFolder) }
    self.resultsFolder = resultsFolder
  }

  /// Rows, positives and distinct positive entities of a role.
  public func total(_ role: Role) -> (rows: Int, positives: Int, buyers: Int) {
    let own = counts.filter { $0.cutoff.role == role }
    return (
      own.reduce(0) { $0 + $1.rows }, own.reduce(0) { $0 + $1.positives },
      Set(own.flatMap(\.buyers)).count
    )
  }

  static let roles: [Role] = [.train, .calibrate, .test, .embargoed]

  /// Orders metric names with the numbers in them compared as numbers.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.compare(right, options: .numeric) == .orderedAscending
  }

  /// Whether a metric is of a top list, and not its best or worst order of ties.
  package static func isPlainList(_ name: String) -> Bool {
    name.contains("_at_") && !name.hasSuffix("_best") && !name.hasSuffix("_worst")
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
