import Diagnostics
import Evaluation
import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Randomness
import Reports
import Runs
import Spec
import Testing

/// A run whose test rows are drawn instead of scored by a model. Everything that follows from the
/// rows is computed as in a real run; the rest is made up.
struct MadeUpRun {
  /// What a run is like.
  struct Shape: Sendable {
    var name = "shop"
    var cutoffs = 3
    var entities = 300
    /// The number of entities that are positive at every cutoff; nil: drawn from the scores.
    var positives: Int?
    /// The indices of cutoffs without a positive row.
    var quiet: Set<Int> = []
    var resamples = 20
    var features: [String] = ["size", "channel", "visits_all", "amount"]
    /// The number of trees' splits that use a feature, by its index; 0: it is never used.
    var splits: @Sendable (Int) -> Int = { 40 - $0 }
    var regions: [String] = ["North", "South", "West"]
    /// How well the single feature ranks, beside the model: 1 as well, 0 not at all.
    var baseline = 0.4
    /// Whether the run has the baseline of a logistic regression.
    var hasLogistic = true
    /// The factor by which the scores are wrong.
    var bias = 1.0
    var hasExplanations = true
    var keys: [String] = (0..<20).map { "C\(100 + $0)" }
    var caveats: [Caveat] = []
    var needed = 20
    /// Words of the spec, and what replaces them.
    var changes: [String: String] = [:]

    struct Caveat: Encodable, Sendable {
      let kind: String
      let reason: String?
      let numbers: [String: Int]
    }
  }

  let shape: Shape
  let spec: ExperimentSpec
  let summary: RunSummary
  let curves: RunCurves
  let rows: ScoredRows

  var page: Page { Page(figuresOf: summary, curves, of: spec) }
  var html: String { page.html(title: summary.name) }
  var report: String { Page(reportOf: summary, curves, of: spec).markdown }

  init(_ change: (inout Shape) -> Void = { _ in }) throws {
    var shape = Shape()
    change(&shape)
    try self.init(shape)
  }

  init(_ shape: Shape) throws {
    self.shape = shape
    let spec = try Self.spec(shape)
    self.spec = spec
    let timeline = try Timeline(
      spec.cutoffs, label: spec.label, dataThrough: #require(CalendarDate("2024-12-31")),
      observedFrom: nil)
    var random = SplitMix64(seed: 5)
    let rows = Self.rows(shape, &random)
    self.rows = rows
    let regions = rows.entity.map { Int32(Int($0) % max(shape.regions.count, 1)) }
    summary = try Self.decoded(
      Summary(shape, spec, timeline, rows, regions: regions), as: RunSummary.self)
    curves = try Self.decoded(
      Curves(shape, spec, timeline, rows, regions: regions, &random), as: RunCurves.self)
  }

  private static func decoded<Value: Decodable>(
    _ document: some Encodable, as type: Value.Type
  ) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(document))
  }

  private static func spec(_ shape: Shape) throws -> ExperimentSpec {
    var text = Shop.spec
    let changes = [
      "name: shop": "name: \(shape.name)", "test: 3": "test: \(shape.cutoffs)",
      "resamples: 50": "resamples: \(shape.resamples)",
      "top_percent: [5]": "top_percent: [1, 10]",
    ].merging(shape.changes) { _, own in own }
    for (old, new) in changes {
      try #require(text.contains(old), "the spec does not hold `\(old)`")
      text = text.replacing(old, with: new)
    }
    let loaded = SpecLoader.load(path: "shop.yaml") { [text] name in
      .success(SourceFile(name: name, text: text))
    }
    return try #require(loaded.members.first?.experiment?.spec, "\(loaded.findings)")
  }

  /// Scores whose logits are normal; an entity has nearly the same one at all cutoffs.
  private static func rows(_ shape: Shape, _ random: inout SplitMix64) -> ScoredRows {
    var (cutoffs, entities, labels) = ([Int32](), [Int32](), [UInt8]())
    var (margins, scores) = ([Double](), [Double]())
    for entity in 0..<shape.entities {
      let (center, uniform) = (-2.5 + 1.5 * random.normal(), random.uniform())
      for cutoff in 0..<shape.cutoffs {
        let margin = center + 0.1 * random.normal()
        let score = 1 / (1 + exp(-margin))
        let isPositive = shape.positives.map { entity < $0 } ?? (uniform < score)
        cutoffs.append(Int32(cutoff))
        entities.append(Int32(entity))
        labels.append(isPositive && !shape.quiet.contains(cutoff) ? 1 : 0)
        margins.append(margin)
        scores.append(min(1, score * shape.bias))
      }
    }
    return ScoredRows(
      cutoff: cutoffs, entity: entities, label: labels, margin: margins, score: scores,
      uncalibrated: margins.map { 1 / (1 + exp(-$0)) }, cutoffCount: shape.cutoffs)
  }
}

// MARK: - Documents

