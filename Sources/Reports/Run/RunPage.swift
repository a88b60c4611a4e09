internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
public import Runs
public import Spec

extension Page {
  /// A run, for the user who has just started it.
  /// - Parameters:
  ///   - segments: those of its curves.
  ///   - folder: the folder of its results as a user would type it.
  public init(
    _ summary: RunSummary, of spec: ExperimentSpec, segments: [RunCurves.Segment], in folder: String
  ) {
    let level = NumberText.level(spec.evaluation.level)
    let drawing = TimelineDrawing(
      spec: spec, timeline: summary.timeline, counts: summary.counts)
    var rest =
      (summary.sample.map { ["sample:      \($0.words)"] } ?? [])
      + (summary.trees.map { ["trees:       \($0.words)"] } ?? [])
      + (summary.penaltyWords(spec).map { ["penalty:     \($0)"] } ?? [])
    if let clusters = summary.clusterWords(spec) { rest.append("clusters:    \(clusters)") }
    rest.append("calibration: \(summary.calibration.words)")
    rest += SegmentBlocks(segments, noun: spec.label.noun).lines
      .map { "segment:     \($0)" }
    let doubt = summary.calibrationDoubt.map { [$0] } ?? []
    rest += (doubt + summary.warnings.map(\.words)).map { "warning: \($0)" }
    rest += [
      "results:     \(folder)/metrics.json",
      "report:      \(folder)/runs/\(summary.runId)/report.html",
    ]
    let baselines = summary.baselineLines
    self.init(
      drawing.blocks + [
        .warnings(summary.doubts), .table(summary.metricTable(level: level)),
        .group(
          baselines.isEmpty
            ? []
            : [
              .paragraph("against the baselines, with \(level) intervals of the difference"),
              .code(baselines.map { "  \($0)" }.joined(separator: "\n")),
            ]),
        .group(summary.foldBlocks), .group(rest.map { .paragraph($0) }),
      ])
  }

  /// The report.md of a run.
  public init(reportOf summary: RunSummary, _ curves: RunCurves, of spec: ExperimentSpec) {
    self.init(RunReport(summary: summary, curves: curves, spec: spec).blocks)
  }
}

extension RunSummary {
  /// The pooled metrics to show, in this order.
  static let shown = [
    "roc_auc", "pr_auc", "brier_skill", "log_loss", "ece", "calibration_slope",
    "calibration_intercept", "observed_over_expected", "base_rate",
  ]

  /// Why the numbers should not be trusted.
  var doubts: [String] {
    (evidence.sufficient ? [] : [evidence.words]) + caveats.map(\.words)
  }

  /// The same, a word or two each, for tables.
  var doubtNames: [String] {
    (evidence.sufficient ? [] : ["insufficient evidence"]) + caveats.map(\.name)
  }

  /// The penalty of a logistic regression, and who chose it; nil if the learner grows trees.
  func penaltyWords(_ spec: ExperimentSpec) -> String? {
    penalty.map { penalty in
      NumberText.metric(penalty)
        + (spec.model.logistic?.penalty == nil ? ", by the log loss out of fold" : ", as written")
    }
  }

  /// How many clusters there are, and what is done with them; nil if every entity is a cluster of
  /// its own.
  func clusterWords(_ spec: ExperimentSpec) -> String? {
    guard let count = metrics.pooled["clusters"] else { return nil }
    let entities = Int(metrics.pooled["entities"] ?? 0).grouped
    let resamples = spec.evaluation.resamples
    return "\(Int(count).grouped) among the \(entities) entities of test; "
      + (resamples == 0
        ? "buyers are counted by \(spec.evaluation.resampledUnits)"
        : "intervals come from \(resamples.grouped) resamples of \(spec.evaluation.resampledUnits)")
  }

  /// The matching top lists, shortest first.
  func lists(_ isMeant: (String) -> Bool = { _ in true }) -> [String] {
    metrics.mean.keys.filter { Self.isPlainList($0) && isMeant($0) }.sorted(by: Self.precedes)
  }

  func interval(_ name: String) -> String {
    intervals[name].map { NumberText.interval($0.lower, $0.upper) } ?? ""
  }

