internal import Diagnostics
internal import Spec

// Findings about published lists and their outcomes: H850 to H856.
extension Finding {
  static func publishesNothing(_ model: String) -> Finding {
    Finding(
      850, "the spec of `\(model)` publishes no list",
      notes: ["it has neither `score.table` nor `score.parquet`"],
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
          ? "publish one: `holdout score \(model)`" : "choose other cutoffs with --from and --to"
      ])
  }

  static func unreadableLists(_ place: String, _ reason: String) -> Finding {
    Finding(
      852, "the lists in \(place) cannot be read", notes: [reason],
      hints: ["check that the database exists, and that this user can read the table"])
  }

  static func malformedLists(_ place: String, _ problems: [String]) -> Finding {
    Finding(
      853, "\(place) does not contain lists as they were published", notes: problems,
      hints: ["publish the cutoff again with `holdout score`, or `holdout backfill` for several"])
  }

  static func changedList(_ file: String) -> Finding {
    Finding(
      853, "`\(file)` no longer has the rows that were written to it",
      notes: [
        "the hash of its rows differs from its metadata: the file was changed or damaged"
      ],
      hints: [
        "publish the cutoff again with `holdout backfill`, or remove the file from the folder"
      ])
  }

  static func noneMature(
    _ model: String, dataThrough: CalendarDate, first: OutcomesReport.Pending
  ) -> Finding {
    Finding(
      854, "no published list of `\(model)` has matured",
      notes: [
        "the first, for \(first.cutoff), matures on \(first.matures), and the data end on "
          + "\(dataThrough)"
      ],
      hints: [
        "wait until then; if the data reach further already, give `--data-through DATE`"
      ])
  }

  static func onlyHindsight(_ model: String, _ first: OutcomesReport.Hindsight) -> Finding {
    Finding(
      856, "every mature list of `\(model)` was made with hindsight",
      notes: [
        "the list for \(first.cutoff) was scored by \(first.runIds.inWords("and")), which was "
          + "trained on data through \(first.learnedThrough)"
      ],
      hints: [
        "wait for lists of days that the model has not seen; the test cutoffs of its run show how "
          + "good it is"
      ])
  }

  /// - Parameter reasons: why the run's record cannot be read.
  static func unknownHindsight(_ model: String, runId: String, _ reasons: [Finding]) -> Finding {
    Finding(
      856,
      "it is unknown whether the lists of `\(model)` by run \(runId) were made with hindsight",
      notes: reasons.map(\.message),
      hints: [
        "`holdout verify` lists the files that have changed since the promotion; restore them from "
          + "git"
      ])
  }

  static func strangeKeys(_ key: String, _ example: String, rows: Int, known: String) -> Finding {
    Finding(
      855, "none of the \(rows.grouped) published rows belongs to an account in the data",
      notes: [
        "`\(key)` has values such as `\(example)`, and the accounts' keys look like `\(known)`"
      ],
      hints: ["check `score.key`: it names the column with the account's key"])
  }
}

extension Finding {
  /// - Parameter rows: the number of published rows.
  static func noneAmong(_ among: EventRows, rows: Int) -> Finding {
    Finding(
      855,
      "none of the accounts of the \(rows.grouped) published rows has a row of "
        + "`\(among.source.value)` in its label window",
      at: among.source.span, label: "only these have an outcome",
      hints: [
        "check the source and the condition of `label.among`, and whether its data are complete"
      ])
  }
}

extension Explanation {
  /// A project with a champion, and commands that publish its lists and measure their outcomes.
  private static func published(_ score: String, _ commands: String) -> Example {
    .promotion(Example.promoted + commands, spec: score)
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
        Outcomes are measured on lists, which are read from where `score` in the spec publishes \
        them. The champion's spec names neither a table nor a file. experiments/NAME.yaml, whose \
        `score` has priority, does not exist, names none either, or is no longer the spec that was \
        promoted.
        """,
      example: published("", "holdout outcomes renewals"),
      fix: """
        Add `score: {table: ...}` or `score: {parquet: ...}` to experiments/NAME.yaml. It does not \
        affect the model, so you do not have to run or promote again.
        """),
    Explanation(
      851, "a list that was never published",
      cause: """
        The place where the spec publishes lists has no table, no file, or no row of this model, \
        or none of the requested cutoffs.
        """,
      example: published(score, "holdout outcomes renewals"),
      fix: """
        Publish a list with `holdout score`, or lists of past cutoffs with `holdout backfill`. If \
        the lists are elsewhere, name that place under `score` in experiments/NAME.yaml.
        """),
    Explanation(
      852, "published lists that cannot be read",
      cause: """
        The database cannot be opened, or its table or the file cannot be read. The note has the \
        engine's message.
        """,
      example: published(
        score, "echo hello > list_2025-06-30.parquet\nholdout outcomes renewals"),
      fix: """
        Check the connection in holdout.yaml, and that this user can read the table. To replace a \
        damaged file, run `holdout score` for its cutoff.
        """),
    Explanation(
      853, "rows that are not a list",
      cause: """
        A list has one row per account and cutoff, each with key, `cutoff_date`, a `score` from 0 \
        to 1 and `rank_global`. Rows without one of these, or an account twice in a list, mean \
        that something else wrote to the table or changed it. A Parquet file has a hash of its \
        rows, which shows damage and edits. Results from such rows would be silently wrong.
        """,
      example: published(score, list("'C' || n // 2 AS customer_id, 0.1 AS score")),
      fix: """
        Find out what else writes there. `holdout score` for a cutoff replaces exactly that \
        cutoff's rows.
        """),
    Explanation(
      854, "lists that have not matured",
      cause: """
        A list can be evaluated when its complete label window, and the days in which its events \
        may still arrive, are on or before data_through. Earlier, accounts that have not bought \
        yet would count as accounts that do not buy.
        """,
      example: published(
        score, list("'C' || n AS customer_id, 0.1 AS score", cutoff: "2025-09-01")),
      fix: """
        Wait until the day in the message. If the data reach further than the spec says, give \
        `--data-through`.
        """),
    Explanation(
      855, "published rows without an outcome",
      cause: """
        No published row could be joined to an account in the data. The key column does not \
        contain the accounts' keys, or contains them in another format, such as numbers without \
        leading zeros. With `label.among`, an account also needs such a row in its label window.
        """,
      example: published(score, list("n AS customer_id, 0.1 AS score")),
      fix: "Set `score.key` to the column with the accounts' keys."),
    Explanation(
      856, "lists that were made with hindsight",
      cause: """
        All mature lists were scored by a model that was trained on data from after their cutoffs, \
        as most lists of `holdout backfill` are. The model has seen the answers, so the wins on \
        such lists prove nothing. If the record of a promoted run cannot be read, its training \
        data are unknown, and its lists are rejected too.
        """,
      example: published(
        score,
        """
        holdout score renewals --cutoff 2025-04-30 --allow-silent-sources &> run.log
        holdout outcomes renewals
        """),
      fix: """
        Wait for lists of days that the model has not seen. The test cutoffs of its run show how \
        good it is. Restore an unreadable record from git: `holdout verify` names the file.
        """),
  ]
}
