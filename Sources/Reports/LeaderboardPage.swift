internal import Diagnostics
internal import Evaluation
public import Promotion
internal import Runs
internal import Spec

extension Page {
  /// The runs of each question, best first.
  public init(_ board: Leaderboard) {
    let sections = board.questions.flatMap { question -> [Block] in
      [
        .group([.heading(question.heading, level: 2), .paragraph(question.rows)]),
        .table(board.table(question)),
        .paragraph(board.optimism(question)),
      ]
    }
    self.init(
      [
        .only(.document, [.heading("Leaderboard by \(board.metric)", level: 1)]),
        .notes(board.notes.map(\.words)),
      ] + sections)
  }
}

extension Leaderboard {
  func table(_ question: Question) -> Table {
    let others = ["pr_auc", Self.lift(question)].compactMap(\.self).filter { $0 != metric }
    let nouns = question.entries.compactMap { $0.run.run?.record.nouns }
    return Table(
      [
        .number("rank"), .text("experiment"), .text("run"), .number(metric), .text("interval"),
      ]
        + others.map { .number($0) }
        + [.number(PositiveNoun.common(nouns).many), .text("not ranked, because of")],
      rows: question.entries.map { entry in
        let interval = entry.metrics.intervals[metric].map { NumberText.interval($0.low, $0.high) }
        return [
          entry.rank.map { "\($0)" } ?? "-", entry.run.name,
          entry.run.run?.record.runId ?? "metrics only", NumberText.metric(entry.value),
          interval ?? "",
        ] + others.map { NumberText.metric(entry.metrics.values[$0]) }
          + [
            entry.metrics.values["positive_entities"].map { Int($0).grouped } ?? "-",
            entry.reasons.joined(separator: ", "),
          ]
      },
      // Runs below the rule are not to be trusted.
      rule: question.entries.count { $0.rank != nil })
  }

  /// The winner's selection bias; empty if there is only one run.
  func optimism(_ question: Question) -> String {
    let ranked = question.entries.count { $0.rank != nil }
    guard ranked > 1 else { return "" }
    guard let optimism = question.optimism else {
      return
        "The selection bias of the best of \(ranked) is not known: that needs the predictions of "
        + "at least two runs on the same rows."
    }
    let selection = optimism.selection
    let best = optimism.names[selection.best]
    let share = NumberText.percent(selection.shares[selection.best], decimals: 0)
    let all = optimism.names.count < ranked ? " whose predictions are here" : ""
    let (value, corrected) = (
      NumberText.metric(selection.value), NumberText.metric(selection.corrected)
    )
    let owed =
      value == corrected
      ? "has almost no selection bias in \(metric)"
      : "has a selection bias of about \(NumberText.metric(selection.optimism)) in \(metric): "
        + "expect \(corrected), not \(value)"
    return
      "`\(best)` is the best of \(optimism.names.count) runs\(all) and \(owed). It is the best in "
      + "\(share) of the resamples."
  }

  /// The lift metric to show: that at 1 percent, otherwise the first.
  static func lift(_ question: Question) -> String? {
    let names = Set(question.entries.flatMap(\.metrics.values.keys)).filter {
      $0.hasPrefix("lift_at_") && RunSummary.isPlainList($0)
    }.sorted(by: RunSummary.precedes)
    return names.contains("lift_at_1_percent") ? "lift_at_1_percent" : names.first
  }
}

/// A leaderboard for programs.
public struct LeaderboardDocument: Encodable, Sendable {
  struct Entry: Encodable, Sendable {
    /// Absent if the run is not ranked.
    let rank: Int?
    let name: String
    /// Absent if only metrics are available.
    let runId: String?
    let value: Double?
    let low: Double?
    let high: Double?
    let positiveEntities: Int?
    /// Why it is not ranked.
    let reasons: [String]
  }

  struct Optimism: Encodable, Sendable {
    let best: String
    let names: [String]
    let value: Double
    let optimism: Double
    let corrected: Double
    /// The share of the resamples in which each of the names was the best.
    let shares: [Double]
  }

  struct Question: Encodable, Sendable {
    let question: String
    let rows: String
    let entries: [Entry]
    let optimism: Optimism?
  }

  let metric: String
  let notes: [String]
  let questions: [Question]

  public init(_ board: Leaderboard) {
    metric = board.metric
    notes = board.notes.map(\.words)
    questions = board.questions.map { question in
      Question(
        question: question.heading, rows: question.rows,
        entries: question.entries.map { entry in
          let interval = entry.metrics.intervals[board.metric]
          return Entry(
            rank: entry.rank, name: entry.run.name, runId: entry.run.run?.record.runId,
            value: entry.value, low: interval?.low, high: interval?.high,
            positiveEntities: entry.metrics.values["positive_entities"].map { Int($0) },
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
}