  /// Where calibration increases the log loss by more than chance; nil if it does so nowhere.
  var calibrationDoubt: String? {
    let source =
      calibration.fit == .calibrate ? "the calibrate cutoffs" : "the train cutoffs"
    let found = calibrationLosses.map { loss in
      let difference = loss.difference
      let rows =
        loss.rows == .test
        ? "test"
        : "\(source), where each account is scored by a calibrator fitted on other accounts"
      return "by \(NumberText.metric(loss.calibrated - loss.uncalibrated)) "
        + "(\(NumberText.level(difference.level)) interval "
        + "\(NumberText.interval(difference.lower, difference.upper))), to "
        + "\(NumberText.metric(loss.calibrated)), on \(rows)"
    }
    return found.isEmpty
      ? nil : "calibration makes log loss worse " + found.joined(separator: "; and ")
  }

  fileprivate func metricTable(level: String) -> Table {
    // The base rate for everyone has hardly a metric worth a column.
    let others = baselines.filter { $0.name != .prior }
    return Table(
      [
        .text("test", width: 24), .number("value", width: 10),
        .text("\(level) interval", width: 20),
      ]
        + others.map { name, _ in
          .text(name == .oneFeature ? "only \(feature ?? "one feature")" : name.rawValue)
        },
      rows: (Self.shown + lists { $0.hasPrefix("lift") }).map { name in
        [name, NumberText.metric(metrics[name]), interval(name)]
          + others.map { NumberText.metric($1.metrics[name]) }
      }, isWhole: true)
  }

  /// The baselines that the run has, the strongest usually first.
  var baselines: [(name: EvaluationSpec.Baseline, baseline: Baseline)] {
    [(.logistic, logistic), (.oneFeature, oneFeature), (.prior, prior)].compactMap {
      name, baseline in baseline.map { (name, $0) }
    }
  }

  /// Whether a difference from a baseline has an interval.
  var hasDifferences: Bool { baselines.contains { !$0.baseline.differences.isEmpty } }

  /// The model's difference from each baseline, one line each.
  fileprivate var baselineLines: [String] {
    func line(_ name: String, _ baseline: Baseline?) -> String? {
      let parts = ["roc_auc", "pr_auc", "log_loss"].compactMap { metric in
        baseline?.differences[metric].map { "\(metric) \($0.words)" }
      }
      return parts.isEmpty ? nil : "\(name): \(parts.joined(separator: ", "))"
    }
    return baselines.reversed().compactMap { name, baseline in
      line(name == .oneFeature ? "only \(feature ?? "one feature")" : name.rawValue, baseline)
    }
  }

  private static let foldMetrics = [
    "roc_auc", "pr_auc", "brier_skill", "ece", "observed_over_expected",
  ]

  /// The folds' test metrics: one row per fold, newest first, then mean and spread.
  var foldBlocks: [Page.Block] {
    guard folds.count > 1 else { return [] }
    let heads = ["test rows", "positives", evidence.nouns.many] + Self.foldMetrics
    let trees = folds.map { fold in
      MetricTree(
        fold.pooled.filter { Self.foldMetrics.contains($0.key) }.merging([
          "test rows": Double(fold.rows), "positives": Double(fold.positives),
          evidence.nouns.many: Double(fold.buyers),
        ]) { first, _ in first })
    }
    let spread = MetricSpread(trees)
    let names = folds.map(\.name) + ["mean", "spread"]
    let weak = folds.filter { !$0.evidence.sufficient }
    return [
      .table(
        Table(
          [.text("fold", width: 9), .number(heads[0], width: 11)]
            + heads.dropFirst().map { .number($0, width: 9) },
          rows: zip(names, trees + [spread.mean, spread.spread]).map { name, tree in
            [name] + heads.map { NumberText.metric(tree[$0]?.number) }
          }, isWhole: true)),
      .warnings(
        weak.first.map { fold in
          [
            "fewer than \(fold.evidence.needed) distinct \(evidence.nouns.many): "
              + weak.map(\.name).joined(separator: ", ")
          ]
        } ?? []),
    ]
  }
}

extension EvaluationSpec {
  /// What a resample draws: `entities`, or clusters with the column of their values.
  var resampledUnits: String {
    cluster.map { "clusters (`\($0.value)`)" } ?? "entities"
  }
}

