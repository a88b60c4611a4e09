internal import Diagnostics
internal import OrderedCollections
internal import Panel
internal import Spec

/// `before_creation`: entities with the label's event must not have rows from before their creation
/// much more often than others. If they do, the day of creation was overwritten when the event
/// happened (a migrated account), so that it tells the event. Events of groups are left out.
///
/// If the label is the absence of an event, nothing happens that could overwrite a creation, so there
/// is nothing to test.
///
/// The check fails when at least 20 positive entities have such rows, at least five times as often
/// (as odds) as the others.
struct BeforeCreationCheck {
  static let fewest = 20
  static let ratio = 5.0

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let end = subject.end.first?.cutoff.date,
      let start = subject.blocks.map(\.cutoff.date).min()
    else { return AuditOutcome(.inconclusive, .noPanelRows) }
    guard !subject.spec.label.event.isAbsence else {
      return AuditOutcome(.pass, .nothingOverwritesCreation)
    }
    let sources = try subject.builder.rowsBeforeCreation(from: start, to: end)
    let failing = sources.filter { source in
      func odds(_ counts: (entities: Int, early: Int)) -> Double {
        (Double(counts.early) + 0.5) / (Double(counts.entities - counts.early) + 0.5)
      }
      return source.positives.early >= Self.fewest
        && odds(source.positives) >= Self.ratio * odds(source.others)
    }
    let numbers: [(String, Double)] = [
      ("sources", Double(sources.count)), ("failing", Double(failing.count)),
    ]
    let details = sources.map { source in
      func share(_ counts: (entities: Int, early: Int)) -> Double {
        counts.entities == 0 ? 0 : Double(counts.early) / Double(counts.entities)
      }
      return AuditDetail.rowsBeforeCreation(
        source: source.source, positives: share(source.positives), others: share(source.others))
    }
    guard let created = subject.spec.creationColumn, !failing.isEmpty else {
      return AuditOutcome(
        .pass, sources.isEmpty ? .noEventsRead : .rowsBeforeCreationAlike, numbers: numbers,
        details: details)
    }
    return AuditOutcome(
      .fail, .creationOverwritten(created, sources: failing.map(\.source)), numbers: numbers,
      details: details)
  }
}

extension ExperimentSpec {
  /// The column with the day on which entities are created; nil if there is none.
  fileprivate var creationColumn: ColumnReference? {
    guard let source = sources[cohort.entity.value], case .entity(.some(let created)) = source.shape
    else { return nil }
    return ColumnReference(source: source.name.value, column: created.value)
  }
}
