internal import Diagnostics
internal import Files
internal import OrderedCollections
internal import Panel
internal import Spec
internal import Warehouse

/// `snapshot`: what the data say about days before an earlier snapshot must be what they said then.
///
/// Compares what was known on the snapshot's day in every source that both have: `static` columns
/// and columns of events, values of versions that had started, and dates of class `event` that had
/// come. The check fails if more than 0.1 % of the common rows, and at least three, have another
/// value of a column, or if as many rows are gone or were dated back. See `SourceChanges` for what
/// a row is.
struct SnapshotCheck {
  static let share = 0.001
  static let fewest = 3

  /// nil: none was given.
  let snapshot: Snapshot?

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let snapshot else { return .inconclusive("No earlier snapshot was given.") }
    let end = subject.spec.dataThrough ?? subject.builder.timeline.dataThrough
    let days = end.days - snapshot.day.days
    guard days > 0 else {
      return .inconclusive(
        "The snapshot is of \(snapshot.day) and the data end on \(end): nothing is later than the "
          + "snapshot.",
        numbers: [("days", Double(days))])
    }
    let (changes, skipped) = try Self.changes(since: snapshot, to: end, subject)
    let problems = changes.flatMap(Self.problems)
    let rows = changes.reduce(0) { $0 + $1.commonRows }
    let columns = changes.reduce(0) { $0 + $1.columns.count }
    let shares = changes.flatMap { source in
      source.columns.map { Self.share($0.changed.count, of: source.commonRows) }
    }
    let numbers: [(String, Double)] = [
      ("days", Double(days)), ("sources", Double(changes.count)), ("columns", Double(columns)),
      ("rows", Double(rows)), ("largest_share_changed", shares.max() ?? 0),
      ("rows_gone", Double(changes.reduce(0) { $0 + $1.gone.count })),
      ("rows_added", Double(changes.reduce(0) { $0 + $1.added.count })), ("limit", Self.share),
    ]
    let label = subject.spec.label
    let event = label.event.isAbsence ? "an event of `\(label.sourceName)`" : "the label's event"
    let details = changes.flatMap { Self.lines($0, event: event) } + skipped
    guard changes.contains(where: { $0.earlierRows > 0 }) else {
      return .inconclusive(
        "The snapshot has no rows that could be compared.", numbers: numbers, details: details)
    }
    guard problems.isEmpty else {
      return AuditOutcome(
        verdict: .fail,
        sentence: "Since the snapshot of \(snapshot.day), the past was rewritten: "
          + problems.joined(separator: "; ") + ".",
        numbers: numbers, details: details)
    }
    let most =
      changes.flatMap { $0.columns.map(\.changed.count) + [$0.gone.count, $0.added.count] }
      .max() ?? 0
    return AuditOutcome(
      verdict: .pass,
      sentence:
        "The snapshot of \(snapshot.day) is \(AuditWords.count(days, "day")) older than the "
        + "data: \(AuditWords.count(rows, "row")) and \(AuditWords.count(columns, "column")) of "
        + "\(AuditWords.count(changes.count, "source")) were compared, and "
        + (most == 0
          ? "nothing was rewritten."
          : "at most \(AuditWords.count(most, "row")) differ in any one way."),
      numbers: numbers, details: details)
  }

  /// Compares the sources that both have, in the order of the spec.
  /// - Returns: the comparisons, and a line for each source that cannot be compared.
  /// - Throws: `FindingsError` if a source cannot be read.
  private static func changes(
    since snapshot: Snapshot, to end: CalendarDate, _ subject: AuditSubject
  ) throws -> (changes: [SourceChanges], skipped: [String]) {
    let engine = try NativeLibraries.engine(threads: subject.threads)
    let folder = Files.realPath(snapshot.folder) ?? snapshot.folder
    engine.outputFolders = [folder]
    let reader = try SnapshotReader(
      subject.spec, project: subject.project.spec, projectFolder: subject.project.folder,
      engine: engine, copies: subject.copies)
    try reader.setPositives(subject.builder.keysOfPositives(after: snapshot.day, to: end))
    var changes: [SourceChanges] = []
    var skipped: [String] = []
    for source in subject.spec.sources.values {
      let name = source.name.value
      guard let kept = snapshot.record.sources.first(where: { $0.name == name }) else {
        skipped.append("`\(name)` is not in the snapshot")
        continue
      }
      guard kept.isComparable(source) else {
        skipped.append(
          "`\(name)` is placed in time by other keys, or another `day`, than in the snapshot")
        continue
      }
      if let found = try reader.changes(of: source, since: kept.kept(in: folder)) {
        changes.append(found)
      }
    }
    try reader.close()
    try reader.findings.throwIfErrors()
    return (changes, skipped)
  }

  private static func share(_ count: Int, of rows: Int) -> Double {
    rows == 0 ? 0 : Double(count) / Double(rows)
  }

  private static func isFailing(_ rows: SourceChanges.Rows, of all: Int) -> Bool {
    // An added row may be the first of its source.
    rows.count >= fewest && (all == 0 || share(rows.count, of: all) > share)
  }

  /// What fails, in a few words each.
  private static func problems(_ changes: SourceChanges) -> [String] {
    let source = changes.source
    let columns = changes.columns.filter { isFailing($0.changed, of: changes.commonRows) }
      .map { "\(source).\($0.name)" }
    var problems: [String] = []
    if !columns.isEmpty {
      problems.append(
        "\(AuditWords.names(columns)) \(columns.count == 1 ? "has" : "have") other values")
    }
    if isFailing(changes.gone, of: changes.earlierRows) {
      problems.append("\(AuditWords.count(changes.gone.count, "row")) of `\(source)` are gone")
    }
    if isFailing(changes.added, of: changes.earlierRows) {
      problems.append(
        "\(AuditWords.count(changes.added.count, "row")) of `\(source)` were added "
          + "with earlier days")
    }
    return problems
  }

  // MARK: - Details

  /// - Parameter event: the event whose entities are counted separately, in words.
  private static func lines(_ changes: SourceChanges, event: String) -> [String] {
    let source = changes.source
    var lines = [
      "`\(source)`: \(AuditWords.count(changes.commonRows, "row")) and "
        + "\(AuditWords.count(changes.columns.count, "column")) compared"
    ]
    for (name, changed) in changes.columns where changed.count > 0 {
      lines.append(
        "`\(source).\(name)`: another value in "
          + count(changed, of: changes.commonRows)
          + example(changed) { "\(text($0.before)) became \(text($0.after))" }
          + shares(changed, changes, event: event))
    }
    if changes.gone.count > 0 {
      lines.append(
        "`\(source)`: \(count(changes.gone, of: changes.earlierRows)) gone"
          + example(changes.gone) { $0.before.map { "dated \($0)" } ?? "no day" })
    }
    if changes.added.count > 0 {
      lines.append(
        "`\(source)`: \(AuditWords.count(changes.added.count, "row")) added that "
          + "\(changes.added.count == 1 ? "is" : "are") dated on or before the snapshot's day"
          + example(changes.added) { $0.after.map { "dated \($0)" } ?? "no day" })
    }
    if !changes.unknownColumns.isEmpty {
      let names = changes.unknownColumns.map { "\(source).\($0)" }
      lines.append("\(AuditWords.names(names, limit: 10)): not in the snapshot, or of another type")
    }
    return lines
  }

  private static func count(_ rows: SourceChanges.Rows, of all: Int) -> String {
    "\(AuditWords.count(rows.count, "row")) (\(AuditWords.share(share(rows.count, of: all))))"
  }

  private static func example(
    _ rows: SourceChanges.Rows, _ words: (SourceChanges.Example) -> String
  ) -> String {
    rows.example.map { ", for example `\($0.key)`: \(words($0))" } ?? ""
  }

  private static func text(_ value: String?) -> String { value.map { "`\($0)`" } ?? "nothing" }

  /// Whether the entities with the event since the snapshot are among the changed rows more often
  /// than others; empty if there are none.
  private static func shares(
    _ changed: SourceChanges.Rows, _ changes: SourceChanges, event: String
  ) -> String {
    let positives = changes.commonRowsOfPositives
    let others = changes.commonRows - positives
    guard positives > 0, others > 0 else { return "" }
    let own = AuditWords.share(share(changed.ofPositives, of: positives))
    let rest = AuditWords.share(share(changed.count - changed.ofPositives, of: others))
    return
      "; \(own) of the rows of entities with \(event) since then, \(rest) of the others"
  }
}
