import Diagnostics
import Evaluation
import Foundation
import HoldoutTestSupport
import Operations
import Randomness
import Reports
import Spec
import Testing

@Suite struct OutcomesFiguresTests {
  /// Lists whose accounts buy with a probability of their score times a factor.
  private static func report(
    lists count: Int, factor: Double = 1, levels: [String] = ["North", "South"],
    name: String = "shop", holdBack: HoldBackMeasurement? = nil
  ) throws -> OutcomesReport {
    var random = SplitMix64(seed: 3)
    let lists = (0..<count).map { _ in
      let entities = (0..<Int32(80)).map(\.self)
      let scores = entities.map { 0.02 + 0.4 * Double(80 - $0) / 80 }
      return OutcomeList(
        population: (0..<Int32(120)).map(\.self),
        buyers: entities.filter { random.uniform() < scores[Int($0)] * factor },
        entities: entities, scores: scores,
        groups: [entities.map { $0 % Int32(levels.count) }])
    }
    let options = OutcomeOptions(bootstrap: BootstrapOptions(resamples: 40), minimumPositives: 5)
    let measured = OutcomeMeasurement(lists, groupCounts: [levels.count], options: options)
    let day = try #require(CalendarDate("2024-07-31"))
    return OutcomesReport(
      name: name, place: "`list.parquet`", question: "first_licence within 3 months",
      noun: PositiveNoun(one: "buyer", many: "buyers"), dataThrough: day, options: options,
      pooled: measured.pooled,
      lists: measured.lists.enumerated().map { index, figures in
        OutcomesReport.List(
          cutoff: CalendarDate(days: day.days + 7 * index),
          windowEnd: CalendarDate(days: day.days + 7 * index + 90), runIds: ["run-1"],
          figures: figures)
      }, tenths: measured.tenths,
      groupings: [OutcomesReport.Grouping(column: name, names: levels, parts: measured.groups[0])],
      holdBack: holdBack)
  }

