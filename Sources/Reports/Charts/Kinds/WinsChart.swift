package import Diagnostics

/// The wins of lists, or of parts of lists, beside those that their scores expected.
package struct WinsChart: ChartKind {
  package struct Row: Sendable {
    package var name: String
    package var observed: Double
    /// With the interval in which the wins would be if the scores are right.
    package var expected: ChartEstimate

    package init(_ name: String, observed: Double, expected: ChartEstimate) {
      (self.name, self.observed, self.expected) = (name, observed, expected)
    }

    fileprivate var isOutside: Bool { observed < expected.low || observed > expected.high }

    fileprivate var words: String {
      let interval = expected.interval(\.count)
      return "\(observed.count) wins, \(expected.value.count) expected"
        + (interval.isEmpty ? "" : " (\(interval))")
    }
  }

  package var title: String
  /// In the order to show them.
  package var rows: [Row]

  /// The most rows that are drawn.
  package static let limit = 40

  package init(title: String = "Observed and expected wins", rows: [Row]) {
    (self.title, self.rows) = (title, rows)
  }

  private var shown: [Row] { Array(rows.prefix(Self.limit)) }

  private var rest: String? {
    let count = rows.count - Self.limit
    return count > 0 ? "\(count.grouped) others not shown" : nil
  }

  package var chart: Chart {
    let expected = Series("expected wins, with interval", .muted, shape: .ring)
    let (inside, outside) = (
      Series("observed wins"), Series("observed, outside the interval", .second, shape: .diamond)
    )
    let names = shown.map(\.name) + [rest].compactMap(\.self)
    let points = shown.enumerated().map { index, row in
      (row, Mark.Point(row.observed, Double(index) - 0.16, "\(row.name): \(row.words)"))
    }
    return Chart(
      title: title,
      description: points.isEmpty
        ? ""
        : "\(rows.count.of("row")) of observed and expected wins, of which "
          + "\(rows.count(where: \.isOutside).grouped) are outside their interval.",
      legend: points.isEmpty
        ? []
        : [LegendEntry(expected, .marker), LegendEntry(inside, .marker)]
          + (shown.contains(where: \.isOutside) ? [LegendEntry(outside, .marker)] : []),
      plots: [
        Plot(
          x: Axis(
            .linear(covering: [0] + shown.flatMap { $0.expected.all + [$0.observed] }), "wins"),
          y: Axis(.band(names)), height: max(Double(names.count) * 24, 40),
          marks: [
            .whiskers(
              shown.enumerated().map { index, row in
                .init(at: Double(index) + 0.16, row.expected)
              }, .horizontal, expected),
            .points(points.filter { !$0.0.isOutside }.map(\.1), inside),
            .points(points.filter { $0.0.isOutside }.map(\.1), outside),
          ])
      ])
  }

  package var numbers: Table {
    Table(
      [.text(""), .number("observed wins"), .number("expected"), .text("interval")],
      rows: shown.map { row in
        [
          row.name, row.observed.count, row.expected.value.count, row.expected.interval(\.count),
        ]
      } + [rest].compactMap(\.self).map { [$0] })
  }
}
