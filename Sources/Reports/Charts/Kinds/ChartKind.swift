package import Diagnostics

/// What one kind of chart shows: plain numbers, of which it makes the drawing and the table.
///
/// A number that is not known is not finite: a gap in the drawing, and `-` in the table.
package protocol ChartKind: Sendable {
  var chart: Chart { get }
  /// The numbers of the drawing.
  var numbers: Table { get }
}

/// A line of a chart with a band around it.
package struct Curve: Sendable {
  package struct Point: Sendable {
    package var x: Double
    package var y: ChartEstimate

    package init(_ x: Double, _ y: ChartEstimate) { (self.x, self.y) = (x, y) }
  }

  package var name: String
  package var points: [Point]

  package init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
}

extension Curve {
  /// The most points of a curve in a table; the drawing has all of them.
  private static let rowLimit = 24

  /// Every second or third point, and so on, and the last.
  var sample: [Point] {
    guard points.count > Self.rowLimit else { return points }
    let stride = (points.count + Self.rowLimit - 1) / Self.rowLimit
    return points.indices.filter { $0 % stride == 0 || $0 == points.count - 1 }.map { points[$0] }
  }

  var values: [Double] { points.flatMap(\.y.all) }

  /// The last point up to a number whose value is known.
  func point(upTo x: Double) -> Point? { points.last { $0.x <= x && $0.y.value.isFinite } }

  /// The line and its band.
  func marks(_ series: Series) -> [Mark] {
    [
      .area(points.map { Mark.Span($0.x, $0.y.low, $0.y.high) }, series.unnamed),
      .line(points.map { Mark.Point($0.x, $0.y.value) }, series),
    ]
  }
}

extension [Curve] {
  /// The look of each curve.
  var series: [Series] { enumerated().map { Series.number($0, $1.name) } }

  /// The rows of a table: the curve, the point, the value, and the interval.
  func rows(x: (Double) -> String, y: (Double) -> String) -> [[String]] {
    flatMap { curve in
      curve.sample.map { [curve.name, x($0.x), y($0.y.value), $0.y.interval(y)] }
    }
  }
}

extension Series {
  /// The same look without a name, for a mark beside another one that has it.
  var unnamed: Series { Series("", color, dash: dash, shape: shape) }
}

extension [Series] {
  /// The legend of several series; none for a single one.
  func legend(_ key: LegendEntry.Key) -> [LegendEntry] {
    count > 1 ? map { LegendEntry($0, key) } : []
  }
}

// MARK: - Numbers as text

extension Double {
  /// The number; nil if it is not finite.
  var known: Double? { isFinite ? self : nil }

  /// The number as a metric's value.
  var cell: String { NumberText.metric(known) }

  /// The number as a percentage, with more digits if it is below 1 %.
  var percent: String {
    known.map {
      abs($0) < 0.01 ? NumberText.short($0 * 100) + " %" : NumberText.percent($0)
    } ?? "-"
  }

  /// The number as a mean of counts.
  var count: String { known.map { abs($0) < 1e15 ? NumberText.mean($0) : cell } ?? "-" }
}

extension ChartEstimate {
  /// The interval; empty if it is not known.
  func interval(_ text: (Double) -> String = \.cell) -> String {
    low.isFinite && high.isFinite ? "\(text(low)) to \(text(high))" : ""
  }

  /// The value with its interval: `0.81 (0.77 to 0.84)`.
  var words: String {
    let interval = interval()
    return value.cell + (interval.isEmpty ? "" : " (\(interval))")
  }
}

extension Int {
  /// The count with a noun: `1 cutoff`, `12 cutoffs`.
  func of(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}
