extension PlotWriter {
  mutating func draw(_ mark: Mark) {
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
        inner.path(path, title: tip)
      } else {
        others.marker(series.shape, x, y)
      }
    }
    inner.path(others)
    svg.group("class=\"\(series.color.rawValue) \(series.shape.style)\"", inner)
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
        inner.path(path, title: tip)
      } else {
        others.box(corners.x, corners.y)
      }
    }
    inner.path(others)
    svg.group("class=\"\(series.color.rawValue) b\"", inner)
  }

  private mutating func drawCells(_ boxes: [Mark.Box], _ series: Series) {
    var (inner, labels) = (SVGWriter(), SVGWriter())
    for box in boxes {
      guard let (x, y) = corners(box), box.strength.isFinite else { continue }
      isEmpty = false
      var path = SVGPath()
      path.box(x, y)
      // At most half: the label of a cell is dark on light, or light on dark.
      let percent = 4 + Int((46 * min(max(box.strength, 0), 1)).rounded())
      let opacity = (percent < 10 ? "0.0" : "0.") + "\(percent)"
      inner.path(path, "fill-opacity=\"\(opacity)\"", title: box.tip)
      let hasSpace =
        ChartText(box.label, in: Chart.width).width <= x.1 - x.0 - 4 && y.1 - y.0 >= 12
      if hasSpace, !box.label.isEmpty {
        labels.label(box.label, (x.0 + x.1) / 2, (y.0 + y.1) / 2 + 4)
      }
    }
    svg.group("class=\"\(series.color.rawValue) q\"", inner)
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
}
