internal import Diagnostics
internal import Files
internal import OrderedCollections
internal import Panel
internal import Runs
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
    guard let snapshot else { return AuditOutcome(.inconclusive, .snapshot(.none)) }
    let end = subject.spec.dataThrough ?? subject.builder.timeline.dataThrough
    let days = end.days - snapshot.day.days
    guard days > 0 else {
      return AuditOutcome(
        .inconclusive, .snapshot(.nothingSince(snapshot: snapshot.day, end: end)),
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
    let event = label.event.isAbsence ? SinceEvent.absent(source: label.sourceName) : .label
    let details = changes.flatMap { Self.details($0, event: event) } + skipped
    guard changes.contains(where: { $0.earlierRows > 0 }) else {
      return AuditOutcome(.inconclusive, .snapshot(.empty), numbers: numbers, details: details)
    }
    guard problems.isEmpty else {
      return AuditOutcome(
        .fail, .snapshot(.rewritten(since: snapshot.day, problems)), numbers: numbers,
        details: details)
    }
    let most =
      changes.flatMap { $0.columns.map(\.changed.count) + [$0.gone.count, $0.added.count] }
      .max() ?? 0
    return AuditOutcome(
      .pass,
      .snapshot(
        .kept(
          since: snapshot.day, days: days, rows: rows, columns: columns, sources: changes.count,
          differing: most)),
      numbers: numbers, details: details)
  }

  /// Compares the sources that both have, in the order of the spec.
  /// - Returns: the comparisons, and a detail for each source that cannot be compared.
  /// - Throws: `FindingsError` if a source cannot be read.
  private static func changes(
    since snapshot: Snapshot, to end: CalendarDate, _ subject: AuditSubject
  ) throws -> (changes: [SourceChanges], skipped: [AuditDetail]) {
    let engine = try NativeLibraries.engine(threads: subject.threads)
    let folder = Files.realPath(snapshot.folder) ?? snapshot.folder
    engine.outputFolders = [folder]
    let reader = try SnapshotReader(
      subject.spec, project: subject.project.spec, projectFolder: subject.project.folder,
      engine: engine, copies: subject.copies)
    try reader.setPositives(subject.builder.keysOfPositives(after: snapshot.day, to: end))
    var changes: [SourceChanges] = []
    var skipped: [AuditDetail] = []
    for source in subject.spec.sources.values {
      let name = source.name.value
      guard let kept = snapshot.record.sources.first(where: { $0.name == name }) else {
        skipped.append(.snapshot(.sourceNotKept(name)))
        continue
      }
      guard kept.isComparable(source) else {
        skipped.append(.snapshot(.sourceTimedOtherwise(name)))
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

  private static func problems(_ changes: SourceChanges) -> [RewrittenPast] {
    let source = changes.source
    let columns = changes.columns.filter { isFailing($0.changed, of: changes.commonRows) }
      .map { ColumnReference(source: source, column: $0.name) }
    var problems: [RewrittenPast] = []
    if !columns.isEmpty { problems.append(.values(columns)) }
    if isFailing(changes.gone, of: changes.earlierRows) {
      problems.append(.rowsGone(changes.gone.count, source: source))
    }
    if isFailing(changes.added, of: changes.earlierRows) {
      problems.append(.rowsAdded(changes.added.count, source: source))
    }
    return problems
  }

  // MARK: - Details

  private static func details(_ changes: SourceChanges, event: SinceEvent) -> [AuditDetail] {
    let source = changes.source
    var details: [AuditDetail.Snapshot] = [
      .compared(source, rows: changes.commonRows, columns: changes.columns.count)
    ]
    for (name, changed) in changes.columns where changed.count > 0 {
      details.append(
        .valuesChanged(
          ColumnReference(source: source, column: name), changed, of: changes.commonRows,
          shares: shares(changed, changes), event))
    }
    if changes.gone.count > 0 {
      details.append(.rowsGone(source: source, changes.gone, of: changes.earlierRows))
    }
    if changes.added.count > 0 { details.append(.rowsAdded(source: source, changes.added)) }
    if !changes.unknownColumns.isEmpty {
      details.append(
        .columnsNotKept(
          changes.unknownColumns.map { ColumnReference(source: source, column: $0) }))
    }
    return details.map(AuditDetail.snapshot)
  }

  /// The shares of changed rows among those of entities with the event since the snapshot, and among
  /// the others; nil if there are none.
  private static func shares(
    _ changed: SourceChanges.Rows, _ changes: SourceChanges
  ) -> (positives: Double, others: Double)? {
    let positives = changes.commonRowsOfPositives
    let others = changes.commonRows - positives
    guard positives > 0, others > 0 else { return nil }
    return (
      share(changed.ofPositives, of: positives),
      share(changed.count - changed.ofPositives, of: others)
    )
  }
}
