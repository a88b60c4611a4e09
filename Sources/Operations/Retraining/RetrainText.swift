internal import Diagnostics
public import Experiment
internal import Panel
public import Promotion
internal import Spec

/// What `holdout retrain` prints, part by part.
public struct RetrainText: Sendable {
  private let plan: RetrainPlan

  public init(_ plan: RetrainPlan) { self.plan = plan }

  private var name: String { plan.champion.name }

  /// What would be fitted, or why nothing would be; ends with a newline.
  public var heading: String {
    if let standstill = plan.standstill { return Self.words(standstill, of: name) + "\n" }
    let record = plan.before.record
    let last = record.cutoffs.map(\.date).max() ?? "-"
    return "\(name): retrained on data through \(plan.backtest.dataThrough)\n"
      + Self.lines([
        ("champion", "run \(record.runId), data through \(record.dataThrough), cutoffs to \(last)"),
        ("backtest", Self.cutoffs(plan.backtest)),
        ("refit", Self.cutoffs(plan.refit) + ": everything mature; this one scores"),
      ])
  }

  /// What was fitted; ends with a newline.
  public func fitted(_ run: StoredRun, _ summary: RunSummary) -> String {
    var rows = [
      ("run", run.record.runId),
      ("test", Self.test(summary)),
      ("calibration", "of the backtest: \(summary.calibration)"),
    ]
    if let refit = summary.refit { rows.append(("", "of the refit: \(refit.calibration)")) }
    if let reason = summary.insufficientEvidence { rows.append(("!!", reason)) }
    rows += summary.caveats.map { ("!!", $0.line) }
    rows += summary.warnings.map { ("warning", $0) }
    return Self.lines(rows)
  }

  /// That a run was not promoted, and how it would be; ends with a newline. A promotion is told by its
  /// record.
  /// - Parameter policy: the policy that keeps it back whatever its gates say; nil: they do.
  public func challenger(_ run: StoredRun, _ report: GateReport, _ policy: RetrainPolicy?) -> String
  {
    let id = run.record.runId
    let checks = report.checks.filter { $0.outcome == .fail || $0.outcome == .inconclusive }
    let gates = "\(report.outcome.rawValue), \(report.checks.count) checks"
    let words = report.isOpen ? "--reason" : "--override"
    return "\(name): run \(id) stays a challenger\n"
      + Self.lines(
        [("gates", gates)] + checks.map { ("", "\($0.name): \($0.sentence)") }
          + [
            (
              "why",
              policy.map { "\($0.origin) is \($0.promotion.rawValue)" }
                ?? "its gates do not let it pass"
            ),
            ("by hand", "holdout promote \(id) --as \(name) \(words) \"why\""),
          ])
  }

  // MARK: - Words

  private static func words(_ standstill: RetrainPlan.Standstill, of name: String) -> String {
    switch standstill {
    case .immature(let next, let matures):
      "\(name): nothing newer is mature: the next cutoff \(next) matures on \(matures)"
    case .fixed(let day):
      "\(name): nothing newer is mature: `cutoffs.last` of its spec is \(day), and stays so"
    }
  }

  /// `train 12 (2023-01-31 to 2023-12-31), test 3 (2024-04-30 to 2024-06-30)`.
  private static func cutoffs(_ timeline: Timeline) -> String {
    [Role.train, .calibrate, .test].compactMap { role in
      let days = timeline[role].map(\.date)
      guard let first = days.first, let last = days.last else { return nil }
      return
        "\(role.rawValue) \(days.count) (\(first == last ? "\(first)" : "\(first) to \(last)"))"
    }.joined(separator: ", ")
  }

  private static func test(_ summary: RunSummary) -> String {
    let lines = summary.lines.filter { ["roc_auc", "pr_auc"].contains($0.metric) }
    return
      (lines.map { "\($0.metric) \($0.value)" + ($0.interval.isEmpty ? "" : " (\($0.interval))") }
      + ["\(summary.test.buyers.grouped) buyers in \(summary.test.rows.grouped) rows"])
      .joined(separator: ", ")
  }

  private static func lines(_ rows: [(head: String, text: String)]) -> String {
    rows.map { head, text in
      TerminalText.escaped("  \(head)" + String(repeating: " ", count: 13 - head.count) + text)
        + "\n"
    }.joined()
  }
}
