package import Diagnostics

/// The segments of a column, largest first: their size, their wins relative to what the scores
/// expected, and their ROC AUC.
package struct SegmentsChart: ChartKind {
  package struct Level: Sendable {
    package var name: String
    package var rows: Int
    /// The distinct entities with a win.
    package var buyers: Int
    /// Observed over expected wins.
    package var ratio: ChartEstimate
    package var auc: ChartEstimate

    package init(
      _ name: String, rows: Int, buyers: Int, ratio: ChartEstimate, auc: ChartEstimate
    ) {
      (self.name, self.rows, self.buyers) = (name, rows, buyers)
      (self.ratio, self.auc) = (ratio, auc)
    }
  }

  package var title: String
  package var levels: [Level]
  /// The same over all rows; not finite if they are not known.
  package var pooledRatio: Double
  package var pooledAUC: Double
  /// Segments with fewer buyers are gray, with hollow markers.
  package var leastBuyers: Int

  /// The most segments that are drawn.
  package static let limit = 25

  package init(
    column: String, levels: [Level], pooledRatio: Double = .nan, pooledAUC: Double = .nan,
    leastBuyers: Int = 5
  ) {
    title = "Segments by \(column)"
    self.levels = levels.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }
    (self.pooledRatio, self.pooledAUC) = (pooledRatio, pooledAUC)
    self.leastBuyers = leastBuyers
  }

  private var shown: [Level] { Array(levels.prefix(Self.limit)) }

  /// What is not drawn, such as `175 smaller not shown`; nil if everything is.
  private var rest: String? {
    let count = levels.count - Self.limit
    return count > 0 ? "\(count.grouped) smaller not shown" : nil
  }

  private var hasPooled: Bool { pooledRatio.isFinite || pooledAUC.isFinite }

  private var names: [String] { shown.map(\.name) + [rest].compactMap(\.self) }

  package var chart: Chart {
    let height = max(Double(names.count) * 18, 40)
    let (large, small) = (
      Series("at least \(leastBuyers.of("buyer"))"),
      Series("fewer than \(leastBuyers.of("buyer"))", .muted, shape: .ring)
    )
    func forest(_ estimate: (Level) -> ChartEstimate, _ pooled: Double) -> [Mark] {
      [.rule(pooled, .vertical, "", .reference("all rows \(pooled.cell)"))]
        + [(large, false), (small, true)].map { series, isSmall in
          .whiskers(
            shown.enumerated().filter { ($0.element.buyers < leastBuyers) == isSmall }.map {
              index, level in
              .init(at: Double(index), estimate(level), "\(level.name): \(estimate(level).words)")
            }, .horizontal, series)
        }
    }
    // Intervals of small segments must not stretch the axis: they are cut at its ends.
    let ratios = (shown.flatMap(\.ratio.all) + [1, pooledRatio]).map { min(max($0, 0.1), 10) }
    let sizes = shown.map { Double($0.rows) }
    return Chart(
      title: title,
      description:
        "\(levels.count.of("segment")), largest first" + (rest.map { ", of which \($0)" } ?? "")
        + ": observed over expected wins, and ROC AUC, with intervals.",
      legend: [LegendEntry(large, .marker), LegendEntry(small, .marker)]
        + (hasPooled ? [LegendEntry(.reference("all rows"), .line)] : []),
      columns: 3,
      plots: [
        Plot(
          "rows", x: Axis(.linear(covering: [0] + sizes, count: 2)), y: Axis(.band(names)),
          height: height, weight: 0.7,
          marks: [
            .boxes(
              sizes.enumerated().map { index, size in
                let (at, level) = (Double(index), shown[index])
                return .init(
                  x: (0, size), y: (at - 0.3, at + 0.3),
                  tip: "\(level.name): \(level.rows.of("row")), \(level.buyers.of("buyer"))")
              }, Series("", .muted))
          ]),
        Plot(
          "observed / expected wins", x: Axis(.log10(covering: ratios)),
          y: Axis(.band(names), isHidden: true), height: height,
          marks: forest(\.ratio, pooledRatio)),
        Plot(
          "ROC AUC",
          x: Axis(.linear(covering: shown.flatMap(\.auc.all) + [pooledAUC], count: 4)),
          y: Axis(.band(names), isHidden: true), height: height,
          marks: forest(\.auc, pooledAUC)),
      ])
  }

  package var numbers: Table {
    let all: [String] = ["all rows", "", "", pooledRatio.cell, "", pooledAUC.cell, ""]
    return Table(
      [
        .text("segment"), .number("rows"), .number("buyers"), .number("observed / expected"),
        .text("interval"), .number("ROC AUC"), .text("interval"),
      ],
      rows: shown.map { level in
        [
          level.name, level.rows.grouped, level.buyers.grouped, level.ratio.value.cell,
          level.ratio.interval(), level.auc.value.cell, level.auc.interval(),
        ]
      } + [rest].compactMap(\.self).map { [$0] } + (hasPooled ? [all] : []))
  }
}
