internal import Diagnostics
internal import Spec

// Findings about published lists and their outcomes: H850 to H856.
extension Finding {
  static func publishesNothing(_ model: String) -> Finding {
    Finding(
      850, "the spec of `\(model)` publishes no list",
      notes: ["it has no `score.table` and no `score.parquet`"],
      hints: [
        "name a table or a file under `score` in experiments/\(model).yaml, and publish with "
          + "`holdout score \(model)`"
      ])
  }

  /// - Parameter range: the requested cutoffs, in words; nil for all.
  static func nothingPublished(
    _ model: String, _ place: String, range: String?, known: [String]
  ) -> Finding {
    Finding(
      851,
      "no list of `\(model)` has been published\(range.map { " for cutoffs \($0)" } ?? "")",
      notes: ["looked in \(place)"]
        + (known.isEmpty ? [] : ["there are lists of \(known.inWords("and"))"]),
      hints: [
        known.isEmpty
          ? "publish one: `holdout score \(model)`" : "ask for other cutoffs with --from and --to"
      ])
  }

  static func unreadableLists(_ place: String, _ reason: String) -> Finding {
    Finding(
      852, "the lists in \(place) cannot be read", notes: [reason],
      hints: ["check that the database is there, and that this user may read the table"])
  }

  static func malformedLists(_ place: String, _ problems: [String]) -> Finding {
    Finding(
      853, "what is in \(place) is no list as it was published", notes: problems,
      hints: ["publish the cutoff again with `holdout score`, or `holdout backfill` for several"])
  }

  static func changedList(_ file: String) -> Finding {
    Finding(
      853, "`\(file)` does not hold the rows that it was written with",
      notes: [
        "the hash of its rows is not the one in its metadata: the file was changed, or is damaged"
      ],
      hints: [
        "publish the cutoff again with `holdout backfill`, or take the file out of the folder"
      ])
  }

  static func noneMature(
    _ model: String, dataThrough: CalendarDate, first: OutcomesReport.Pending
  ) -> Finding {
    Finding(
      854, "no published list of `\(model)` has matured",
      notes: [
        "the first is that of \(first.cutoff): its outcomes are complete on \(first.matures), and "
          + "the data end on \(dataThrough)"
      ],
      hints: [
        "come back then; if the data reach further already, say so with `--data-through DATE`"
      ])
  }

  static func onlyHindsight(_ model: String, _ first: OutcomesReport.Hindsight) -> Finding {
    Finding(
      856, "every list of `\(model)` that has matured was made with hindsight",
      notes: [
        "that of \(first.cutoff) was scored by \(first.runIds.inWords("and")), which has learned from "
          + "what happened until \(first.learnedThrough)"
      ],
      hints: [
        "wait for lists of days that the model had not seen; what it can do is told by the test cutoffs "
          + "of its run"
      ])
  }

  /// - Parameter reasons: why the run's record cannot be read.
  static func unknownHindsight(_ model: String, runId: String, _ reasons: [Finding]) -> Finding {
    Finding(
      856,
      "nobody can tell whether the lists of `\(model)` by run \(runId) were made with hindsight",
      notes: reasons.map(\.message),
      hints: [
        "`holdout verify` says which files are not as they were promoted; take them back from git"
      ])
  }

  static func strangeKeys(_ key: String, _ example: String, rows: Int, known: String) -> Finding {
    Finding(
      855, "none of the \(rows.grouped) published rows is of an account in the data",
      notes: [
        "`\(key)` holds `\(example)`, for instance, and the accounts' keys look like `\(known)`"
      ],
      hints: ["check `score.key`: it names the column that holds the account's key"])
  }
}

extension Explanation {
  /// A project with a champion, and commands that publish its lists and measure their outcomes.
  private static func published(_ score: String, _ commands: String) -> Example {
    .files(
      [
        (
          "holdout.yaml",
          ExampleProject.project + "gates: {audit: none, evidence: any, better_than: none}\n"
        ),
        ("spec.yaml", "extends: base.yaml\n\(score)"),
      ],
      """
      holdout run spec.yaml &> run.log
      holdout promote renewals --override "a trial" &> run.log
      \(commands)
      """)
  }

  private static let score = "score: {parquet: \"list_{cutoff}.parquet\"}\n"

