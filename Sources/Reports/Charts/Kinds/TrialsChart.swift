package import Diagnostics

/// The trials of a search in order, with the smallest loss so far.
package struct TrialsChart: ChartKind {
  package var title = "Trials"
  /// The loss of each trial, from number 0; the first is the base.
  package var losses: [Double]
  /// The trial that was taken; nil if there is none.
  package var chosen: Int?

  package init(losses: [Double], chosen: Int? = nil) {
    (self.losses, self.chosen) = (losses, chosen)
  }

  private var best: [Double] {
    var least = Double.infinity
    return losses.map { loss in
      if loss < least { least = loss }
      return least
    }
  }

  /// The largest loss that is drawn: one bad trial must not flatten the others.
  private var limit: Double {
    let sorted = losses.filter(\.isFinite).sorted()
    guard let first = sorted.first else { return 1 }
    let spread = 3 * (sorted[sorted.count / 2] - first)
    return max(spread > 0 ? first + spread : sorted[sorted.count - 1], losses.first ?? 0)
  }

  package var chart: Chart {
    let own = Series("trial", .second, shape: .square)
    let least = Series("smallest so far", .first)
    let limit = limit
    let shown = losses.enumerated().filter { $0.element <= limit }
    let hidden = losses.count - shown.count
    var marks: [Mark] = [
      .step(best.enumerated().map { .init(Double($0), $1) }, least),
      .points(
        shown.map { .init(Double($0), $1, "trial \($0): \($1.cell)") }, own),
    ]
    if let base = losses.first {
      marks.append(.rule(base, .horizontal, "spec", .reference("spec")))
    }
    if let chosen, losses.indices.contains(chosen) {
      marks.append(.rule(Double(chosen), .vertical, "taken", .reference("taken")))
    }
    let words = best.last.map { " The smallest log loss is \($0.cell)." } ?? ""
    return Chart(
      title: title, description: losses.count.of("trial") + "." + words,
      legend: [LegendEntry(own, .marker), LegendEntry(least, .line)],
      plots: [
        Plot(
          x: Axis(
            .linear(0, Double(max(losses.count - 1, 1))),
            hidden > 0 ? "trial (\(hidden.of("trial")) above the top not shown)" : "trial"),
          y: Axis(.linear(covering: shown.map(\.element)), "log loss"), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.number("trial"), .number("log loss"), .number("smallest so far")],
      rows: zip(losses, best).enumerated().map { index, pair in
        ["\(index)", pair.0.cell, pair.1.cell]
      })
  }
}
