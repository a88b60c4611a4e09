import Foundation
import HoldoutTestSupport
import Testing

/// `holdout outcomes` on lists of the shop, held against SQL over the shop's own tables.
@Suite struct OutcomesCommandTests {
  struct Outcomes: Decodable {
    struct Ends: Decodable {
      let low: Double
      let high: Double
    }

    struct Figures: Decodable {
      let values: [String: Double]
      let expected: Ends
      let asExpected: Bool
      let intervals: [String: Ends]
      let sufficientEvidence: Bool

      /// Rows, wins and the wins per row of the cohorts.
      var counts: [Double?] { [values["rows"], values["wins"], values["base_rate"]] }
    }

    struct Part: Decodable {
      let published: Figures
      let selected: Figures?
    }

    struct List: Decodable {
      let cutoff: String
      let windowEnd: String
      let runIds: [String]
      let unmatched: Int
      let departed: Int
      let departedWins: Int
      let excluded: Int?
      let figures: Part
    }

    struct Pending: Decodable {
      struct SoFar: Decodable {
        let through: String
        let wins: Int
        let expected: Double
      }

      let cutoff: String
      let matures: String
      let rows: Int
      let soFar: SoFar?
    }

    struct HoldBack: Decodable {
      struct Arm: Decodable {
        let accounts: Int
        let wins: Int
      }

      struct Estimate: Decodable {
        let withoutWork: Double
        let caused: Double
        let interval: Ends
      }

      let share: Double?
      let selected: Arm
      let heldBack: Arm
      let byAccount: Estimate?
      let entered: [Int]
    }

    struct Hindsight: Decodable {
      let cutoff: String
      let learnedThrough: String
    }

    struct Grouping: Decodable {
      struct Level: Decodable {
        let level: String
        let figures: Part
      }

      let column: String
      let levels: [Level]
    }

    let dataThrough: String
    let question: String
    let pooled: Part
    let lists: [List]
    let pending: [Pending]
    let hindsight: [Hindsight]
    let tenths: [Figures]
    let groupings: [Grouping]
    let holdBack: HoldBack?
    let remarks: [String]

    init(_ result: ProgramResult) throws {
      try #require(result.end == .exit(0), "\(result)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Outcomes.self, from: Data(result.output.utf8))
    }
  }

  /// Lists at four cutoffs, of which the last has not matured: every third customer of the cohort as
  /// the data tell it, 60 of them selected.
  static let lists = """
    CREATE TABLE customers AS FROM 'data/customers.parquet';
    CREATE TABLE listed AS
    SELECT id, CAST(cutoff AS DATE) AS cutoff_date, 0.02 + size / 400.0 AS score,
      CAST(row_number() OVER (PARTITION BY cutoff ORDER BY size DESC, id) AS INTEGER) AS rank_global,
      coalesce(channel, 'none') AS channel
    FROM customers, unnest(['2024-07-31', '2024-08-31', '2024-09-30', '2024-10-31']) AS days(cutoff)
    WHERE id IN (SELECT id FROM 'data/history.parquet' WHERE is_active AND valid_from <= cutoff_date
        AND coalesce(valid_to > cutoff_date, true))
      AND created_on <= cutoff_date AND coalesce(first_licence > cutoff_date, true)
      AND CAST(substr(id, 2) AS INTEGER) % 3 = 0;
    CREATE TABLE published AS
    SELECT id AS customer_id, cutoff_date, score, rank_global, channel, 1.5 AS margin,
      'run-' || month(cutoff_date) AS run_id, 'shop' AS model, rank_global <= 60 AS selected
    FROM listed;

    """

  static let table = """
    ATTACH 'data/shop.duckdb' AS shop;
    CREATE OR REPLACE TABLE shop.lists_shop AS FROM published;
    INSERT INTO shop.lists_shop SELECT * REPLACE ('other' AS model) FROM published;
    DETACH shop;
    """

  /// A shop whose champion has published lists.
  private func project(_ changes: String = "", score: String = "table: 'lists_{name}'") throws
    -> TestProject
  {
    let (project, ids) = try PromoteCommandTests.project(runs: 1)
    try PromoteCommandTests.promote(project, ids[0])
    try project.makeFolder("experiments")
    try project.write(
      "experiments/shop.yaml", Shop.spec + "score: {\(score), rank_within: [channel]}\n")
    try publish(project, changes)
    return project
  }

  private func publish(_ project: TestProject, _ changes: String, to: String = table) throws {
    try project.write("lists.sql", Self.lists + changes + to)
    let result = try project.holdout("sql", "lists.sql")
    try #require(result.end == .exit(0), "\(result)")
  }

