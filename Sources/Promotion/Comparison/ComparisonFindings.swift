internal import Diagnostics
internal import Runs

// Runs that cannot be compared: H606 to H612.
extension Finding {
  static func otherQuestion(
    _ base: ComparedRun, _ candidate: ComparedRun, _ differences: [QuestionDifference],
    _ overlap: ComparisonOverlap
  ) -> Finding {
    let hint =
      if base.run == nil || candidate.run == nil {
        "with only metrics of one side, the test cutoffs must have the same rows, positives, and "
          + "positive entities; compare runs on this machine instead"
      } else {
        switch overlap {
        case .refused: "use --overlap to compare them on the rows that both have scored"
        case .compared:
          "a model without stored predictions can be scored only on rows of its own question"
        case .unheard:
          "a run of another question cannot replace this one: give it another name with --as NAME"
        }
      }
    return Finding(
      606, "`\(candidate.reference)` answers another question than `\(base.reference)`",
      notes: differences.map { "\($0.name): \($0.base) | \($0.candidate)" }, hints: [hint])
  }

  static func otherRows(
    _ runs: [ComparedRun], _ counts: PredictionTables.Counts, _ overlap: ComparisonOverlap
  ) -> Finding {
    Finding(
      607, "the runs were evaluated on different rows of the same question",
      notes: zip(runs, counts.rows).map { "`\($0.reference)`: \($1) test rows" }
        + ["shared by all: \(counts.shared)"],
      hints: moved(overlap, "or use --overlap to compare them on the rows that all have scored"))
  }

  static func otherLabels(
    _ base: ComparedRun, _ candidate: ComparedRun, _ count: Int, of rows: Int,
    _ overlap: ComparisonOverlap
  ) -> Finding {
    Finding(
      607,
      "`\(candidate.reference)` has other labels than `\(base.reference)` in \(count) of \(rows) "
        + "rows",
      hints: moved(
        overlap, "or use --overlap to evaluate both on the labels of `\(base.reference)`"))
  }

  private static func moved(_ overlap: ComparisonOverlap, _ offer: String) -> [String] {
    ["the data changed between the runs: run the older one again"]
      + (overlap == .refused ? [offer] : [])
  }

  static func nothingShared(_ runs: [ComparedRun], _ counts: PredictionTables.Counts) -> Finding {
    Finding(
      608, "the runs share no test row",
      notes: zip(runs, counts.rows).map { "`\($0.reference)`: \($1) test rows" },
      hints: ["a row is an entity at a test cutoff: give the runs common test cutoffs"])
  }

  static func modelHasSeenTest(
    _ reference: String, _ runId: String, first: String, _ cutoff: RunRecord.CutoffEntry
  ) -> Finding {
    Finding(
      609, "`\(reference)` was fitted on labels that the test cutoffs predict",
      notes: [
        "the first test cutoff is \(first)",
        "run \(runId) has a \(cutoff.role) cutoff at \(cutoff.date), whose labels end on "
          + "\(cutoff.windowEnd)",
      ],
      hints: [
        "compare on later test cutoffs, or with a run that has these test cutoffs"
      ])
  }

  static func unknownMetric(_ metric: String, known: [String]) -> Finding {
    Finding(
      610, "these runs cannot be compared by `\(metric)`",
      notes: ["metrics: \(known.map { "`\($0)`" }.joined(separator: ", "))"],
      hints: [
        Suggestion.closest(to: metric, among: known).map { "did you mean `\($0)`?" }
          ?? "name one of them"
      ])
  }

  static func noResults(_ folder: String) -> Finding {
    Finding(
      612, "there are no results in `\(folder)`",
      hints: ["`holdout run` of a spec writes them"])
  }

  static func metricOfAnotherLabel(_ metric: String, _ candidate: ComparedRun) -> Finding {
    Finding(
      611,
      "`\(metric)` needs probabilities, and those of `\(candidate.reference)` are for another "
        + "label",
      hints: ["compare by a ranking metric, such as `roc_auc`, `pr_auc`, or a lift"])
  }
}

