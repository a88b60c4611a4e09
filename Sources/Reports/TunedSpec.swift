public import Experiment
internal import YAML

/// The spec that a search writes: it extends the spec that was tuned, with other parameters.
public struct TunedSpec: Sendable {
  /// The text of the file.
  public let text: String

  /// - Parameters:
  ///   - name: the name of the tuned experiment.
  ///   - base: the file name of the spec that was tuned, in the same folder.
  ///   - folder: the folder with the journal, as a user would type it.
  public init(
    _ settings: TuneReport.Settings, of report: TuneReport, name: String, base: String,
    folder: String
  ) {
    let trial = report.trials[settings.number]
    let words =
      "Trial \(settings.number) of \(report.trials.count) of `holdout tune`, with a log loss of "
      + "\(trial.loss.asLoss) instead of \(report.trials[0].loss.asLoss) by "
      + "\(report.judge.shortWords): \(folder)/trials.jsonl"
    var lines = [
      YAMLWriter.comment("# \(words)"), "version: 1", "name: \(YAMLWriter.inline(name))",
      "extends: \(YAMLWriter.inline(base))", "model:",
    ]
    if settings.isWithoutClassWeight { lines.append("  class_weight: none") }
    lines.append("  params:")
    lines += settings.parameters.map { "    \(YAMLWriter.inline($0.name)): \($0.text)" }
    text = lines.joined(separator: "\n") + "\n"
  }
}
