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

    init(_ metrics: TestMetrics) {
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
  }

  /// A simpler model on the same test rows.
  public struct Baseline: Codable, Sendable {
    public let metrics: Metrics
    /// The model's metrics minus the baseline's; empty when no intervals were asked for.
    public let differences: [String: Estimate]

    init(_ baseline: RunEvaluation.Baseline) {
      metrics = Metrics(baseline.metrics)
      differences = baseline.differences.mapValues {
        Estimate(value: $0.difference, low: $0.interval.lower, high: $0.interval.upper)
      }
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

    init(_ outcome: FoldOutcome, of spec: ExperimentSpec) {
      name = outcome.name
      pooled = outcome.metrics.pooled.values
      rows = outcome.counts.rows[.test] ?? 0
      positives = outcome.counts.positives[.test] ?? 0
      buyers = outcome.counts.buyerCount(.test)
      evidence = EvidenceRecord(outcome.metrics.evidence, of: spec)
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
  public internal(set) var resultsFolder: String

  init(
    _ run: ExperimentRun, identity: RunIdentity, specText: String,
    importance: [FeatureImportance], projectFolder: String, resultsFolder: String
  ) {
    name = run.spec.name.value
    runId = identity.id
    specSha256 = identity.specHash
    self.specText = specText
    versions = identity.versions
    data = identity.data
    timeline = run.timeline
    counts = run.cutoffCounts
    let evaluation = run.evaluation
    metrics = Metrics(evaluation.metrics)
    // Top lists are made per cutoff. No name occurs in both.
    intervals = (evaluation.intervals?.pooled ?? [:])
      .merging(evaluation.intervals?.mean ?? [:]) { pooled, _ in pooled }
    evidence = EvidenceRecord(evaluation.metrics.evidence, of: run.spec)
    prior = evaluation.prior.map(Baseline.init)
    oneFeature = evaluation.oneFeature.map { Baseline($0.scores) }
    feature = evaluation.oneFeature?.baseline.feature
    logistic = evaluation.logistic.map { Baseline($0.scores) }
    cutoffs = zip(evaluation.cutoffs, evaluation.metrics.cutoffs).map {
      CutoffMetrics(date: $0.date.description, values: $1.values)
    }
    folds = run.folds.map { Fold($0, of: run.spec) }
    self.importance = importance
    caveats = run.caveats.list
    sample = run.model.sample.map(SampleRecord.init)
    trees = run.model.earlyStop.map(TreesRecord.init)
    penalty = run.model.regression?.penalty
    calibration = CalibrationRecord(run.calibrator)
    calibrationLosses = run.calibrationLosses.filter(\.isWorse)
    refit = run.refit.map {
      SecondFit(counts: $0.cutoffCounts, calibration: CalibrationRecord($0.calibrator))
    }
    warnings = run.warnings.map { RecordedFinding($0, in: projectFolder) }
    self.resultsFolder = resultsFolder
  }

  /// The number of rows, positives and distinct positive entities of a role.
  public func total(_ role: Role) -> (rows: Int, positives: Int, buyers: Int) {
    counts.filter { $0.cutoff.role == role }.total
  }

  static let roles: [Role] = [.train, .calibrate, .test, .embargoed]

  /// Orders metric names, comparing the numbers in them as numbers.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.compare(right, options: .numeric) == .orderedAscending
  }

  /// Whether a metric is of a top list, other than the best or worst order of ties.
  package static func isPlainList(_ name: String) -> Bool {
    name.contains("_at_") && !name.hasSuffix("_best") && !name.hasSuffix("_worst")
  }
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