/// What a `RunSummary` is decoded from.
private struct Summary: Encodable {
  struct Metrics: Encodable {
    let pooled: MetricValues
    let mean: MetricValues
    let raw: MetricValues

    init(_ metrics: TestMetrics) {
      (pooled, mean, raw) = (metrics.pooled.values, metrics.mean.values, metrics.pooled.raw)
    }
  }

  struct Estimate: Encodable {
    let value: Double
    let low: Double
    let high: Double
  }

  struct Baseline: Encodable {
    let metrics: Metrics
    let differences: [String: Estimate]

    init(_ rows: ScoredRows, _ options: EvaluationOptions, _ found: [String: PairedDifference]) {
      metrics = Metrics(evaluate(rows, options: options))
      differences = found.mapValues {
        Estimate(value: $0.difference, low: $0.interval.lower, high: $0.interval.upper)
      }
    }
  }

  struct Cutoff: Encodable {
    let date: String
    let values: MetricValues
  }

  struct Evidence: Encodable {
    let sufficient: Bool
    let positiveEntities: Int
    let needed: Int
    let noun: PositiveNoun
  }

  struct Calibration: Encodable {
    let method = "isotonic"
    let fit = "calibrate"
    let rows = 1_200
    let positives = 90
  }

  struct Finding: Encodable {
    let id: String
    let severity: String
    let message: String
  }

  struct Fold: Encodable {
    let name: String
    let pooled: MetricValues
    let rows: Int
    let positives: Int
    let buyers: Int
    let evidence: Evidence
  }

  let name: String
  let runId = "2024-12-31-0123456789ab"
  let specSha256 = String(repeating: "5e", count: 32)
  let specText: String
  let versions = ["duckdb": "v1.4.0", "holdout": "0.1.0"]
  let data: [[String: String]]
  let timeline: Timeline
  let counts: [CutoffCounts]
  let metrics: Metrics
  let intervals: [String: Interval]
  let evidence: Evidence
  let prior: Baseline
  let oneFeature: Baseline
  let feature: String
  let logistic: Baseline?
  let cutoffs: [Cutoff]
  let folds: [Fold]
  let segments: [String: [String: MetricValues]]
  let importance: [FeatureImportance]
  let caveats: [MadeUpRun.Shape.Caveat]
  let calibration = Calibration()
  let calibrationLosses: [CalibrationLoss] = []
  let warnings = [Finding(id: "H411", severity: "warning", message: "2 rows are left out")]
  let resultsFolder = "/elsewhere/results/shop"

  init(
    _ shape: MadeUpRun.Shape, _ spec: ExperimentSpec, _ timeline: Timeline, _ rows: ScoredRows,
    regions: [Int32]
  ) {
    let options = EvaluationOptions(spec.evaluation)
    let metrics = evaluate(rows, options: options)
    // A weaker ranking: the margins of the model with a pattern that knows nothing.
    let weaker = rows.with { index in
      shape.baseline * rows.margin[index] + (1 - shape.baseline) * Double(rows.entity[index] % 7)
    }
    let constant = rows.with { _ in -2.5 }
    let between = rows.with { index in
      0.8 * rows.margin[index] + 0.2 * Double(rows.entity[index] % 5)
    }
    var (intervals, differences) = (
      [String: Interval](), [[String: PairedDifference]](repeating: [:], count: 3)
    )
    if spec.evaluation.resamples > 0 {
      let compared = compareWithBaselines(
        rows, [constant, weaker, between], evaluation: options,
        bootstrap: BootstrapOptions(resamples: spec.evaluation.resamples))
      intervals = compared.intervals.pooled.merging(compared.intervals.mean) { own, _ in own }
      differences = compared.differences
    }
    name = shape.name
    specText = "version: 1\nname: \(shape.name)\n"
    data = [
      ["source": "customers", "path": "shop.customers", "contentHash": "77"],
      ["source": "visits", "path": "data/visits.parquet", "sha256": "ab12"],
    ]
    self.timeline = timeline
    counts = timeline.cutoffs.filter(\.role.hasRows).map { cutoff in
      let index = timeline[.test].firstIndex(of: cutoff)
      let buyers = index.map { test in
        (0..<rows.count).filter { rows.cutoff[$0] == Int32(test) && rows.label[$0] == 1 }
          .map { rows.entity[$0] }
      }
      return CutoffCounts(
        cutoff: cutoff, rows: index == nil ? 400 : shape.entities, buyers: buyers ?? [1, 2, 3])
    }
    self.metrics = Metrics(metrics)
    self.intervals = intervals
    let evidence = Evidence(
      sufficient: rows.positiveEntities >= shape.needed, positiveEntities: rows.positiveEntities,
      needed: shape.needed, noun: spec.label.noun)
    self.evidence = evidence
    prior = Baseline(constant, options, differences[0])
    oneFeature = Baseline(weaker, options, differences[1])
    feature = shape.features[0]
    logistic = shape.hasLogistic ? Baseline(between, options, differences[2]) : nil
    cutoffs = zip(timeline[.test], metrics.cutoffs).map {
      Cutoff(date: $0.date.description, values: $1.values)
    }
    folds = [
      Fold(
        name: timeline[.test].last?.date.description ?? "", pooled: metrics.pooled.values,
        rows: rows.count, positives: rows.label.count { $0 == 1 }, buyers: rows.positiveEntities,
        evidence: evidence)
    ]
    let levels = evaluateSegments(
      rows, segment: regions, count: shape.regions.count, options: options)
    segments = [
      "region": Dictionary(zip(shape.regions, levels), uniquingKeysWith: { first, _ in first })
    ]
    importance = shape.features.enumerated().map { index, name in
      FeatureImportance(
        feature: name, gain: shape.splits(index) > 0 ? 100 / Double(index + 1) : 0,
        split: shape.splits(index))
    }
    caveats = shape.caveats
  }
}

