internal import Columns
internal import Diagnostics
internal import Foundation
internal import Panel
internal import Spec

/// `end_of_data`: rows that a feature marks as future buyers, or as lost, must not disappear, or
/// appear, at the end of the data. They do if a value is written when the outcome becomes known.
/// See `EndOfData` for the test.
struct EndOfDataCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    if let among = subject.spec.label.among {
      return AuditOutcome(
        verdict: .pass,
        sentence: "Not tested: past rows are those with a row of `\(among.source.value)` in their "
          + "label window, which is not known yet for the newest ones.")
    }
    guard let comparison = EndOfData(subject) else {
      return .inconclusive(
        "There are no rows after the last mature cutoff to compare with the past.")
    }
    let features = subject.spec.features.enumerated().map { index, feature in
      (
        name: feature.name.value, levelCount: subject.levelCount(ofFeature: index),
        least: EndOfData.least(
          reads: subject.columns(ofFeature: feature.name.value, foreignKeys: false))
      )
    }
    let found = Parallel.map(features.count, threads: subject.threads) {
      comparison.findings(
        feature: $0, name: features[$0].name, levelCount: features[$0].levelCount,
        least: features[$0].least)
    }.flatMap(\.self)
    var names: [String] = []
    for finding in found where !names.contains(finding.name) { names.append(finding.name) }
    let numbers: [(String, Double)] = [
      ("features", Double(features.count)), ("changed", Double(names.count)),
      ("cutoffs", Double(comparison.pastCount)), ("pairs", Double(comparison.pairCount)),
    ]
    guard !names.isEmpty else {
      return AuditOutcome(
        verdict: .pass,
        sentence: "Features mark as many of the newest rows as future positives, and as negatives, "
          + "as they did in the past.",
        numbers: numbers)
    }
    let columns = names.reduce(into: [String]()) { all, name in
      all += subject.columns(ofFeature: name).filter { !all.contains($0) }
    }
    return AuditOutcome(
      verdict: .fail,
      sentence: "\(AuditWords.names(names)) "
        + "\(names.count == 1 ? "changes" : "change") abruptly at the end of the data, where "
        + "outcomes are not known yet: "
        + (columns.isEmpty
          ? "rows of its events are probably inserted, or deleted, when an outcome is known."
          : "the values of \(AuditWords.names(columns)) are probably written, or overwritten, when "
            + "an outcome is known."),
      numbers: numbers,
      details: found.map { $0.line(reads: subject.columns(ofFeature: $0.name)) })
  }
}

extension EndOfData.Finding {
  /// The finding in words.
  /// - Parameter columns: the columns that the feature reads.
  func line(reads columns: [String]) -> String {
    let kind =
      switch part {
      case .high: "values with \(NumberText.metric(lift)) times the average rate of positives"
      case .low: "values with \(NumberText.metric(lift)) of the average rate of positives"
      case .missing: "missing values"
      }
    let reads =
      columns.isEmpty ? "" : " (reads \(columns.map { "`\($0)`" }.joined(separator: ", ")))"
    return "`\(name)`\(reads): \(kind) are in \(AuditWords.share(before)) of the rows at the last "
      + "mature cutoff and in \(AuditWords.share(end)) on the last day of the data; over as many "
      + "days in the past, their odds changed by a factor of \(NumberText.metric(pastFactor)) at "
      + "most"
  }
}
