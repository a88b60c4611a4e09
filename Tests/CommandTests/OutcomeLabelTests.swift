import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing

/// Lists that `holdout score` publishes while the data grow, and their outcomes for labels with `absent` and
/// `among`, held against SQL over the shop's own tables.
@Suite struct OutcomeLabelTests {
  private typealias Outcomes = OutcomesCommandTests.Outcomes

  /// Whether customers who visited in the last 180 days do not come again.
  private static let churn = [
    "    - not: {happened: customers.first_licence}\n    - flag: history.is_active\n":
      "    - {count: visits, within: 180 days, at_least: 1}\n",
    "{event: customers.first_licence, horizon: 3 months, noun: buyer}":
      "{absent: {source: visits}, horizon: 3 months, noun: lost customer}",
  ]
  /// Whether those who visit buy.
  private static let buyersAmongVisitors = [
    "horizon: 3 months,": "among: {source: visits}, horizon: 3 months,"
  ]

  /// The shop's tables as they were at the end of a day.
  private static func known(on day: String) -> String {
    """
    DELETE FROM customers WHERE created_on > DATE '\(day)';
    UPDATE customers SET first_licence = NULL, status = 'prospect' WHERE first_licence > DATE '\(day)';
    DELETE FROM history WHERE valid_from > DATE '\(day)';
    UPDATE history SET valid_to = NULL WHERE valid_to > DATE '\(day)';
    DELETE FROM visits WHERE noted_on > DATE '\(day)';

    """
  }

  /// A shop whose champion has published a list at the end of each of some days, with the data of that day.
  /// Then the data have grown through 2024-12-31.
  /// - Parameters:
  ///   - question: words of the spec, and those that take their place.
  ///   - changes: SQL that changes the tables as they are at last.
  private func project(
    _ question: [String: String], lists days: [String], _ changes: String = ""
  ) throws -> TestProject {
    let project = try TestProject()
    let first = try #require(days.first)
    try project.changeData(Self.known(on: first))
    try project.writeSpec(
      question.merging(["data_through: 2024-12-31": "data_through: \(first)"]) { $1 })
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.runs()
    try project.makeFolder("experiments")
    try project.write(
      "experiments/shop.yaml",
      try project.text("shop.yaml") + "score: {parquet: 'lists/{cutoff}.parquet', key: id}\n")
    try PromoteCommandTests.promote(project, try project.runId())
    for day in days {
      if day != first { try project.changeData(Self.known(on: day)) }
      // No customer is created after July.
      let result = try project.holdout(
        "score", "shop", "--data-through", day, "--allow-silent-sources", "--threads", "1")
      try #require(result.end == .exit(0), "\(result)")
      let isConditional = try project.text("shop.yaml").contains("among: {source: visits}")
      #expect(result.output.contains("will have a row of `visits`") == isConditional, "\(result)")
    }
    try project.changeData(changes)
    return project
  }

  private func outcomes(_ project: TestProject, through day: String = "2024-12-31") throws
    -> Outcomes
  {
    try Outcomes(
      project.holdout(
        "outcomes", "shop", "--data-through", day, "--format", "json", "--threads", "1"))
  }

  private func numbers(_ project: TestProject, _ sql: String) throws -> [Double] {
    try project.rows(sql)[0].map { try #require(Double($0)) }
  }

  /// The rows of a list with their outcomes: `score`, `comes_again`, and `bought`.
  private func list(_ cutoff: String, _ columns: String) -> String {
    "SELECT \(columns) FROM (SELECT score, \(Self.outcome(cutoff)) "
      + "FROM 'lists/\(cutoff).parquet' AS list JOIN 'data/customers.parquet' AS customers USING (id))"
  }

  private static func outcome(_ cutoff: String) -> String {
    let window = "> DATE '\(cutoff)' AND %@ <= last_day(DATE '\(cutoff)' + INTERVAL 3 MONTH)"
    func inWindow(_ day: String) -> String { "\(day) \(window.replacing("%@", with: day))" }
    return "customers.id IN (SELECT id FROM 'data/visits.parquet' WHERE \(inWindow("visited_on"))) "
      + "AS comes_again, coalesce(\(inWindow("first_licence")), false) AS bought"
  }

  @Test func `customers who do not come again are wins once their window is over`() throws {
    let days = ["2024-07-31", "2024-10-31"]
    let project = try project(Self.churn, lists: days)
    let outcomes = try outcomes(project)
    #expect(outcomes.question == "no visits within 3 months")
    #expect(outcomes.lists.map(\.cutoff) == [days[0]])
    // In the window that is still open, hardly anybody has come again yet.
    #expect(outcomes.pending.map(\.cutoff) == [days[1]])
    #expect(outcomes.pending.map(\.matures) == ["2025-01-31"])
    let july = try #require(outcomes.lists.first)
    #expect(july.unmatched == 0 && july.departed == 0 && july.excluded == nil)
    let rows = try numbers(
      project, list(days[0], "count(*), count_if(NOT comes_again), sum(score)"))
    try #require(rows[1] > 50 && rows[0] - rows[1] > 50, "\(rows)")
    let figures = july.figures.published
    // Everybody in the cohort is on the list.
    #expect(figures.counts == [rows[0], rows[1], rows[1] / rows[0]])
    #expect(figures.values["capture"] == 1 && figures.values["lift"] == 1)
    // Sums in another order.
    #expect(abs((figures.values["expected_wins"] ?? 0) - rows[2]) < 1e-9)
    #expect(
      figures.asExpected == (figures.expected.low...figures.expected.high).contains(rows[1]))
    #expect(outcomes.pooled.published.values["wins"] == rows[1])
    let text = try project.holdout("outcomes", "shop", "--data-through", "2024-12-31").output
    #expect(text.contains("a win is no visits within 3 months; lists read from"), "\(text)")
  }

