internal import Evaluation
internal import Experiment
internal import Foundation

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
