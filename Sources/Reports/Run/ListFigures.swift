internal import Diagnostics
internal import Evaluation
internal import Runs
internal import Spec

// What the list is worth: gain, lift, deciles, precision, and its first rows.
extension RunFigures {
  var list: [Page.Block] {
    let figures = [gain, lift].compactMap { $0.map { Page.Block.figure($0) } }
    let details = [precision].compactMap { $0.map { Page.Block.figure($0) } }
    let blocks = figures + deciles
    return blocks.isEmpty
      ? []
      : [.heading("The list", level: 2)] + blocks
        + (details.isEmpty ? [] : [.details("Precision and recall", details)])
  }

  /// "a mean over 3 cutoffs" or "one cutoff".
  private func mean(_ count: Int) -> String {
    count == 1 ? "of one cutoff" : "a mean over \(count.of("cutoff"))"
  }

  private var gain: Figure? {
    guard let gain = curves.gain else { return nil }
    let half = gain.points.first { $0.captured >= 0.5 }.map {
      " The first \($0.share.percent) have \($0.captured.percent)."
    }
    let capacity = capacity.map { capacity in
      " The vertical line is the capacity when the run was made: \(capacity.rows.of("row")) of "
        + "\(rowsPerCutoff.count) per cutoff, \(capacity.share.percent)."
    }
    return Figure(
      GainChart(
        curves: [Curve("model", gain, from: ChartEstimate(0))], capacity: self.capacity?.share,
        noun: noun.many),
      caption: "The share of the \(noun.many) that is found in the first part of the list, "
        + "\(mean(gain.cutoffs)); a random list is on the diagonal."
        + (hasIntervals ? " The band is the \(level) interval at each point." : "")
        + (half ?? "") + (capacity ?? ""))
  }

  private var lift: Figure? {
    guard let gain = curves.gain, !gain.lifts.isEmpty else { return nil }
    let shown = gain.lifts.first { $0.length >= 100 } ?? gain.lifts.last
    let example = shown.map { lift in
      " The first \(lift.length.of("row")) have \(ChartEstimate(lift.lift, lift.interval).words)."
    }
    return Figure(
      LiftChart(curves: [Curve("model", gain.lifts)]),
      caption: "How many times more \(noun.many) a list of this length has than a random one, "
        + "\(mean(gain.cutoffs)). Short lists have wide intervals: do not choose the length with the "
        + "highest lift.\(example ?? "")")
  }

  private var precision: Figure? {
    curves.precisionRecall.map { curve in
      Figure(
        PrecisionRecallChart(curves: [Curve("model", curve)], baseRate: curve.baseRate),
        caption: "The share of \(noun.many) among the rows down to the one with this recall, all "
          + "test cutoffs pooled. The area below the curve is PR AUC, "
          + "\(NumberText.metric(curve.averagePrecision)). At a low recall a few rows decide.")
    }
  }

  private var deciles: [Page.Block] {
    guard let table = report.decileTable, let deciles = curves.deciles else { return [] }
    return [
      .heading("Deciles", level: 3),
      .paragraph(
        "The list in ten parts, best first, \(mean(deciles.cutoffs)). Expected is the sum of the "
          + "scores, captured the part's share of the \(noun.many)."),
      .table(table),
    ]
  }

  // MARK: - First rows

  /// The first rows of the newest list, with reasons and outcomes.
  var top: [Page.Block] {
    guard let top = curves.top, !top.rows.isEmpty else { return [] }
    let hits = top.rows.count { $0.label == 1 }
    return [
      .heading("The first \(top.rows.count.of("row")) of the list", level: 2),
      .paragraph(
        "The list of \(top.cutoff), the last test cutoff. \(hits.grouped) of these rows turned out "
          + "positive. Reasons are what moved a score most, strongest first; they describe the model, "
          + "not causes."),
      .table(
        Table(
          [.number("rank"), .text("key"), .number("score"), .text("positive"), .text("reasons")],
          rows: top.rows.map { row in
            [
              "\(row.rank)", row.key, NumberText.metric(row.score), row.label == 1 ? "yes" : "no",
              row.reasons.joined(separator: "; "),
            ]
          }, isWhole: true)),
    ]
  }
}
