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

/// A leaderboard for a terminal.
struct LeaderboardText {
  let board: Leaderboard

  var text: String {
    let words = LeaderboardWords(board: board)
    let notes = board.notes.map { "note: \($0)\n\n" }.joined()
    return notes
      + board.questions.map { question in
        var lines = words.table(question).text.split(separator: "\n").map(String.init)
        let ranked = question.entries.count { $0.rank != nil }
        if ranked < question.entries.count {
          // What is not to be believed stands below a line.
          lines.insert(String(repeating: "-", count: lines[0].count), at: 1 + ranked)
        }
        return
          (["\(question.heading)\n\(question.rows)", lines.joined(separator: "\n")]
          + [words.optimism(question)].compactMap(\.self)).joined(separator: "\n\n")
      }.joined(separator: "\n\n\n") + "\n"
  }
}

/// A leaderboard as a Markdown page.
struct LeaderboardMarkdown {
  let board: Leaderboard

  var text: String {
    let words = LeaderboardWords(board: board)
    let sections = board.questions.map { question in
      ([
        "## \(Table.markdown(question.heading))", Table.markdown(question.rows),
        words.table(question).markdown,
      ] + [words.optimism(question).map(Table.markdown)].compactMap(\.self)).joined(
        separator: "\n\n")
    }
    let notes = board.notes.map(Table.markdown)
    return (["# Leaderboard by \(Table.markdown(board.metric))"] + notes + sections).joined(
      separator: "\n\n")
      + "\n"
  }
}

/// A leaderboard for programs.
struct LeaderboardDocument: Encodable {
  struct Entry: Encodable {
    /// Absent where the run is not ranked.
    let rank: Int?
    let name: String
    /// Absent where only metrics are there.
    let runId: String?
    let value: Double?
    let low: Double?
    let high: Double?
    let distinctBuyers: Int?
    /// Why it is not ranked.
    let reasons: [String]
  }

  struct Optimism: Encodable {
    let best: String
    let names: [String]
    let value: Double
    let optimism: Double
    let corrected: Double
    /// Of the resamples in which each of the names was the best.
    let shares: [Double]
  }

  struct Question: Encodable {
    let question: String
    let rows: String
    let entries: [Entry]
    let optimism: Optimism?
  }

  let metric: String
  let notes: [String]
  let questions: [Question]

  init(_ board: Leaderboard) {
    metric = board.metric
    notes = board.notes
    questions = board.questions.map { question in
      Question(
        question: question.heading, rows: question.rows,
        entries: question.entries.map { entry in
          let interval = entry.metrics.intervals[board.metric]
          return Entry(
            rank: entry.rank, name: entry.run.name, runId: entry.run.run?.record.runId,
            value: entry.value, low: interval?.low, high: interval?.high,
            distinctBuyers: entry.metrics.values["distinct_buyers"].map { Int($0) },
            reasons: entry.reasons)
        },
        optimism: question.optimism.map {
          Optimism(
            best: $0.names[$0.selection.best], names: $0.names, value: $0.selection.value,
            optimism: $0.selection.optimism, corrected: $0.selection.corrected,
            shares: $0.selection.shares)
        })
    }
  }

  func json() throws -> String { try JSONDocument.text(self) }
}
