internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation

/// A leaderboard's tables and sentences, alike in every format for people.
struct LeaderboardWords {
  let board: Leaderboard

  func table(_ question: Leaderboard.Question) -> Table {
    let others = ["pr_auc", Self.lift(question)].compactMap(\.self).filter { $0 != board.metric }
    return Table(
      [
        .number("rank"), .text("experiment"), .text("run"), .number(board.metric),
        .text("interval"),
      ]
        + others.map(Table.Column.number)
        + [.number("buyers"), .text("not ranked, because of")],
      rows: question.entries.map { entry in
        let interval = entry.metrics.intervals[board.metric].map {
          "\(RunSummary.number($0.low)) to \(RunSummary.number($0.high))"
        }
        return [
          entry.rank.map { "\($0)" } ?? "-", entry.run.name,
          entry.run.run?.record.runId ?? "metrics only", RunSummary.number(entry.value),
          interval ?? "",
        ] + others.map { RunSummary.number(entry.metrics.values[$0]) }
          + [
            entry.metrics.values["distinct_buyers"].map { Int($0).grouped } ?? "-",
            entry.reasons.joined(separator: ", "),
          ]
      })
  }

  /// What the best owes to being picked; nil where there is nothing to pick from.
  func optimism(_ question: Leaderboard.Question) -> String? {
    let ranked = question.entries.count { $0.rank != nil }
    guard ranked > 1 else { return nil }
    guard let optimism = question.optimism else {
      return "What the best owes to being the best of \(ranked) cannot be told: that takes the "
        + "predictions of at least two runs on the same rows."
    }
    let selection = optimism.selection
    let best = optimism.names[selection.best]
    let share = String(format: "%.0f %%", selection.shares[selection.best] * 100)
    let all = optimism.names.count < ranked ? " whose predictions are here" : ""
    let (value, corrected) = (
      RunSummary.number(selection.value), RunSummary.number(selection.corrected)
    )
    let owed =
      value == corrected
      ? "owes next to nothing of its \(board.metric) to being picked on the rows that judge it"
      : "owes about \(RunSummary.number(selection.optimism)) of its \(board.metric) to being picked "
        + "on the rows that judge it: expect \(corrected), not \(value)"
    return
      "`\(best)` is the best of \(optimism.names.count) runs\(all), and \(owed). It is the best "
      + "in \(share) of the resamples."
  }

  /// The shortest list of a hundredth, or else the first list there is.
  private static func lift(_ question: Leaderboard.Question) -> String? {
    let names = Set(question.entries.flatMap(\.metrics.values.keys)).filter {
      $0.hasPrefix("lift_at_") && RunSummary.isPlainList($0)
    }.sorted(by: RunSummary.precedes)
    return names.contains("lift_at_1_percent") ? "lift_at_1_percent" : names.first
  }
}
