package import Diagnostics
package import Spec

/// Metrics by cutoff, each with its interval: a plot for each metric, with all runs that have it.
package struct CutoffsChart: ChartKind {
  package struct Point: Sendable {
    package var date: CalendarDate
    package var estimate: ChartEstimate

    package init(_ date: CalendarDate, _ estimate: ChartEstimate) {
      (self.date, self.estimate) = (date, estimate)
    }
  }

  package struct Metric: Sendable {
    package var name: String
    /// Empty if there is only one.
    package var run: String
    package var points: [Point]
    /// The value over all cutoffs; not finite if there is none.
    package var pooled: Double

    package init(
      _ name: String, of run: String = "", _ points: [Point], pooled: Double = .nan
    ) {
      (self.name, self.run, self.points, self.pooled) = (name, run, points, pooled)
    }
  }

  package var title = "Metrics by cutoff"
  /// Those of the same name share a plot.
  package var metrics: [Metric]

  package init(metrics: [Metric]) { self.metrics = metrics }

  /// The metrics by name, in the order of their first.
  private var groups: [[Metric]] {
    var names: [String] = []
    for metric in metrics where !names.contains(metric.name) { names.append(metric.name) }
    return names.map { name in metrics.filter { $0.name == name } }
  }

  private var runs: [String] {
    groups.map { $0.map(\.run) }.max { $0.count < $1.count } ?? []
  }

  private var hasRuns: Bool { runs.count > 1 }

  package var chart: Chart {
    let days = metrics.flatMap { $0.points.map(\.date.days) }
    // Some space at both ends, so that no marker is on an axis.
    let space = ((days.max() ?? 0) - (days.min() ?? 0)) / 20 + 1
    let scale = Scale.date(covering: days.flatMap { [$0 - space, $0 + space] })
    return Chart(
      title: title,
      description: metrics.map { metric in
        let values = metric.points.map(\.estimate.value).filter(\.isFinite)
        return metric.name + (metric.run.isEmpty ? "" : " of \(metric.run)")
          + ": from \((values.min() ?? .nan).cell) to "
          + "\((values.max() ?? .nan).cell) at \(metric.points.count.of("cutoff"))."
      }.joined(separator: " "),
      legend: runs.enumerated().map { Series.number($0, $1) }.legend(.marker),
      columns: min(max(groups.count, 1), 2),
      plots: groups.map { group in
        let values = group.flatMap { $0.points.flatMap(\.estimate.all) + [$0.pooled] }
        return Plot(
          group[0].name, x: Axis(scale), y: Axis(.linear(covering: values, count: 4)), height: 130,
          marks: group.count > 1
            ? group.enumerated().flatMap { index, metric in
              let middle = Double(group.count - 1) / 2
              return metric.marks(
                Series.number(index, metric.run),
                shift: (Double(index) - middle) * Double(space) / Double(group.count))
            } : group[0].marks)
      })
  }

  package var numbers: Table {
    Table(
      [.text("metric")] + (hasRuns ? [.text("of")] : [])
        + [.text("cutoff"), .number("value"), .text("interval")],
      rows: metrics.flatMap { metric in
        let head = [metric.name] + (hasRuns ? [metric.run] : [])
        return metric.points.map { point in
          head + [
            point.date.description, point.estimate.value.cell, point.estimate.interval(),
          ]
        } + (metric.pooled.isFinite ? [head + ["all", metric.pooled.cell, ""]] : [])
      })
  }
}

extension CutoffsChart.Metric {
  /// The marks of the only run: a gray line, and a rule at the value over all cutoffs.
  fileprivate var marks: [Mark] {
    [
      .rule(pooled, .horizontal, "", .reference("all cutoffs \(pooled.cell)")),
      line(Series("", .muted), shift: 0), whiskers(Series(name), shift: 0),
    ]
  }

  /// The marks of one of several runs.
  /// - Parameter shift: the days by which they are moved.
  fileprivate func marks(_ series: Series, shift: Double) -> [Mark] {
    [line(series.unnamed, shift: shift), whiskers(series, shift: shift)]
  }

  private func line(_ series: Series, shift: Double) -> Mark {
    .line(points.map { .init(Double($0.date.days) + shift, $0.estimate.value) }, series)
  }

  private func whiskers(_ series: Series, shift: Double) -> Mark {
    .whiskers(
      points.map { point in
        .init(
          at: Double(point.date.days) + shift, point.estimate,
          (run.isEmpty ? "" : "\(run), ") + "\(point.date): \(point.estimate.words)")
      }, .vertical, series)
  }
}
