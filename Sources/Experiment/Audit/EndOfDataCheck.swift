internal import Columns
internal import Diagnostics
internal import Panel
internal import Spec

/// `end_of_data`: rows that a feature marks as future buyers, or as lost, must not disappear, or
/// appear, at the end of the data. They do if a value is written when the outcome becomes known.
/// See `EndOfData` for the test.
struct EndOfDataCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    if let among = subject.spec.label.among {
      return AuditOutcome(.pass, .endUnknown(source: among.source.value))
    }
    guard let comparison = EndOfData(subject) else {
      return AuditOutcome(.inconclusive, .nothingAfterMatureCutoffs)
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
      return AuditOutcome(.pass, .endAlike, numbers: numbers)
    }
    let columns = names.reduce(into: [String]()) { all, name in
      all += subject.columns(ofFeature: name).filter { !all.contains($0) }
    }
    return AuditOutcome(
      .fail, .endChanged(names, columns: columns), numbers: numbers,
      details: found.map { .endChange($0, columns: subject.columns(ofFeature: $0.name)) })
  }
}
