extension Chart {
  /// The drawing as an `svg` element.
  /// - Parameter isAlone: whether it is a file of its own, which carries its style; otherwise the
  ///   page has it.
  package func svg(isAlone: Bool = false) -> String {
    let layout = ChartLayout(self)
    var svg = SVGWriter()
    for (plot, frame) in zip(plots, layout.frames) {
      var writer = PlotWriter(plot: plot, frame: frame)
      writer.write()
      svg.group("class=\"plot\"", writer.svg)
    }
    for (entry, x, y) in layout.legend { svg.legend(entry, x, y) }
    let (width, height) = (SVGWriter.number(Self.width), SVGWriter.number(layout.height))
    let namespace = isAlone ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
    var head = SVGWriter()
    head.content("title", title)
    head.content("desc", description)
    let style = isAlone ? "<style>\(ChartStyle.variables)\n\(ChartStyle.marks)</style>\n" : ""
    return "<svg\(namespace) role=\"img\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
      + "height=\"\(height)\">\(head.text)\n\(style)\(svg.text)</svg>"
  }
}

extension SVGWriter {
  fileprivate mutating func legend(_ entry: LegendEntry, _ x: Double, _ y: Double) {
    let (series, end) = (entry.series, x + ChartLayout.keyWidth - 4)
    var (line, marker, key) = (SVGPath(), SVGPath(), SVGWriter())
    line.move(x, y)
    line.horizontal(end)
    marker.marker(series.shape, (x + end) / 2, y)
    switch entry.key {
    case .line: key.path(line, "class=\"l\"\(series.dashes)")
    case .marker: key.path(marker, series.markerClass)
    case .segment:
      key.path(line, "class=\"s\"\(series.dashes)")
      key.path(marker, series.markerClass)
    case .area:
      var box = SVGPath()
      box.box((x, end), (y - 5, y + 5))
      key.path(box, "class=\"b\"")
    }
    group("class=\"\(series.color.rawValue)\"", key)
    let name = ChartText(series.name, in: Chart.width / 2)
    label(name.shown, x + ChartLayout.keyWidth, y + 4, complete: name.complete)
  }
}

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
  private(set) var svg = SVGWriter()
  /// The labels within the plot, which others may not overlap.
  private var placed: [Place] = []
  private var isEmpty = true

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

  private func x(_ value: Double) -> Double? {
    plot.x.scale.position(of: value).map { frame.x + $0 * frame.width }
  }

  /// Numbers grow upward; names follow each other downward.
  private func y(_ value: Double) -> Double? {
    plot.y.scale.position(of: value).map {
      frame.y + (plot.y.scale.names == nil ? 1 - $0 : $0) * frame.height
    }
  }

  private func position(_ point: Mark.Point) -> (x: Double, y: Double)? {
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

  /// The labels below the plot. One that would leave the chart is moved, and one that would overlap
  /// the label before it is left out.
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
        let x = min(max(middle, text.width / 2), Chart.width - text.width / 2)
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

  // MARK: - Marks

  private mutating func draw(_ mark: Mark) {
    switch mark {
    case .line(let points, let series): draw(path(points, isStep: false), "l", series)
    case .step(let points, let series): draw(path(points, isStep: true), "l", series)
    case .area(let spans, let series): draw(area(spans), "b", series)
    case .cloud(let points, let series):
      var path = SVGPath()
      path.cloud(points.compactMap(position))
      draw(path, "p", series)
    case .segments(let segments, let series):
      var path = SVGPath()
      for segment in segments {
        guard let y = y(segment.y), let from = x(segment.from), let to = x(segment.to) else {
          continue
        }
        path.move(from, y)
        path.horizontal(to)
      }
      draw(path, "s", series)
    case .points(let points, let series): draw(points, series)
    case .whiskers(let whiskers, let direction, let series): draw(whiskers, direction, series)
    case .boxes(let boxes, let series): draw(boxes, series)
    case .cells(let boxes, let series): drawCells(boxes, series)
    case .rule(let value, let direction, let label, let series):
      drawRule(value, direction, label, series)
    case .labels(let labels):
      for label in labels {
        guard let x = x(label.x), let y = y(label.y) else { continue }
        isEmpty = false
        place(label.text, [(x, y + 4, label.anchor)])
      }
    }
  }

  private mutating func draw(_ path: SVGPath, _ style: String, _ series: Series) {
    if !path.isEmpty { isEmpty = false }
    let dashes = style == "l" || style == "s" ? series.dashes : ""
    var inner = SVGWriter()
    inner.path(
      path, "class=\"\(style)\"\(dashes)", title: series.name.isEmpty ? nil : series.name)
    svg.group("class=\"\(series.color.rawValue)\"", inner)
  }

  /// A line through the points. A point between two gaps is a dot.
  private func path(_ points: [Mark.Point], isStep: Bool) -> SVGPath {
    var path = SVGPath()
    var isDrawing = false
    for (index, point) in points.enumerated() {
      guard let (x, y) = position(point) else {
        isDrawing = false
        continue
      }
      if isDrawing, isStep {
        path.horizontal(x)
        path.vertical(y)
      } else if isDrawing {
        path.line(x, y)
      } else if index + 1 < points.count, position(points[index + 1]) != nil {
        path.move(x, y)
      } else {
        path.point(x, y)
      }
      isDrawing = true
    }
    return path
  }

  private func area(_ spans: [Mark.Span]) -> SVGPath {
    var path = SVGPath()
    var part: [(x: Double, low: Double, high: Double)] = []
    func close() {
      for (index, span) in part.enumerated() {
        if index == 0 { path.move(span.x, span.high) } else { path.line(span.x, span.high) }
      }
      for span in part.reversed() { path.line(span.x, span.low) }
      if !part.isEmpty { path.close() }
      part = []
    }
    for span in spans {
      if let x = x(span.x), let low = y(span.low), let high = y(span.high) {
        part.append((x, low, high))
      } else {
        close()
      }
    }
    close()
    return path
  }

  private mutating func draw(_ points: [Mark.Point], _ series: Series) {
    var (inner, others) = (SVGWriter(), SVGPath())
    for point in points {
      guard let (x, y) = position(point) else { continue }
      isEmpty = false
      if let tip = point.tip {
        var path = SVGPath()
        path.marker(series.shape, x, y)
        inner.path(path, series.markerClass, title: tip)
      } else {
        others.marker(series.shape, x, y)
      }
    }
    inner.path(others, series.markerClass)
    svg.group("class=\"\(series.color.rawValue)\"", inner)
  }

  /// Values with their intervals. An end beyond the axis has no cap.
  private mutating func draw(
    _ whiskers: [Mark.Whisker], _ direction: Mark.Direction, _ series: Series
  ) {
    let isHorizontal = direction == .horizontal
    let scale = isHorizontal ? plot.x.scale : plot.y.scale
    var (lines, markers) = (SVGPath(), [Mark.Point]())
    for whisker in whiskers {
      let estimate = whisker.estimate
      let point =
        isHorizontal
        ? Mark.Point(estimate.value, whisker.at, whisker.tip)
        : Mark.Point(whisker.at, estimate.value, whisker.tip)
      markers.append(point)
      let ends = [estimate.low, estimate.high]
      let places = ends.compactMap { isHorizontal ? x($0) : y($0) }
      guard places.count == 2, let at = isHorizontal ? y(whisker.at) : x(whisker.at) else {
        continue
      }
      isEmpty = false
      lines.line(at, places[0], places[1], isHorizontal: isHorizontal)
      for (end, place) in zip(ends, places) where scale.low <= end && end <= scale.high {
        lines.line(place, at - 3, at + 3, isHorizontal: !isHorizontal)
      }
    }
    var inner = SVGWriter()
    inner.path(lines, "class=\"w\"")
    svg.group("class=\"\(series.color.rawValue)\"", inner)
    draw(markers, series)
  }

  /// The corners of a box; nil if one is not finite.
  private func corners(_ box: Mark.Box) -> (x: (Double, Double), y: (Double, Double))? {
    guard let left = x(box.x.0), let right = x(box.x.1), let low = y(box.y.0), let high = y(box.y.1)
    else { return nil }
    return ((min(left, right), max(left, right)), (min(low, high), max(low, high)))
  }

  private mutating func draw(_ boxes: [Mark.Box], _ series: Series) {
    var (inner, others) = (SVGWriter(), SVGPath())
    for box in boxes {
      guard let corners = corners(box) else { continue }
      isEmpty = false
      if let tip = box.tip {
        var path = SVGPath()
        path.box(corners.x, corners.y)
        inner.path(path, "class=\"b\"", title: tip)
      } else {
        others.box(corners.x, corners.y)
      }
    }
    inner.path(others, "class=\"b\"")
    svg.group("class=\"\(series.color.rawValue)\"", inner)
  }

  private mutating func drawCells(_ boxes: [Mark.Box], _ series: Series) {
    var (inner, labels) = (SVGWriter(), SVGWriter())
    for box in boxes {
      guard let (x, y) = corners(box), box.strength.isFinite else { continue }
      isEmpty = false
      var path = SVGPath()
      path.box(x, y)
      // At most half: the label of a cell is dark on light, or light on dark.
      let opacity = SVGWriter.number(0.04 + 0.46 * min(max(box.strength, 0), 1))
      inner.path(path, "class=\"q\" fill-opacity=\"\(opacity)\"", title: box.tip)
      let hasSpace =
        ChartText(box.label, in: Chart.width).width <= x.1 - x.0 - 4 && y.1 - y.0 >= 12
      if hasSpace, !box.label.isEmpty {
        labels.label(box.label, (x.0 + x.1) / 2, (y.0 + y.1) / 2 + 4)
      }
    }
    svg.group("class=\"\(series.color.rawValue)\"", inner)
    svg.group("text-anchor=\"middle\"", labels)
  }

  private mutating func drawRule(
    _ value: Double, _ direction: Mark.Direction, _ label: String, _ series: Series
  ) {
    var (line, inner) = (SVGPath(), SVGWriter())
    guard let at = direction == .vertical ? x(value) : y(value) else { return }
    let places: [(x: Double, y: Double, anchor: Mark.Label.Anchor)]
    if direction == .vertical {
      line.move(at, frame.y)
      line.vertical(frame.bottom)
      places = [11.0, 25, 39].flatMap { down in
        [(at + 5, frame.y + down, .start), (at - 5, frame.y + down, .end)]
      }
    } else {
      line.move(frame.x, at)
      line.horizontal(frame.right)
      places = [-4.0, 12].flatMap { down in
        [(frame.right - 3, at + down, .end), (frame.x + 3, at + down, .start)]
      }
    }
    let title = label.isEmpty ? series.name : label
    inner.path(line, "class=\"u\"\(series.dashes)", title: title.isEmpty ? nil : title)
    svg.group("class=\"\(series.color.rawValue)\"", inner)
    if !label.isEmpty { place(label, places) }
  }

  /// Writes a label at the first of several places where it stays within the plot and overlaps no
  /// other; nowhere if there is none.
  private mutating func place(
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

extension Series {
  /// The attribute for the dashes of a line, with a space before it.
  fileprivate var dashes: String {
    dash == .solid ? "" : " stroke-dasharray=\"\(dash.rawValue)\""
  }

  fileprivate var markerClass: String { shape == .ring ? "class=\"r\"" : "class=\"f\"" }
}