  private func outcomes(_ project: TestProject, _ arguments: String...) throws -> Outcomes {
    try Outcomes(
      Program.run(
        ["outcomes", "shop", "--format", "json", "--threads", "1"] + arguments,
        in: project.folder))
  }

  /// Customers of the shop's cohort at a cutoff, and those who bought within three months.
  private func cohort(_ cutoff: String, _ columns: String) -> String {
    """
    SELECT \(columns) FROM (
      SELECT id, channel, coalesce(first_licence > DATE '\(cutoff)'
          AND first_licence <= last_day(DATE '\(cutoff)' + INTERVAL 3 MONTH), false) AS won,
        CAST(substr(id, 2) AS INTEGER) % 3 = 0 AS listed, size
      FROM 'data/customers.parquet' AS customers
      WHERE created_on <= DATE '\(cutoff)' AND coalesce(first_licence > DATE '\(cutoff)', true)
        AND EXISTS (FROM 'data/history.parquet' AS history WHERE history.id = customers.id
          AND is_active AND valid_from <= DATE '\(cutoff)'
          AND coalesce(valid_to > DATE '\(cutoff)', true)))
    """
  }

  private func numbers(_ project: TestProject, _ cutoff: String, _ columns: String) throws
    -> [Double]
  {
    try project.rows(cohort(cutoff, columns))[0].map { try #require(Double($0)) }
  }

  @Test func `wins, lift and capture are those that SQL finds in the data`() throws {
    let project = try project()
    let outcomes = try outcomes(project)
    #expect(outcomes.lists.map(\.cutoff) == ["2024-07-31", "2024-08-31", "2024-09-30"])
    #expect(outcomes.lists.map(\.windowEnd) == ["2024-10-31", "2024-11-30", "2024-12-31"])
    #expect(outcomes.lists.map(\.runIds) == [["run-7"], ["run-8"], ["run-9"]])
    var wins = 0.0
    for list in outcomes.lists {
      let all = try numbers(
        project, list.cutoff,
        "count(*), count_if(won), count_if(listed), count_if(listed AND won), "
          + "sum(0.02 + size / 400.0) FILTER (listed)")
      let figures = list.figures.published
      let precision = all[3] / all[2]
      #expect(figures.counts == [all[2], all[3], all[1] / all[0]])
      #expect(figures.values["capture"] == all[3] / all[1])
      #expect(abs((figures.values["lift"] ?? 0) - precision / (all[1] / all[0])) < 1e-12)
      // Sums in another order.
      #expect(abs((figures.values["expected_wins"] ?? 0) - all[4]) < 1e-9)
      #expect(list.figures.selected?.values["rows"] == 60)
      #expect(list.unmatched == 0 && list.departed == 0)
      wins += all[3]
    }
    #expect(outcomes.pooled.published.values["wins"] == wins && wins > 20)
    #expect(outcomes.question == "customers.first_licence within 3 months")
    let october = try numbers(project, "2024-10-31", "count_if(listed)")
    #expect(outcomes.pending.map(\.cutoff) == ["2024-10-31"])
    #expect(outcomes.pending.map(\.matures) == ["2025-01-31"])
    #expect(outcomes.pending.map { Double($0.rows) } == october)
    let fair = try outcomes.lists.map {
      try numbers(
        project, $0.cutoff,
        "count_if(listed AND channel = 'fair'), count_if(listed AND won AND channel = 'fair')")
    }
    let level = try #require(outcomes.groupings.first?.levels.first { $0.level == "fair" })
    #expect(outcomes.groupings.map(\.column) == ["channel"])
    #expect(level.figures.published.values["rows"] == fair.map { $0[0] }.reduce(0, +))
    #expect(level.figures.published.values["wins"] == fair.map { $0[1] }.reduce(0, +))
    let tenths = outcomes.tenths.compactMap { $0.values["wins"] }
    #expect(tenths.count == 10 && tenths.reduce(0, +) == wins)
  }

  @Test func `an open list has its wins so far, and no other figure has them`() throws {
    let project = try project()
    let plain = try outcomes(project)
    let counted = try outcomes(project, "--so-far")
    #expect(plain.pending.map(\.soFar?.wins) == [nil])
    let found = try #require(counted.pending.first?.soFar)
    // The data end two of the three months after the cutoff.
    let wanted = try numbers(
      project, "2024-10-31",
      "count_if(listed AND won), sum(0.02 + size / 400.0) FILTER (listed)")
    #expect(Double(found.wins) == wanted[0] && found.through == "2024-12-31")
    let share = found.expected / wanted[1]
    #expect(
      share > 0.4 && share < 0.95, "two thirds of the time, give or take the season: \(share)")
    #expect(
      counted.lists.map(\.figures.published.values) == plain.lists.map(\.figures.published.values))
    #expect(counted.pooled.published.values == plain.pooled.published.values)
    let text = try project.holdout("outcomes", "shop", "--so-far", "--threads", "1")
    #expect(text.output.contains("wins so far  expected so far"), "\(text)")
  }

  @Test func `the same lists give the same bytes on any number of threads, and nothing is written`()
    throws
  {
    let project = try project()
    let before = project.contents(of: ".")
    for format in ["text", "json", "markdown", "html"] {
      let one = try project.holdout("outcomes", "shop", "--format", format, "--threads", "1")
      let four = try project.holdout("outcomes", "shop", "--format", format, "--threads", "4")
      #expect(one.end == .exit(0) && one.output == four.output, "\(one)")
    }
    #expect(project.contents(of: ".") == before)
    let text = try project.holdout("outcomes", "shop")
    #expect(
      text.output.hasPrefix("shop: 3 of 4 published lists have matured, data through 2024-12-31\n"))
    #expect(text.output.contains("table `lists_shop` of connection `shop`"))
    #expect(text.output.contains("\nnot yet matured\n\ncutoff      run     rows  matures\n"))
    let out = try project.holdout("outcomes", "shop", "--out", "outcomes.txt")
    #expect(out.output.isEmpty && out.end == .exit(0))
    #expect(try project.text("outcomes.txt") == text.output)
    #expect(
      try project.holdout("outcomes", "shop", "--out", "absent/outcomes.txt").end == .exit(2))
  }

  /// A hold-back of every fifth account within capacity, by number.
  private static let heldBack = """
    ALTER TABLE published ADD COLUMN hold_back VARCHAR;
    UPDATE published SET hold_back = CASE WHEN CAST(substr(customer_id, 2) AS INTEGER) % 5 = 0
      THEN 'held_back' ELSE 'compared' END WHERE selected;
    UPDATE published SET selected = false WHERE hold_back = 'held_back';

    """

  @Test func `a hold-back compares accounts, each with its first list`() throws {
    let held = try #require(try outcomes(try project(Self.heldBack)).holdBack)
    // Lists are sorted by size, which does not change, so most of the 60 are those of the first list.
    #expect(held.entered.first == 60 && held.entered.reduce(0, +) < 120)
    #expect(held.selected.accounts + held.heldBack.accounts == held.entered.reduce(0, +))
    #expect(held.heldBack.accounts > 3 && held.selected.wins > 0 && held.share == nil)
    let estimate = try #require(held.byAccount)
    let rate = Double(held.heldBack.wins) / Double(held.heldBack.accounts)
    #expect(abs(estimate.withoutWork - rate * Double(held.selected.accounts)) < 1e-9)
    #expect(abs(estimate.caused + estimate.withoutWork - Double(held.selected.wins)) < 1e-9)
    #expect(estimate.interval.low < estimate.caused && estimate.caused < estimate.interval.high)
    #expect(try outcomes(try project()).holdBack == nil)
  }

  @Test
  func `marks that contradict the list are refused, and a column of another meaning is not read`()
    throws
  {
    let worked = try project(Self.heldBack + "UPDATE published SET selected = true;\n")
    #expect(try worked.holdout("outcomes", "shop").refuses("H685"))
    let other = "ALTER TABLE published ADD COLUMN hold_back VARCHAR DEFAULT 'on Fridays';\n"
    #expect(try outcomes(try project(other)).holdBack == nil)
  }

  @Test func `files by cutoff say the same as a table, less what they lack`() throws {
    let fromTable = try outcomes(try project())
    let project = try project(score: "parquet: 'published {name}/[a] {cutoff}.parquet'")
    try project.makeFolder("published shop")
    let days = ["2024-07-31", "2024-08-31", "2024-09-30", "2024-10-31"]
    let copies = days.map {
      "COPY (SELECT * EXCLUDE (selected, model, channel) FROM published "
        + "WHERE cutoff_date = DATE '\($0)') TO 'published shop/[a] \($0).parquet';"
    }
    // A draft that was left is no list.
    let draft = "COPY published TO 'published shop/[a] 2024-09-30.parquet.17.tmp' (FORMAT parquet);"
    try publish(project, "", to: copies.joined(separator: "\n") + draft)
    let outcomes = try outcomes(project)
    #expect(outcomes.pooled.published.values == fromTable.pooled.published.values)
    #expect(outcomes.pooled.selected == nil && outcomes.groupings.isEmpty)
    #expect(outcomes.remarks == ["the lists have no column `channel` to group by"])
  }

  @Test func `a list whose rows were changed after it was written is refused`() throws {
    let project = try ScoringProject.make(
      score: ScoringProject.score.replacing("  table: lists_{name}\n", with: ""))
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let file = "lists/shop_\(ScoringProject.cutoff).parquet"
    let before = try project.holdout("outcomes", "shop")
    #expect(!before.refuses("H853"), "\(before)")
    // One score, and the file's own word of what it holds stays.
    let hash = try project.scalar(
      "SELECT decode(value) FROM parquet_kv_metadata('\(file)') WHERE decode(key) = 'holdout.rows'")
    let kept = try #require(hash)
    try project.write(
      "change.sql",
      "COPY (SELECT * REPLACE (CASE WHEN rank_global = 9 THEN score / 2 ELSE score END AS score) "
        + "FROM '\(file)') TO 'changed.parquet' (FORMAT parquet, "
        + "KV_METADATA {'holdout.file': 'yes', 'holdout.rows': '\(kept)'});")
    let changed = try project.shell(
      "\"$HOLDOUT\" sql change.sql && mv changed.parquet \(file)")
    #expect(changed.end == .exit(0), "\(changed)")
    let after = try project.holdout("outcomes", "shop")
    #expect(after.refuses("H853", "no longer has the rows that were written to it"), "\(after)")
  }

  @Test func `only the lists that were asked for are judged, as far as the data reach`() throws {
    let project = try project()
    let some = try outcomes(project, "--from", "2024-08-01", "--to", "2024-08-31")
    #expect(some.lists.map(\.cutoff) == ["2024-08-31"] && some.pending.isEmpty)
    #expect(
      some.pooled.published.values["wins"] == some.lists[0].figures.published.values["wins"])
    let earlier = try outcomes(project, "--data-through", "2024-11-30")
    #expect(earlier.lists.map(\.cutoff) == ["2024-07-31", "2024-08-31"])
    #expect(earlier.pending.map(\.matures) == ["2024-12-31", "2025-01-31"])
    let later = try project.holdout("outcomes", "shop", "--from", "2024-11-01")
    #expect(later.refuses("H851", "for cutoffs from 2024-11-01", "2024-07-31"), "\(later)")
    let none = try project.holdout("outcomes", "shop", "--data-through", "2024-10-30")
    #expect(none.refuses("H854", "2024-07-31", "2024-10-31", "2024-10-30"), "\(none)")
  }

  @Test func `lists of a model that knew what came after them are in no figure`() throws {
    let known = try outcomes(try project())
    #expect(known.hindsight.isEmpty)
    let project = try project()
    let id = try project.runId()
    // The champion has learned from what happened until the end of July; the last list is moved before that.
    try publish(
      project,
      """
      UPDATE published SET run_id = '\(id)';
      UPDATE published SET cutoff_date = DATE '2024-06-30' WHERE cutoff_date = DATE '2024-10-31';

      """)
    let outcomes = try outcomes(project)
    #expect(outcomes.lists.map(\.cutoff) == ["2024-07-31", "2024-08-31", "2024-09-30"])
    #expect(outcomes.lists.allSatisfy { $0.runIds == [id] })
    #expect(outcomes.hindsight.map(\.cutoff) == ["2024-06-30"])
    #expect(outcomes.hindsight.map(\.learnedThrough) == ["2024-07-31"])
    #expect(outcomes.pooled.published.values == known.pooled.published.values)
    let text = try project.holdout("outcomes", "shop").output
    #expect(text.contains("; 1 more made with hindsight\n"), "\(text)")
    let only = try project.holdout("outcomes", "shop", "--to", "2024-06-30")
    #expect(only.refuses("H856", "2024-06-30", id, "2024-07-31"), "\(only)")
  }

  @Test func `lists of a run whose record cannot be read are not trusted`() throws {
    let project = try project()
    let id = try project.runId()
    try publish(project, "UPDATE published SET run_id = '\(id)';\n")
    // Another run becomes the champion; the lists are of the one before, whose refit nobody verifies.
    try project.runs("model.params.num_leaves=4")
    let other = try #require(project.runIds().first { $0 != id })
    try PromoteCommandTests.promote(project, other)
    let file = "models/shop/versions/\(id)/run.json"
    let whole = try project.text(file)
    #expect(try project.holdout("outcomes", "shop").end == .exit(0))
    for text in ["{", whole + "\n"] {
      try project.write(file, text)
      let result = try project.holdout("outcomes", "shop")
      #expect(result.refuses("H856", "run \(id)", "run.json"), "\(result)")
      #expect(result.output.isEmpty, "\(result)")
    }
    try project.remove("\(file)")
    #expect(try project.holdout("outcomes", "shop").refuses("H856", "run \(id)"))
  }

  @Test func `accounts that were merged away are counted, those that left the cohort still win`()
    throws
  {
    let project = try project("COPY published TO 'published.parquet' (FORMAT parquet);\n")
    let before = try outcomes(project)
    // Two buyers of the list are set inactive for all time, and two accounts are merged into others.
    let buyers = try project.rows(
      cohort("2024-08-31", "id") + " WHERE listed AND won ORDER BY id LIMIT 2"
    ).map { "'\($0[0])'" }
    let merged = try project.rows(
      cohort("2024-08-31", "id") + " WHERE listed AND NOT won AND size > 50 ORDER BY id LIMIT 2"
    ).map { "'\($0[0])'" }
    try #require(buyers.count == 2 && merged.count == 2)
    try project.changeData(
      """
      UPDATE history SET is_active = false WHERE id IN (\(buyers.joined(separator: ", ")));
      DELETE FROM customers WHERE id IN (\(merged.joined(separator: ", ")));
      DELETE FROM history WHERE id IN (\(merged.joined(separator: ", ")));
      DELETE FROM visits WHERE id IN (\(merged.joined(separator: ", ")));

      """)
    // The shop's database was made again; the list is as it was published.
    let archive = "CREATE OR REPLACE TABLE published AS FROM 'published.parquet';\n"
    try publish(project, archive, to: Self.table)
    let after = try outcomes(project)
    let august = try #require(after.lists.first { $0.cutoff == "2024-08-31" })
    let was = try #require(before.lists.first { $0.cutoff == "2024-08-31" })
    #expect(august.unmatched == 2 && august.departed == 2 && august.departedWins == 2)
    #expect(
      august.figures.published.values["wins"] == was.figures.published.values["wins"])
    #expect(
      august.figures.published.values["capture"] == was.figures.published.values["capture"])
    #expect(
      august.figures.published.values["rows"]
        == (was.figures.published.values["rows"] ?? 0) - 2)
    let text = try project.holdout("outcomes", "shop").output
    let unmatched = after.lists.reduce(0) { $0 + $1.unmatched }
    #expect(
      text.contains(
        "note: \(unmatched) published rows belong to accounts that are no longer in the data"))
  }

  @Test func `scores that promised too much are told, and fail where that is asked`() throws {
    let project = try project("UPDATE published SET score = 0.9;\n")
    let outcomes = try outcomes(project)
    #expect(!outcomes.pooled.published.asExpected)
    let text = try project.holdout("outcomes", "shop", "--fail-on-miscalibration")
    #expect(text.end == .exit(1), "\(text)")
    #expect(text.output.contains("\n!! not as expected: "))
    #expect(text.output.contains(": they are too high\n"))
    #expect(try project.holdout("outcomes", "shop").end == .exit(0))
  }

  @Test func `few buyers are insufficient evidence`() throws {
    let project = try project("DELETE FROM published WHERE rank_global > 12;\n")
    let text = try project.holdout("outcomes", "shop").output
    #expect(text.contains("\n!! insufficient evidence: "), "\(text)")
    #expect(try outcomes(project).pooled.published.sufficientEvidence == false)
  }

  @Test func `a spec that has changed since the promotion is not read`() throws {
    let project = try project()
    try project.write(
      "experiments/shop.yaml",
      Shop.spec.replacing("horizon: 3 months", with: "horizon: 1 month")
        + "score: {table: 'lists_{name}'}\n")
    // The promoted spec publishes nothing.
    #expect(try project.holdout("outcomes", "shop").refuses("H850"))
    #expect(try project.holdout("outcomes", "nobody").refuses("H605", "`nobody`"))
  }

  @Test(arguments: [
    ("UPDATE published SET score = 1.5 WHERE rank_global = 3;", "4 rows have a `score`"),
    (
      "UPDATE published SET customer_id = NULL WHERE rank_global = 3;",
      "4 rows have no `customer_id`"
    ),
    (
      "INSERT INTO published FROM published WHERE rank_global = 3 AND run_id = 'run-8';",
      "1 account appears twice in a list: `2024-08-31: C"
    ),
    ("ALTER TABLE published DROP rank_global;", "it has no column `rank_global`"),
  ])
  func `rows that are no list are refused`(_ change: String, _ words: String) throws {
    let project = try project(change + "\n")
    let result = try project.holdout("outcomes", "shop")
    #expect(result.refuses("H853", words), "\(result)")
  }
}
