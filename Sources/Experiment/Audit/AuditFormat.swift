/// How an audit is written out.
public enum AuditFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The report; ends with a newline.
  public func render(_ report: AuditReport) throws -> String {
    switch self {
    case .text: AuditText(report: report).text
    case .json: try AuditDocument(report).json()
    case .markdown: AuditMarkdown(report: report).text
    }
  }
}
