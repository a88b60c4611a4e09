internal import Foundation

/// An audit for a terminal: the verdict on each check, what it means, and its figures.
struct AuditText {
  let report: AuditReport

  private static let indent = "      "

  var text: String {
    let head = ["\(report.name): \(Self.summary(report))"] + report.remarks.map { "!! \($0)" }
    return ([head.joined(separator: "\n")] + report.checks.map(Self.check))
      .joined(separator: "\n\n") + "\n"
  }

  /// How many checks ended how.
  static func summary(_ report: AuditReport) -> String {
    let counts = AuditCheck.Verdict.allCases.map { "\(report.count($0)) \($0.rawValue)" }
    return "\(AuditWords.count(report.checks.count, "check")): "
      + counts.joined(separator: ", ") + " (\(seconds(report.seconds)))"
  }

  static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }

  /// A check's figures, `name value`, in one line.
  static func numbers(_ check: AuditCheck) -> String {
    check.numbers.map { "\($0.name) \(RunSummary.number($0.value))" }.joined(separator: ", ")
  }

  private static func check(_ check: AuditCheck) -> String {
    // The verdicts stand below each other, and what is no pass stands out.
    let mark = check.verdict == .pass ? "pass" : check.verdict.rawValue.uppercased()
    let head = "\(mark)  \(check.id.rawValue)  (\(seconds(check.seconds)))"
    let lines = wrapped(check.sentence) + [numbers(check)] + check.details.map { "- \($0)" }
    return ([head] + lines.filter { !$0.isEmpty }.map { indent + $0 }).joined(separator: "\n")
  }

  /// Text in lines of at most 94 characters, broken between words.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < 94 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
