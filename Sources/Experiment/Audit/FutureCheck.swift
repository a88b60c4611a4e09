internal import Diagnostics
internal import Panel
internal import Spec

/// `future_poison` and `future_delete`: the panel of a cutoff must be the same, value by value,
/// whatever the data say of later days.
///
/// For the first and last train cutoff and the last test cutoff that have rows the sources are loaded anew from rows
/// in which all that was not known at the end of that day is replaced (`DataAlteration.poisoned`) or
/// taken away (`.cut`), through everything from parsing to features. One value that differs is a fail:
/// there is no noise here. Where nothing in the data is later than any of these days, nothing could
/// have differed, and the check could not tell.
struct FutureCheck {
  enum Kind { case poison, delete }

  let kind: Kind

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let arrivals = try subject.builder.arrivals()
    var details: [String] = []
    var differing: [PanelDifference] = []
    var changedFeatures: Set<String> = []
    var rows = 0
    var later = 0
    var isLoaded = true
    let probed = Self.probed(subject)
    for block in probed {
      let day = block.cutoff.date
      rows += block.rowCount
      later += arrivals.reduce(0) { $0 + $1.count(after: day.days) }
      do {
        let found = try differences(block, subject)
        details += found.lines.map { "\(day): \($0)" }
        differing += found.differences
      } catch {
        isLoaded = false
        details += AuditWords.reasons(error).map { "\(day): \($0)" }
      }
    }
    for difference in differing { changedFeatures.insert(difference.feature ?? "the cohort") }
    let numbers: [(String, Double)] = [
      ("cutoffs", Double(probed.count)), ("rows", Double(rows)), ("later_values", Double(later)),
      ("differing_features", Double(changedFeatures.count)),
      ("differing_rows", Double(differing.map(\.rows).max() ?? 0)),
    ]
    let done = kind == .poison ? "replaced by wild values" : "taken away"
    if !changedFeatures.isEmpty {
      return AuditOutcome(
        verdict: .fail,
        sentence: "With all that became known after a cutoff \(done), "
          + "\(AuditWords.names(changedFeatures.sorted())) changed: the panel reads what nobody "
          + "knew yet.",
        numbers: numbers, details: details)
    }
    if !isLoaded {
      return .couldNotTell(
        "With all that became known after a cutoff \(done), the data can no longer be loaded, so "
          + "there is nothing to compare.", numbers: numbers, details: details)
    }
    if later == 0 {
      return .couldNotTell(
        "Nothing in the data is later than the cutoffs that were looked at, so nothing could have "
          + "changed.", numbers: numbers, details: details)
    }
    return AuditOutcome(
      verdict: .pass,
      sentence: "With all that became known after a cutoff \(done), the panels of "
        + "\(probed.map(\.cutoff.date.description).joined(separator: ", ")) came out the same, "
        + "value by value.",
      numbers: numbers, details: details)
  }

  /// The first and last train cutoff and the last test cutoff with rows, each once.
  private static func probed(_ subject: AuditSubject) -> [PanelBlock] {
    // Where there is no row nothing is compared.
    let train = subject.train.filter { $0.rowCount > 0 }
    let test = subject.test.filter { $0.rowCount > 0 }
    let wanted = [train.first, train.last, test.last].compactMap(\.self)
    var seen: Set<CalendarDate> = []
    return wanted.filter { seen.insert($0.cutoff.date).inserted }
  }

  private func differences(
    _ block: PanelBlock, _ subject: AuditSubject
  ) throws -> (differences: [PanelDifference], lines: [String]) {
    let day = block.cutoff.date
    let builder = try PanelBuilder(
      subject.spec, project: subject.project.spec, projectFolder: subject.project.folder,
      engine: try NativeLibraries.engine(threads: subject.threads),
      alteration: kind == .poison ? .poisoned(after: day) : .cut(after: day))
    let altered = PanelContent(
      try builder.block(block.cutoff), builder: builder, keys: try builder.keys())
    let own = PanelContent(block, builder: subject.builder, keys: subject.keys)
    let (before, after) = (own.digest, altered.digest)
    if before == after {
      return ([], ["\(AuditWords.count(block.rowCount, "row")), SHA-256 \(before.prefix(16)) both"])
    }
    let found = own.differences(from: altered)
    return (
      found, ["SHA-256 \(before.prefix(16)) became \(after.prefix(16))"] + found.map(\.line)
    )
  }
}
