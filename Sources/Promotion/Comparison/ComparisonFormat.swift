/// How a comparison, or a leaderboard, is written out.
public enum ComparisonFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The report; ends with a newline.
  public func render(_ report: ComparisonReport) throws -> String {
    switch self {
    case .text: ComparisonText(report).text
    case .json: try ComparisonDocument(report).json()
    case .markdown: ComparisonMarkdown(report).text
    }
  }

  /// The leaderboard; ends with a newline.
  public func render(_ board: Leaderboard) throws -> String {
    switch self {
    case .text: LeaderboardText(board: board).text
    case .json: try LeaderboardDocument(board).json()
    case .markdown: LeaderboardMarkdown(board: board).text
    }
  }
}
