internal import Diagnostics

/// A comparison as a Markdown page.
public struct ComparisonMarkdown {
  private let report: ComparisonReport
  private let words: ComparisonWords

  public init(_ report: ComparisonReport) {
    self.report = report
    words = ComparisonWords(report)
  }

  public var text: String {
    var parts = ["# " + Table.markdown(words.heading)]
    parts += words.doubts.map { "> **\(Table.markdown($0))**" }
    parts += [words.rows].compactMap(\.self).map(Table.markdown)
    let notes = (report.notes + words.sharedRemarks).map { "- \(Table.markdown($0))" }
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
    if report.candidates.count > 1 { parts.append(words.summary.markdown) }
    for candidate in report.candidates {
      parts.append("## " + Table.markdown(candidate.run.reference))
      parts.append(Table.markdown(words.verdict(candidate)))
      let own = words.ownRemarks(candidate).map { "- \(Table.markdown($0))" }
      if !own.isEmpty { parts.append(own.joined(separator: "\n")) }
      parts += [
        words.spec(candidate)?.markdown, words.specRemark(candidate).map(Table.markdown),
      ].compactMap(\.self)
      parts.append(words.metrics(candidate).markdown)
      parts += [words.importance(candidate), words.lists(candidate)].compactMap { $0?.markdown }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
