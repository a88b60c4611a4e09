internal import Diagnostics

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
