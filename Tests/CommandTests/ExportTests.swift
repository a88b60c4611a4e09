import Foundation
import HoldoutTestSupport
import Testing

/// What is exported is what is meant: types, moments, levels and cells.
@Suite struct ExportTests {
  // MARK: - Lists

  private static let score = """
    score:
      table: lists_{name}
      parquet: lists/{name}_{cutoff}.parquet
      key: id
      columns:
        - region
        - since: customers.created_on
        - staff: customers.size
        - active: history.is_active
        - licence: customers.first_licence

    """
  private static let published =
    "column_name IN ('since', 'staff', 'active', 'licence', 'scored_at')"

  @Test func `published columns of sources have the types that the sources declare`() throws {
    let project = try ScoringProject.make(score: Self.score)
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let file = "lists/shop_\(ScoringProject.cutoff).parquet"
    let types = [
      ["since", "DATE"], ["staff", "BIGINT"], ["active", "BOOLEAN"], ["licence", "DATE"],
      ["scored_at", "TIMESTAMP WITH TIME ZONE"],
    ]
    for table in [file, "table.parquet"] {
      if table != file { _ = try ScoringProject.table(project) }
      let found = try project.rows(
        "SELECT column_name, column_type FROM (DESCRIBE FROM '\(table)') WHERE \(Self.published)")
      #expect(found == types, "\(table)")
    }
    let moment = try project.scalar(
      "SELECT logical_type FROM parquet_schema('\(file)') WHERE name = 'scored_at'")
    #expect(moment?.contains("isAdjustedToUTC=1") == true || moment?.contains("true") == true)
    // The values are those of the sources, and no licence of later is among them.
    let wrong = try project.scalar(
      """
      SELECT count(*) FROM '\(file)' AS list JOIN 'data/customers.parquet' AS c USING (id)
      WHERE since <> created_on OR staff <> c.size OR NOT active OR licence IS NOT NULL
      """)
    #expect(wrong == "0")
  }

