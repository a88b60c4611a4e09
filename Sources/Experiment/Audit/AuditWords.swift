internal import Diagnostics
internal import Foundation

/// Numbers and lists as the sentences of an audit write them.
enum AuditWords {
  /// A count and its noun: `1 row`, `2 rows`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
  }

  static func share(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "less than 0.1 %" }
    return String(format: percent > 0 && percent < 9.95 ? "%.1f %%" : "%.0f %%", percent)
  }

  static func metric(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "-"
  }

  /// What stopped a check, in the words of its findings where it has any.
  static func reasons(_ error: any Error) -> [String] {
    guard let error = error as? FindingsError else { return ["\(error)"] }
    return error.findings.filter { $0.severity == .error }.map { "\($0.id): \($0.message)" }
  }

  /// At most `limit` names in backticks, and how many more there are.
  static func names(_ names: [String], limit: Int = 3) -> String {
    let shown = names.prefix(limit).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
