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
    Finding(
      841,
      "the labels are known through \(through), and retraining through \(wanted) was asked for",
      at: spec.label.span,
      notes: ["the source that the label's event comes from has a `data_through` of its own"],
      hints: [
        "write the newer day there once its data are in, or ask for `--data-through \(through)`"
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
}