  @Test func `a table whose columns are text takes them as text`() throws {
    let project = try ScoringProject.make(score: Self.score)
    try ScoringProject.score(project, "--cutoff", "2024-06-30")
    _ = try project.shell(
      """
      echo "ATTACH 'data/shop.duckdb' AS shop;
        ALTER TABLE shop.lists_shop ALTER since TYPE VARCHAR;
        ALTER TABLE shop.lists_shop ALTER active TYPE VARCHAR;
        ALTER TABLE shop.lists_shop ALTER scored_at TYPE TIMESTAMP;" > old.sql
      "$HOLDOUT" sql old.sql
      """)
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff)
    let rows = try ScoringProject.table(
      project,
      """
      SELECT count(DISTINCT cutoff_date), bool_and(regexp_matches(since, '^[0-9-]{10}$')),
        bool_and(active = 'true'), any_value(typeof(scored_at)) FROM lists
      """)
    #expect(rows == [["2", "true", "true", "TIMESTAMP"]])
  }

  @Test func `keys of an exclusion file that match no entity are counted with their causes`() throws
  {
    let project = try ScoringProject.make("capacity: {rows: 20, exclude: [never.csv]}\n")
    try project.write(
      "never.csv", "C0001\nc0002\nC0003\u{200B}\nC0004\t\nC0005\u{0}\nC6\nelsewhere\n")
    let result = try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--dry-run")
    #expect(result.findings.map(\.id).contains("H857"), "\(result)")
    for words in [
      "5 of the 7 keys of `never.csv` belong to no entity",
      #"2 differ from an entity's key only in spaces or invisible characters: `C0003\u{200B}` and `C0003`"#,
      "1 differs from an entity's key only in upper and lower case: `c0002` and `C0002`",
      "1 differs from an entity's key only in leading zeros: `C6` and `C0006`",
    ] {
      #expect(result.errors.contains(words), "\(result)")
    }
  }

  // MARK: - Panels

  @Test func `a panel has the levels that the learner tells apart`() throws {
    let project = try TestProject()
    // One level of each feature is rarer than the others, and the missing one is kept.
    let channels = try rarest("channel", of: project)
    let regions = try rarest("region", of: project)
    try project.writeSpec([
      "{category: customers.channel, missing: none}":
        "{category: customers.channel, missing: none, min_frequency: \(channels + 1)}",
      "{category: history.region}":
        "{category: history.region, missing: away, min_frequency: \(regions + 1)}",
    ])
    try #require(try project.holdout("run", "shop.yaml").end == .exit(0))
    struct Levels: Decodable {
      let levels: [String]
      let codes: [Int]
      let otherCode: Int
      let missingCode: Int
    }
    let file = "results/shop/runs/\(try project.runId())/category_levels.json"
    let known = try JSONDecoder().decode([String: Levels].self, from: try project.data(file))
    for (name, arguments) in [("learner", []), ("raw", ["--levels", "raw"])] {
      let result = try Program.run(
        ["panel", "shop.yaml", "--out", "\(name).parquet"] + arguments, in: project.folder)
      try #require(result.end == .exit(0), "\(result)")
    }
    for feature in ["channel", "region"] {
      let levels = try #require(known[feature])
      #expect(levels.codes == Array(1...levels.levels.count) && levels.otherCode == 0)
      func counts(_ panel: String) throws -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for row in try project.rows(
          "SELECT \(feature), count(*) FROM '\(panel).parquet' GROUP BY 1")
        {
          let place = levels.levels.firstIndex(of: row[0])
          let code = row[0] == "-" ? levels.missingCode : place.map { levels.codes[$0] } ?? 0
          counts[code, default: 0] += Int(row[1]) ?? 0
        }
        return counts
      }
      #expect(try counts("learner") == counts("raw"), "\(feature)")
      let texts = try project.rows("SELECT DISTINCT \(feature) FROM 'learner.parquet' ORDER BY 1")
      let hasOther = try counts("learner")[0] != nil
      #expect(
        Set(texts.map { $0[0] }) == Set(levels.levels + (hasOther ? ["other"] : [])), "\(texts)")
    }
    let rare = try project.scalar("SELECT count(*) FROM 'learner.parquet' WHERE region = 'other'")
    #expect(rare != "0")
  }

  @Test func `a level called other is not that of the rare ones`() throws {
    let project = try TestProject()
    try project.changeData("UPDATE customers SET channel = 'other' WHERE channel = 'web';")
    let rarest = try rarest("channel", of: project)
    try project.writeSpec(["missing: none}": "missing: none, min_frequency: \(rarest + 1)}"])
    try #require(try project.holdout("panel", "shop.yaml", "--out", "p.parquet").end == .exit(0))
    let texts = try project.rows("SELECT DISTINCT channel FROM 'p.parquet'").map { $0[0] }
    // Where the level called other is kept, the rare ones have another name.
    let isKept = texts.contains("(other)")
    let isRare = rarest == (try own("other", of: project))
    #expect(texts.contains("other") && isKept != isRare, "\(texts)")
  }

  private func own(_ channel: String, of project: TestProject) throws -> Int? {
    try project.scalar(
      "SELECT count(*) FROM 'raw.parquet' WHERE role = 'train' AND channel = '\(channel)'"
    ).flatMap { Int($0) }
  }

  /// The number of train rows of a category's rarest level.
  private func rarest(_ feature: String, of project: TestProject) throws -> Int {
    let result = try project.holdout(
      "panel", "shop.yaml", "--out", "raw.parquet", "--levels", "raw")
    try #require(result.end == .exit(0), "\(result)")
    let count = try project.scalar(
      "SELECT count(*) FROM 'raw.parquet' WHERE role = 'train' AND \(feature) IS NOT NULL "
        + "GROUP BY \(feature) ORDER BY 1 LIMIT 1")
    return Int(count ?? "") ?? 0
  }

  @Test func `a CSV file has numbers as numbers and no formula`() throws {
    let project = try TestProject()
    try project.changeData(
      #"""
      UPDATE customers SET channel = CASE id[-1] WHEN '1' THEN '=1+1' WHEN '2' THEN '+49'
        WHEN '3' THEN '-2+3' WHEN '4' THEN '@sum(a1)' WHEN '5' THEN chr(9) || '=1' ELSE channel END;
      """#)
    for name in ["panel.csv", "PANEL.CSV"] {
      let result = try project.holdout("panel", "shop.yaml", "--out", name)
      try #require(result.end == .exit(0), "\(result)")
    }
    let text = try project.text("panel.csv")
    #expect(text.hasPrefix("key,cutoff,role,label,age_days,"))
    #expect(try project.text("PANEL.CSV") == text)
    #expect(!text.contains(#/(^|[,"\n])[=+@\t]/#), "a cell begins like a formula")
    for cell in ["'=1+1", "'+49", "'-2+3", "'@sum(a1)"] { #expect(text.contains(",\(cell),")) }
    try #require(try project.holdout("panel", "shop.yaml", "--out", "p.parquet").end == .exit(0))
    let different = try project.scalar(
      """
      SELECT count(*) FROM (SELECT key, cutoff, CAST(label AS BIGINT), age_days, amount
        FROM 'p.parquet' EXCEPT SELECT key, cutoff, label, age_days, amount FROM 'panel.csv')
      """)
    #expect(different == "0")
  }

  @Test(arguments: ["panel", "panel.txt", "panel.xlsx", "panel.parquet.gz", "data/panel.csv.bak"])
  func `another suffix is refused and nothing is written`(_ name: String) throws {
    let project = try TestProject()
    let before = project.contents(of: ".")
    let result = try project.holdout("panel", "shop.yaml", "--out", name)
    #expect(result.refuses("H395", "`\(name)`", "`.parquet`", "`.csv`"), "\(result)")
    #expect(project.contents(of: ".") == before)
  }
}
