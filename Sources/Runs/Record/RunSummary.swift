internal import Diagnostics
public import Evaluation
internal import Foundation
public import Learning
internal import OrderedCollections
public import Panel
internal import Spec

/// The results of a run that people are shown, as values. `Reports` turns them into pages.
public struct RunSummary: Codable, Sendable {
  /// The test metrics of a model or a baseline.
  public struct Metrics: Codable, Sendable {
    /// Pooled over all test cutoffs, and averaged over the cutoffs.
    public let pooled: MetricValues
    public let mean: MetricValues
    /// Like `pooled`, before calibration.
    public let raw: MetricValues

    package init(_ metrics: TestMetrics) {
      pooled = metrics.pooled.values
      mean = metrics.mean.values
      raw = metrics.pooled.raw
    }

    /// A metric as shown: a mean over cutoffs for top lists, pooled for all others.
    public subscript(name: String) -> Double? {
      RunSummary.isPlainList(name) ? mean[name] : pooled[name]
    }
  }

  /// A value with the two ends of its interval.
  public struct Estimate: Codable, Sendable {
    public let value: Double
    public let low: Double
    public let high: Double

    package init(value: Double, low: Double, high: Double) {
      (self.value, self.low, self.high) = (value, low, high)
    }
  }

  /// A simpler model on the same test rows.
  public struct Baseline: Codable, Sendable {
    public let metrics: Metrics
    /// The model's metrics minus the baseline's; empty when no intervals were asked for.
    public let differences: [String: Estimate]

    package init(metrics: Metrics, differences: [String: Estimate]) {
      (self.metrics, self.differences) = (metrics, differences)
    }
  }

  /// A fold, named by its last test cutoff.
  public struct Fold: Codable, Sendable {
    public let name: String
    public let pooled: MetricValues
    public let rows: Int
    public let positives: Int
    /// Distinct entities of positive rows.
    public let buyers: Int
    public let evidence: EvidenceRecord

    package init(
      name: String, pooled: MetricValues, rows: Int, positives: Int, buyers: Int,
      evidence: EvidenceRecord
    ) {
      (self.name, self.pooled, self.rows) = (name, pooled, rows)
      (self.positives, self.buyers, self.evidence) = (positives, buyers, evidence)
    }
  }

  /// The metrics of one test cutoff.
  public struct CutoffMetrics: Codable, Sendable {
    public let date: String
    public let values: MetricValues

    package init(date: String, values: MetricValues) { (self.date, self.values) = (date, values) }
  }

  /// A second fit.
  public struct SecondFit: Codable, Sendable {
    public let counts: [CutoffCounts]
    public let calibration: CalibrationRecord

    package init(counts: [CutoffCounts], calibration: CalibrationRecord) {
      (self.counts, self.calibration) = (counts, calibration)
    }
  }

  public let name: String
  public let runId: String
  public let specSha256: String
  /// The part of the resolved spec that decides the results; the hash is of it.
  public let specText: String
  /// The versions of the programs, by name.
  public let versions: [String: String]
  public let data: [DataFingerprint]
  public let timeline: Timeline
  public let counts: [CutoffCounts]
  public let metrics: Metrics
  /// Intervals of the headline metrics, by name; empty when none were asked for.
  public let intervals: [String: Interval]
  public let evidence: EvidenceRecord
  /// nil when the spec does not name it.
  public let prior: Baseline?
  /// nil when the spec does not name it, or the rows it would learn from are all of one class.
  public let oneFeature: Baseline?
  /// The feature of `oneFeature`.
  public let feature: String?
  /// A logistic regression on all features; nil in the same cases.
  public let logistic: Baseline?
  public let cutoffs: [CutoffMetrics]
  /// Newest first; one element when there is a single fold.
  public let folds: [Fold]
  /// By descending gain.
  public let importance: [FeatureImportance]
  /// The departures that the spec permits and that make the metrics differ from what to expect in
  /// use.
  public let caveats: [Caveat]
  /// The sample that the model has learned from; nil when that is every train row.
  public let sample: SampleRecord?
  /// The number of trees that early stopping chose, and how; nil when the spec gives it.
  public let trees: TreesRecord?
  /// The penalty of the logistic regression; nil when the learner grows trees.
  public let penalty: Double?
  public let calibration: CalibrationRecord
  /// The rows on which calibration makes the log loss worse by more than chance.
  public let calibrationLosses: [CalibrationLoss]
  /// The cutoffs of the refit and its calibration; nil when there is none.
  public let refit: SecondFit?
  public let warnings: [RecordedFinding]
  /// The results folder. The run's own folder is inside it.
  public package(set) var resultsFolder: String

