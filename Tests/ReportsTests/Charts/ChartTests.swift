import Diagnostics
import Reports
import Testing

@Suite struct ChartTests {
  @Test(arguments: Gallery.all) func `every chart is well-formed`(_ entry: Gallery.Entry) {
    let svg = entry.kind.chart.svg()
    #expect(Markup.problem(in: svg) == nil)
    #expect(svg.hasPrefix("<svg role=\"img\" viewBox=\"0 0 720 "))
    #expect(svg.firstMatch(of: #/^<svg [^>]*><title>[^<]+</title><desc>[^<]+</desc>/#) != nil)
    #expect(svg == entry.kind.chart.svg(), "the same bytes every time")
    let alone = entry.kind.chart.svg(isAlone: true)
    #expect(Markup.problem(in: alone) == nil)
    #expect(
      alone.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && alone.contains("<style>"))
  }

  @Test(arguments: Gallery.all)
  func `positions are finite, with at most two decimals`(_ entry: Gallery.Entry) {
    let svg = entry.kind.chart.svg()
    let attribute = #/ (?:d|x|y|width|height|viewBox|transform|fill-opacity)="([^"]*)"/#
    let allowed = Set("0123456789.- MmlhvazZrotate()")
    for match in svg.matches(of: attribute) {
      #expect(match.1.allSatisfy(allowed.contains), "\(match.0)")
      #expect(!match.1.contains(#/\.[0-9]{3}/#), "\(match.0)")
    }
  }

  @Test(arguments: Gallery.all)
  func `numbers that are not known are no numbers`(_ entry: Gallery.Entry) {
    for cell in entry.kind.numbers.rows.joined() {
      #expect(cell.firstMatch(of: #/\b(?:nan|inf)\b/#) == nil, "\(cell)")
    }
  }

  @Test func `a gap interrupts a line`() {
    func path(_ values: [Double]) -> Substring? {
      let points = values.enumerated().map { Mark.Point(Double($0), $1) }
      let plot = Plot(
        x: Axis(.linear(0, 4), isHidden: true), y: Axis(.linear(0, 1), isHidden: true),
        height: 100, marks: [.line(points, Series("a"))])
      let svg = Chart(title: "t", description: "d", plots: [plot]).svg()
      return svg.firstMatch(of: #/class="l" d="([^"]*)"/#).map(\.output.1)
    }
    // The plot is 694 pixels wide, from 10 to 704, and 100 high, from 8 to 108.
    #expect(path([0, 1, 0]) == "M10 108l173.5-100l173.5 100")
    #expect(path([0, 1, .nan, 1, 0]) == "M10 108l173.5-100M530.5 8l173.5 100")
    #expect(path([0, .infinity, 1, .nan, 0]) == "M10 108h0M357 8h0M704 108h0")
    #expect(path([.nan, .nan]) == nil)
  }

  @Test func `points of a cloud are drawn once each, as one path`() {
    let points = [(0.0, 0.0), (4, 1), (0, 0), (4, 0)].map { Mark.Point($0, $1) }
    let plot = Plot(
      x: Axis(.linear(0, 4), isHidden: true), y: Axis(.linear(0, 1), isHidden: true), height: 100,
      marks: [.cloud(points, Series("a"))])
    let svg = Chart(title: "t", description: "d", plots: [plot]).svg()
    #expect(svg.contains("class=\"p\" d=\"M704 8h0m-694 100h0m694 0h0\""))
  }

  @Test func `only 25 segments are drawn, with a count of the others`() {
    let levels = (0..<200).map { index in
      SegmentsChart.Level(
        "level \(index)", rows: 1_000 - index, buyers: 9, ratio: .init(1, 0.8, 1.2),
        auc: .init(0.7, 0.6, 0.8))
    }
    let kind = SegmentsChart(column: "territory", levels: levels.reversed())
    let svg = kind.chart.svg()
    #expect(svg.contains(">175 smaller not shown<"))
    #expect(svg.contains(">level 24<") && !svg.contains(">level 25<"))
    #expect(kind.numbers.rows.count == 26)
    #expect(kind.numbers.rows.first?.first == "level 0")
  }

  @Test func `a name is cut, with the complete name in its title`() {
    let name = String(repeating: "long ", count: 20) + "<b>"
    let svg = DifferencesChart(rows: [.init(name, .init(1, 0, 2))]).chart.svg()
    let label = svg.firstMatch(of: #/<text [^>]*>([^<]*…)<title>([^<]*)</title></text>/#)
    #expect((label?.1.count ?? 99) < 30)
    #expect(label?.2 == "\(name.dropLast(3))&lt;b&gt;")
  }

  @Test func `labels that would overlap are left out`() throws {
    let names = (0..<300).map { "name \($0)" }
    let plot = Plot(
      x: Axis(.band(names)), y: Axis(.band(names)), height: 210,
      marks: [
        .rule(5, .vertical, "a rule", Series("")), .rule(5, .vertical, "a rule", Series("")),
        .labels([.init(150, 150, "text"), .init(150, 150, "text")]),
      ])
    let svg = Chart(title: "t", description: "d", plots: [plot]).svg()
    #expect(svg.matches(of: #/>text</#).count == 1)
    // The second rule has its label below that of the first.
    #expect(svg.matches(of: #/class="a"[^>]*>a rule</#).count == 2)
    let places = svg.matches(of: #/<text x="([0-9.]+)" y="([0-9.]+)">name/#)
      .compactMap { match in Double(match.1).flatMap { x in Double(match.2).map { (x, $0) } } }
    let rows = places.filter { $0.0 == places.last?.0 }.map(\.1)
    #expect((10...20).contains(rows.count))
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 >= 10 })
    let columns = places.filter { $0.1 == places.first?.1 }.map(\.0)
    #expect((5...20).contains(columns.count))
    #expect(zip(columns, columns.dropFirst()).allSatisfy { $1 - $0 >= 40 })
  }

  @Test func `series differ in dash and marker, not only in color`() {
    let series = (0..<16).map { Series.number($0, "\($0)") }
    for (index, one) in series.enumerated() {
      for other in series[..<index] {
        #expect(one.color != other.color || one.dash != other.dash && one.shape != other.shape)
      }
    }
    #expect(Set(series.prefix(4).map(\.dash)).count == 4)
    #expect(Set(series.prefix(4).map(\.shape)).count == 4)
  }

  @Test func `colors have enough contrast on light and on dark paper`() throws {
    /// The relative luminance of a color (WCAG 2.2).
    func luminance(_ color: String) throws -> Double {
      let number = try #require(Int(color.dropFirst(), radix: 16))
      let parts = [16, 8, 0].map { shift -> Double in
        let share = Double((number >> shift) & 255) / 255
        guard share > 0.04045 else { return share / 12.92 }
        // x^2.4 is the square of x times the fifth root of x squared, found by bisection.
        var (low, high) = (0.0, 1.0)
        let base = (share + 0.055) / 1.055
        for _ in 0..<60 {
          let middle = (low + high) / 2
          if middle * middle * middle * middle * middle < base * base {
            low = middle
          } else {
            high = middle
          }
        }
        return base * base * low
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    func contrast(_ one: String, _ other: String) throws -> Double {
      let (first, second) = (try luminance(one), try luminance(other))
      return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }
    for color in ChartStyle.colors {
      #expect(try contrast(color.light, ChartStyle.paper.light) >= 4.5, "\(color.name)")
      #expect(try contrast(color.dark, ChartStyle.paper.dark) >= 4.5, "\(color.name)")
    }
  }
}
