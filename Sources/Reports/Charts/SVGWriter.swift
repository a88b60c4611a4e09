internal import Diagnostics

/// Writes the elements of a drawing. It escapes every text, and rounds every position to a tenth of
/// a pixel.
struct SVGWriter {
  private(set) var text = ""

  /// Writes an element without content, or with only a title, which is shown to who points at it.
  mutating func element(_ name: String, _ attributes: String, title: String? = nil) {
    text += "<\(name) \(attributes)"
    text += title.map { "><title>\(HTMLText.escaped($0))</title></\(name)>" } ?? "/>"
  }

  /// Writes a path; nothing if it is empty.
  mutating func path(_ path: SVGPath, _ attributes: String = "", title: String? = nil) {
    let style = attributes.isEmpty ? "" : attributes + " "
    if !path.isEmpty { element("path", "\(style)d=\"\(path.text)\"", title: title) }
  }

  /// Writes a text. Where it is shorter than the complete text, that is in its title.
  mutating func label(
    _ label: String, _ x: Double, _ y: Double, attributes: String = "", complete: String? = nil
  ) {
    let title = complete.map { "<title>\(HTMLText.escaped($0))</title>" } ?? ""
    let position = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    text += "<text \(position)\(attributes)>\(HTMLText.escaped(label))\(title)</text>"
  }

  /// Writes an element that has only text.
  mutating func content(_ name: String, _ content: String) {
    text += "<\(name)>\(HTMLText.escaped(content))</\(name)>"
  }

  /// Writes a group of elements; nothing if there are none.
  mutating func group(_ attributes: String, _ inner: SVGWriter) {
    if !inner.text.isEmpty { text += "<g \(attributes)>\(inner.text)</g>\n" }
  }

  /// A position or a length in pixels, with at most one decimal.
  static func number(_ value: Double) -> String { text(tenths: tenths(value)) }

  /// A length in tenths of a pixel.
  /// - Precondition: it is finite. Scales give no position to values that are not.
  static func tenths(_ value: Double) -> Int {
    precondition(value.isFinite, "a position is finite")
    return Int((value * 10).rounded())
  }

  static func text(tenths: Int) -> String {
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }

  /// Two lengths in a path, with a space between them where one is needed.
  static func pair(tenths x: Int, _ y: Int) -> String {
    text(tenths: x) + (y < 0 ? "" : " ") + text(tenths: y)
  }
}

/// The commands of a path. Lines are relative to the point before, which is shorter.
struct SVGPath {
  private(set) var text = ""
  /// The current point, in tenths of a pixel, so that rounding errors do not add up.
  private var last = (x: 0, y: 0)

  var isEmpty: Bool { text.isEmpty }

  mutating func move(_ x: Double, _ y: Double) {
    last = (SVGWriter.tenths(x), SVGWriter.tenths(y))
    text += "M" + SVGWriter.pair(tenths: last.x, last.y)
  }

  mutating func line(_ x: Double, _ y: Double) {
    let next = (x: SVGWriter.tenths(x), y: SVGWriter.tenths(y))
    text += "l" + SVGWriter.pair(tenths: next.x - last.x, next.y - last.y)
    last = next
  }

  mutating func horizontal(_ x: Double) {
    let next = SVGWriter.tenths(x)
    text += "h" + SVGWriter.text(tenths: next - last.x)
    last.x = next
  }

  mutating func vertical(_ y: Double) {
    let next = SVGWriter.tenths(y)
    text += "v" + SVGWriter.text(tenths: next - last.y)
    last.y = next
  }

  /// Closes a shape; the next one begins with a move.
  mutating func close() { text += "z" }

  /// A point: a line of no length, which round caps turn into a disk.
  mutating func point(_ x: Double, _ y: Double) {
    move(x, y)
    text += "h0"
  }

  /// Points at whole pixels, each drawn once, relative to the point before.
  mutating func cloud(_ points: [(x: Double, y: Double)]) {
    struct Pixel: Hashable {
      let x: Int
      let y: Int
    }
    let pixels = Set(points.map { Pixel(x: Int($0.x.rounded()), y: Int($0.y.rounded())) })
      .sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    var last: Pixel?
    for pixel in pixels {
      let pair = SVGWriter.pair(
        tenths: 10 * (pixel.x - (last?.x ?? 0)), 10 * (pixel.y - (last?.y ?? 0)))
      text += "\(last == nil ? "M" : "m")\(pair)h0"
      last = pixel
    }
  }

  /// A rectangle.
  mutating func box(_ x: (Double, Double), _ y: (Double, Double)) {
    move(x.0, y.0)
    horizontal(x.1)
    vertical(y.1)
    horizontal(x.0)
    close()
  }

  /// A line along one direction, at a place of the other.
  mutating func line(_ at: Double, _ from: Double, _ to: Double, isHorizontal: Bool) {
    if isHorizontal {
      move(from, at)
      horizontal(to)
    } else {
      move(at, from)
      vertical(to)
    }
  }

  /// A marker around a point, for a group of the shape's class.
  mutating func marker(_ shape: Series.Shape, _ x: Double, _ y: Double, radius: Double = 3.5) {
    let r = SVGWriter.number(radius)
    switch shape {
    case .circle: point(x, y)
    case .ring:
      move(x - radius, y)
      let width = SVGWriter.number(2 * radius)
      text += "a\(r) \(r) 0 1 0 \(width) 0a\(r) \(r) 0 1 0-\(width) 0z"
    case .square:
      let side = SVGWriter.number(1.8 * radius)
      move(x - 0.9 * radius, y - 0.9 * radius)
      text += "h\(side)v\(side)h-\(side)z"
    case .diamond:
      let half = SVGWriter.number(1.2 * radius)
      move(x, y - 1.2 * radius)
      text += "l\(half) \(half)l-\(half) \(half)l-\(half)-\(half)z"
    case .triangle:
      let (half, height) = (SVGWriter.number(1.15 * radius), SVGWriter.number(2 * radius))
      move(x, y - 1.15 * radius)
      text += "l\(half) \(height)h-\(SVGWriter.number(2.3 * radius))z"
    }
  }
}
