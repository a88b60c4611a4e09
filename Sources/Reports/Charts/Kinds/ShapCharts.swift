package import Diagnostics

/// The SHAP values of rows, one line per feature.
///
/// Within a line, the height of a point is the rank of the feature's value: the greatest value is at
/// the top. So a feature that raises the score as it grows shows points that rise to the right, in
/// black and white too. Rows without a value are below the line, in gray.
package struct BeeswarmChart: ChartKind {
  package struct Point: Sendable {
    package var shap: Double
    /// The rank of the feature's value among its values, from 0 to 1; nil if the value is missing.
    package var rank: Double?

    package init(_ shap: Double, rank: Double?) { (self.shap, self.rank) = (shap, rank) }
  }

  package struct Feature: Sendable {
    package var name: String
    package var points: [Point]
    /// The mean absolute SHAP value.
    package var meanAbsolute: Double

    /// - Parameter meanAbsolute: nil: that of the points.
    package init(_ name: String, _ points: [Point], meanAbsolute: Double? = nil) {
      (self.name, self.points) = (name, points)
      self.meanAbsolute = meanAbsolute ?? points.map { abs($0.shap) }.mean
    }
  }

  package var title = "SHAP values"
  /// In the order to show them.
  package var features: [Feature]

  package init(features: [Feature]) { self.features = features }

  /// Values by rank: the lowest third, the middle, and the highest, and no value.
  private static let groups = [
    Series("lowest third of the values", .first), Series("middle third", .fourth),
    Series("highest third", .second), Series("missing", .muted),
  ]

  private static func group(_ point: Point) -> Int {
    guard let rank = point.rank?.known else { return 3 }
    return rank < 1.0 / 3 ? 0 : rank < 2.0 / 3 ? 1 : 2
  }

  /// The height of a point within the band of its feature, downward from the middle.
  private static func offset(_ point: Point) -> Double {
    guard let rank = point.rank?.known else { return 0.4 }
    return 0.26 - 0.66 * min(max(rank, 0), 1)
  }

  package var chart: Chart {
    let clouds = Self.groups.enumerated().map { group, series in
      Mark.cloud(
        features.enumerated().flatMap { index, feature in
          feature.points.filter { Self.group($0) == group }.map {
            .init($0.shap, Double(index) + Self.offset($0))
          }
        }, series)
    }
    let first = features.first.map { " \($0.name) moves the score most." }
    return Chart(
      title: title,
      description: "SHAP values of \(features.count.of("feature")) by the rank of their values."
        + (first ?? ""),
      legend: Self.groups.map { LegendEntry($0, .marker) },
      plots: [
        Plot(
          x: Axis(
            .linear(covering: [0] + features.flatMap { $0.points.map(\.shap) }),
            "SHAP value (log odds)"),
          y: Axis(.band(features.map(\.name))),
          height: max(Double(features.count) * 28, 40),
          marks: [.rule(0, .vertical, "", .reference("no effect"))] + clouds)
      ])
  }

  package var numbers: Table {
    Table(
      [
        .text("feature"), .number("mean absolute SHAP value"), .number("mean, lowest third"),
        .number("mean, middle third"), .number("mean, highest third"), .number("mean, missing"),
        .number("missing"),
      ],
      rows: features.map { feature in
        let groups = (0..<4).map { group in
          feature.points.filter { Self.group($0) == group }.map(\.shap).mean.cell
        }
        let missing = feature.points.count { Self.group($0) == 3 }
        let share = Double(missing) / Double(feature.points.count)
        return [feature.name, feature.meanAbsolute.cell] + groups
          + [share.percent]
      })
  }
}

