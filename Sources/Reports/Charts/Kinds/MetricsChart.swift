package import Diagnostics

/// Metrics of several runs or models side by side, each with its interval.
package struct MetricsChart: ChartKind {
  /// A metric of each of the entries.
  package struct Metric: Sendable {
    package var name: String
    package var estimates: [ChartEstimate]

    package init(_ name: String, _ estimates: [ChartEstimate]) {
      (self.name, self.estimates) = (name, estimates)
    }
  }

  package var title = "Metrics beside the baselines"
  /// What is compared, such as the model, its baselines, and the champion.
  package var entries: [String]
  package var metrics: [Metric]

  package init(entries: [String], metrics: [Metric]) {
    (self.entries, self.metrics) = (entries, metrics)
  }

  package var chart: Chart {
    let columns = min(max(metrics.count, 1), 3)
    return Chart(
      title: title,
      description: metrics.map { metric in
        let values = zip(entries, metric.estimates).map { "\($0) \($1.words)" }
        return "\(metric.name): \(values.joined(separator: ", "))."
      }.joined(separator: " "),
      columns: columns,
      plots: metrics.enumerated().map { index, metric in
        Plot(
          metric.name, x: Axis(.linear(covering: metric.estimates.flatMap(\.all), count: 3)),
          y: Axis(.band(entries), isHidden: index % columns > 0),
          height: max(Double(entries.count) * 24, 24),
          marks: metric.estimates.prefix(entries.count).enumerated().map { row, estimate in
            .whiskers(
              [.init(at: Double(row), estimate, "\(entries[row]): \(estimate.words)")],
              .horizontal, Series.number(row, entries[row]))
          })
      })
  }

  package var numbers: Table {
    Table(
      [.text("metric"), .text("of"), .number("value"), .text("interval")],
      rows: metrics.flatMap { metric in
        zip(entries, metric.estimates).map { entry, estimate in
          [metric.name, entry, estimate.value.cell, estimate.interval()]
        }
      })
  }
}

/// Differences with their intervals, such as those of paired comparisons, beside the smallest effect
/// worth having.
package struct DifferencesChart: ChartKind {
  package struct Row: Sendable {
    package var name: String
    package var difference: ChartEstimate

    package init(_ name: String, _ difference: ChartEstimate) {
      (self.name, self.difference) = (name, difference)
    }
  }

  package var title = "Differences from the base"
  package var rows: [Row]
  /// Differences below this size, in either direction, do not matter; nil: every one does.
  package var smallestEffect: Double?

  package init(rows: [Row], smallestEffect: Double? = nil) {
    (self.rows, self.smallestEffect) = (rows, smallestEffect)
  }

  package var chart: Chart {
    let effect = smallestEffect.flatMap(\.known).map(abs)
    let band = Series("smaller than the smallest effect worth having", .muted)
    var marks: [Mark] = []
    if let effect, !rows.isEmpty {
      marks.append(
        .boxes([.init(x: (-effect, effect), y: (-0.5, Double(rows.count) - 0.5))], band))
    }
    marks += [
      .rule(0, .vertical, "", .reference("no difference")),
      .whiskers(
        rows.enumerated().map { index, row in
          .init(at: Double(index), row.difference, "\(row.name): \(row.difference.words)")
        }, .horizontal, Series("difference")),
    ]
    let values = rows.flatMap(\.difference.all) + [0] + (effect.map { [-$0, $0] } ?? [])
    return Chart(
      title: title,
      description: rows.map { "\($0.name): \($0.difference.words)." }.joined(separator: " "),
      legend: effect == nil ? [] : [LegendEntry(band, .area)],
      plots: [
        Plot(
          x: Axis(.linear(covering: values), "difference"), y: Axis(.band(rows.map(\.name))),
          height: max(Double(rows.count) * 22, 40), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("name"), .number("difference"), .text("interval")],
      rows: rows.map { [$0.name, $0.difference.value.cell, $0.difference.interval()] })
  }
}
