package import Diagnostics

/// The importance of features: their share of the gain, and what permuting them costs.
package struct ImportanceChart: ChartKind {
  package struct Feature: Sendable {
    package var name: String
    /// The share of the model's gain.
    package var gain: Double
    /// The increase of the loss when the feature is permuted; not finite if it was not measured.
    package var permutation: ChartEstimate

    package init(_ name: String, gain: Double, permutation: ChartEstimate = .init(.nan)) {
      (self.name, self.gain, self.permutation) = (name, gain, permutation)
    }
  }

  package var title = "Importance of features"
  /// In the order to show them.
  package var features: [Feature]
  /// What the loss is, such as `log loss`.
  package var loss: String

  /// The most features that are drawn.
  package static let limit = 30

  package init(features: [Feature], loss: String = "log loss") {
    (self.features, self.loss) = (features, loss)
  }

  private var shown: [Feature] { Array(features.prefix(Self.limit)) }

  private var rest: String? {
    let count = features.count - Self.limit
    return count > 0 ? "\(count.grouped) others not shown" : nil
  }

  package var chart: Chart {
    let names = shown.map(\.name) + [rest].compactMap(\.self)
    let height = max(Double(names.count) * 18, 40)
    let gains = Plot(
      "share of the gain",
      x: Axis(.linear(covering: [0] + shown.map(\.gain), count: 4), "", .percent),
      y: Axis(.band(names)), height: height,
      marks: [
        .boxes(
          shown.enumerated().map { index, feature in
            let at = Double(index)
            return .init(
              x: (0, feature.gain), y: (at - 0.32, at + 0.32),
              tip: "\(feature.name): \(feature.gain.percent) of the gain")
          }, Series("share of the gain"))
      ])
    let losses = Plot(
      "increase of \(loss) when permuted",
      x: Axis(.linear(covering: [0] + shown.flatMap(\.permutation.all), count: 4)),
      y: Axis(.band(names), isHidden: true), height: height,
      marks: [
        .rule(0, .vertical, "", .reference("no increase")),
        .whiskers(
          shown.enumerated().map { index, feature in
            .init(
              at: Double(index), feature.permutation,
              "\(feature.name): \(feature.permutation.words)")
          }, .horizontal, Series("permuted", .second, shape: .square)),
      ])
    let isMeasured = shown.contains { $0.permutation.value.isFinite }
    let first = shown.first.map { " The first is \($0.name) with \($0.gain.percent) of the gain." }
    return Chart(
      title: title,
      description: features.count.of("feature") + (rest.map { ", of which \($0)" } ?? "") + "."
        + (first ?? ""),
      columns: isMeasured ? 2 : 1, plots: [gains] + (isMeasured ? [losses] : []))
  }

  package var numbers: Table {
    Table(
      [
        .text("feature"), .number("share of the gain"), .number("increase of \(loss)"),
        .text("interval"),
      ],
      rows: shown.map { feature in
        [
          feature.name, feature.gain.percent, feature.permutation.value.cell,
          feature.permutation.interval(),
        ]
      } + [rest].compactMap(\.self).map { [$0] })
  }
}
