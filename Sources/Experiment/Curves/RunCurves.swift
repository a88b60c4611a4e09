public import Evaluation
internal import Foundation
internal import Panel
internal import Spec

/// A run's curves.json: the numbers behind the charts of its report, so that a notebook can draw
/// them again. docs/metrics.md explains each of them.
///
/// All are of the test rows of the newest fold. A number that is also in metrics.json is the same.
public struct RunCurves: Codable, Sendable, Equatable {
  /// The version of this schema.
  public let schema: Int
  /// The confidence level of the intervals.
  public let level: Double
  /// nil without positive rows.
  public let gain: GainCurve?
  /// nil without positive rows.
  public let precisionRecall: PrecisionRecallCurve?
  /// nil without rows.
  public let reliability: Reliability?
  public let scores: ScoreHistogram
  /// nil without rows.
  public let deciles: Deciles?
  /// The test cutoffs, oldest first, and the figures of each.
  public let cutoffs: Segment
  /// In the order of the spec.
  public let segments: [Segment]
  /// nil if the model uses no feature.
  public let permutation: PermutationStudy?
  /// nil if the model uses no feature.
  public let shap: ShapSample?
  /// The top of the list of the last test cutoff; nil if it has no rows.
  public let top: TopRows?

  /// The rows by the values of a column, a feature, or a rule.
  public struct Segment: Codable, Sendable, Equatable {
    /// The name in `evaluation.segments`, or `cutoff`.
    public let name: String
    /// The names of the levels, by the index of `study.levels`.
    public let levels: [String]
    public let study: SegmentStudy

    public init(name: String, levels: [String], study: SegmentStudy) {
      (self.name, self.levels, self.study) = (name, levels, study)
    }

    /// The name of a level of the study; its number in a file that was changed.
    public func name(of level: SegmentStudy.Level) -> String {
      levels.indices.contains(level.index) ? levels[level.index] : "\(level.index)"
    }
  }
}

/// What shuffling each feature between entities costs, on a sample of the test rows.
public struct PermutationStudy: Codable, Sendable, Equatable {
  public struct Feature: Codable, Sendable, Equatable {
    public let name: String
    /// The rise of the log loss.
    public let importance: PermutationImportance

    public init(name: String, importance: PermutationImportance) {
      (self.name, self.importance) = (name, importance)
    }
  }

  /// The features that the model uses, by falling importance, then name.
  public let features: [Feature]
  /// The number of rows in the sample, of so many test rows.
  public let rows: Int
  public let allRows: Int

  public init(features: [Feature], rows: Int, allRows: Int) {
    (self.features, self.rows, self.allRows) = (features, rows, allRows)
  }
}

/// SHAP values of a sample of the test rows: what each feature adds to a row's log odds before
/// calibration (Lundberg et al., 2020).
public struct ShapSample: Codable, Sendable, Equatable {
  public struct Feature: Codable, Sendable, Equatable {
    public let name: String
    /// The mean absolute SHAP value over the sample.
    public let meanAbsolute: Double
    /// The names of a category's codes; nil if the feature is a number.
    public let levels: [String]?
    /// The feature's value, or the code of its level, in each row that is shown; nil if missing.
    public let values: [Double?]
    /// The SHAP value of each row that is shown, in log odds.
    public let shap: [Double]

    public init(
      name: String, meanAbsolute: Double, levels: [String]?, values: [Double?], shap: [Double]
    ) {
      (self.name, self.meanAbsolute, self.levels) = (name, meanAbsolute, levels)
      (self.values, self.shap) = (values, shap)
    }
  }

  /// The features with the greatest means, greatest first.
  public let features: [Feature]
  /// The number of rows that the means are of, of so many test rows.
  public let rows: Int
  public let allRows: Int

  public init(features: [Feature], rows: Int, allRows: Int) {
    (self.features, self.rows, self.allRows) = (features, rows, allRows)
  }
}

/// The top of the list of one test cutoff, with what is known by now.
public struct TopRows: Codable, Sendable, Equatable {
  public struct Row: Codable, Sendable, Equatable {
    public let rank: Int
    public let key: String
    public let score: Double
    /// 1 if the event fell into the label window, otherwise 0.
    public let label: Int
    /// The features that moved the score most, as sentences, strongest first.
    public let reasons: [String]

    public init(rank: Int, key: String, score: Double, label: Int, reasons: [String]) {
      (self.rank, self.key, self.score) = (rank, key, score)
      (self.label, self.reasons) = (label, reasons)
    }
  }

  public let cutoff: String
  public let rows: [Row]

  public init(cutoff: String, rows: [Row]) { (self.cutoff, self.rows) = (cutoff, rows) }
}

extension RunCurves {
  /// The name of its file in a run's folder.
  package static let file = "curves.json"
  /// The schema that this program writes.
  static let currentSchema = 1
  /// The consistency band of the reliability diagram, and its draws.
  private static let reliability = (draws: 400, level: 0.9)

  /// - Parameters:
  ///   - rows: the fold's test rows.
  ///   - threads: changes no number.
  init(
    _ spec: ExperimentSpec, _ fold: FoldRun, _ rows: ScoredRows, segments: [SegmentLevels],
    texts: PanelTexts, threads: Int
  ) throws {
    let settings = BootstrapOptions(spec.evaluation, threads: threads)
    var draws = settings
    (draws.resamples, draws.level) = Self.reliability
    let cutoffs = SegmentLevels(
      name: "cutoff", names: fold.test.map(\.cutoff.date.description), codes: rows.cutoff)
    let columns = [cutoffs] + segments
    let studies = SegmentStudy.each(
      rows, by: columns.map { (level: $0.codes, count: $0.names.count) }, bootstrap: settings)
    let studied = zip(columns, studies).map {
      Segment(name: $0.name, levels: $0.names, study: $1)
    }
    // Each of these curves sorts its rows, which takes little time if they are sorted already.
    let ranked = rows.sortedByFallingMargin()
    schema = Self.currentSchema
    level = settings.level
    gain = GainCurve(ranked, bootstrap: settings)
    precisionRecall = PrecisionRecallCurve(ranked)
    reliability = Reliability(ranked, draws: draws)
    scores = ScoreHistogram(ranked)
    deciles = Deciles(ranked)
    self.cutoffs = studied[0]
    self.segments = Array(studied.dropFirst())
    let explained = ExplainedRows(
      spec, fold.model, fold.calibrator, test: fold.test, rows: rows, texts: texts,
      threads: threads)
    permutation = try explained.permutation(settings)
    shap = try explained.shap()
    top = try explained.top()
  }
}
