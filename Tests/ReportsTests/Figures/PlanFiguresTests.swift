import Panel
import Reports
import Spec
import Testing

@Suite struct PlanFiguresTests {
  /// The plan of a made-up run's spec, with as many buyers at each cutoff.
  private static func plan(
    name: String = "shop", buyers: Int32 = 30, others: [String] = [], folds: Int = 1
  ) throws -> Plan {
    let spec = try MadeUpRun { shape in shape.name = name }.spec
    let day = try #require(CalendarDate("2024-12-31"))
    let timeline = try Timeline(
      spec.cutoffs, label: spec.label, dataThrough: day, observedFrom: nil)
    let counts = timeline.cutoffs.map { cutoff in
      CutoffCounts(
        cutoff: cutoff, rows: 400,
        buyers: cutoff.role == .immature ? [] : (0..<buyers).map(\.self))
    }
    return Plan(
      spec, timeline, folds: Array(repeating: timeline, count: folds),
      counts: Dictionary(counts.map { ($0.cutoff.date, $0) }) { first, _ in first },
      others: others)
  }

  @Test func `what there is to learn from comes first, then the timeline`() throws {
    let page = FigurePage(html: Page(figuresOf: [try Self.plan()]).html())
    try page.expect(
      conclusion:
        "<p><code>shop</code> has 12 train, 2 calibrate and 3 test cutoffs, with data through "
        + "2024-12-31; labels look 3 months ahead. Test has 1,200 rows with 90 positives of 30 "
        + "buyers.</p>")
    #expect(page.titles == ["Timeline of shop"])
    #expect(page.sections == ["shop"])
    let rows = try page.numbers("Timeline of shop").dropFirst()
    #expect(rows.count == 24 && rows.first == ["2023-01-31", "train", "2023-04-30", "yes"])
    #expect(rows.last == ["2024-12-31", "immature", "2025-03-31", "no"])
    // The labels of immature cutoffs are not known.
    #expect(page.html.contains("<td class=\"n\">1,200</td><td class=\"n\">-</td>"))
    #expect(!page.html.contains("insufficient evidence"))
  }

  @Test func `too few buyers are a warning`() throws {
    let page = FigurePage(html: Page(figuresOf: [try Self.plan(buyers: 19)]).html())
    try page.expect(
      conclusion: "insufficient evidence: 19 buyers in test, 20 are needed</li>")
  }

  @Test func `several plans have a list of conclusions, and folds if there are any`() throws {
    let plans = [
      try Self.plan(others: ["a", "b"]), try Self.plan(name: "other", folds: 2),
    ]
    let page = FigurePage(html: Page(figuresOf: plans).html())
    try page.expect(conclusion: "<li><code>other</code> has 12 train")
    #expect(page.titles == ["Timeline of shop", "Timeline of other"])
    #expect(page.html.contains("<p>The same for: a b</p>"))
    #expect(page.html.matches(of: #/>Folds<\/h3>/#).count == 1)
    // The text is as if each were printed by itself, and has no figures.
    let text = Page(plans).text()
    #expect(text == Page([plans[0]]).text() + "\n" + Page([plans[1]]).text())
    #expect(text.contains("\n\nthe same for: a b\n\nother: data through 2024-12-31"))
    let markdown = Page(plans).markdown
    #expect(markdown.hasPrefix("## shop\n") && markdown.contains("\n\n## other\n"))
    #expect(!text.contains("Timeline of") && !markdown.contains("Timeline of"))
  }
}
