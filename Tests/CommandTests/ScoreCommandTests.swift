import Foundation
import HoldoutTestSupport
import Testing

/// `holdout score`: the champion's list of a day, in its table and its file.
@Suite struct ScoreCommandTests {
  private static let file = "lists/shop_\(ScoringProject.cutoff).parquet"

  @Test func `table and file hold the same list, in the layout that the spec asks for`() throws {
    let project = try ScoringProject.make()
    let result = try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    #expect(result.output.contains("lists_shop (made)"), "\(result)")
    let columns = try project.rows("DESCRIBE FROM '\(Self.file)'").map { "\($0[0]) \($0[1])" }
    #expect(
      columns == [
        "id VARCHAR", "cutoff_date DATE", "score DOUBLE", "rank_global INTEGER",
        "rank_region INTEGER", "region VARCHAR", "channel VARCHAR", "size DOUBLE",
        "age_days INTEGER", "amount DOUBLE", "reason_1 VARCHAR", "reason_2 VARCHAR",
        "margin DOUBLE", "run_id VARCHAR", "scored_at TIMESTAMP WITH TIME ZONE",
        "model VARCHAR",
      ])
    let rows = try project.rows("FROM '\(Self.file)'")
    #expect(rows.count > 300)
    // Rows stand in the order of their rank, which is that of falling margins, then keys.
    #expect(rows.map { $0[3] } == (1...rows.count).map(String.init))
    let order = try project.rows("SELECT id FROM '\(Self.file)' ORDER BY margin DESC, id")
    #expect(rows.map { $0[0] } == order.map { $0[0] })
    let wrong = try project.scalar(
      """
      SELECT count(*) FROM (SELECT rank_region,
        row_number() OVER (PARTITION BY region ORDER BY rank_global) AS own FROM '\(Self.file)')
      WHERE rank_region <> own
      """)
    #expect(wrong == "0")
    #expect(try ScoringProject.table(project, "FROM lists ORDER BY rank_global") == rows)
    #expect(rows.allSatisfy { !$0[10].contains("visits_") && !$0[11].contains("visits_") })
    #expect(rows.contains { $0[10].contains(" people work there [size=") })
  }

  @Test func `scoring a cutoff again replaces its rows and no others`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", "2024-06-30")
    let before = try ScoringProject.table(project)
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let again = try ScoringProject.score(
      project, "--cutoff", ScoringProject.cutoff, "--top-k", "5")
    #expect(again.output.contains("rows replaced"), "\(again)")
    let lists = try ScoringProject.table(
      project, "SELECT cutoff_date, count(*) FROM lists GROUP BY 1 ORDER BY 1")
    #expect(lists == [["2024-06-30", "\(before.count)"], [ScoringProject.cutoff, "20"]])
    let kept = try ScoringProject.table(project, "FROM lists WHERE cutoff_date = '2024-06-30'")
    #expect(Set(kept) == Set(before))
  }

  @Test func `the best of each group are published with the ranks that they have among all`() throws
  {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let all = try project.rows(
      "SELECT * EXCLUDE scored_at FROM '\(Self.file)' WHERE rank_region <= 7")
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--top-k", "7")
    #expect(try project.rows("SELECT * EXCLUDE scored_at FROM '\(Self.file)'") == all)
  }

  @Test func `a dry run writes nothing and tells what would change`() throws {
    let project = try ScoringProject.make()
    let first = try ScoringProject.score(
      project, "--cutoff", ScoringProject.cutoff, "--dry-run")
    #expect(first.output.contains("nothing was written"), "\(first)")
    #expect(!project.exists("lists"))
    try ScoringProject.score(project, "--cutoff", "2024-06-30", "--top-k", "5")
    let before = project.contents(of: "lists")
    let second = try ScoringProject.score(
      project, "--cutoff", ScoringProject.cutoff, "--top-k", "5", "--dry-run")
    #expect(second.output.contains("since the list of 2024-06-30"), "\(second)")
    #expect(second.output.contains("entered"))
    #expect(project.contents(of: "lists") == before)
  }

  @Test
  func `a hold-back leaves rows alone, the same ones on every list, and the places to others`()
    throws
  {
    let capacity = "capacity: {rows: 60, hold_back: 20 %}\n"
    let project = try ScoringProject.make(capacity)
    let result = try ScoringProject.score(project, "--cutoff", "2024-06-30", "--top-k", "2")
    #expect(result.output.contains(" of the 60 rows that would be selected, "), "\(result)")
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let counts = try ScoringProject.table(
      project,
      """
      SELECT count_if(selected), count_if(hold_back IN ('held_back', 'compared')),
        count_if(hold_back IN ('held_back', 'reserve') AND selected),
        count_if(hold_back = 'held_back') = count_if(hold_back = 'replacement'),
        count_if(hold_back = 'held_back') BETWEEN 3 AND 25
      FROM lists GROUP BY cutoff_date
      """)
    #expect(counts == Array(repeating: ["60", "60", "0", "true", "true"], count: 2), "\(counts)")
    let changed = try ScoringProject.table(
      project,
      """
      SELECT count_if((now.hold_back IN ('held_back', 'reserve'))
        <> (last.hold_back IN ('held_back', 'reserve'))), count(*) > 5
      FROM lists AS now JOIN lists AS last USING (id)
      WHERE now.cutoff_date > last.cutoff_date AND now.hold_back NOT NULL
        AND last.hold_back NOT NULL
      """)
    #expect(changed == [["0", "true"]])
    let outcomes = try project.holdout("outcomes", "shop", "--format", "json")
    #expect(!outcomes.refuses("H685") && !outcomes.refuses("H686"), "\(outcomes)")
  }

  @Test func `without a hold-back no list has its column`() throws {
    let project = try ScoringProject.make("capacity: {rows: 60}\n")
    let result = try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    #expect(!result.output.contains("held back"), "\(result)")
    let columns = try ScoringProject.table(
      project, "SELECT count(*) FROM parquet_schema('table.parquet') WHERE name = 'hold_back'")
    #expect(columns == [["0"]])
  }

  @Test func `a capacity says of every row why it is on the call list or not`() throws {
    let project = try ScoringProject.make(
      """
      capacity: {per: region, rows: 10, groups: {West: 3}, total: 25, cool_down: 40 days}

      """)
    let result = try ScoringProject.score(project, "--cutoff", "2024-06-30", "--top-k", "20")
    #expect(result.output.contains("expected"), "\(result)")
    let selected = try ScoringProject.table(
      project, "SELECT region, count(*) FROM lists WHERE selected GROUP BY 1 ORDER BY 1")
    #expect(selected.map { $0[1] }.compactMap(Int.init).reduce(0, +) == 25, "\(selected)")
    #expect(selected.allSatisfy { Int($0[1]) ?? 99 <= ($0[0] == "West" ? 3 : 10) }, "\(selected)")
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--top-k", "20")
    let both = try ScoringProject.table(
      project,
      """
      SELECT count(*) FROM lists AS now JOIN lists AS last USING (id)
      WHERE now.cutoff_date = '2024-07-31' AND last.cutoff_date = '2024-06-30'
        AND now.selected AND last.selected
      """)
    #expect(both == [["0"]], "who was called 31 days ago cools down for 40")
    let silent = try ScoringProject.table(
      project, "SELECT count(*) FROM lists WHERE selected_because IS NULL")
    #expect(silent == [["0"]])
    // Who is on the call list is published, whatever the number of rows asked for.
    try ScoringProject.score(project, "--cutoff", "2024-06-30", "--top-k", "2")
    let all = try ScoringProject.table(
      project,
      """
      SELECT count(*) FILTER (WHERE selected), count(*) FILTER (WHERE selected AND rank_region > 2),
        count(*) FILTER (WHERE NOT selected AND rank_region > 2)
      FROM lists WHERE cutoff_date = '2024-06-30'
      """)
    #expect(all[0][0] == "25" && all[0][1] != "0" && all[0][2] == "0", "\(all)")
  }

  @Test func `backfill makes the lists of past weeks, and tells what the model knew already`()
    throws
  {
    let project = try ScoringProject.make()
    let result = try project.holdout(
      "backfill", "shop", "--from", "2024-06-30", "--to", "2024-07-21", "--top-k", "3",
      "--allow-silent-sources")
    #expect(result.end == .exit(0), "\(result)")
    let lists = try ScoringProject.table(
      project, "SELECT DISTINCT cutoff_date FROM lists ORDER BY 1")
    #expect(lists.map { $0[0] } == ["2024-06-30", "2024-07-07", "2024-07-14", "2024-07-21"])
    #expect(result.findings.map(\.id).contains("H823") == true, "\(result)")
  }

  @Test func `what cannot be scored is told and changes nothing`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", "2024-06-30")
    let before = project.contents(of: "lists")
    let table = try project.data("data/shop.duckdb")
    func refused(_ id: String, _ words: String..., arguments: [String] = []) throws {
      let result = try Program.run(
        ["score", "shop", "--cutoff", "2024-06-30", "--allow-silent-sources"] + arguments,
        in: project.folder)
      #expect(result.end == .exit(2), "\(result)")
      #expect(result.findings.map(\.id).contains(id), "\(id): \(result)")
      for word in words { #expect(result.errors.contains(word), "\(word): \(result)") }
      #expect(project.contents(of: "lists") == before)
    }
    // A spec that was changed since the promotion.
    let spec = try project.text("experiments/shop.yaml")
    try project.write(
      "experiments/shop.yaml", spec.replacing("num_leaves: 7", with: "num_leaves: 8"))
    try refused("H813", "model.params.num_leaves: 7 | 8")
    try project.write("experiments/shop.yaml", spec)
    // An empty cohort.
    try refused("H814", arguments: ["--cutoff", "2019-12-31"])
    // A day that nobody has observed.
    try refused("H821", arguments: ["--cutoff", "2025-01-01"])
    // A source that ends too early.
    try project.write(
      "experiments/shop.yaml",
      spec.replacing(
        "parquet: data/history.parquet",
        with: "parquet: data/history.parquet\n    data_through: 2024-05-31"))
    try refused("H810", "`history` ends on 2024-05-31")
    try project.write("experiments/shop.yaml", spec)
    // A column that is gone.
    let history = try project.data("data/history.parquet")
    _ = try project.shell(
      """
      echo "COPY (SELECT * EXCLUDE region FROM 'data/history.parquet') TO 'data/new.parquet';" > q.sql
      "$HOLDOUT" sql q.sql && mv data/new.parquet data/history.parquet
      """)
    try refused("H314", "`region`")
    // A history that was begun again.
    try history.write(to: URL(filePath: "\(project.folder)/data/history.parquet"))
    _ = try project.shell(
      """
      echo "COPY (SELECT * REPLACE (greatest(valid_from, DATE '2024-06-10') AS valid_from)
        FROM 'data/history.parquet' WHERE valid_to IS NULL OR valid_to > DATE '2024-06-10')
        TO 'data/new.parquet';" > q.sql
      "$HOLDOUT" sql q.sql && mv data/new.parquet data/history.parquet
      """)
    try refused("H829", "`history` starts on 2024-06-10, after the last day of the model's")
    try history.write(to: URL(filePath: "\(project.folder)/data/history.parquet"))
    // A model that is not the one promoted.
    let model = "models/shop/versions/\(try project.runId())/model.txt"
    let whole = try project.data(model)
    try (whole + Data("\n".utf8)).write(to: URL(filePath: "\(project.folder)/\(model)"))
    try refused("H632", "model.txt")
    try whole.write(to: URL(filePath: "\(project.folder)/\(model)"))
    #expect(try project.data("data/shop.duckdb") == table)
    try ScoringProject.score(project, "--cutoff", "2024-06-30")
  }

  @Test func `a level that the model has never seen stops the list unless the spec takes it`()
    throws
  {
    let project = try ScoringProject.make()
    try project.changeData("UPDATE history SET region = 'Mars' WHERE id < 'C0100';")
    let refused = try project.holdout(
      "score", "shop", "--cutoff", ScoringProject.cutoff, "--allow-silent-sources")
    #expect(refused.refuses("H822", "`Mars`"), "\(refused)")
    #expect(!project.exists("lists"))
    let spec = try project.text("experiments/shop.yaml")
    try project.write(
      "experiments/shop.yaml", spec.replacing("reasons: 2", with: "reasons: 2\n  new_levels: other")
    )
    let taken = try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    #expect(taken.findings.map(\.id).contains("H822"), "\(taken)")
  }

  @Test func `a source that has fallen silent stops the list`() throws {
    let project = try ScoringProject.make()
    let result = try project.holdout("score", "shop")
    // New customers end months before the last observed day.
    #expect(result.refuses("H811", "`customers`"), "\(result)")
    #expect(!project.exists("lists"))
  }
}
