import Diagnostics
import Experiment

/// What `holdout run` prints below several experiments: a line for each.
struct RunTable {
  /// How one of them ended.
  enum Outcome {
    case done(RunSummary)
    /// Not run, as others of its sweep were better in a trial.
    case dropped(DroppedEntrant)
    /// Without results, and why.
    case failed(name: String, reason: String)

    var isFailure: Bool { if case .failed = self { true } else { false } }
  }

  let outcomes: [Outcome]

  var text: String {
    let rows = [Self.head] + outcomes.map(Self.cells)
    let widths = Self.head.indices.map { column in
      // A reason why there are no results runs on over all columns.
      rows.filter { column == 0 || $0.count == Self.head.count }.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let isLast = column == row.count - 1
        let gap = String(repeating: " ", count: isLast ? 0 : widths[column] - cell.count)
        // Names and words stand left, numbers right.
        let isText = column == 0 || column >= 5 || isLast
        return isText ? cell + gap : gap + cell
      }.joined(separator: "  ").replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
  }

  private static let head = [
    "experiment", "test rows", "positives", "buyers", "roc_auc", "interval", "pr_auc",
    "do not believe it, because of",
  ]

  private static func cells(_ outcome: Outcome) -> [String] {
    switch outcome {
    case .done(let summary): cells(summary)
    case .dropped(let entrant):
      [
        entrant.name,
        "dropped in round \(entrant.round) of \(entrant.rounds): \(entrant.survivors) of "
          + "\(entrant.entrants) went on, this one had pr_auc "
          + RunSummary.number(entrant.averagePrecision),
      ]
    case .failed(let name, let reason): [name, reason]
    }
  }

  private static func cells(_ summary: RunSummary) -> [String] {
    func line(_ metric: String) -> RunSummary.Line? {
      summary.lines.first { $0.metric == metric }
    }
    let evidence = summary.insufficientEvidence == nil ? [] : ["insufficient evidence"]
    let doubts = evidence + summary.caveats.map(\.name)
    return [
      summary.name, summary.test.rows.grouped,
      summary.test.positives.grouped,
      summary.test.buyers.grouped, line("roc_auc")?.value ?? "-",
      line("roc_auc")?.interval ?? "", line("pr_auc")?.value ?? "-",
      doubts.joined(separator: ", "),
    ]
  }
}
