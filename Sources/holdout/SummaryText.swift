import Diagnostics
import Experiment
import Panel
import Spec

/// What `holdout run` prints when a spec is done.
struct SummaryText {
  let spec: ExperimentSpec
  let summary: RunSummary

  var text: String {
    let drawing = TimelineDrawing(
      spec: spec, timeline: summary.timeline, counts: summary.counts)
    var lines = [drawing.text, ""]
    let alarms =
      [summary.insufficientEvidence].compactMap(\.self)
      + summary.caveats.map(\.line)
    if !alarms.isEmpty { lines += alarms.map { "!! \($0)" } + [""] }
    lines += metrics + [""]
    if !summary.baselines.isEmpty {
      let level = Int((spec.evaluation.level * 100).rounded())
      lines.append("against the baselines, with \(level) % intervals of the difference")
      lines += summary.baselines.map { "  \($0)" } + [""]
    }
    if let folds = summary.folds { lines += Self.text(folds) + [""] }
    if let sample = summary.sample { lines.append("sample:      \(sample)") }
    if let trees = summary.trees { lines.append("trees:       \(trees)") }
    lines.append("calibration: \(summary.calibration)")
    if let doubt = summary.calibrationDoubt { lines.append("warning: \(doubt)") }
    lines += summary.warnings.map { "warning: \($0)" }
    let folder = Terminal.shown(summary.resultsFolder)
    lines.append("results:     \(folder)/metrics.json")
    lines.append("report:      \(folder)/runs/\(summary.runId)/report.md")
    return lines.joined(separator: "\n")
  }

  private static func text(_ table: FoldTable) -> [String] {
    let lines = ([table.head] + table.rows).map { cells in
      TimelineDrawing.padded(cells[0], 11)
        + zip(table.head, cells).dropFirst().map { head, cell in
          TimelineDrawing.aligned(cell, max(head.count, 9) + 2)
        }.joined()
    }
    return lines + (table.note.map { ["!! \($0)"] } ?? [])
  }

  private var metrics: [String] {
    let level = Int((spec.evaluation.level * 100).rounded())
    let baseline = summary.oneFeature.map { "only \($0)" } ?? ""
    let head =
      TimelineDrawing.padded("test", 26) + TimelineDrawing.aligned("value", 10) + "   "
      + TimelineDrawing.padded("\(level) % interval", 22) + baseline
    return [head]
      + summary.lines.map { line in
        TimelineDrawing.padded(line.metric, 26) + TimelineDrawing.aligned(line.value, 10) + "   "
          + TimelineDrawing.padded(line.interval, 22) + line.baseline
      }
  }
}
