internal import Diagnostics
internal import OrderedCollections
internal import Spec

// What keeps a list from being made, or from being believed: H812 to H814 and H821 to H829.
extension Finding {
  static func nothingToScoreWith(_ name: String, known: [String]) -> Finding {
    let closest = Suggestion.closest(to: name, among: known)
    return Finding(
      812, "nothing has been promoted as `\(name.shortened)`",
      notes: known.isEmpty ? [] : ["there are \(known.listed)"],
      hints: [
        closest.map { "did you mean `\($0)`?" }
          ?? "run its spec and promote the run: `holdout promote \(name.shortened)`"
      ])
  }

  /// - Parameter differences: the keys that differ, with what was promoted and what stands there now.
  static func specChanged(
    _ shown: String, runId: String, at day: String,
    _ differences: [(key: String, before: String, now: String)]
  ) -> Finding {
    let shownDifferences = differences.prefix(5).map {
      "\($0.key): \($0.before) | \($0.now)"
    }
    return Finding(
      813, "`\(shown)` is no longer what was promoted as run \(runId) on \(day)",
      notes: shownDifferences
        + (differences.count > 5 ? ["and \(differences.count - 5) more"] : []),
      hints: [
        "run and promote it, so that what scores is what is written",
        "or score with the promoted spec as it was: `--as-promoted`",
      ])
  }

  static func emptyCohort(_ spec: ExperimentSpec, at day: CalendarDate) -> Finding {
    Finding(
      814, "nobody is of the cohort at \(day)", at: spec.cohort.entity.span,
      notes: ["the list was left as it was"],
      hints: [
        "see what the rules let through: `holdout plan`; or is the source of `"
          + "\(spec.cohort.entity.value)` empty today?"
      ])
  }

  static func cutoffAfterData(
    _ cutoff: CalendarDate, through: CalendarDate, _ spec: ExperimentSpec
  ) -> Finding {
    Finding(
      821, "the cutoff \(cutoff) lies after the last observed day \(through)",
      hints: [
        "score at \(through), or say with `--data-through \(cutoff)` that the data are whole through "
          + "that day"
      ])
  }

  /// - Parameter strangers: the levels, each with how many rows have it.
  static func newLevels(
    _ feature: FeatureSpec, _ strangers: [(text: String, rows: Int)], isRefused: Bool,
    at day: CalendarDate
  ) -> Finding {
    let shown = strangers.sorted { ($1.rows, $0.text) < ($0.rows, $1.text) }.prefix(5)
      .map { "`\($0.text.shortened)` (\($0.rows == 1 ? "1 row" : "\($0.rows.grouped) rows"))" }
    let more = strangers.count - shown.count
    let what = strangers.count == 1 ? "a level" : "\(strangers.count) levels"
    return Finding(
      822, isRefused ? .error : .warning,
      "`\(feature.name.value)` has \(what) at \(day) that the model has never seen",
      at: feature.name.span,
      notes: shown + (more > 0 ? ["and \(more) more"] : []),
      hints: isRefused
        ? [
          "retrain, so that the model learns them: `holdout retrain`",
          "or score them as the level `other`: `score: {new_levels: other}`",
        ] : [])
  }

  static func hindsight(_ runId: String, learned: String, cutoff: CalendarDate) -> Finding {
    Finding(
      823, .warning,
      "run \(runId) has learned from what happened until \(learned), after the cutoff \(cutoff)",
      notes: ["its list of that day is no evidence of what it would have found"],
      hints: ["judge lists of the past by `holdout run`, whose test cutoffs no model has seen"])
  }

  static func unknownAtCutoff(
    _ column: PublishedColumn, _ reference: Located<ColumnReference>, at day: CalendarDate
  ) -> Finding {
    Finding(
      824, .warning,
      "`\(column.name.value)` is empty in the list of \(day): `\(reference.value)` holds today's value",
      at: reference.span, hints: ["publish a column of a history, which knows what was true then"])
  }

  static func nowhereToPublish(_ spec: ExperimentSpec) -> Finding {
    Finding(
      825, "the spec of `\(spec.name.value)` does not say where its lists go", at: spec.name.span,
      hints: [
        "write `score: {table: scores_prospects_{name}}` or `score: {parquet: "
          + "outputs/scores/{name}_{cutoff}.parquet}`"
      ])
  }

  static func unknownGroups(_ names: [String], _ capacity: CapacitySpec) -> Finding {
    let shown = names.prefix(5).map { "`\($0.shortened)`" }.joined(separator: ", ")
    let place = names.first.flatMap { capacity.groups[$0]?.span } ?? capacity.span
    return Finding(
      826, .warning,
      names.count == 1
        ? "no row is of the group \(shown)"
        : "no row is of \(names.count) groups: \(shown)\(names.count > 5 ? " ..." : "")",
      at: place, hints: ["the groups are the values of `\(capacity.per?.value ?? "per")`"])
  }

  static func unreadableExclusions(_ path: Located<String>) -> Finding {
    Finding(
      827, "`\(path.value)` cannot be read", at: path.span,
      hints: ["its path is relative to the project folder; write one key a line into it"])
  }

  static func groupsUnknownAtCutoff(
    _ per: Located<String>, _ reference: ColumnReference, at day: CalendarDate
  ) -> Finding {
    Finding(
      828, "the capacity is per `\(per.value)`, which nobody knows at \(day)", at: per.span,
      notes: ["`\(reference)` holds today's value"],
      hints: ["share the list out by a column of a history, or score at the last observed day"])
  }

  /// - Parameters:
  ///   - first: the first day on which the source says anything.
  ///   - learned: the last train cutoff of the model.
  static func youngSource(
    _ source: SourceSpec, first: CalendarDate, learned: CalendarDate, cutoff: CalendarDate
  ) -> Finding {
    Finding(
      829,
      first > cutoff
        ? "`\(source.name.value)` begins on \(first), after the cutoff \(cutoff)"
        : "`\(source.name.value)` begins on \(first), after the last day that the model learned from, "
          + "\(learned)",
      at: source.name.span, label: "too young for this model",
      notes: ["what it says of most rows is nothing, which is not what the model has learned from"],
      hints: [
        "bring its older rows back; or, once they are enough, retrain on what there is: "
          + "`holdout retrain`"
      ])
  }
}
