internal import Diagnostics
internal import OrderedCollections
internal import Spec

// Findings that prevent a list or cast doubt on it: H812 to H814 and H821 to H829.
extension Finding {
  static func nothingToScoreWith(_ name: String, known: [String]) -> Finding {
    let closest = Suggestion.closest(to: name, among: known)
    return Finding(
      812, "nothing has been promoted as `\(name.shortened)`",
      notes: known.isEmpty ? [] : ["promoted names: \(known.listed)"],
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
      813, "`\(shown)` has changed since run \(runId) was promoted on \(day)",
      notes: shownDifferences
        + (differences.count > 5 ? ["and \(differences.count - 5) more"] : []),
      hints: [
        "run and promote it, so that the champion matches the file",
        "or score with the promoted spec: `--as-promoted`",
      ])
  }

  static func emptyCohort(_ spec: ExperimentSpec, at day: CalendarDate) -> Finding {
    Finding(
      814, "the cohort is empty at \(day)", at: spec.cohort.entity.span,
      notes: ["the list is unchanged"],
      hints: [
        "see how many entities the rules keep with `holdout plan`, and check that the source "
          + "`\(spec.cohort.entity.value)` is not empty"
      ])
  }

  static func cutoffAfterData(
    _ cutoff: CalendarDate, through: CalendarDate, _ spec: ExperimentSpec
  ) -> Finding {
    Finding(
      821, "the cutoff \(cutoff) is after the last observed day \(through)",
      hints: [
        "score at \(through), or say with `--data-through \(cutoff)` that the data are complete "
          + "through that day"
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
      "run \(runId) was trained on data through \(learned), after the cutoff \(cutoff)",
      notes: ["its list for that day does not show how good it is"],
      hints: ["to evaluate past days, use `holdout run`, whose test cutoffs the model has not seen"]
    )
  }

  static func unknownAtCutoff(
    _ column: PublishedColumn, _ reference: Located<ColumnReference>, at day: CalendarDate
  ) -> Finding {
    Finding(
      824, .warning,
      "`\(column.name.value)` is empty in the list for \(day): `\(reference.value)` has today's "
        + "value",
      at: reference.span,
      hints: ["publish a column of a history source, which has the value of that day"])
  }

  static func nowhereToPublish(_ spec: ExperimentSpec) -> Finding {
    Finding(
      825, "the spec of `\(spec.name.value)` does not say where to write its lists",
      at: spec.name.span,
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
        ? "no row has the group \(shown)"
        : "no row has any of \(names.count) groups: \(shown)\(names.count > 5 ? " ..." : "")",
      at: place, hints: ["the groups are the values of `\(capacity.per?.value ?? "per")`"])
  }

  static func unreadableExclusions(_ path: Located<String>) -> Finding {
    Finding(
      827, "`\(path.value)` cannot be read", at: path.span,
      hints: ["its path is relative to the project folder; write one key per line"])
  }

  static func groupsUnknownAtCutoff(
    _ per: Located<String>, _ reference: ColumnReference, at day: CalendarDate
  ) -> Finding {
    Finding(
      828, "the capacity is per `\(per.value)`, whose value at \(day) is not known", at: per.span,
      notes: ["`\(reference)` has today's value"],
      hints: ["split the list by a column of a history source, or score at the last observed day"])
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
        ? "`\(source.name.value)` starts on \(first), after the cutoff \(cutoff)"
        : "`\(source.name.value)` starts on \(first), after the last day of the model's training "
          + "data, \(learned)",
      at: source.name.span, label: "too new for this model",
      notes: ["it is empty for most rows, unlike in the training data"],
      hints: [
        "restore its older rows, or retrain when there are enough new ones: `holdout retrain`"
      ])
  }
}

