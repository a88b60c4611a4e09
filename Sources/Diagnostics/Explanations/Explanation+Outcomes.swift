extension Explanation {
  /// A project with a champion, and commands that publish lists of it and look back at them.
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

  /// Findings about published lists and what became of them: H850 to H856.
  static let outcomes: [Explanation] = [
    Explanation(
      850, "a spec that publishes no list",
      cause: """
        Outcomes are those of lists, read where `score` in the spec publishes them. The champion's \
        spec names neither a table nor a file, and experiments/NAME.yaml, whose `score` goes first, is \
        not there, names none either, or is no longer the recipe that was promoted.
        """,
      example: published("", "holdout outcomes renewals"),
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: "Let `score.key` name the column that holds the accounts' keys."),
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
      mend: """
        Wait for the lists of days that the model had not seen. What it can be expected to do is told by \
        the test cutoffs of its run. A record that cannot be read comes back from git: `holdout verify` says \
        which file it is.
        """),
  ]
}