  @Test func `a window of which a day is missing has no wins`() throws {
    let project = try project(Self.churn, lists: ["2024-07-31"])
    let early = try project.holdout("outcomes", "shop", "--data-through", "2024-10-30")
    #expect(early.refuses("H854", "2024-07-31", "2024-10-31", "2024-10-30"), "\(early)")
    let whole = try outcomes(project, through: "2024-10-31")
    let later = try outcomes(project)
    #expect(whole.pooled.published.values["wins"] == later.pooled.published.values["wins"])
    // Where the data end before the day that is given, those who come again seem lost.
    try project.changeData("DELETE FROM visits WHERE visited_on > DATE '2024-09-15';")
    let stopped = try project.holdout("outcomes", "shop", "--data-through", "2024-12-31")
    let warning = try #require(stopped.findings.first { $0.id == "H417" }, "\(stopped)")
    #expect(!warning.isError && stopped.errors.contains("make their entities count as positives"))
  }

  @Test func `customers whose events are gone are counted and said`() throws {
    let project = try project(Self.churn, lists: ["2024-07-31"])
    let before = try outcomes(project)
    // Two customers who come again: one is merged into another, the visits of one are given to another.
    let two = try project.rows(
      "SELECT id FROM (SELECT list.id AS id, \(Self.outcome("2024-07-31")) "
        + "FROM 'lists/2024-07-31.parquet' AS list "
        + "JOIN 'data/customers.parquet' AS customers USING (id)) WHERE comes_again "
        + "ORDER BY id LIMIT 2"
    ).map { $0[0] }
    try #require(two.count == 2)
    try project.changeData(
      """
      DELETE FROM customers WHERE id = '\(two[0])'; DELETE FROM history WHERE id = '\(two[0])';
      UPDATE visits SET id = 'X0001' WHERE id IN ('\(two[0])', '\(two[1])');

      """)
    let after = try outcomes(project)
    let list = try #require(after.lists.first)
    #expect(list.unmatched == 1 && list.departed == 1 && list.departedWins == 1)
    let (was, now) = (before.pooled.published, after.pooled.published)
    #expect(now.values["rows"] == was.values["rows"].map { $0 - 1 })
    #expect(now.values["wins"] == was.values["wins"].map { $0 + 1 })
    let text = try project.holdout("outcomes", "shop", "--data-through", "2024-12-31").output
    #expect(text.contains("1 published row belongs to an account that is no longer in the data"))
    #expect(
      text.contains(
        "1 published row belongs to an account that would not be in the cohort with today's data; "
          + "it is a win"), "\(text)")
  }

  @Test func `rows of customers who do not visit are in no figure, and counted`() throws {
    let days = ["2024-07-31", "2024-08-31", "2024-10-31"]
    let project = try project(Self.buyersAmongVisitors, lists: days)
    let outcomes = try outcomes(project)
    #expect(outcomes.question == "customers.first_licence within 3 months, among visits")
    #expect(outcomes.lists.map(\.cutoff) == Array(days.prefix(2)))
    #expect(outcomes.pending.map(\.cutoff) == [days[2]])
    var (wins, excluded) = (0.0, 0)
    for list in outcomes.lists {
      let rows = try numbers(
        project,
        self.list(
          list.cutoff,
          "count(*), count_if(comes_again), count_if(comes_again AND bought), "
            + "count_if(NOT comes_again AND bought), coalesce(sum(score) FILTER (comes_again), 0)"))
      // Some of those without a visit buy: they are no wins, and the others are no losses.
      try #require(rows[2] > 0 && rows[3] > 0 && rows[1] < rows[0], "\(rows)")
      let figures = list.figures.published
      #expect(figures.counts == [rows[1], rows[2], rows[2] / rows[1]])
      #expect(figures.values["capture"] == 1)
      #expect(list.excluded == Int(rows[0] - rows[1]) && list.unmatched == 0)
      // Sums in another order.
      #expect(abs((figures.values["expected_wins"] ?? 0) - rows[4]) < 1e-9)
      wins += rows[2]
      excluded += Int(rows[0] - rows[1])
    }
    #expect(outcomes.pooled.published.values["wins"] == wins)
    let text = try project.holdout("outcomes", "shop", "--data-through", "2024-12-31").output
    #expect(
      text.contains(
        "\(excluded.grouped) published rows belong to accounts for which the question was "
          + "not decided"), "\(text)")
  }

  @Test func `a list of which nobody visits has rows in no figure, and does not stop the others`()
    throws
  {
    let project = try project(
      Self.buyersAmongVisitors, lists: ["2024-07-31", "2024-08-31"],
      "DELETE FROM visits WHERE visited_on > DATE '2024-08-31';\n")
    let outcomes = try outcomes(project)
    let (july, august) = (outcomes.lists[0], outcomes.lists[1])
    #expect(july.figures.published.values["rows"] != 0)
    #expect(august.figures.published.values["rows"] == 0)
    #expect(august.figures.published.values["precision"] == nil)
    #expect(august.excluded.map { $0 > 100 } == true)
    #expect(
      outcomes.pooled.published.values["rows"] == july.figures.published.values["rows"])
    // The visits end long before the day that is given.
    let warned = try project.holdout("outcomes", "shop", "--data-through", "2024-12-31")
    #expect(warned.findings.map(\.id) == ["H417"], "\(warned)")
    #expect(warned.errors.contains("events missing from the gap leave out their entities"))
    // Nothing is left of August by itself.
    let only = try project.holdout(
      "outcomes", "shop", "--data-through", "2024-12-31", "--from", "2024-08-01")
    #expect(only.refuses("H855", "`visits`"), "\(only)")
  }
}
