internal import Diagnostics
internal import Evaluation
internal import Foundation
internal import Learning
internal import Panel
internal import Spec

/// A run's report.md: one page that a person can read.
struct Report {
  let run: ExperimentRun
  let identity: RunIdentity
  let importance: ImportanceTable

  var markdown: String {
    [header, timeline, sample, headline, baselines, folds, cutoffs, segments, features, provenance]
      .compactMap(
        \.self
      )
      .joined(separator: "\n\n") + "\n"
  }

  private var header: String {
    let evidence = run.evaluation.metrics.evidence
    var lines = ["# \(MarkdownText.escaped(run.spec.name.value))"]
    if let description = run.spec.description { lines.append(MarkdownText.paragraph(description)) }
    var alarms = run.caveats.list.map(\.line)
    if !evidence.isSufficient { alarms.insert(RunSummary.evidence(evidence), at: 0) }
    if !alarms.isEmpty {
      // Shown in red where Markdown knows alerts, and in bold everywhere.
      let list = alarms.map { "> - **\(MarkdownText.escaped($0))**" }.joined(separator: "\n")
      lines.append(
        "> [!CAUTION]\n> Do not take these metrics for what to expect in use.\n>\n" + list)
    }
    return lines.joined(separator: "\n\n")
  }

  private var timeline: String {
    let rows = RunSummary.roles.map { role -> [String] in
      let cutoffs = run.timeline[role]
      let reach = cutoffs.first.map { "\($0.date) to \(cutoffs.last?.date ?? $0.date)" } ?? ""
      return [
        role.rawValue, "\(cutoffs.count)", reach, "\(run.counts.rows[role] ?? 0)",
        "\(run.counts.positives[role] ?? 0)", "\(run.counts.buyerCount(role))",
      ]
    }
    return "## Time\n\nData through \(run.timeline.dataThrough); labels look "
      + "\(run.spec.label.horizon.value) ahead.\n\n"
      + Self.table(["role", "cutoffs", "from, to", "rows", "positives", "buyers"], rows)
  }

  private var sample: String? {
    guard let sample = run.model.sample else { return nil }
    let name = run.spec.name.value
    let words = "## Sample\n\nThe model has learned from \(sample.words). "
    guard sample.isSmaller else { return words }
    return words
      + "All else on this page is of all rows. What the sample costs, with intervals, a run "
      + "on all train rows tells:\n\n"
      + "```\nholdout run SPEC sample=null name=\(name)_all_rows\n"
      + "holdout compare \(name)_all_rows \(name)\n```"
  }

  private var headline: String {
    let calibrated = RunSummary.metrics.map { name -> [String] in
      let pooled = run.evaluation.metrics.pooled
      return [
        "`\(name)`", NumberText.metric(pooled.values[name]),
        RunSummary.interval(run.evaluation.intervals?.pooled[name]),
        NumberText.metric(pooled.raw[name]),
        NumberText.metric(run.evaluation.oneFeature?.scores.metrics.pooled.values[name]),
        NumberText.metric(run.evaluation.prior.metrics.pooled.values[name]),
      ]
    }
    let lists = run.evaluation.metrics.mean.values.keys.filter { RunSummary.isPlainList($0) }
      .sorted(by: RunSummary.precedes).map { name in
        [
          "`\(name)`", NumberText.metric(run.evaluation.metrics.mean.values[name]),
          RunSummary.interval(run.evaluation.intervals?.mean[name]), "",
          NumberText.metric(run.evaluation.oneFeature?.scores.metrics.mean.values[name]),
          NumberText.metric(run.evaluation.prior.metrics.mean.values[name]),
        ]
      }
    let level = Int((run.spec.evaluation.level * 100).rounded())
    let feature =
      run.evaluation.oneFeature.map { " (\(MarkdownText.code($0.baseline.feature)))" } ?? ""
    return "## Test\n\nAll test cutoffs pooled; top lists are means over the cutoffs.\n\n"
      + Self.table(
        [
          "metric", "value", "\(level) % interval", "uncalibrated", "one feature\(feature)",
          "prior",
        ], calibrated + lists) + (run.calibrationDoubt.map { "\n\n**Warning**: \($0)." } ?? "")
  }

