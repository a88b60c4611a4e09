internal import Diagnostics

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
