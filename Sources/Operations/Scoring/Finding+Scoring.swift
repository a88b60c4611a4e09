internal import Diagnostics
internal import OrderedCollections
internal import Spec

// Findings that prevent a list or cast doubt on it: H812 to H814 and H821 to H829.
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

  /// - Parameter differences: the keys that differ, with their promoted and current values.
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

  /// - Parameter strangers: the new levels, each with its number of rows.
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
  ///   - first: the first day on which the source has data.
  ///   - learned: the model's last training cutoff.
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

extension Explanation {
  static let scoringFindings: [Explanation] = [
    Explanation(
      812, "nothing was promoted under that name",
      cause:
        "Lists are made with the champion of a name, and nothing has been promoted as this one.",
      example: .commands("holdout score renewals"),
      fix:
        "Run the spec and promote its run: `holdout promote NAME`. `holdout history` has the names."
    ),
    Explanation(
      813, "a spec that was changed after its promotion",
      cause: """
        `experiments/NAME.yaml` no longer describes the model that was promoted: another feature, rule, \
        parameter. A list by the old model would look like one of the new spec. The days that data \
        reach to may change, and so may `name`, `description`, `score`, `capacity`, `gates`, `retrain` and \
        `accept`. A champion that was run with arguments, or as a member of a sweep, is compared with the \
        file with those values in it.
        """,
      example: .champion(
        "echo 'model: {params: {num_iterations: 6}}' >> experiments/renewals.yaml\n"
          + "holdout score renewals"),
      fix: """
        Run the spec and promote the run. Or score with the promoted spec as it was: \
        `holdout score NAME --as-promoted`.
        """),
    Explanation(
      814, "nobody is of the cohort",
      cause: """
        At the cutoff no entity exists for which all rules of the cohort hold. An empty list is never \
        published: mostly a table was empty when it was read.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2023-12-31",
        spec: "cohort: {entity: «customers»}\n" + Example.lists),
      fix: "Look at the cohort's source and at its rules; `holdout plan SPEC` counts who is left."),
    Explanation(
      821, "a cutoff after the last observed day",
      cause: """
        The data are said to be whole through an earlier day. Who bought after it would still be on the \
        list.
        """,
      example: .champion("holdout score renewals --cutoff 2025-10-01"),
      fix: """
        Score the last observed day, which is what `holdout score NAME` does, or say with \
        `--data-through DATE` that the data have become whole through a later one.
        """),
    Explanation(
      822, "a category level that the model has never seen",
      cause: """
        No train row had this level, so the model knows nothing about it. A new territory or status is \
        ordinary; a renamed one, or an export in another language, would make the list worthless.
        """,
      example: .champion(
        "holdout score renewals",
        spec: """
          feature_sets:
            territory:
              - «zone»: {category: history.region}
          features: [engagement, territory]
          \(Example.lists)
          """,
        sql: "UPDATE history SET region = 'Mars' WHERE id = 'N2';"),
      fix: """
        Retrain, or mend the data. With `score: {new_levels: other}` such rows are scored as the level \
        `other` and told of.
        """),
    Explanation(
      823, "a list of a day that the model has learned from",
      cause: """
        The model was fitted on label windows that reach past the list's cutoff. It has seen who bought \
        afterwards, so the list looks better than any list of that day could have been.
        """,
      example: .champion("holdout score renewals --cutoff 2025-05-31"),
      fix: """
        Nothing, if the list is only to be looked at. What a model would have been worth is told by \
        `holdout run`, on test cutoffs that it has not seen.
        """),
    Explanation(
      824, "a published column that nobody knows at the cutoff",
      cause: """
        The column is of class `current`: only today's value exists. In a list of an earlier cutoff it \
        is left empty.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2025-08-31",
        spec: """
          score:
            parquet: "{name}_{cutoff}.parquet"
            columns: [{state: «customers.status»}]
          """),
      fix: "Publish a column of a history instead, or live with the gap."),
    Explanation(
      825, "a spec that does not say where lists go",
      cause:
        "There is no `score` with a `table` or a `parquet` in the spec, so a list has nowhere to go.",
      example: .champion("holdout score renewals", spec: "name: «renewals»"),
      fix: "Write `score: {table: NAME}` or `score: {parquet: PATH}`; neither needs a new run."),
    Explanation(
      826, "a capacity for a group that no row is of",
      cause:
        "`capacity.groups` names a group, and no row of the list is of it: perhaps it is misspelt.",
      example: .champion(
        "holdout score renewals",
        spec: """
          score: {parquet: "{name}_{cutoff}.parquet", columns: [region]}
          capacity: {per: region, rows: 5, groups: {Mars: «3»}}
          """),
      fix: "Write the group as the published column has it, or take it out."),
    Explanation(
      827, "an exclusion file that cannot be read",
      cause: "`capacity.exclude` names a file that is not there or may not be read.",
      example: .champion(
        "holdout score renewals",
        spec: Example.lists + "\ncapacity: {rows: 5, exclude: [«nobody.csv»]}"),
      fix:
        "Correct the path, which is relative to the project folder. No list is made without the file."
    ),
    Explanation(
      828, "a capacity per group that nobody knows at the cutoff",
      cause: """
        The list is to be shared out by a column of class `current`, of which only today's value exists, \
        and the cutoff is an earlier day.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2025-08-31",
        spec: """
          score: {parquet: "{name}_{cutoff}.parquet", columns: [{state: customers.status}]}
          capacity: {per: «state», rows: 5}
          """),
      fix: "Share it out by a column of a history, or score the last observed day."),
    Explanation(
      829, "a source that is too young for the model",
      cause: """
        The source begins after the last day that the model learned from, or after the cutoff itself. A \
        history that was begun anew says nothing of accounts that nobody has touched since; they would \
        be scored as if nothing were known of them, which no train row was.
        """,
      example: .champion(
        "holdout sql anew.sql &> run.log\nholdout score renewals",
        spec: "sources: {«history»: {data_through: 2025-09-18}}\n" + Example.lists,
        files: [
          (
            "anew.sql",
            """
            CREATE TABLE young AS FROM 'data/history.parquet' WHERE valid_from > DATE '2025-08-01';
            COPY young TO 'data/history.parquet' (FORMAT parquet);
            """
          )
        ]),
      fix: """
        Bring its older rows back. Once the new ones cover enough cutoffs, `holdout retrain` learns from \
        these alone.
        """),
  ]
}