extension RunSummary.Estimate {
  /// Such as `+0.0148 (+0.0037 to +0.0259)`.
  var words: String {
    "\(NumberText.signedMetric(value)) (\(NumberText.signedMetric(low)) to "
      + "\(NumberText.signedMetric(high)))"
  }
}

/// A run's report.md. report.html has some of its tables.
struct RunReport {
  let summary: RunSummary
  let curves: RunCurves
  let spec: ExperimentSpec

  var blocks: [Page.Block] {
    header + time + sample + test + baselines + deciles + folds + cutoffs + segments + features
      + provenance
  }

  private var level: String { NumberText.level(spec.evaluation.level) }

  private var header: [Page.Block] {
    [
      .heading(summary.name, level: 1), .paragraph(spec.description ?? ""),
      .warnings(
        summary.doubts, lead: "These metrics do not show what to expect in production."),
    ]
  }

  private var time: [Page.Block] {
    [
      .heading("Time", level: 2),
      .paragraph(
        "Data through \(summary.timeline.dataThrough); labels look "
          + "\(spec.label.horizon.value) ahead."),
      .table(roleTable),
    ]
  }

  /// The cutoffs and the rows of each role.
  var roleTable: Table {
    let isConditional = summary.counts.excluded != nil
    let rows = [Role.train, .calibrate, .test, .embargoed].map { role -> [String] in
      let cutoffs = summary.timeline[role]
      let total = summary.total(role)
      let excluded = summary.counts.filter { $0.cutoff.role == role }.excluded ?? 0
      return [role.rawValue, "\(cutoffs.count)", cutoffs.reach, total.rows.grouped]
        + (isConditional ? [excluded.grouped] : [])
        + [total.positives.grouped, total.buyers.grouped]
    }
    return Table(
      [.text("role"), .number("cutoffs"), .text("from, to"), .number("rows")]
        + (isConditional ? [.number("left out")] : [])
        + [.number("positives"), .number(spec.label.noun.many)], rows: rows)
  }

  private var sample: [Page.Block] {
    guard let sample = summary.sample else { return [] }
    let words = "The model was trained on \(sample.words)."
    let start: [Page.Block] = [.heading("Sample", level: 2)]
    guard sample.isSmaller else { return start + [.paragraph(words)] }
    return start + [
      .paragraph(
        "\(words) Everything else on this page uses all rows. To measure the cost of the sample, "
          + "with intervals, compare with a run on all train rows:"
      ),
      .code(
        "holdout run SPEC sample=null name=\(summary.name)_all_rows\n"
          + "holdout compare \(summary.name)_all_rows \(summary.name)"),
    ]
  }

  private var feature: String { summary.feature.map { " (`\($0)`)" } ?? "" }

  private var test: [Page.Block] {
    [
      .heading("Test", level: 2),
      .paragraph("All test cutoffs pooled; top lists are means over the cutoffs."),
      .paragraph(summary.clusterWords(spec).map { "Clusters: \($0)." } ?? ""),
      .table(testTable),
      .paragraph(summary.calibrationDoubt.map { "Warning: \($0)." } ?? ""),
    ]
  }

  /// Every metric, before calibration too, beside those of the baselines.
  var testTable: Table {
    let rows = (RunSummary.shown + summary.lists()).map { name in
      [
        "`\(name)`", NumberText.metric(summary.metrics[name]), summary.interval(name),
        RunSummary.isPlainList(name) ? "" : NumberText.metric(summary.metrics.raw[name]),
      ] + summary.baselines.map { NumberText.metric($1.metrics[name]) }
    }
    return Table(
      [
        .text("metric"), .number("value"), .text("\(level) interval"), .number("uncalibrated"),
      ] + baselineTitles.map { .number($0) }, rows: rows)
  }

  private var baselines: [Page.Block] {
    guard summary.hasDifferences else { return [] }
    return [
      .heading("Against the baselines", level: 2),
      .paragraph(
        "The model's metric minus the baseline's, with \(level) intervals over the same resamples "
          + "of \(spec.evaluation.resampledUnits) for both."
      ),
      .table(differenceTable()),
    ]
  }