  /// - Parameters:
  ///   - specText: the text that the identity's hash is of.
  ///   - intervals: of the headline metrics, by name.
  package init(
    _ identity: RunIdentity, name: String, specText: String, timeline: Timeline,
    counts: [CutoffCounts], metrics: Metrics, intervals: [String: Interval],
    evidence: EvidenceRecord, prior: Baseline?, oneFeature: Baseline?, feature: String?,
    logistic: Baseline?, cutoffs: [CutoffMetrics], folds: [Fold], importance: [FeatureImportance],
    caveats: [Caveat], sample: SampleRecord?, trees: TreesRecord?, penalty: Double?,
    calibration: CalibrationRecord, calibrationLosses: [CalibrationLoss], refit: SecondFit?,
    warnings: [RecordedFinding], resultsFolder: String
  ) {
    (self.name, runId) = (name, identity.id)
    (specSha256, self.specText) = (identity.specHash, specText)
    (versions, data) = (identity.versions, identity.data)
    (self.timeline, self.counts) = (timeline, counts)
    (self.metrics, self.intervals, self.evidence) = (metrics, intervals, evidence)
    (self.prior, self.oneFeature, self.feature) = (prior, oneFeature, feature)
    (self.logistic, self.cutoffs, self.folds) = (logistic, cutoffs, folds)
    (self.importance, self.caveats) = (importance, caveats)
    (self.sample, self.trees, self.penalty) = (sample, trees, penalty)
    (self.calibration, self.calibrationLosses) = (calibration, calibrationLosses)
    self.refit = refit
    (self.warnings, self.resultsFolder) = (warnings, resultsFolder)
  }

  /// The number of rows, positives and distinct positive entities of a role.
  public func total(_ role: Role) -> (rows: Int, positives: Int, buyers: Int) {
    counts.filter { $0.cutoff.role == role }.total
  }

  package static let roles: [Role] = [.train, .calibrate, .test, .embargoed]

  /// Orders metric names, comparing the numbers in them as numbers.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.compare(right, options: .numeric) == .orderedAscending
  }

  /// Whether a metric is of a top list, other than the best or worst order of ties.
  package static func isPlainList(_ name: String) -> Bool {
    name.contains("_at_") && !name.hasSuffix("_best") && !name.hasSuffix("_worst")
  }
}

/// The log loss of rows with and without calibration.
public struct CalibrationLoss: Codable, Sendable, Equatable {
  public enum Rows: String, Codable, Sendable {
    /// The calibrator's own rows, each cluster scored by a calibrator fitted on others.
    case fitted
    case test
  }

  public let rows: Rows
  public let calibrated: Double
  public let uncalibrated: Double
  /// The first less the second.
  public let difference: LogLossDifference

  package init(
    rows: Rows, calibrated: Double, uncalibrated: Double, difference: LogLossDifference
  ) {
    (self.rows, self.calibrated, self.uncalibrated) = (rows, calibrated, uncalibrated)
    self.difference = difference
  }

  /// Whether calibration makes the log loss worse by more than chance.
  package var isWorse: Bool { difference.isIncrease }
}

extension RunSummary {
  /// Groups the names of runs whose predictions are identical, byte for byte.
  ///
  /// The differences between their specs had no effect on any test row.
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
