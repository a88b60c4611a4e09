/// How one of several series looks. Each differs from the others in color, dash, and marker, so that
/// it can be recognized without color.
package struct Series: Sendable {
  /// A color of the palette, which the style sheet defines for light and dark pages.
  package enum Color: String, CaseIterable, Sendable {
    case first = "c1"
    case second = "c2"
    case third = "c3"
    case fourth = "c4"
    /// For what matters less: small groups, references, missing values.
    case muted = "c0"
  }

  /// The lengths of the dashes of a line, as SVG has them.
  package enum Dash: String, CaseIterable, Sendable {
    case solid = ""
    case dashed = "7 4"
    case dotted = "1.5 3.5"
    case mixed = "9 3 2 3"
  }

  package enum Shape: CaseIterable, Sendable {
    case circle, square, diamond, triangle
    /// A circle without filling.
    case ring
  }

  package var name: String
  package var color: Color
  package var dash: Dash
  package var shape: Shape

  package init(
    _ name: String = "", _ color: Color = .first, dash: Dash = .solid, shape: Shape = .circle
  ) {
    (self.name, self.color, self.dash, self.shape) = (name, color, dash, shape)
  }

  /// The look of one of several series by its index. After 16, color and marker repeat.
  package static func number(_ index: Int, _ name: String) -> Series {
    let colors: [Color] = [.first, .second, .third, .fourth]
    let shapes: [Shape] = [.circle, .square, .diamond, .triangle]
    // After each round, the same colors meet other markers and dashes.
    let other = (index + index / 4) % 4
    return Series(
      name, colors[index % 4], dash: Dash.allCases[other], shape: shapes[other])
  }

  /// The look of what is shown for comparison only.
  package static func reference(_ name: String = "") -> Series {
    Series(name, .muted, dash: .dashed, shape: .ring)
  }
}

/// An entry of a legend.
package struct LegendEntry: Sendable {
  /// How the legend draws the series.
  package enum Key: Sendable { case line, marker, area, segment }

  package let series: Series
  package let key: Key

  package init(_ series: Series, _ key: Key) { (self.series, self.key) = (series, key) }
}