  /// The model minus each baseline.
  func differenceTable(_ isMeant: (String) -> Bool = { _ in true }) -> Table {
    let compared = Set(summary.baselines.flatMap { $0.baseline.differences.keys })
    let names =
      RunSummary.shown.filter(compared.contains)
      + compared.filter(RunSummary.isPlainList).sorted(by: RunSummary.precedes)
    return Table(
      [.text("metric")] + baselineTitles.map { .text($0) },
      rows: names.filter(isMeant).map { name in
        ["`\(name)`"] + summary.baselines.map { $1.differences[name]?.words ?? "-" }
      })
  }

  private var baselineTitles: [String] {
    summary.baselines.map { name, _ in
      switch name {
      case .oneFeature: "one feature\(feature)"
      case .logistic: "logistic"
      case .prior: "prior"
      }
    }
  }

  private var deciles: [Page.Block] {
    guard let table = decileTable else { return [] }
    return [
      .heading("Deciles", level: 2),
      .paragraph(
        "Each cutoff's list in ten parts, best first; means over the cutoffs, and each part's share "
          + "of the \(spec.label.noun.many)."), .table(table),
    ]
  }

  /// The list in ten parts; nil without rows.
  var decileTable: Table? {
    curves.deciles.map { deciles in
      Table(
        [
          .number("decile"), .number("rows"), .number("positives"), .number("expected"),
          .number("observed / expected"), .number("captured"),
        ],
        rows: deciles.parts.enumerated().map { index, part in
          [
            "\(index + 1)", NumberText.mean(part.rows < 1_000 ? part.rows : part.rows.rounded()),
            NumberText.mean(part.positives),
            NumberText.wins(part.expected), NumberText.metric(part.observedOverExpected),
            part.captured.map { NumberText.percent($0) } ?? "-",
          ]
        })
    }
  }

  private var folds: [Page.Block] {
    let blocks = summary.foldBlocks
    guard !blocks.isEmpty else { return [] }
    return [
      .heading("By fold", level: 2),
      .paragraph(
        "Each fold by its last test cutoff, trained and evaluated separately; the spread is the "
          + "sample standard deviation over the folds. Everything else on this page is for the "
          + "first fold."
      ),
    ] + blocks
  }

  private var cutoffs: [Page.Block] {
    [.heading("By cutoff", level: 2), .table(cutoffTable)]
  }

  var cutoffTable: Table {
    let names = ["rows", "positives", "roc_auc", "pr_auc", "ece", "observed_over_expected"]
    return Table(
      [.text("cutoff")] + names.map { .number($0) },
      rows: summary.cutoffs.map { cutoff in
        [cutoff.date] + names.map { NumberText.metric(cutoff.values[$0]) }
      })
  }

  private var segments: [Page.Block] {
    SegmentBlocks(curves.segments, noun: spec.label.noun).section
  }

  private var features: [Page.Block] {
    let importance = summary.importance
    let total = importance.totalGain
    let rows = importance.prefix(15).map { row in
      [
        "`\(row.feature)`", total > 0 ? NumberText.percent(row.gain / total) : "-",
        "\(row.split)",
      ]
    }
    let unused = importance.filter { $0.split == 0 }.map { "`\($0.feature)`" }
    return [
      .heading("Features", level: 2),
      .table(
        Table(
          summary.penalty == nil
            ? [.text("feature"), .number("share of gain"), .number("splits")]
            : [.text("feature"), .number("share of contributions"), .number("coefficients")],
          rows: rows)),
      .paragraph(
        unused.isEmpty ? "" : "Never used by the model: \(unused.joined(separator: ", "))."),
    ]
  }

  private var provenance: [Page.Block] {
    let lines =
      ["Run `\(summary.runId)`, spec SHA-256 `\(summary.specSha256.prefix(12))`"]
      + (summary.trees.map { ["Trees: \($0.words)"] } ?? [])
      + (summary.penaltyWords(spec).map { ["Penalty: \($0)"] } ?? [])
      + ["Calibration: \(summary.calibration.words)"]
      + summary.data.map { print in
        "`\(print.source)`: \(print.path)"
          + (print.sha256.map { ", SHA-256 `\($0.prefix(12))`" } ?? "")
      }
      + summary.warnings.map { "Warning \($0.words)" }
    return [.heading("Provenance", level: 2), .list(lines)]
  }
}
