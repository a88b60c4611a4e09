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
}