/// The SHAP values of features by their values: one plot per feature.
package struct DependenceChart: ChartKind {
  package struct Point: Sendable {
    /// A number, or the index of a level; nil if it is missing.
    package var value: Double?
    package var shap: Double

    package init(_ value: Double?, _ shap: Double) { (self.value, self.shap) = (value, shap) }
  }

  package struct Feature: Sendable {
    package var name: String
    /// The levels of a feature that is not a number.
    package var levels: [String]
    package var points: [Point]

    package init(_ name: String, levels: [String] = [], _ points: [Point]) {
      (self.name, self.levels, self.points) = (name, levels, points)
    }
  }

  package var title = "SHAP values by the value of a feature"
  package var features: [Feature]

  package init(features: [Feature]) { self.features = features }

  package var chart: Chart {
    // All plots have the same axis, so that their heights can be compared.
    let y = Scale.linear(covering: [0] + features.flatMap { $0.points.map(\.shap) }, count: 4)
    let columns = min(max(features.count, 1), 3)
    return Chart(
      title: title,
      description: features.isEmpty
        ? "" : "SHAP value by value, for \(features.map(\.name).inWords("and")).",
      columns: columns,
      plots: features.enumerated().map { index, feature in
        Plot(
          feature.name, x: feature.axis,
          y: Axis(y, index % columns == 0 ? "SHAP value" : "", isHidden: index % columns > 0),
          height: 150, marks: feature.marks)
      })
  }

  package var numbers: Table {
    Table(
      [.text("feature"), .text("value"), .number("rows"), .number("mean SHAP value")],
      rows: features.flatMap { feature in
        feature.parts.map { part in
          [feature.name, part.name, part.shap.count.grouped, part.shap.mean.cell]
        }
      })
  }
}

extension DependenceChart.Feature {
  /// The finite values, or none for levels.
  private var values: [Double] { points.compactMap { $0.value?.known } }

  private var hasMissing: Bool { points.contains { $0.value?.known == nil } }

  /// Where rows without a value are drawn: left of all values.
  private var missing: Double {
    if !levels.isEmpty { return Double(levels.count) }
    let scale = Scale.linear(covering: values, count: 4)
    return scale.low - (scale.high - scale.low) * 0.1
  }

  fileprivate var axis: Axis {
    if !levels.isEmpty {
      return Axis(.band(levels + (hasMissing ? ["missing"] : [])), isAngled: levels.count > 3)
    }
    let scale = Scale.linear(covering: values, count: 4)
    return Axis(hasMissing ? .linear(missing, scale.high) : scale)
  }

  fileprivate var marks: [Mark] {
    let known = points.filter { $0.value?.known != nil }
    let others = points.filter { $0.value?.known == nil }
    let isNumber = levels.isEmpty
    return [
      .rule(0, .horizontal, "", .reference("no effect")),
      .cloud(
        known.enumerated().map { index, point in
          // The points of a level are spread over its band, in the order of the rows.
          let spread = isNumber ? 0 : (Double(index * 7 % 13) / 12 - 0.5) * 0.5
          return .init((point.value ?? .nan) + spread, point.shap)
        }, Series(name)),
      .cloud(others.map { .init(missing, $0.shap) }, Series("missing", .muted)),
    ] + (isNumber && hasMissing ? [.rule(missing, .vertical, "missing", .reference())] : [])
  }

  /// Fifths of the rows by value, or the levels, and the rows without a value.
  fileprivate var parts: [(name: String, shap: [Double])] {
    var parts: [(name: String, shap: [Double])] = []
    if levels.isEmpty {
      let sorted = points.filter { $0.value?.known != nil }.sorted {
        ($0.value ?? 0, $0.shap) < ($1.value ?? 0, $1.shap)
      }
      for part in 0..<5 {
        let own = sorted[(sorted.count * part / 5)..<(sorted.count * (part + 1) / 5)]
        guard let first = own.first?.value, let last = own.last?.value else { continue }
        parts.append(
          (first == last ? first.cell : "\(first.cell) to \(last.cell)", own.map(\.shap)))
      }
    } else {
      for (index, level) in levels.enumerated() {
        parts.append((level, points.filter { $0.value == Double(index) }.map(\.shap)))
      }
    }
    let missing = points.filter { $0.value?.known == nil }
    return parts + (missing.isEmpty ? [] : [("missing", missing.map(\.shap))])
  }
}

extension [Double] {
  /// The mean of the finite values; not finite if there are none.
  fileprivate var mean: Double {
    let finite = filter(\.isFinite)
    return finite.reduce(0, +) / Double(finite.count)
  }
}
