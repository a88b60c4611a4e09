internal import Diagnostics
public import Experiment
internal import Panel
public import Runs
internal import Spec

/// The outcome of one of several experiments.
public enum SuiteLine: Sendable {
  case done(RunSummary)
  /// Not run, because other members of its sweep did better in a trial.
  case dropped(DroppedEntrant)
  /// No results, and why.
  case failed(name: String, reason: String)

  public var isFailure: Bool { if case .failed = self { true } else { false } }

  /// The cells of its line; a reason for missing results spans all columns.
  fileprivate var cells: [String] {
    switch self {
    case .done(let summary):
      let test = summary.total(.test)
      return [
        summary.name, test.rows.grouped, test.positives.grouped, test.buyers.grouped,
        NumberText.metric(summary.metrics["roc_auc"]), summary.interval("roc_auc"),
        NumberText.metric(summary.metrics["pr_auc"]),
        summary.doubtNames.joined(separator: ", "),
      ]
    case .dropped(let entrant):
      return [
        entrant.name,
        "dropped in round \(entrant.round) of \(entrant.rounds): \(entrant.survivors) of "
          + "\(entrant.entrants) went on; this one had pr_auc "
          + NumberText.metric(entrant.averagePrecision),
      ]
    case .failed(let name, let reason): return [name, reason]
    }
  }
}

extension Page {
  /// Several experiments, one line each.
  public init(_ lines: [SuiteLine]) {
    let nouns = lines.compactMap { line in
      if case .done(let summary) = line { summary.evidence.nouns } else { nil }
    }
    self.init([
      .table(
        Table(
          [
            .text("experiment"), .number("test rows"), .number("positives"),
            .number(PositiveNoun.common(nouns).many),
            .number("roc_auc"), .text("interval"), .number("pr_auc"),
            .text("unreliable because of"),
          ], rows: lines.map(\.cells)))
    ])
  }

  /// A run on one line, with others to follow.
  /// - Parameter isKept: whether it was reused from an earlier run on the same spec and data.
  public init(lineOf summary: RunSummary, isKept: Bool, in folder: String) {
    let interval = summary.interval("roc_auc")
    let doubts = summary.doubtNames
    let kept = isKept ? "kept" : "done"
    self.init([
      .paragraph(
        "\(summary.name): \(kept), roc_auc \(NumberText.metric(summary.metrics["roc_auc"]))"
          + (interval.isEmpty ? "" : " (\(interval))")
          + (doubts.isEmpty ? "" : "; unreliable: \(doubts.joined(separator: ", "))")
          + "; \(folder)/runs/\(summary.runId)/report.html")
    ])
  }
}

extension Page {
  /// The stages that a run of a spec would compute again, and why.
  public init(_ report: WhyReport) {
    if let unknown = report.unknown {
      self.init([.paragraph("\(report.name): \(unknown)")])
      return
    }
    let rows = report.stages.map { stage in
      [
        stage.stage, stage.isHit ? "hit" : "miss",
        stage.parts > 1 ? "\(stage.hits) of \(stage.parts) cached" : "",
        stage.isHit ? "" : stage.differs.map { "changed: \($0)" } ?? "not computed yet, or pruned",
      ]
    }
    let table = Table(
      [.text(""), .text("", width: 4), .text("", width: 16), .text("")], rows: rows,
      isWhole: true)
    self.init([.group([.paragraph(report.name), .indented(2, [.table(table)])])])
  }
}
