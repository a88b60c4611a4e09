/// How outcomes are written out.
public enum OutcomesFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The report; ends with a newline.
  public func render(_ report: OutcomesReport) throws -> String {
    switch self {
    case .text: OutcomesText(report: report).text
    case .json: try OutcomesDocument(report).json()
    case .markdown: OutcomesMarkdown(report: report).text
    }
  }
}
