internal import Diagnostics
internal import Experiment

// Runs that cannot be compared: H606 to H612.
extension Finding {
  static func otherQuestion(
    _ base: ComparedRun, _ candidate: ComparedRun, _ differences: [RunQuestion.Difference],
    _ overlap: ComparisonOverlap
  ) -> Finding {
    let hint =
      if base.run == nil || candidate.run == nil {
        "of a side that has metrics only, the test cutoffs must have the same rows, positives and "
          + "buyers; compare runs that are kept on this machine instead"
      } else {
        switch overlap {
        case .refused: "write --overlap to compare them on the rows that both have judged"
        case .compared:
          "a model without predictions of its own is scored on rows of its own question only"
        case .unheard:
          "a run of another question cannot follow this one: give it a name of its own with --as NAME"
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
      607, "the runs were judged on different rows of the same question",
      notes: zip(runs, counts.rows).map { "`\($0.reference)`: \($1) test rows" }
        + ["shared by all: \(counts.shared)"],
      hints: moved(overlap, "or write --overlap to compare them on the rows that all have judged"))
  }

  static func otherLabels(
    _ base: ComparedRun, _ candidate: ComparedRun, _ count: Int, of rows: Int,
    _ overlap: ComparisonOverlap
  ) -> Finding {
    Finding(
      607,
      "`\(candidate.reference)` was judged by other labels than `\(base.reference)` in \(count) of "
        + "\(rows) rows",
      hints: moved(
        overlap, "or write --overlap to judge both by the labels of `\(base.reference)`"))
  }

  private static func moved(_ overlap: ComparisonOverlap, _ offer: String) -> [String] {
    ["the data have moved on between the runs: run the older one again"]
      + (overlap == .refused ? [offer] : [])
  }

  static func nothingShared(_ runs: [ComparedRun], _ counts: PredictionTables.Counts) -> Finding {
    Finding(
      608, "the runs share no test row",
      notes: zip(runs, counts.rows).map { "`\($0.reference)`: \($1) test rows" },
      hints: ["a row is an entity at a test cutoff: let the runs have test cutoffs in common"])
  }

  static func modelHasSeenTest(
    _ reference: String, _ runId: String, first: String, _ cutoff: RunRecord.CutoffEntry
  ) -> Finding {
    Finding(
      609, "`\(reference)` was fitted on what the test cutoffs are to predict",
      notes: [
        "the first test cutoff is \(first)",
        "run \(runId) has a \(cutoff.role) cutoff at \(cutoff.date), whose labels reach to "
          + "\(cutoff.windowEnd)",
      ],
      hints: [
        "compare on later test cutoffs, or with a run whose own test cutoffs are these"
      ])
  }

  static func unknownMetric(_ metric: String, known: [String]) -> Finding {
    Finding(
      610, "`\(metric)` is no metric that these runs can be compared by",
      notes: ["there are \(known.map { "`\($0)`" }.joined(separator: ", "))"],
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
      "`\(metric)` is about probabilities, and those of `\(candidate.reference)` are of another label",
      hints: ["compare by a metric of the ranking, such as `roc_auc`, `pr_auc` or a lift"])
  }
}
