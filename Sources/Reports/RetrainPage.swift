internal import Diagnostics
public import Operations
internal import Panel
public import Promotion
public import Runs
internal import Spec

extension Page {
  private static let labelWidth = 13

  /// What a retraining will fit, or why it fits nothing.
  public init(_ plan: RetrainPlan) {
    let name = plan.champion.name
    switch plan.standstill {
    case .immature(let next, let matures):
      self.init([
        .paragraph(
          "\(name): nothing newer is mature: the next cutoff \(next) matures on \(matures)")
      ])
    case .fixed(let day):
      self.init([
        .paragraph(
          "\(name): nothing newer is mature: `cutoffs.last` of its spec is fixed at \(day)")
      ])
    case .listEnds(let day):
      self.init([
        .paragraph("\(name): nothing newer is mature: `cutoffs.every` lists no cutoff after \(day)")
      ])
    case nil:
      let record = plan.before.record
      let last = record.cutoffs.map(\.date).max() ?? "-"
      self.init([
        .group([
          .paragraph("\(name): retrained on data through \(plan.backtest.dataThrough)"),
          .fields(
            [
              (
                "champion",
                "run \(record.runId), data through \(record.dataThrough), cutoffs to \(last)"
              ),
              ("backtest", plan.backtest.rolesInWords),
              ("refit", "\(plan.refit.rolesInWords): all mature cutoffs; this model scores"),
            ], width: Self.labelWidth),
        ])
      ])
    }
  }

  /// The result of a retraining's fits.
  public init(_ summary: RunSummary, of run: StoredRun) {
    let metrics = ["roc_auc", "pr_auc"].map { name in
      let interval = summary.interval(name)
      return "\(name) \(NumberText.metric(summary.metrics[name]))"
        + (interval.isEmpty ? "" : " (\(interval))")
    }
    let test = summary.total(.test)
    let rows = "\(summary.evidence.nouns.count(test.buyers)) in \(test.rows.grouped) rows"
    let refit = summary.refit.map { [("", "of the refit: \($0.calibration.words)")] } ?? []
    let fields =
      [
        ("run", run.record.runId), ("test", (metrics + [rows]).joined(separator: ", ")),
        ("calibration", "of the backtest: \(summary.calibration.words)"),
      ] + refit + summary.doubts.map { ("!!", $0) }
      + summary.warnings.map { ("warning", $0.words) }
    self.init([.fields(fields, width: Self.labelWidth)])
  }

  /// A run that was not promoted, and how to promote it. For a promotion, the page of its record is
  /// shown.
  /// - Parameter policy: the policy that prevents promotion whatever the gates say; nil if the
  ///   gates do.
  public init(
    challenger run: StoredRun, of plan: RetrainPlan, _ report: GateReport, _ policy: RetrainPolicy?
  ) {
    let (name, id) = (plan.champion.name, run.record.runId)
    let checks = report.checks.filter { $0.outcome == .fail || $0.outcome == .inconclusive }
    let why =
      policy.map { "\($0.origin) is \($0.promotion.rawValue)" }
      ?? "its gates do not pass"
    let words = report.isOpen ? "--reason" : "--override"
    let fields =
      [("gates", "\(report.outcome.rawValue), \(report.checks.count) checks")]
      + checks.map { ("", "\($0.name): \($0.words)") }
      + [("why", why), ("by hand", "holdout promote \(id) --as \(name) \(words) \"why\"")]
    self.init([
      .group([
        .paragraph("\(name): run \(id) stays a challenger"),
        .fields(fields, width: Self.labelWidth),
      ])
    ])
  }
}

extension Timeline {
  /// Such as `train 12 (2023-01-31 to 2023-12-31), test 3 (2024-04-30 to 2024-06-30)`.
  fileprivate var rolesInWords: String {
    [Role.train, .calibrate, .test].compactMap { role in
      let days = self[role].map(\.date)
      guard let first = days.first, let last = days.last else { return nil }
      return
        "\(role.rawValue) \(days.count) (\(first == last ? "\(first)" : "\(first) to \(last)"))"
    }.joined(separator: ", ")
  }
}
