internal import Diagnostics

/// The places of a chart's plots and of its legend, in pixels.
struct ChartLayout {
  /// The place of a plot's area between its axes.
  struct Frame {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    /// Where the plot's labels begin.
    var left: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
  }

  private(set) var frames: [Frame] = []
  /// The places of the legend's entries: the left end of each key, and its middle.
  private(set) var legend: [(entry: LegendEntry, x: Double, y: Double)] = []
  private(set) var height = 0.0

  /// The width of the key of a legend's entry.
  static let keyWidth = 26.0
  /// The space right of a plot.
  static let rightMargin = 16.0
  private static let legendLine = 18.0

  init(_ chart: Chart) {
    layOutLegend(chart)
    let margins = chart.plots.map { Margins($0, columns: chart.columns) }
    let columns = (0..<chart.columns).map { column in
      chart.plots.indices.filter { $0 % chart.columns == column }
    }
    let (lefts, rights) = (
      columns.map { $0.map { margins[$0].left }.max() ?? 0 },
      columns.map { $0.map { margins[$0].right }.max() ?? 0 }
    )
    let weights = columns.map { $0.first.map { chart.plots[$0].weight } ?? 0 }
    let free = Chart.width - lefts.reduce(0, +) - rights.reduce(0, +)
    let widths = weights.map { max(free, 40) * $0 / max(weights.reduce(0, +), 0.01) }
    for start in stride(from: 0, to: chart.plots.count, by: chart.columns) {
      let row = start..<min(start + chart.columns, chart.plots.count)
      let top = row.map { margins[$0].top }.max() ?? 0
      var x = 0.0
      for index in row {
        let column = index - start
        frames.append(
          Frame(
            x: x + lefts[column], y: height + top, width: widths[column],
            height: chart.plots[index].height, left: x))
        x += lefts[column] + widths[column] + rights[column]
      }
      height += top + (row.map { chart.plots[$0].height + margins[$0].bottom }.max() ?? 0)
    }
    // A chart without plots says so.
    if chart.plots.isEmpty { height += 24 }
    height.round(.up)
  }

  /// Puts the legend's entries next to each other, on as many lines as they need.
  private mutating func layOutLegend(_ chart: Chart) {
    guard !chart.legend.isEmpty else { return }
    var (x, y) = (8.0, Self.legendLine / 2 + 2)
    for entry in chart.legend {
      let width = Self.keyWidth + ChartText(entry.series.name, in: Chart.width / 2).width + 22
      if x > 8, x + width > Chart.width {
        x = 8
        y += Self.legendLine
      }
      legend.append((entry, x, y))
      x += width
    }
    height = y + Self.legendLine / 2 + 4
  }

  /// The space around a plot for its titles, axes, and labels.
  private struct Margins {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init(_ plot: Plot, columns: Int) {
      let labels = plot.y.isHidden ? [] : plot.yTicks(plot.height).map(\.label)
      let widest = labels.map { ChartText($0, in: ChartText.nameWidth).width }.max()
      // The width of the plot itself is not known yet. It is rarely less than this.
      let width = 0.6 * Chart.width / Double(max(columns, 1))
      left = max(widest.map { $0 + 12 } ?? 10, plot.x.angledOverhang(width))
      right = ChartLayout.rightMargin
      top =
        8 + (plot.title.isEmpty ? 0 : 18) + (plot.y.isHidden || plot.y.label.isEmpty ? 0 : 16)
      bottom =
        plot.x.isHidden
        ? 8 : 20 + plot.x.angledHeight + (plot.x.label.isEmpty ? 0 : 16)
    }
  }
}

extension Plot {
  /// The ticks of an axis of this width.
  func xTicks(_ width: Double) -> [Scale.Tick] {
    x.scale.ticks(max(3, Int(width / 75)), as: x.format)
  }

  /// The ticks of an axis of this height.
  func yTicks(_ height: Double) -> [Scale.Tick] {
    y.scale.ticks(Int(height / 34), as: y.format)
  }
}

extension Axis {
  /// The height that labels at an angle take beyond that of a line.
  var angledHeight: Double {
    guard isAngled, let names = scale.names else { return 0 }
    return (names.map { ChartText($0, in: ChartText.angledWidth).width }.max() ?? 0)
      * ChartText.angledRise
  }

  /// How far labels at an angle reach beyond the left end of an axis of this width.
  func angledOverhang(_ width: Double) -> Double {
    guard isAngled, let names = scale.names else { return 0 }
    return names.enumerated().map { index, name in
      ChartText(name, in: ChartText.angledWidth).width * ChartText.angledReach
        - (Double(index) + 0.5) / Double(names.count) * width
    }.max() ?? 0
  }
}

/// A text that is cut to a width.
struct ChartText {
  /// What is shown. It ends in `…` if it is cut.
  let shown: String
  /// The complete text, if it is cut.
  let complete: String?
  /// About how wide it is.
  let width: Double

  /// The greatest width of a name beside an axis.
  static let nameWidth = 170.0
  /// The greatest width of a name at an angle of 40 degrees below an axis, and the parts of its
  /// width that it takes of the height and of the width.
  static let angledWidth = 130.0
  static let angledRise = 0.65
  static let angledReach = 0.77

  /// The mean width of a character of a sans-serif font, at the font size of labels.
  private static let characterWidth = 6.2

  init(_ text: String, in width: Double) {
    let text = TerminalText.escaped(text)
    let columns = max(2, Int(width / Self.characterWidth))
    shown = TerminalText.cut(text, to: columns)
    complete = shown == text ? nil : text
    self.width = Double(TerminalText.width(shown)) * Self.characterWidth
  }
}