  /// One list of which a tenth was held back.
  private static func holdBack(
    selectedWins: Int32, heldBackWins: Int32
  ) throws -> HoldBackMeasurement {
    let entities = (0..<Int32(2_000)).map(\.self)
    let list = OutcomeList(
      population: entities,
      buyers: entities.filter { $0 < heldBackWins || ($0 >= 200 && $0 < 200 + selectedWins) },
      entities: entities, scores: entities.map { _ in 0.05 },
      selected: entities.map { $0 >= 200 },
      marks: entities.map { $0 < 200 ? .heldBack : .compared })
    return try #require(
      HoldBackMeasurement(
        [list], days: [HoldBackMeasurement.Days(cutoff: 0, windowEnd: 90)], share: 0.1))
  }

  @Test func `a hold-back says what the work caused, and what it takes to see an effect`() throws {
    let held = try Self.holdBack(selectedWins: 216, heldBackWins: 12)
    let report = try Self.report(lists: 2, holdBack: held)
    let page = Page(report)
    for text in [page.text(), page.markdown, Page(figuresOf: report).html()] {
      // 12 of 200 are 108 of 1,800.
      #expect(text.contains("the work caused 108.0 wins (95 %: "), "\(text)")
      #expect(text.contains("what it takes to see an effect"))
    }
    let figures = FigurePage(html: Page(figuresOf: report).html())
    #expect(figures.titles.first == "Wins with and without the work")
    let row = try #require(try figures.numbers("Wins with and without the work").last)
    #expect(row.prefix(3) == ["selected accounts", "216", "108"])
    let unclear = try Self.report(
      lists: 2, holdBack: Self.holdBack(selectedWins: 90, heldBackWins: 9))
    #expect(Page(unclear).text().contains("no effect of the work is seen yet: 9.0 caused wins ("))
    let harm = try Self.report(
      lists: 2, holdBack: Self.holdBack(selectedWins: 18, heldBackWins: 20))
    #expect(Page(harm).text().contains("the work cost 162.0 wins ("))
    #expect(!Page(try Self.report(lists: 2)).text().contains("the work"))
  }

  @Test func `a program reads the same numbers, and no hold-back is no key`() throws {
    let held = try Self.holdBack(selectedWins: 216, heldBackWins: 12)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    func keys(_ report: OutcomesReport) throws -> [String: Any] {
      let data = try encoder.encode(OutcomesDocument(report))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let found = try #require(
      try keys(Self.report(lists: 1, holdBack: held))["hold_back"] as? [String: Any])
    let estimate = try #require(found["by_expected"] as? [String: Any])
    #expect(abs(try #require(estimate["caused"] as? Double) - 108) < 1e-9)
    #expect((found["selected"] as? [String: Any])?["accounts"] as? Int == 1_800)
    #expect((found["needs"] as? [Any])?.count == 6)
    #expect(try keys(Self.report(lists: 1))["hold_back"] == nil)
  }

  @Test func `the verdict comes first, then observed and expected wins`() throws {
    let report = try Self.report(lists: 3)
    let page = FigurePage(html: Page(figuresOf: report).html())
    try page.expect(conclusion: "<p>as expected: \(report.pooled.published.wins) wins on the lists")
    #expect(
      page.titles == ["Wins by list", "Rates by list", "Wins by tenth of the list", "Wins by shop"])
    let figures = report.lists[2].figures.published
    let rows = try page.numbers("Wins by list").dropFirst()
    #expect(rows.map(\.first) == ["all lists", "2024-08-14", "2024-08-07", "2024-07-31"])
    #expect(
      Array(rows)[1] == [
        "2024-08-14", "\(figures.wins)", NumberText.mean(figures.values["expected_wins"] ?? 0),
        "\(figures.expected.lowerBound) to \(figures.expected.upperBound)",
      ])
    let ratio = try #require(figures.values["observed_over_expected"])
    #expect(
      try page.numbers("Rates by list").contains {
        $0[0] == "observed / expected wins" && $0[1] == "2024-08-14"
          && $0[2] == NumberText.metric(ratio) && $0[3].contains(" to ")
      })
    #expect(try page.numbers("Wins by tenth of the list").count == 11)
    #expect(try page.numbers("Wins by shop").dropFirst().map(\.first) == ["North", "South"])
  }

  @Test func `wins outside the interval are said and marked`() throws {
    let report = try Self.report(lists: 2, factor: 0.2)
    try #require(!report.isAsExpected)
    let page = FigurePage(html: Page(figuresOf: report).html())
    try page.expect(conclusion: "<li>not as expected: ")
    #expect(try page.figure("Wins by list").contains(">observed, outside the interval<"))
    let good = FigurePage(html: Page(figuresOf: try Self.report(lists: 1)).html())
    #expect(try !good.figure("Wins by list").contains(">observed, outside the interval<"))
  }

  @Test func `one list is all lists, and has no rates over time`() throws {
    let page = FigurePage(html: Page(figuresOf: try Self.report(lists: 1)).html())
    #expect(page.titles == ["Wins by list", "Wins by tenth of the list", "Wins by shop"])
    #expect(try page.numbers("Wins by list").count == 2)
  }

  @Test func `of 60 levels 40 are drawn, and odd names are text`() throws {
    let levels = oddNames + (0..<57).map { "territory \($0)" }
    let page = FigurePage(
      html: Page(figuresOf: try Self.report(lists: 2, levels: levels, name: oddNames[0])).html())
    #expect(Markup.problem(in: page.html) == nil)
    #expect(!page.html.contains("<script>alert") && !page.html.contains("<img"))
    let numbers = try page.numbers("Wins by &lt;script&gt;alert(1)&lt;/script&gt;")
    #expect(numbers.count == 42 && numbers.last == ["20 others not shown"])
  }

  @Test func `the other formats have no figures`() throws {
    let report = try Self.report(lists: 2)
    #expect(!Page(report).text().contains("Wins by list"))
    #expect(!Page(report).markdown.contains("Wins by list"))
  }
}
