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
    else { return .inconclusive("The panel has no rows.") }
    guard !subject.spec.label.event.isAbsence else {
      return AuditOutcome(
        verdict: .pass,
        sentence: "Not tested: the label is that nothing happens, which overwrites no creation.")
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
      func share(_ counts: (entities: Int, early: Int)) -> String {
        AuditWords.share(
          counts.entities == 0 ? 0 : Double(counts.early) / Double(counts.entities))
      }
      return "`\(source.source)`: rows from before creation for \(share(source.positives)) of the "
        + "positive entities that have rows, and for \(share(source.others)) of the others"
    }
    guard let created = subject.spec.creationColumn, !failing.isEmpty else {
      return AuditOutcome(
        verdict: .pass,
        sentence: sources.isEmpty
          ? "The spec reads no events, or does not say when entities were created."
          : "Entities with the event have rows from before their creation about as often as others.",
        numbers: numbers, details: details)
    }
    return AuditOutcome(
      verdict: .fail,
      sentence: "`\(created)` is later than rows of "
        + "\(AuditWords.names(failing.map(\.source))) mostly for entities with the event: was it "
        + "overwritten when the event happened?",
      numbers: numbers, details: details)
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