extension Explanation {
  static let comparisonFindings: [Explanation] = [
    Explanation(
      606, "runs that answer different questions",
      cause: """
        The runs differ in who is a positive (label, horizon, label delay), who is scored \
        (cohort), or when (test cutoffs). A difference in a metric could then come from the \
        question instead of the model. If only metrics are available, the test cutoffs must have \
        the same rows, positives, and buyers.
        """,
      example: .commands(
        "\(Example.run) && holdout run spec.yaml name=longer label.horizon='2 months' "
          + "&& holdout compare renewals longer"),
      fix: """
        Give the specs the same question. With `--overlap`, the runs are compared on the rows that \
        both have scored, with the base's labels, and the output says what was left out.
        """),
    Explanation(
      607, "runs that were evaluated on different rows",
      cause: """
        The runs answer the same question, but with different rows or labels: the data were loaded \
        again between them.
        """,
      example: .files(
        [
          (
            "change.sql",
            """
            ATTACH 'data/shop.duckdb' AS shop;
            DELETE FROM shop.customers WHERE size < 9;
            DETACH shop;

            """
          )
        ],
        "\(Example.run) && holdout sql change.sql && holdout run spec.yaml name=later "
          + "&& holdout compare renewals later"),
      fix: """
        Run the older one again on today's data. With `--overlap`, they are compared on the rows \
        that both have scored.
        """),
    Explanation(
      608, "runs without a common test row",
      cause: """
        With `--overlap`, runs are compared on the rows (an entity at a test cutoff) that all of \
        them have scored. There are none.
        """,
      example: .commands(
        "\(Example.run) && holdout run spec.yaml name=earlier cutoffs.last=2025-05-31 "
          + "&& holdout compare renewals earlier --overlap"),
      fix:
        "Run one of the specs with the test cutoffs of the other, for example with `cutoffs.last`."
    ),
    Explanation(
      609, "model that has seen the test cutoffs",
      cause: """
        A model without predictions of these rows, such as a champion, is scored on them. It was \
        trained or calibrated on labels from after the first test cutoff, so it would be tested on \
        its training data.
        """,
      example: .commands(
        "\(Example.run) && cp -r results/renewals/runs/2* model && rm model/predictions.parquet "
          + "&& holdout run spec.yaml name=earlier cutoffs.last=2025-05-31 "
          + "&& holdout compare model earlier"),
      fix: "Compare on test cutoffs after the model's label windows."),
    Explanation(
      610, "metric that runs cannot be compared by",
      cause: """
        The runs do not have this metric. Often it is a top list that the spec does not evaluate.
        """,
      example: .commands(
        "\(Example.run) && holdout compare renewals renewals --metric lift_at_77 --smallest-effect 0.1"
      ),
      fix: """
        Write one of the metrics in the note, or add the list under `evaluation.top_k` or \
        `evaluation.top_percent` and run the specs again.
        """),
    Explanation(
      611, "probabilities of another label",
      cause: """
        With `--overlap`, both runs are evaluated on the base's labels. The candidate's \
        probabilities are for an event within another window and cannot be expected to fit these \
        labels. Only its ranking can be compared.
        """,
      example: .commands(
        "\(Example.run) name=renewals cutoffs.last=2025-06-30 "
          + "&& holdout run spec.yaml name=longer label.horizon='2 months' "
          + "&& holdout compare renewals longer --overlap --metric log_loss --smallest-effect 0.001"
      ),
      fix: "Compare by a ranking metric: `roc_auc`, `pr_auc`, or a lift."),
    Explanation(
      612, "no results",
      cause: "The results folder has no metrics of an experiment.",
      example: .commands("holdout leaderboard"),
      fix: "Run a spec, or correct `results` in holdout.yaml."),
  ]
}
