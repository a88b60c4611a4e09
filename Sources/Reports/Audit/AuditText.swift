internal import Diagnostics
internal import Foundation
internal import Spec

/// Numbers and lists in the form that an audit's sentences use.
enum AuditText {
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

  /// At most `limit` names in backticks, and how many more there are.
  static func names(_ names: [some CustomStringConvertible], limit: Int = 3) -> String {
    let shown = names.prefix(limit).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