extension ScoredRows {
  /// The same rows with other margins, and scores to match.
  fileprivate func with(_ margin: (Int) -> Double) -> ScoredRows {
    let margins = (0..<count).map(margin)
    let scores = margins.map { 1 / (1 + exp(-$0)) }
    return ScoredRows(
      cutoff: cutoff, entity: entity, label: label, margin: margins, score: scores,
      uncalibrated: scores, cutoffCount: cutoffCount)
  }
}

/// What `RunCurves` are decoded from.
private struct Curves: Encodable {
  struct Permutation: Encodable {
    struct Feature: Encodable {
      struct Importance: Encodable {
        let increase: Double
        let interval: Interval
        let shuffles = 10
      }

      let name: String
      let importance: Importance
    }

    let features: [Feature]
    let rows = 500
    let allRows: Int
  }

  let schema = 1
  let level: Double
  let gain: GainCurve?
  let precisionRecall: PrecisionRecallCurve?
  let reliability: Reliability?
  let scores: ScoreHistogram
  let deciles: Deciles?
  let cutoffs: RunCurves.Segment
  let segments: [RunCurves.Segment]
  var permutation: Permutation?
  var shap: ShapSample?
  var top: TopRows?

  init(
    _ shape: MadeUpRun.Shape, _ spec: ExperimentSpec, _ timeline: Timeline, _ rows: ScoredRows,
    regions: [Int32], _ random: inout SplitMix64
  ) {
    let settings = BootstrapOptions(
      resamples: spec.evaluation.resamples, level: spec.evaluation.level)
    func segment(_ name: String, _ levels: [String], _ codes: [Int32]) -> RunCurves.Segment {
      RunCurves.Segment(
        name: name, levels: levels,
        study: SegmentStudy(
          rows, level: codes, count: levels.count, draws: 200, bootstrap: settings))
    }
    level = settings.level
    gain = GainCurve(rows, bootstrap: settings)
    precisionRecall = PrecisionRecallCurve(rows)
    reliability = Reliability(rows, draws: BootstrapOptions(resamples: 40, level: 0.9))
    scores = ScoreHistogram(rows)
    deciles = Deciles(rows)
    cutoffs = segment("cutoff", timeline[.test].map(\.date.description), rows.cutoff)
    segments = [segment("region", shape.regions, regions)]
    guard shape.hasExplanations else { return }
    let used = shape.features.enumerated().filter { shape.splits($0.offset) > 0 }.map(\.element)
    // The last feature is the most important one by permutation.
    permutation = Permutation(
      features: used.reversed().enumerated().map { index, name in
        let increase = 0.02 / Double(index + 1)
        return .init(
          name: name,
          importance: .init(
            increase: increase,
            interval: Interval(
              lower: increase - 0.004, upper: increase + 0.004, standardError: 0.002, defined: 20)
          ))
      }, allRows: rows.count)
    let count = min(rows.count, 400)
    let features = used.prefix(20).enumerated().map { index, name in
      let isCategory = name == "channel"
      let values = (0..<count).map { row -> Double? in
        // Half of the rows have the second level.
        let value = isCategory ? [0, 1, 1, 2][row % 4] : row % 50
        return row % 11 == 0 ? nil : Double(value)
      }
      // More of a number raises the score; of the levels, the second does most.
      let shap = values.map { value in
        (value.map { isCategory ? [0.1, 0.9, -0.4][Int($0)] : $0 / 25 - 1 } ?? -0.2)
          + 0.01 * random.normal()
      }
      return ShapSample.Feature(
        name: name, meanAbsolute: 0.4321 / Double(index + 1),
        levels: isCategory ? ["fair", "web", "phone"] : nil, values: values, shap: shap)
    }
    shap = ShapSample(features: features, rows: 2_000, allRows: rows.count)
    top = TopRows(
      cutoff: timeline[.test].last?.date.description ?? "",
      rows: shape.keys.enumerated().map { index, key in
        TopRows.Row(
          rank: index + 1, key: key, score: 0.9 / Double(index + 1), label: index % 4 == 0 ? 1 : 0,
          reasons: ["\(index + 2) visits in 90 days", "the channel is fair"])
      })
  }
}
