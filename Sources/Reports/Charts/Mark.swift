/// What a plot draws, in the values of its axes.
///
/// A mark with a value that is not finite is left out; a line or an area has a gap there.
package enum Mark: Sendable {
  /// A position with a text that a reader sees when pointing at it.
  package struct Point: Sendable {
    package var x: Double
    package var y: Double
    package var tip: String?

    package init(_ x: Double, _ y: Double, _ tip: String? = nil) {
      (self.x, self.y, self.tip) = (x, y, tip)
    }
  }

  /// The part of an area at `x`.
  package struct Span: Sendable {
    package var x: Double
    package var low: Double
    package var high: Double

    package init(_ x: Double, _ low: Double, _ high: Double) {
      (self.x, self.low, self.high) = (x, low, high)
    }
  }

  /// A value with an interval. Without a finite interval it is a marker only.
  package struct Whisker: Sendable {
    package var at: Double
    package var estimate: ChartEstimate
    package var tip: String?

    package init(at: Double, _ estimate: ChartEstimate, _ tip: String? = nil) {
      (self.at, self.estimate, self.tip) = (at, estimate, tip)
    }
  }

  /// A rectangle: a bar, a bin of a histogram, or a cell of a heat map.
  package struct Box: Sendable {
    package var x: (Double, Double)
    package var y: (Double, Double)
    /// How strong its color is, from 0 to 1, in a heat map.
    package var strength: Double
    /// Shown in the middle of a cell that has the space.
    package var label: String
    package var tip: String?

    package init(
      x: (Double, Double), y: (Double, Double), strength: Double = 1, label: String = "",
      tip: String? = nil
    ) {
      (self.x, self.y, self.strength) = (x, y, strength)
      (self.label, self.tip) = (label, tip)
    }
  }

  /// A part of a time line: from one value of x to another at one value of y.
  package struct Segment: Sendable {
    package var y: Double
    package var from: Double
    package var to: Double

    package init(y: Double, from: Double, to: Double) {
      (self.y, self.from, self.to) = (y, from, to)
    }
  }

  /// A text at a value, at its left, in its middle, or at its right.
  package struct Label: Sendable {
    package enum Anchor: String, Sendable { case start, middle, end }

    package var x: Double
    package var y: Double
    package var text: String
    package var anchor: Anchor

    package init(_ x: Double, _ y: Double, _ text: String, _ anchor: Anchor = .start) {
      (self.x, self.y, self.text, self.anchor) = (x, y, text, anchor)
    }
  }

  package enum Direction: Sendable { case horizontal, vertical }

  case line([Point], Series)
  /// A line that keeps the value of a point up to the next point.
  case step([Point], Series)
  case area([Span], Series)
  case points([Point], Series)
  /// Thousands of points, as one path.
  case cloud([Point], Series)
  case whiskers([Whisker], Direction, Series)
  case boxes([Box], Series)
  case cells([Box], Series)
  case segments([Segment], Series)
  /// A line across the plot at a value, with a label where there is space.
  case rule(Double, Direction, String, Series)
  case labels([Label])
}

/// A value with its interval. Whatever is not known is not finite.
package struct ChartEstimate: Sendable {
  package var value: Double
  package var low: Double
  package var high: Double

  package init(_ value: Double, _ low: Double = .nan, _ high: Double = .nan) {
    (self.value, self.low, self.high) = (value, low, high)
  }

  /// The numbers that an axis covers.
  var all: [Double] { [value, low, high] }
}
