internal import Diagnostics
internal import OrderedCollections
internal import Runs
internal import Spec

// Retraining: H840 to H849.
extension Finding {
  /// - Parameter before: the champion's record.
  static func unknownDay(_ before: RunRecord, note: String) -> Finding {
    Finding(
      840, "the data are not known to reach beyond \(before.dataThrough), the champion's last day",
      notes: [note],
      hints: ["give the last day that the data cover completely: `--data-through DATE`"])
  }

  /// - Parameters:
  ///   - through: the last day for which the labels are known.
  ///   - wanted: the requested day.
  static func labelsEndEarlier(
    _ spec: ExperimentSpec, _ through: CalendarDate, _ wanted: CalendarDate
  ) -> Finding {
    func day(_ source: String) -> CalendarDate {
      spec.sources[source]?.dataThrough?.value ?? wanted
    }
    let earliest = spec.label.sourceNames.min { day($0) < day($1) } ?? spec.label.sourceName
    return Finding(
      841, "`\(earliest)` ends on \(through), but data through \(wanted) are needed",
      notes: ["the label reads it, and it has its own `data_through`"],
      hints: [
        "write the newer day in experiments/NAME.yaml when its data are loaded, or give "
          + "`--data-through \(through)`"
      ])
  }

  /// - Parameter path: the spec's path in the project.
  static func recipeChanged(_ path: String) -> Finding {
    Finding(
      842, .warning,
      "`\(path)` differs from the champion's spec, which is the one that is retrained",
      hints: [
        "to change the model in production: `holdout run \(path)`, then `holdout promote`"
      ])
  }

  /// - Parameter values: arguments, such as `model.params.num_leaves=15`.
  static func unwrittenValues(_ path: String, _ values: [String]) -> Finding {
    Finding(
      871, .warning,
      "`\(path)` is the champion's spec only with additional values",
      notes: ["the champion was run with " + values.map { "`\($0)`" }.joined(separator: " ")],
      hints: ["write them in the file, so that it describes the model in production"])
  }

  /// Turns a warning about incomplete data into the error that prevents retraining on them.
  var refusingToRetrain: Finding {
    var finding = self
    finding.severity = .error
    finding.hints = [
      "add the missing rows, or retrain on data through an earlier day: `--data-through DATE`",
      "if there really are none: `--accept \(id)=\"why\"`, which the run and the registry record",
    ]
    return finding
  }
}

extension Explanation {
  /// A project with a champion and lenient gates.
  private static func champion(
    _ commands: String, _ spec: String = "", _ others: [(String, String)] = []
  ) -> Example {
    .promotion(Example.promoted + commands, spec: spec, files: others)
  }

  static let retrainingFindings: [Explanation] = [
    Explanation(
      840, "retraining without newer data",
      cause: """
        Retraining fits the champion's spec on newer data. The data alone do not say how far they \
        reach, because a day without events may not have been exported yet, and the clock is not \
        used. Neither `--data-through` nor `experiments/NAME.yaml` names a day after the champion's.
        """,
      example: champion("holdout retrain renewals"),
      fix: """
        Give the last day that the data cover completely, `--data-through 2025-10-31`, or write it \
        as `data_through` in `experiments/NAME.yaml`, which must otherwise be the champion's spec.
        """),
    Explanation(
      841, "labels that end before the requested day",
      cause: """
        The label's source has its own `data_through`, which `--data-through` does not change. The \
        model would be retrained on fewer data than requested.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-10-31",
        "sources: {customers: {data_through: 2025-09-18}}\n"),
      fix: """
        Write the source's new day in `experiments/NAME.yaml` when its data are loaded, and \
        retrain. Or give a `--data-through` that it reaches.
        """),
    Explanation(
      842, "a spec that is no longer the champion's",
      cause: """
        More than the dates in `experiments/NAME.yaml` changed since the champion was promoted. \
        Retraining uses the spec in production and never brings other changes there. The file's \
        `gates` and `retrain` still apply.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-09-18", "",
        [("experiments/renewals.yaml", "extends: ../base.yaml\ncutoffs: {train: 3}\n")]),
      fix: """
        To bring the changed spec into production, run it and promote the run. Otherwise undo the \
        change.
        """),
    Explanation(
      871, "a champion with values that its spec does not have",
      cause: """
        The champion was run with arguments such as `model.params.num_leaves=15`. It is scored and \
        retrained with `experiments/NAME.yaml` and these values. The file alone does not describe \
        the model in production.
        """,
      example: champion(
        """
        holdout run experiments/renewals.yaml model.params.num_iterations=6 &> run.log
        holdout promote renewals@num_iterations=6 --as renewals --override "a trial" &> run.log
        holdout retrain renewals --data-through 2025-09-18
        """, "", [("experiments/renewals.yaml", "extends: ../base.yaml\n")]),
      fix: """
        Write the values in `experiments/NAME.yaml`. Its `name` and the order of its keys do not \
        matter.
        """),
  ]
}
