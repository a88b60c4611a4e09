/// Writes the axes and the marks of one plot.
struct PlotWriter {
  /// The place of a label.
  private struct Place {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>

    func overlaps(_ other: Place) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
  }

  let plot: Plot
  let frame: ChartLayout.Frame
  var svg = SVGWriter()
  /// The labels within the plot, which others may not overlap.
  private var placed: [Place] = []
  /// Whether no mark has been drawn.
  var isEmpty = true

  init(plot: Plot, frame: ChartLayout.Frame) {
    (self.plot, self.frame) = (plot, frame)
  }

  mutating func write() {
    let (xTicks, yTicks) = (
      plot.x.isHidden ? [] : plot.xTicks(frame.width),
      plot.y.isHidden ? [] : plot.yTicks(frame.height)
    )
    writeGrid(xTicks, yTicks)
    writeHeads()
    writeXLabels(xTicks)
    writeYLabels(yTicks)
    for mark in plot.marks { draw(mark) }
    if isEmpty {
      svg.label(
        "no data", frame.x + frame.width / 2, frame.y + frame.height / 2 + 4,
        attributes: " class=\"m\" text-anchor=\"middle\"")
    }
  }

  // MARK: - Axes

  func x(_ value: Double) -> Double? {
    plot.x.scale.position(of: value).map { frame.x + $0 * frame.width }
  }

  /// Numbers grow upward; names follow each other downward.
  func y(_ value: Double) -> Double? {
    plot.y.scale.position(of: value).map {
      frame.y + (plot.y.scale.names == nil ? 1 - $0 : $0) * frame.height
    }
  }

  func position(_ point: Mark.Point) -> (x: Double, y: Double)? {
    guard let x = x(point.x), let y = y(point.y) else { return nil }
    return (x, y)
  }

  private mutating func writeGrid(_ xTicks: [Scale.Tick], _ yTicks: [Scale.Tick]) {
    var (grid, axis) = (SVGPath(), SVGPath())
    if plot.x.scale.names == nil {
      for x in xTicks.compactMap({ x($0.value) }) {
        grid.move(x, frame.y)
        grid.vertical(frame.bottom)
      }
    }
    // Rows that are closer than lines of text need no line each.
    if yTicks.count <= Int(frame.height / 9) {
      for y in yTicks.compactMap({ y($0.value) }) {
        grid.move(frame.x, y)
        grid.horizontal(frame.right)
      }
    }
    if !plot.x.isHidden {
      axis.move(frame.x, frame.bottom)
      axis.horizontal(frame.right)
    }
    svg.path(grid, "class=\"k\"")
    svg.path(axis, "class=\"o\"")
  }

  /// The titles of the plot and of its axes.
  private mutating func writeHeads() {
    var y = frame.y - 8
    if !plot.y.isHidden, !plot.y.label.isEmpty {
      let label = ChartText(plot.y.label, in: frame.right - frame.left)
      svg.label(
        label.shown, frame.left + 6, y, attributes: " class=\"m\"", complete: label.complete)
      y -= 16
    }
    if !plot.title.isEmpty {
      let title = ChartText(plot.title, in: frame.width * 0.9)
      svg.label(title.shown, frame.x, y, attributes: " class=\"h\"", complete: title.complete)
    }
    if !plot.x.isHidden, !plot.x.label.isEmpty {
      let label = ChartText(plot.x.label, in: frame.width + 20)
      svg.label(
        label.shown, frame.x + frame.width / 2, frame.bottom + 31 + plot.x.angledHeight,
        attributes: " class=\"m\" text-anchor=\"middle\"", complete: label.complete)
    }
  }

  /// The labels below the plot. One that would reach into the next plot is moved, and one that would
  /// overlap the label before it is left out.
  private mutating func writeXLabels(_ ticks: [Scale.Tick]) {
    var labels = SVGWriter()
    var end = -Double.infinity
    for tick in ticks {
      guard let middle = x(tick.value) else { continue }
      if plot.x.isAngled {
        guard middle - end >= 11 else { continue }
        end = middle
        let text = ChartText(tick.label, in: ChartText.angledWidth)
        let (x, y) = (SVGWriter.number(middle + 3), SVGWriter.number(frame.bottom + 12))
        labels.label(
          text.shown, middle + 3, frame.bottom + 12,
          attributes: " text-anchor=\"end\" transform=\"rotate(-40 \(x) \(y))\"",
          complete: text.complete)
      } else {
        let text = ChartText(tick.label, in: Chart.width / 2)
        // 3 more, because a reader's font may be wider than the one that is measured with.
        let half = text.width / 2 + 3
        let (least, greatest) = (
          frame.left + half, frame.right + ChartLayout.rightMargin - half
        )
        let x = min(max(middle, least), greatest)
        guard x - text.width / 2 >= end + 5 else { continue }
        end = x + text.width / 2
        labels.label(text.shown, x, frame.bottom + 14, complete: text.complete)
      }
    }
    svg.group("class=\"m\" text-anchor=\"middle\"", labels)
  }

  private mutating func writeYLabels(_ ticks: [Scale.Tick]) {
    var labels = SVGWriter()
    var last: Double?
    for tick in ticks {
      guard let y = y(tick.value), last.map({ abs(y - $0) >= 10.5 }) ?? true else { continue }
      last = y
      let text = ChartText(tick.label, in: ChartText.nameWidth)
      labels.label(text.shown, frame.x - 6, y + 4, complete: text.complete)
    }
    let style = plot.y.scale.names == nil ? "class=\"m\" " : ""
    svg.group("\(style)text-anchor=\"end\"", labels)
  }

  // MARK: - Labels within the plot

  /// Writes a label at the first of several places where it stays within the plot and overlaps no
  /// other; nowhere if there is none.
  mutating func place(
    _ label: String, _ places: [(x: Double, y: Double, anchor: Mark.Label.Anchor)]
  ) {
    let text = ChartText(label, in: frame.width)
    for (x, y, anchor) in places {
      let start =
        switch anchor {
        case .start: x
        case .middle: x - text.width / 2
        case .end: x - text.width
        }
      let place = Place(x: start...(start + text.width), y: (y - 10)...(y + 2))
      guard place.x.lowerBound >= frame.x - 2, place.x.upperBound <= frame.right + 12,
        place.y.lowerBound >= frame.y - 8, place.y.upperBound <= frame.bottom + 8,
        !placed.contains(where: place.overlaps)
      else { continue }
      placed.append(place)
      svg.label(
        text.shown, x, y, attributes: " class=\"a\" text-anchor=\"\(anchor.rawValue)\"",
        complete: text.complete)
      return
    }
  }
}
