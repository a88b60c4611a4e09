internal import Diagnostics
internal import Experiment
internal import Spec

// Retraining: H840 to H849.
extension Finding {
  /// - Parameter before: the champion's record.
  static func unknownDay(_ before: RunRecord, note: String) -> Finding {
    Finding(
      840, "nothing says that the data reach beyond \(before.dataThrough), the champion's last day",
      notes: [note],
      hints: ["give the last day that the data have fully observed: `--data-through DATE`"])
  }

  /// - Parameters:
  ///   - through: the last day for which the labels are known.
  ///   - wanted: the requested day.
  static func labelsEndEarlier(
    _ spec: ExperimentSpec, _ through: CalendarDate, _ wanted: CalendarDate
  ) -> Finding {
    let source =
      switch spec.label.event {
      case .date(let column): column.value.source
      case .row(let source, _): source.value
      }
    return Finding(
      841, "`\(source)` ends on \(through), and retraining on data through \(wanted) was asked for",
      notes: ["labels are read from it, and it has a `data_through` of its own"],
      hints: [
        "write the newer day into experiments/NAME.yaml once its data are in, or give "
          + "`--data-through \(through)`"
      ])
  }

  /// - Parameter path: the spec's path in the project.
  static func recipeChanged(_ path: String) -> Finding {
    Finding(
      842, .warning, "`\(path)` is another recipe than the champion's, which is the one retrained",
      hints: [
        "to change what is in production: `holdout run \(path)`, then `holdout promote`"
      ])
  }

  /// - Parameter values: arguments, such as `model.params.num_leaves=15`.
  static func unwrittenValues(_ path: String, _ values: [String]) -> Finding {
    Finding(
      871, .warning,
      "`\(path)` is the champion's recipe only with values that it does not say",
      notes: ["the champion was run with " + values.map { "`\($0)`" }.joined(separator: " ")],
      hints: ["write them into the file, so that it says what is in production"])
  }

  /// Turns a warning about incomplete data into the error that prevents retraining on them.
  var refusingToRetrain: Finding {
    var finding = self
    finding.severity = .error
    finding.hints = [
      "bring the missing rows, or retrain on data through an earlier day: `--data-through DATE`",
      "where there really are none: `--accept \(id)=\"why\"`, which the run and the registry record",
    ]
    return finding
  }
}

extension Explanation {
  private static let promoted = """
    holdout run spec.yaml &> run.log
    holdout promote renewals --override "a trial" &> run.log

    """

  /// A project with a champion and lenient gates.
  private static func champion(
    _ commands: String, _ spec: String = "", _ others: [(String, String)] = []
  ) -> Example {
    .files(
      [
        (
          "holdout.yaml",
          ExampleProject.project + "gates: {audit: none, evidence: any, better_than: none}\n"
        ),
        ("spec.yaml", "extends: base.yaml\n" + spec),
      ] + others, promoted + commands)
  }

  static let retrainingFindings: [Explanation] = [
    Explanation(
      840, "retraining without newer data",
      cause: """
        Retraining rolls the champion's recipe forward to what the data have since made known. How far \
        that is cannot be read off the data, and no clock is asked: a day without events may be a day \
        that has not been exported. Neither `--data-through` nor `experiments/NAME.yaml` names a day \
        after the champion's.
        """,
      example: champion("holdout retrain renewals"),
      fix: """
        Give the last day that the data have fully observed, `--data-through 2025-10-31`, or write it as \
        `data_through` into `experiments/NAME.yaml`, which has to be the champion's recipe in all else.
        """),
    Explanation(
      841, "labels that end before the day asked for",
      cause: """
        The source that the label is read from has a `data_through` of its own, which \
        `--data-through` does not change. The model would be retrained on less than was asked for.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-10-31",
        "sources: {customers: {data_through: 2025-09-18}}\n"),
      fix: """
        Write the source's new day into `experiments/NAME.yaml` once its data are in, and retrain; or \
        give a `--data-through` that it reaches.
        """),
    Explanation(
      842, "a spec that is no longer the champion's",
      cause: """
        `experiments/NAME.yaml` was changed in more than its days since the champion was promoted. \
        Retraining goes on with the recipe that is in production; it does not bring a change of recipe \
        there unasked. The file's gates and its `retrain` count all the same.
        """,
      example: champion(
        "holdout retrain renewals --data-through 2025-09-18", "",
        [("experiments/renewals.yaml", "extends: ../base.yaml\ncutoffs: {train: 3}\n")]),
      fix: """
        To put the changed recipe into production, run it and promote the run. Else take the change back.
        """),
    Explanation(
      871, "a champion with values that its spec does not say",
      cause: """
        The champion was run with arguments such as `model.params.num_leaves=15`. With them \
        `experiments/NAME.yaml` is its recipe, and it is scored and retrained so; whoever reads the file \
        alone takes something else for what is in production.
        """,
      example: champion(
        """
        holdout run experiments/renewals.yaml model.params.num_iterations=6 &> run.log
        holdout promote renewals@num_iterations=6 --as renewals --override "a trial" &> run.log
        holdout retrain renewals --data-through 2025-09-18
        """, "", [("experiments/renewals.yaml", "extends: ../base.yaml\n")]),
      fix: """
        Write the values into `experiments/NAME.yaml`. What it is called, and the order of its keys, do not \
        matter.
        """),
  ]
}
