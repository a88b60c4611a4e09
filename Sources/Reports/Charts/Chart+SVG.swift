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
    if plots.isEmpty { svg.label("no data", 8, layout.height - 8, attributes: " class=\"m\"") }
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
    case .marker: key.path(marker, "class=\"\(series.shape.style)\"")
    case .segment:
      key.path(line, "class=\"s\"\(series.dashes)")
      key.path(marker, "class=\"\(series.shape.style)\"")
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

extension Series {
  /// The attribute for the dashes of a line, with a space before it.
  var dashes: String {
    dash == .solid ? "" : " stroke-dasharray=\"\(dash.rawValue)\""
  }
}

extension Series.Shape {
  /// The class of its markers.
  var style: String {
    switch self {
    case .circle: "e"
    case .ring: "r"
    case .square, .diamond, .triangle: "f"
    }
  }
}