  /// A list of five accounts.
  private static func list(_ columns: String, cutoff: String = "2025-06-30") -> String {
    """
    echo "COPY (SELECT \(columns), DATE '\(cutoff)' AS cutoff_date, n AS rank_global FROM range(1, 6) \
    AS rows(n)) TO 'list_\(cutoff).parquet'" > list.sql
    holdout sql list.sql &> run.log
    holdout outcomes renewals
    """
  }

  static let outcomesFindings: [Explanation] = [
    Explanation(
      850, "a spec that publishes no list",
      cause: """
        Outcomes are those of lists, read where `score` in the spec publishes them. The champion's \
        spec names neither a table nor a file, and experiments/NAME.yaml, whose `score` goes first, is \
        not there, names none either, or is no longer the recipe that was promoted.
        """,
      example: published("", "holdout outcomes renewals"),
      fix: """
        Add `score: {table: ...}` or `score: {parquet: ...}` to experiments/NAME.yaml. It is no part of \
        what a model is made of, so nothing has to be run or promoted again.
        """),
    Explanation(
      851, "a list that was never published",
      cause: """
        There is no table, no file or no row of this model where its spec publishes lists, or none of \
        the cutoffs that were asked for.
        """,
      example: published(score, "holdout outcomes renewals"),
      fix: """
        Publish a list with `holdout score`, or lists of past cutoffs with `holdout backfill`. Where the \
        lists went elsewhere, let `score` in experiments/NAME.yaml name that place.
        """),
    Explanation(
      852, "published lists that cannot be read",
      cause: """
        The database cannot be opened, or what stands there cannot be read as a table. The engine's own \
        words stand below.
        """,
      example: published(
        score, "echo hello > list_2025-06-30.parquet\nholdout outcomes renewals"),
      fix: """
        Check the connection in holdout.yaml, and that this user may read the table. A file that was \
        damaged is written again by `holdout score` for its cutoff.
        """),
    Explanation(
      853, "rows that are no list",
      cause: """
        A list has one row per account and cutoff, each with key, `cutoff_date`, a `score` from 0 to 1 \
        and `rank_global`. Rows without one of these, or an account twice in a list, mean that something \
        else wrote to the table or changed it. A Parquet file carries a hash of its rows, which finds \
        what a disk or an editor changed. Numbers from such rows would be wrong without showing it.
        """,
      example: published(score, list("'C' || n // 2 AS customer_id, 0.1 AS score")),
      fix: """
        Find out what else writes there. Publishing a cutoff again with `holdout score` replaces exactly \
        that cutoff's rows.
        """),
    Explanation(
      854, "lists that have not matured",
      cause: """
        A list can be judged when the whole label window behind its cutoff, and the days in which its \
        events may still arrive, lie on or before data_through. Judged earlier, whoever has not bought \
        yet would pass for somebody who does not buy.
        """,
      example: published(
        score, list("'C' || n AS customer_id, 0.1 AS score", cutoff: "2025-09-01")),
      fix: """
        Wait until the day that is named. If the data reach further than the spec says, give \
        `--data-through`.
        """),
    Explanation(
      855, "published keys that no account has",
      cause: """
        Not one of the published rows could be joined to an account of the data, so that nothing can be \
        said of any. The key column holds something else than the accounts' keys, or holds them in \
        another form, as numbers without their leading zeros.
        """,
      example: published(score, list("n AS customer_id, 0.1 AS score")),
      fix: "Let `score.key` name the column that holds the accounts' keys."),
    Explanation(
      856, "lists that were made with hindsight",
      cause: """
        The lists that have matured were all scored by a model that had learned from what happened after \
        their cutoffs, as those of `holdout backfill` mostly are. On such a list the model has seen the \
        answers, so that its wins tell nothing. Where the record of a run that was promoted here cannot be \
        read, nobody can tell what it had learned from, and its lists are refused as well.
        """,
      example: published(
        score,
        """
        holdout score renewals --cutoff 2025-04-30 --allow-silent-sources &> run.log
        holdout outcomes renewals
        """),
      fix: """
        Wait for the lists of days that the model had not seen. What it can be expected to do is told by \
        the test cutoffs of its run. A record that cannot be read comes back from git: `holdout verify` says \
        which file it is.
        """),
  ]
}
