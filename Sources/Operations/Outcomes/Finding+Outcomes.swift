internal import Diagnostics
internal import Spec

// What may be wrong with published lists, and what became of them: H850 to H856.
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

  /// - Parameter range: the cutoffs that were asked for, in words; nil: all.
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
