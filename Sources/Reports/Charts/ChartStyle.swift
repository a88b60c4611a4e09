/// The colors and lines of charts, for pages and for drawings on their own.
///
/// The colors can be told apart with the common forms of color blindness, and each has a contrast of
/// at least 4.5 to 1 with the paper (WCAG 2.2, level AA).
package enum ChartStyle {
  /// A color on light and on dark paper.
  package struct Color: Sendable {
    package let name: String
    package let light: String
    package let dark: String

    init(_ name: String, _ light: String, _ dark: String) {
      (self.name, self.light, self.dark) = (name, light, dark)
    }
  }

  /// The color of the paper, which the others are in contrast with.
  package static let paper = Color("paper", "#ffffff", "#14181d")

  /// The colors of text, of series, and of warnings.
  package static let colors = [
    Color("ink", "#1f2328", "#e6e8eb"), Color("c0", "#59636e", "#a0a9b3"),
    Color("c1", "#0b5fa5", "#6db3f2"), Color("c2", "#a8470b", "#f09a5a"),
    Color("c3", "#00705a", "#4fc4a4"), Color("c4", "#8a2f83", "#d890d2"),
    Color("alarm", "#b42318", "#ff8a7a"),
  ]

  /// The color of lines that carry no meaning.
  private static let grid = Color("grid", "#dde2e7", "#30373f")

  /// The variables with the colors, for light and for dark pages. Paper is always light.
  static let variables: String = {
    let all = [paper, grid] + colors
    let light = all.map { "--\($0.name):\($0.light)" }.joined(separator: ";")
    let dark = all.map { "--\($0.name):\($0.dark)" }.joined(separator: ";")
    return """
      :root{color-scheme:light dark;\(light)}
      @media screen and (prefers-color-scheme:dark){:root{\(dark)}}
      """
  }()

  /// The style of axes, labels, and marks; it needs the variables.
  static let marks: String = {
    let series = Series.Color.allCases.map { "svg .\($0.rawValue){color:var(--\($0.rawValue))}" }
    return """
      svg{font:11px system-ui,sans-serif;background:var(--paper)}
      svg text{fill:var(--ink);unicode-bidi:isolate}
      svg .m,svg .m text{fill:var(--c0)}
      svg .h{font-weight:600;font-size:12px}
      svg .a{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
      svg .k,svg .o,svg .l,svg .u,svg .w,svg .s,svg .p,svg .e{fill:none;stroke:currentColor}
      svg .k{stroke:var(--grid)}
      svg .o{stroke:var(--c0)}
      \(series.joined(separator: "\n"))
      svg .l{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
      svg .u{stroke-width:1.2}
      svg .w{stroke-width:1.5}
      svg .s{stroke-width:2.5}
      svg .p{stroke-width:3;stroke-linecap:round;stroke-opacity:.6}
      svg .e{stroke-width:7;stroke-linecap:round}
      svg .b{fill:currentColor;fill-opacity:.18;stroke:currentColor;stroke-opacity:.6;stroke-width:.7}
      svg .q,svg .f{fill:currentColor}
      svg .r{fill:var(--paper);stroke:currentColor;stroke-width:1.6}
      """
  }()
}
