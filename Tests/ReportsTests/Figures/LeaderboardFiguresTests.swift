import Evaluation
import Learning
import Promotion
import Reports
import Testing

@Suite struct LeaderboardFiguresTests {
  private static func entry(
    _ name: String, _ value: Double, rank: Int?, features: Int = 3
  ) -> Leaderboard.Entry {
    let run = ComparedRun(
      reference: name, name: name, metrics: .run(["roc_auc": value, "pr_auc": value / 9]),
      importance: (0..<features).map {
        FeatureImportance(feature: "feature_\($0)", gain: Double(features - $0), split: 1)
      })
    return Leaderboard.Entry(
      run: run, rank: rank, value: value, reasons: rank == nil ? ["insufficient evidence"] : [],
      metrics: SideMetrics(run.metrics))
  }

  private static func page(_ entries: [[Leaderboard.Entry]]) -> FigurePage {
    FigurePage(
      html: Page(
        figuresOf: Leaderboard(
          metric: "roc_auc",
          questions: entries.enumerated().map { index, entries in
            .init(heading: "question \(index)", rows: "900 test rows", entries: entries)
          })
      ).html())
  }

  @Test func `the best run comes first, then the runs in a figure`() throws {
    let page = Self.page([
      [
        Self.entry("a", 0.75, rank: 1), Self.entry("b", 0.7, rank: 2),
        Self.entry("c", 0.9, rank: nil),
      ]
    ])
    try page.expect(
      conclusion: "<p><code>a</code> has the best roc_auc of 2 runs, 0.7500 (0.7100 to 0.7900). "
        + "The selection bias of the best of 2 is not known")
    #expect(page.titles == ["Runs by roc_auc"])
    #expect(
      try page.numbers("Runs by roc_auc").dropFirst().map { Array($0.dropFirst()) } == [
        ["a", "0.7500", "0.7100 to 0.7900"], ["b", "0.7000", "0.6600 to 0.7400"],
        ["c (not ranked)", "0.9000", "0.8600 to 0.9400"],
      ])
  }

  @Test func `one run, equal runs, and none that is ranked`() throws {
    try Self.page([[Self.entry("a", 0.75, rank: 1)]]).expect(
      conclusion: "<code>a</code> is the only ranked run, with roc_auc 0.7500")
    try Self.page([[Self.entry("a", 0.75, rank: 1), Self.entry("b", 0.75, rank: 1)]]).expect(
      conclusion: "2 of 2 runs have the best roc_auc, 0.7500")
    try Self.page([[Self.entry("a", 0.75, rank: nil)]]).expect(
      conclusion: "No run is ranked: each has insufficient evidence or a caveat.")
    let two = Self.page([[Self.entry("a", 0.7, rank: 1)], [Self.entry("b", 0.7, rank: 1)]])
    try two.expect(conclusion: "<li>question 0: <code>a</code> is the only")
    #expect(two.html.contains("<li>question 1: <code>b</code> is the only"))
    try Self.page([]).expect(conclusion: "<h1 id=\"leaderboard-by-roc-auc\">")
  }

  @Test func `a sweep has a table of its values and a heat map of importance`() throws {
    let entries = [
      Self.entry("shop@leaves=7,rate=0.1,kind=gbdt", 0.8, rank: 1),
      Self.entry("other", 0.79, rank: 2),
      Self.entry("shop@leaves=15,rate=0.1,kind=goss", 0.78, rank: 3),
      Self.entry("single@leaves=3", 0.7, rank: 4),
    ]
    let page = Self.page([entries])
    #expect(
      page.titles == [
        "Runs by roc_auc", "Members of shop",
        "Importance of features over the members of shop",
      ])
    // What all members share is left out; texts are texts.
    let members = try page.numbers("Members of shop")
    #expect(members.first == ["member", "leaves", "kind", "roc_auc", "pr_auc", "log_loss"])
    #expect(
      members.dropFirst().map { Array($0.prefix(4)) } == [
        ["7, gbdt", "7", "gbdt", "0.8000"], ["15, goss", "15", "goss", "0.7800"],
      ])
    #expect(page.html.contains("Members are named by leaves and kind."))
    #expect(
      try page.numbers("Importance of features over the members of shop")[1] == [
        "feature_0", "50.0 %", "50.0 %",
      ])
  }

  @Test func `of 200 members and 30 features, what is left out is counted`() throws {
    let page = Self.page([
      (0..<200).map {
        Self.entry("shop@seed=\($0)", 0.8 - Double($0) / 1000, rank: $0 + 1, features: 30)
      }
    ])
    try page.expect(conclusion: "<code>shop@seed=0</code> has the best roc_auc of 200 runs")
    #expect(page.html.contains("160 other runs not shown."))
    let title = "Importance of features over the members of shop"
    let heat = try page.figure(title)
    #expect(heat.contains("5 other features not shown"))
    #expect(heat.contains("160 other members not shown"))
    let numbers = try page.numbers(title)
    #expect(numbers[0].count == 41 && numbers.count == 1 + 25 + 2)
    #expect(try page.figure("Members of shop").contains("160 others not shown"))
    #expect(try page.numbers("Members of shop").count == 201)
    #expect(page.html.utf8.count < 600_000, "\(page.html.utf8.count) bytes")
  }

  @Test(arguments: oddNames) func `names are text wherever they occur`(_ name: String) throws {
    let page = Self.page([
      [
        Self.entry("\(name)@\(name)=1", 0.8, rank: 1), Self.entry("\(name)@x", 0.7, rank: 2),
        Self.entry("@", 0.7, rank: 3), Self.entry("\(name)@=,=", 0.6, rank: nil),
      ]
    ])
    try page.expect(conclusion: "has the best roc_auc of 3 runs")
    #expect(!page.html.contains("<script>alert") && !page.html.contains("<img"))
    #expect(page.titles.count == 3)
  }
}
