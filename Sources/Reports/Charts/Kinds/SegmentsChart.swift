package import Diagnostics
package import Spec

/// The segments of a column, largest first: their size, their positives relative to what the scores
/// expected, and their ROC AUC.
package struct SegmentsChart: ChartKind {
  package struct Level: Sendable {
    package var name: String
    package var rows: Int
    /// The distinct entities with a positive row.
    package var buyers: Int
    /// Observed over expected positives.
    package var ratio: ChartEstimate
    /// The ratio shrunken towards that of all levels; not finite if it is not known.
    package var shrunken: Double
    package var auc: ChartEstimate

    package init(
      _ name: String, rows: Int, buyers: Int, ratio: ChartEstimate, shrunken: Double = .nan,
      auc: ChartEstimate
    ) {
      (self.name, self.rows, self.buyers) = (name, rows, buyers)
      (self.ratio, self.shrunken, self.auc) = (ratio, shrunken, auc)
    }
  }

  package var title: String
  package var levels: [Level]
  /// What is not a level of its own, such as all small levels together; comes last.
  package var others: [Level]
  /// The same over all rows; not finite if they are not known.
  package var pooledRatio: Double
  package var pooledAUC: Double
  /// Segments with fewer buyers are gray, with hollow markers.
  package var leastBuyers: Int
  /// What an entity with a positive row is called.
  package var noun: PositiveNoun

  /// The most segments that are drawn.
  package static let limit = 25

  package init(
    column: String, levels: [Level], others: [Level] = [], pooledRatio: Double = .nan,
    pooledAUC: Double = .nan, leastBuyers: Int = 5,
    noun: PositiveNoun = PositiveNoun(one: "buyer", many: "buyers")
  ) {
    title = "Segments by \(column)"
    self.levels = levels.enumerated().sorted {
      ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
    }.map(\.element)
    self.others = others
    (self.pooledRatio, self.pooledAUC) = (pooledRatio, pooledAUC)
    (self.leastBuyers, self.noun) = (leastBuyers, noun)
  }

  /// The number of levels that are not drawn.
  private var left: Int { max(0, levels.count - Self.limit) }

  /// What is not drawn, such as `175 smaller not shown`; nil if everything is.
  private var rest: String? { left > 0 ? "\(left.grouped) smaller not shown" : nil }

  /// The lines of the drawing; nil for the one that says what is not drawn.
  private var lines: [Level?] {
    levels.prefix(Self.limit).map { $0 } + (left > 0 ? [nil] : []) + others
  }

  private var shown: [Level] { lines.compactMap(\.self) }

  private var hasPooled: Bool { pooledRatio.isFinite || pooledAUC.isFinite }

  private var names: [String] { lines.map { $0?.name ?? rest ?? "" } }

  package var chart: Chart {
    let height = max(Double(names.count) * 18, 40)
    let (large, small) = (
      Series("at least \(noun.count(leastBuyers))"),
      Series("fewer than \(noun.count(leastBuyers))", .muted, shape: .ring)
    )
    let hasSmall = shown.contains { $0.buyers < leastBuyers }
    func forest(_ estimate: (Level) -> ChartEstimate, _ pooled: Double) -> [Mark] {
      [.rule(pooled, .vertical, "", .reference("all rows \(pooled.cell)"))]
        + [(large, false), (small, true)].map { series, isSmall in
          .whiskers(
            lines.enumerated().compactMap { index, level in
              guard let level, (level.buyers < leastBuyers) == isSmall else { return nil }
              return .init(
                at: Double(index), estimate(level), "\(level.name): \(estimate(level).words)")
            }, .horizontal, series)
        }
    }
    // Intervals of small segments must not stretch the axis: they are cut at its ends.
    let ratios = (shown.flatMap(\.ratio.all) + [1, pooledRatio]).map { min(max($0, 0.1), 10) }
    let sizes = lines.map { Double($0?.rows ?? 0) }
    return Chart(
      title: title,
      description:
        "\(levels.count.of("segment")), largest first" + (rest.map { ", of which \($0)" } ?? "")
        + ": observed over expected positives, and ROC AUC, with intervals.",
      legend: [LegendEntry(large, .marker)] + (hasSmall ? [LegendEntry(small, .marker)] : [])
        + (hasPooled ? [LegendEntry(.reference("all rows"), .line)] : []),
      columns: 3,
      plots: [
        Plot(
          "rows", x: Axis(.linear(covering: [0] + sizes, count: 2)), y: Axis(.band(names)),
          height: height, weight: 0.7,
          marks: [
            .boxes(
              lines.enumerated().compactMap { index, level in
                guard let level else { return nil }
                let at = Double(index)
                return .init(
                  x: (0, Double(level.rows)), y: (at - 0.3, at + 0.3),
                  tip: "\(level.name): \(level.rows.of("row")), \(noun.count(level.buyers))")
              }, Series("", .muted))
          ]),
        Plot(
          "observed / expected", x: Axis(.log10(covering: ratios)),
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
    let hasShrunken = shown.contains { $0.shrunken.isFinite }
    let all: [String] =
      ["all rows", "", "", pooledRatio.cell, ""] + (hasShrunken ? [""] : []) + [pooledAUC.cell, ""]
    return Table(
      [
        .text("segment"), .number("rows"), .number(noun.many), .number("observed / expected"),
        .text("interval"),
      ] + (hasShrunken ? [.number("shrunken")] : []) + [.number("ROC AUC"), .text("interval")],
      rows: lines.map { level in
        guard let level else { return [rest ?? ""] }
        return [
          level.name, level.rows.grouped, level.buyers.grouped, level.ratio.value.cell,
          level.ratio.interval(),
        ] + (hasShrunken ? [level.shrunken.cell] : [])
          + [level.auc.value.cell, level.auc.interval()]
      } + (hasPooled ? [all] : []))
  }
}
