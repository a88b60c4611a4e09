/// A drawing as a value: one or several plots with a common legend.
///
/// ```swift
/// let chart = Chart(
///   title: "Gain", description: "42 % of the wins are on the first tenth of the list.",
///   plots: [
///     Plot(
///       x: Axis(.linear(0, 1), "share of the list", .percent),
///       y: Axis(.linear(0, 1), "share of the wins", .percent),
///       marks: [.line(points, Series("model"))])
///   ])
/// let text = chart.svg()
/// ```
///
/// Scales turn values into positions, marks draw them, and `svg` does the layout: margins as wide as
/// their labels, plots of a column aligned, long names cut with the complete name in a `title`, and
/// labels moved or left out where they would overlap. The result is the same text every time, has no
/// number that is not finite, and shows nothing by color alone.
package struct Chart: Sendable {
  /// What the chart shows, in a few words.
  package var title: String
  /// What can be seen in it, in a sentence, for readers who do not see it.
  package var description: String
  package var legend: [LegendEntry]
  /// The number of columns in which the plots are laid out, row by row.
  package var columns: Int
  package var plots: [Plot]

  /// The width in pixels before the page scales it.
  package static let width = 720.0

  package init(
    title: String, description: String, legend: [LegendEntry] = [], columns: Int = 1, plots: [Plot]
  ) {
    precondition(columns > 0, "a chart has at least one column")
    (self.title, self.legend) = (title, legend)
    self.description = description.isEmpty ? "No data." : description
    (self.columns, self.plots) = (columns, plots)
  }
}

/// A plot: marks between two axes.
package struct Plot: Sendable {
  package var title: String
  package var x: Axis
  package var y: Axis
  /// The height in pixels, without axes and titles.
  package var height: Double
  /// The share of the chart's width, relative to the other columns' plots of the first row.
  package var weight: Double
  /// Later marks are drawn over earlier ones.
  package var marks: [Mark]

  package init(
    _ title: String = "", x: Axis, y: Axis, height: Double = 260, weight: Double = 1, marks: [Mark]
  ) {
    (self.title, self.x, self.y) = (title, x, y)
    (self.height, self.weight, self.marks) = (height, weight, marks)
  }
}

/// An axis of a plot.
package struct Axis: Sendable {
  package var scale: Scale
  package var label: String
  package var format: TickFormat
  /// Whether it has no line, no ticks, and no labels.
  package var isHidden: Bool
  /// Whether the labels of names are at an angle, as they are longer than their bands.
  package var isAngled: Bool

  package init(
    _ scale: Scale, _ label: String = "", _ format: TickFormat = .plain, isHidden: Bool = false,
    isAngled: Bool = false
  ) {
    (self.scale, self.label, self.format) = (scale, label, format)
    (self.isHidden, self.isAngled) = (isHidden, isAngled)
  }
}
