internal import Diagnostics

/// A comparison for a terminal.
public struct ComparisonText {
  private let report: ComparisonReport
  private let words: ComparisonWords

  public init(_ report: ComparisonReport) {
    self.report = report
    words = ComparisonWords(report)
  }

  /// What makes numbers unbelievable stands in lines that begin with `!! `.
  public var text: String {
    var parts = [[words.heading, words.rows].compactMap(\.self).joined(separator: "\n")]
    let doubts =
      words.doubts.map { "!! \($0)" } + (report.notes + words.sharedRemarks).map { "note: \($0)" }
    if !doubts.isEmpty { parts.append(doubts.joined(separator: "\n")) }
    if report.candidates.count > 1 { parts.append(words.summary.text) }
    for candidate in report.candidates {
      parts.append(
        ([words.verdict(candidate)] + words.ownRemarks(candidate).map { "note: \($0)" })
          .joined(separator: "\n"))
      let spec = [words.spec(candidate)?.text, words.specRemark(candidate)].compactMap(\.self)
      if !spec.isEmpty { parts.append(spec.joined(separator: "\n")) }
      parts.append(words.metrics(candidate).text)
      parts += [words.importance(candidate), words.lists(candidate)].compactMap { $0?.text }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