  /// The model less each baseline.
  private var baselines: String? {
    let prior = run.evaluation.prior.differences
    guard !prior.isEmpty else { return nil }
    let feature = run.evaluation.oneFeature
    let names =
      RunSummary.metrics.filter { prior[$0] != nil }
      + prior.keys.filter(RunSummary.isPlainList).sorted(by: RunSummary.precedes)
    let rows = names.map { name in
      ["`\(name)`"]
        + [feature?.scores.differences, prior].map { differences in
          differences?[name].map(RunSummary.difference) ?? "-"
        }
    }
    let level = Int((run.spec.evaluation.level * 100).rounded())
    return
      "## Against the baselines\n\nThe model's metric less the baseline's, with \(level) % intervals "
      + "over the same resamples of entities for both.\n\n"
      + Self.table(
        ["metric", "one feature" + (feature.map { " (`\($0.baseline.feature)`)" } ?? ""), "prior"],
        rows)
  }

  private var folds: String? {
    FoldTable(run.folds).map { table in
      "## By fold\n\nEach fold by its last test cutoff, trained and judged by itself; the spread is the "
        + "sample standard deviation over the folds. All else on this page is of the first.\n\n"
        + Self.table(table.head, table.rows) + (table.note.map { "\n\n\($0)." } ?? "")
    }
  }

  private var cutoffs: String {
    let names = ["rows", "positives", "roc_auc", "pr_auc", "ece", "observed_over_expected"]
    let rows = zip(run.evaluation.cutoffs, run.evaluation.metrics.cutoffs).map { cutoff, block in
      ["\(cutoff.date)"] + names.map { NumberText.metric(block.values[$0]) }
    }
    return "## By cutoff\n\n" + Self.table(["cutoff"] + names, rows)
  }

  private var segments: String? {
    guard !run.evaluation.segments.isEmpty else { return nil }
    let names = ["rows", "positives", "base_rate", "roc_auc", "observed_over_expected"]
    let sections = run.evaluation.segments.sorted { $0.key < $1.key }.map { column, levels in
      let largest = levels.sorted {
        let (left, right) = ($0.value["positives"] ?? 0, $1.value["positives"] ?? 0)
        return left == right ? $0.key < $1.key : left > right
      }
      let rows = largest.prefix(10).map { level, values in
        [Self.escaped(level)] + names.map { NumberText.metric(values[$0]) }
      }
      let rest =
        largest.count > 10 ? "\n\nThe 10 levels with most positives of \(largest.count)." : ""
      return "### \(MarkdownText.escaped(column))\n\n" + Self.table(["level"] + names, rows) + rest
    }
    return "## Segments\n\n" + sections.joined(separator: "\n\n")
  }

  private var features: String {
    let total = importance.rows.reduce(0) { $0 + $1.gain }
    let rows = importance.rows.prefix(15).map { row in
      [
        MarkdownText.code(row.feature),
        total > 0 ? String(format: "%.1f %%", row.gain / total * 100) : "-", "\(row.split)",
      ]
    }
    let unused = importance.rows.filter { $0.split == 0 }.map { MarkdownText.code($0.feature) }
    let note =
      unused.isEmpty ? "" : "\n\nNever used by the model: \(unused.joined(separator: ", "))."
    return "## Features\n\n" + Self.table(["feature", "share of gain", "splits"], rows) + note
  }

  private var provenance: String {
    var lines = ["- Run `\(identity.id)`, spec SHA-256 `\(identity.specHash.prefix(12))`"]
    lines += run.model.earlyStop.map { ["- Trees: \($0.words)"] } ?? []
    lines += [
      "- Calibration: \(RunSummary.calibration(run.calibrator))"
    ]
    lines += identity.data.map {
      "- \(MarkdownText.code($0.source)): \(MarkdownText.escaped($0.path))"
        + ($0.sha256.map { ", SHA-256 `\($0.prefix(12))`" } ?? "")
    }
    lines += run.warnings.map { "- Warning \($0.id): \(MarkdownText.escaped($0.message))" }
    return "## Provenance\n\n" + lines.joined(separator: "\n")
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    MarkdownText.escaped(text)
  }
}
