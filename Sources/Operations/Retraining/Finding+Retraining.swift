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
  ///   - through: the last day on which the labels are known.
  ///   - wanted: the day that was asked for.
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

  /// - Parameter path: of the spec in the project.
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

  /// A warning about incomplete data as what keeps a champion from being retrained on them.
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