extension Explanation {
  static let scoringFindings: [Explanation] = [
    Explanation(
      812, "nothing was promoted under that name",
      cause:
        "Lists are made with the champion of a name, and nothing has been promoted under this "
        + "name.",
      example: .commands("holdout score renewals"),
      fix:
        "Run the spec and promote its run: `holdout promote NAME`. `holdout history` lists the "
        + "names."
    ),
    Explanation(
      813, "a spec that was changed after its promotion",
      cause: """
        `experiments/NAME.yaml` no longer describes the promoted model: a feature, rule, or \
        parameter has changed. A list by the old model would look like a list by the new spec. \
        These may change: the days that data reach to, `name`, `description`, `score`, `capacity`, \
        `gates`, `retrain`, and `accept`. If the champion was run with arguments or in a sweep, \
        the file is compared with those values added.
        """,
      example: .champion(
        "echo 'model: {params: {num_iterations: 6}}' >> experiments/renewals.yaml\n"
          + "holdout score renewals"),
      fix: """
        Run the spec and promote the run, or score with the promoted spec: `holdout score NAME \
        --as-promoted`.
        """),
    Explanation(
      814, "an empty cohort when scoring",
      cause: """
        At the cutoff, no entity meets all rules of the cohort. An empty list is never published. \
        Usually a table was empty when it was read.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2023-12-31",
        spec: "cohort: {entity: «customers»}\n" + Example.lists),
      fix: "Look at the cohort's source and rules; `holdout plan SPEC` counts the entities."),
    Explanation(
      821, "a cutoff after the last observed day",
      cause: """
        The data are complete only through an earlier day. Entities that bought after it would \
        still be on the list.
        """,
      example: .champion("holdout score renewals --cutoff 2025-10-01"),
      fix: """
        Score the last observed day, which is what `holdout score NAME` does, or say with \
        `--data-through DATE` that the data are complete through a later day.
        """),
    Explanation(
      822, "a category level that the model has never seen",
      cause: """
        No train row had this level, so the model knows nothing about it. A new territory or \
        status is normal; a renamed one, or an export in another language, would make the list \
        worthless.
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
        Retrain, or fix the data. With `score: {new_levels: other}`, such rows are scored as the \
        level `other` and reported.
        """),
    Explanation(
      823, "a list for a day in the training data",
      cause: """
        The model was trained on label windows that end after the list's cutoff. It has seen who \
        bought, so the list looks better than any list made on that day.
        """,
      example: .champion("holdout score renewals --cutoff 2025-05-31"),
      fix: """
        Nothing, if you only want to look at the list. To evaluate a model on past days, use the \
        test cutoffs of `holdout run`, which it has not seen.
        """),
    Explanation(
      824, "a published column without a value at the cutoff",
      cause: """
        The column has class `current`: only today's value exists. In the list of an earlier \
        cutoff it is empty.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2025-08-31",
        spec: """
          score:
            parquet: "{name}_{cutoff}.parquet"
            columns: [{state: «customers.status»}]
          """),
      fix: "Publish a column of a history source instead, or accept the empty column."),
    Explanation(
      825, "a spec without a place for lists",
      cause:
        "The spec has no `score` with a `table` or a `parquet`, so a list cannot be written.",
      example: .champion("holdout score renewals", spec: "name: «renewals»"),
      fix: "Write `score: {table: NAME}` or `score: {parquet: PATH}`; neither needs a new run."),
    Explanation(
      826, "a capacity for a group without rows",
      cause:
        "`capacity.groups` names a group that no row of the list has. Perhaps it is misspelled.",
      example: .champion(
        "holdout score renewals",
        spec: """
          score: {parquet: "{name}_{cutoff}.parquet", columns: [region]}
          capacity: {per: region, rows: 5, groups: {Mars: «3»}}
          """),
      fix: "Write the group as it is in the published column, or remove it."),
    Explanation(
      827, "an exclusion file that cannot be read",
      cause: "`capacity.exclude` names a file that does not exist or cannot be read.",
      example: .champion(
        "holdout score renewals",
        spec: Example.lists + "\ncapacity: {rows: 5, exclude: [«nobody.csv»]}"),
      fix:
        "Correct the path, which is relative to the project folder. No list is made without the file."
    ),
    Explanation(
      828, "a capacity per unknown group",
      cause: """
        The list is split by a column of class `current`, which has only today's value, and the \
        cutoff is an earlier day.
        """,
      example: .champion(
        "holdout score renewals --cutoff 2025-08-31",
        spec: """
          score: {parquet: "{name}_{cutoff}.parquet", columns: [{state: customers.status}]}
          capacity: {per: «state», rows: 5}
          """),
      fix: "Split it by a column of a history source, or score the last observed day."),
    Explanation(
      829, "a source that is too new for the model",
      cause: """
        The source starts after the last day of the model's training data, or after the cutoff. A \
        restarted history is empty for accounts that have not changed since. They would be scored \
        as if nothing were known about them, unlike any train row.
        """,
      example: .champion(
        "holdout sql restart.sql &> run.log\nholdout score renewals",
        spec: "sources: {«history»: {data_through: 2025-09-18}}\n" + Example.lists,
        files: [
          (
            "restart.sql",
            """
            CREATE TABLE young AS FROM 'data/history.parquet' WHERE valid_from > DATE '2025-08-01';
            COPY young TO 'data/history.parquet' (FORMAT parquet);
            """
          )
        ]),
      fix: """
        Restore its older rows. When the new rows cover enough cutoffs, `holdout retrain` can use \
        them alone.
        """),
  ]
}
