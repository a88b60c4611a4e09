package import Diagnostics

/// Values with their intervals, each beside the limit that it must reach or stay within.
package struct BoundsChart: ChartKind {
  package enum Outcome: String, CaseIterable, Sendable {
    /// The entire interval is on the allowed side.
    case pass
    /// The interval is on both sides.
    case inconclusive
    case fail
  }

  package struct Row: Sendable {
    package var name: String
    package var estimate: ChartEstimate
    package var limit: Double
    /// Whether values above the limit are allowed; otherwise those below.
    package var isMinimum: Bool
    package var outcome: Outcome

    package init(
      _ name: String, _ estimate: ChartEstimate, limit: Double, isMinimum: Bool, _ outcome: Outcome
    ) {
      (self.name, self.estimate) = (name, estimate)
      (self.limit, self.isMinimum, self.outcome) = (limit, isMinimum, outcome)
    }

    var limitWords: String { "\(isMinimum ? "at least" : "at most") \(limit.cell)" }
  }

  package var title = "Bounds"
  package var rows: [Row]

  /// The most bounds that are drawn.
  package static let limit = 24

  package init(rows: [Row]) { self.rows = rows }

  private var shown: [Row] { Array(rows.prefix(Self.limit)) }

  private var rest: String? {
    let count = rows.count - Self.limit
    return count > 0 ? "\(count.grouped) others not shown" : nil
  }

  package var chart: Chart {
    let allowed = Series("allowed", .muted)
    let outcomes = Outcome.allCases.filter { outcome in shown.contains { $0.outcome == outcome } }
    return Chart(
      title: title,
      description: shown.map { row in
        "\(row.name): \(row.estimate.words), \(row.limitWords): \(row.outcome.rawValue)."
      }.joined(separator: " ") + (rest.map { " \($0)." } ?? ""),
      legend: (shown.isEmpty ? [] : [LegendEntry(allowed, .area)])
        + outcomes.map { LegendEntry($0.series, .marker) },
      columns: min(max(shown.count, 1), 2),
      plots: shown.map { row in
        let scale = Scale.linear(covering: row.estimate.all + [row.limit], count: 4)
        let end = row.isMinimum ? scale.high : scale.low
        return Plot(
          "\(row.name): \(row.outcome.rawValue)", x: Axis(scale),
          y: Axis(.band([row.name]), isHidden: true), height: 44,
          marks: [
            .boxes(
              [.init(x: (row.limit, end), y: (-0.5, 0.5), tip: row.limitWords)], allowed),
            .rule(row.limit, .vertical, row.limitWords, .reference()),
            .whiskers(
              [.init(at: 0.2, row.estimate, "\(row.name): \(row.estimate.words)")], .horizontal,
              row.outcome.series),
          ])
      })
  }

  package var numbers: Table {
    Table(
      [
        .outcome("outcome"), .text("check"), .number("value"), .text("interval"), .text("limit"),
      ],
      rows: shown.map { row in
        [
          row.outcome.rawValue, row.name, row.estimate.value.cell, row.estimate.interval(),
          row.limitWords,
        ]
      } + [rest].compactMap(\.self).map { ["-", $0] })
  }
}

extension BoundsChart.Outcome {
  fileprivate var series: Series {
    switch self {
    case .pass: Series(rawValue, .first)
    case .inconclusive: Series(rawValue, .muted, shape: .ring)
    case .fail: Series(rawValue, .second, shape: .diamond)
    }
  }
}
