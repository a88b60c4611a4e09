package import Diagnostics
package import Spec

/// Metrics by cutoff, each with its interval.
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
    package var points: [Point]
    /// The value over all cutoffs; not finite if there is none.
    package var pooled: Double

    package init(_ name: String, _ points: [Point], pooled: Double = .nan) {
      (self.name, self.points, self.pooled) = (name, points, pooled)
    }
  }

  package var title = "Metrics by cutoff"
  package var metrics: [Metric]

  package init(metrics: [Metric]) { self.metrics = metrics }

  package var chart: Chart {
    let days = metrics.flatMap { $0.points.map(\.date.days) }
    // Some space at both ends, so that no marker is on an axis.
    let space = ((days.max() ?? 0) - (days.min() ?? 0)) / 20 + 1
    let scale = Scale.date(covering: days.flatMap { [$0 - space, $0 + space] })
    return Chart(
      title: title,
      description: metrics.map { metric in
        let values = metric.points.map(\.estimate.value).filter(\.isFinite)
        return "\(metric.name): from \((values.min() ?? .nan).cell) to "
          + "\((values.max() ?? .nan).cell) at \(metric.points.count.of("cutoff"))."
      }.joined(separator: " "),
      columns: min(max(metrics.count, 1), 2),
      plots: metrics.map { metric in
        let days = metric.points.map { Double($0.date.days) }
        return Plot(
          metric.name, x: Axis(scale),
          y: Axis(
            .linear(covering: metric.points.flatMap(\.estimate.all) + [metric.pooled], count: 4)),
          height: 130,
          marks: [
            .rule(metric.pooled, .horizontal, "", .reference("all cutoffs \(metric.pooled.cell)")),
            .line(
              zip(days, metric.points).map { .init($0, $1.estimate.value) },
              Series("", .muted)),
            .whiskers(
              zip(days, metric.points).map { day, point in
                .init(at: day, point.estimate, "\(point.date): \(point.estimate.words)")
              }, .vertical, Series(metric.name)),
          ])
      })
  }

  package var numbers: Table {
    Table(
      [.text("metric"), .text("cutoff"), .number("value"), .text("interval")],
      rows: metrics.flatMap { metric in
        metric.points.map { point in
          [
            metric.name, point.date.description, point.estimate.value.cell,
            point.estimate.interval(),
          ]
        } + (metric.pooled.isFinite ? [[metric.name, "all", metric.pooled.cell, ""]] : [])
      })
  }
}
