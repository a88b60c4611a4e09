import Experiment

/// What `holdout run` prints below several experiments: a line for each.
struct RunTable {
  let summaries: [RunSummary]

  var text: String {
    let rows = [Self.head] + summaries.map(Self.cells)
    let widths = Self.head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        // Names and words stand left, numbers right.
        let isText = column == 0 || column >= 5
        return isText ? cell + gap : gap + cell
      }.joined(separator: "  ").replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
  }

  private static let head = [
    "experiment", "test rows", "positives", "buyers", "roc_auc", "interval", "pr_auc",
    "do not believe it, because of",
  ]

  private static func cells(_ summary: RunSummary) -> [String] {
    func line(_ metric: String) -> RunSummary.Line? {
      summary.lines.first { $0.metric == metric }
    }
    let evidence = summary.insufficientEvidence == nil ? [] : ["insufficient evidence"]
    let doubts = evidence + summary.caveats.map(\.name)
    return [
      summary.name, TimelineDrawing.grouped(summary.test.rows),
      TimelineDrawing.grouped(summary.test.positives),
      TimelineDrawing.grouped(summary.test.buyers), line("roc_auc")?.value ?? "-",
      line("roc_auc")?.interval ?? "", line("pr_auc")?.value ?? "-",
      doubts.joined(separator: ", "),
    ]
  }
}
