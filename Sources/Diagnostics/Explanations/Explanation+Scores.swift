extension Example {
  /// A champion of the example project, and what is typed then.
  ///
  /// Every source has a row of the last observed day and of two days before, so that none is silent.
  /// - Parameter spec: laid over `experiments/renewals.yaml`.
  static func champion(
    _ commands: String, spec: String = lists, sql: String = "", files: [(String, String)] = [],
    project: String = ExampleProject.project
  ) -> Example {
    Example(
      files: [
        File(
          name: "holdout.yaml",
          text: project + "gates: {audit: none, evidence: any, better_than: none}\n"),
        File(name: "experiments/renewals.yaml", text: "extends: ../base.yaml\n\(spec)\n"),
      ] + files.map { File(name: $0.0, text: $0.1) },
      sql: [freshRows, sql].joined(separator: "\n"),
      command: """
        holdout run experiments/renewals.yaml &> run.log
        holdout promote renewals --override "a trial" &> run.log
        \(commands)
        """)
  }

  /// Where the example's lists go.
  static let lists = "score: {parquet: \"{name}_{cutoff}.parquet\"}"

  private static let freshRows = ["2025-05-31", "2025-08-31", "2025-09-18"].enumerated()
    .map { number, day in
      """
      INSERT INTO customers VALUES
        ('N\(number)', DATE '\(day)', NULL, 1, 'trade', 'prospect');
      INSERT INTO history VALUES
        ('N\(number)', DATE '\(day)', NULL, 'North', NULL, false, DATE '\(day)');
      INSERT INTO calls VALUES ('N\(number)', DATE '\(day)', DATE '\(day)', 'call', 1);
      """
    }.joined(separator: "\n")
}

extension Explanation {
  /// Findings about lists that are made: H810 to H814 and H821 to H829.
  static let scores: [Explanation] = [
    Explanation(
      810, "a source that ends before the list's cutoff",
      cause: """
        A list is made of what was known at the end of its cutoff's day. This source has not observed \
        that day, so some of it would be missing without a word.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-08-31»}}\n" + Example.lists),
      mend: """
        Bring the newer data, and write the day that they reach to. Or score the last day that every \
        source has observed: `--cutoff DATE`.
        """),
    Explanation(
      811, "a source that has fallen silent",
      cause: """
        The source is said to be whole through the cutoff, but its last row became known long before. \
        At the rate of the year before, such a gap would come by chance less than once in a million. \
        Mostly an export has not run. `holdout retrain` asks the same of the day that the data are said to \
        be whole through.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-09-18»}}\n" + Example.lists,
        sql: "DELETE FROM history WHERE valid_from > DATE '2025-01-01';"),
      mend: """
        Bring the rows that are missing. Where there really are none, `--allow-silent-sources` makes the \
        list all the same and warns; `holdout retrain` takes `--accept H811="why"`. A spec that says \
        `accept: {H811: why}` accepts it in both.
        """),
    Explanation(
      812, "nothing was promoted under that name",
      cause:
        "Lists are made with the champion of a name, and nothing has been promoted as this one.",
      example: .commands("holdout score renewals"),
      mend:
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
      mend: """
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
      mend: "Look at the cohort's source and at its rules; `holdout plan SPEC` counts who is left."),
    Explanation(
      821, "a cutoff after the last observed day",
      cause: """
        The data are said to be whole through an earlier day. Who bought after it would still be on the \
        list.
        """,
      example: .champion("holdout score renewals --cutoff 2025-10-01"),
      mend: """
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
      mend: """
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
      mend: """
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
      mend: "Publish a column of a history instead, or live with the gap."),
    Explanation(
      825, "a spec that does not say where lists go",
      cause:
        "There is no `score` with a `table` or a `parquet` in the spec, so a list has nowhere to go.",
      example: .champion("holdout score renewals", spec: "name: «renewals»"),
      mend: "Write `score: {table: NAME}` or `score: {parquet: PATH}`; neither needs a new run."),
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
      mend: "Write the group as the published column has it, or take it out."),
    Explanation(
      827, "an exclusion file that cannot be read",
      cause: "`capacity.exclude` names a file that is not there or may not be read.",
      example: .champion(
        "holdout score renewals",
        spec: Example.lists + "\ncapacity: {rows: 5, exclude: [«nobody.csv»]}"),
      mend:
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
      mend: "Share it out by a column of a history, or score the last observed day."),
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
      mend: """
        Bring its older rows back. Once the new ones cover enough cutoffs, `holdout retrain` learns from \
        these alone.
        """),
  ]
}
