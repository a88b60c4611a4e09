import Foundation
import HoldoutTestSupport
import Testing

/// What rows of a source mean, and whom they are of: warnings with numbers, and none for honest data.
@Suite struct SourceMeaningTests {
  /// Checks the shop's spec after a change of its data and its words.
  private func check(
    _ sql: String, _ spec: [String: String] = [:], command: String = "check"
  ) throws -> ProgramResult {
    let project = try TestProject()
    if !sql.isEmpty { try project.changeData(sql) }
    try project.writeSpec(spec)
    return try project.holdout(command, "shop.yaml")
  }

  @Test func `honest data have no warnings`() throws {
    let result = try check("")
    #expect(result.end == .exit(0) && result.findings.isEmpty, "\(result)")
  }

  // MARK: - Keys

  struct Form: CustomTestStringConvertible, Sendable {
    let sql: String
    let words: String
    var testDescription: String { words }
  }

  @Test(arguments: [
    Form(sql: "' c-' || substr(id, 2)", words: "only in format, in more than one way"),
    Form(sql: "lower(id)", words: "only in upper and lower case"),
    Form(
      sql: "id || chr(8203)", words: #"\u{200B}` and `C"#),
    Form(sql: "id || chr(9)", words: #"\u{9}` and `C"#),
    Form(sql: "substr(id, 2)", words: "only in the text around the number: `"),
    Form(sql: "'C-' || substr(id, 2)", words: "only in punctuation"),
    Form(sql: "'C' || ltrim(substr(id, 2), '0')", words: "only in leading zeros"),
  ])
  func `a source whose keys are written another way`(_ form: Form) throws {
    let result = try check("UPDATE visits SET id = \(form.sql);")
    #expect(result.end == .exit(0))
    #expect(result.findings.map(\.id) == ["H392"], "\(result)")
    #expect(result.underlined == ["id"])
    #expect(
      result.errors.contains("no row of `visits` belongs to an entity")
        || result.errors.contains("of 7,881 rows of `visits` (65.0 %) belong to no entity"),
      "\(result)")
    #expect(result.errors.contains(form.words), "\(result)")
  }

  @Test func `every command that reads the source warns`() throws {
    let project = try TestProject()
    try project.changeData("UPDATE visits SET id = lower(id);")
    for arguments in [["plan"], ["run"], ["panel", "--out", "panel.parquet"]] {
      let result = try Program.run(
        [arguments[0], "shop.yaml"] + arguments.dropFirst(), in: project.folder)
      #expect(result.end == .exit(0), "\(result)")
      // A run's summary has its warnings.
      #expect((result.errors + result.output).contains("H392"), "\(result)")
    }
  }

  @Test func `more than a tenth of the rows, and not less`() throws {
    let few = try check("UPDATE visits SET id = 'gone' WHERE hash(id) % 20 = 0;")
    #expect(few.findings.isEmpty, "\(few)")
    let many = try check("UPDATE visits SET id = 'gone' WHERE hash(id) % 5 = 0;")
    #expect(many.findings.map(\.id) == ["H392"], "\(many)")
    #expect(many.errors.contains("keys of `visits` without an entity: `gone`"))
  }

  @Test func `keys with a fixed count of decimals are the whole numbers that they are`() throws {
    let project = try TestProject()
    try project.changeData(
      """
      UPDATE customers SET id = CAST(CAST(substr(id, 2) AS INTEGER) AS VARCHAR);
      UPDATE history SET id = CAST(CAST(substr(id, 2) AS INTEGER) AS VARCHAR);
      ALTER TABLE visits ALTER id TYPE DECIMAL(18, 2) USING CAST(substr(id, 2) AS DECIMAL(18, 2));
      """)
    let result = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    #expect(result.end == .exit(0) && result.findings.isEmpty, "\(result)")
    #expect(try project.scalar("SELECT sum(visits_all) > 0 FROM 'panel.parquet'") == "true")
  }

  @Test func `keys that a floating-point column rounds are refused`() throws {
    let result = try check(
      """
      ALTER TABLE visits ALTER id TYPE DOUBLE
        USING 9007199254740990 + CAST(substr(id, 2) AS INTEGER);
      """)
    #expect(result.refuses("H394", "a key that `DOUBLE` cannot hold exactly", "2^53"), "\(result)")
  }

  // MARK: - Days

  struct Placeholder: CustomTestStringConvertible, Sendable {
    let sql: String
    let words: [String]
    var testDescription: String { sql }
  }

  @Test(arguments: [
    Placeholder(
      sql: "UPDATE customers SET first_licence = DATE '1900-01-01' WHERE id < 'C0010' "
        + "AND first_licence IS NULL;",
      words: ["`first_licence` of `customers` are 1900-01-01", "more than ten years later"]),
    Placeholder(
      sql: "UPDATE customers SET first_licence = DATE '1970-01-01' WHERE id = 'C0003';",
      words: ["`first_licence` of `customers` is 1970-01-01", "programs often write this day"]),
    Placeholder(
      sql: "UPDATE customers SET first_licence = DATE '2001-09-09' WHERE id < 'C0040' "
        + "AND first_licence IS NULL;",
      words: ["are 2001-09-09", "the nearest other day is 2020-"]),
    Placeholder(
      sql: "UPDATE customers SET first_licence = DATE '2021-01-01' WHERE first_licence IS NULL;",
      words: ["are 2021-01-01", "no other day has more than"]),
    Placeholder(
      sql: "UPDATE visits SET visited_on = DATE '1900-01-01' WHERE hash(id) % 90 = 0;",
      words: ["`visited_on` of `visits` are 1900-01-01"]),
    Placeholder(
      sql: "UPDATE customers SET created_on = DATE '1970-01-01' WHERE id IN ('C0007', 'C0009');",
      words: ["2 of the 1,500 days in `created_on` of `customers` are 1970-01-01"]),
  ])
  func `a day that stands for none`(_ placeholder: Placeholder) throws {
    let result = try check(placeholder.sql)
    #expect(result.end == .exit(0))
    #expect(result.findings.map(\.id).contains("H443"), "\(result)")
    #expect(placeholder.words.allSatisfy(result.errors.contains), "\(result)")
  }

  @Test(arguments: [
    // Customers taken over from an older system in one night.
    "UPDATE customers SET created_on = DATE '2022-03-01' WHERE hash(id) % 3 = 0 "
      + "AND created_on < DATE '2022-03-01' AND (first_licence IS NULL OR first_licence > "
      + "DATE '2022-03-01');",
    // A history that began on one day, and ends never.
    "UPDATE history SET valid_from = DATE '1900-01-01' WHERE valid_to IS NOT NULL; "
      + "UPDATE history SET valid_to = DATE '9999-12-31' WHERE valid_to IS NULL;",
    // A mailing to everybody.
    "INSERT INTO visits SELECT id, 'demo', 1, DATE '2024-02-14', DATE '2024-02-14' FROM customers "
      + "WHERE created_on < DATE '2024-01-01';",
    // One old customer.
    "UPDATE customers SET created_on = DATE '1987-06-05' WHERE id = 'C0001';",
  ])
  func `honest days are not taken for placeholders`(_ sql: String) throws {
    let result = try check(sql)
    #expect(!result.findings.contains { $0.id == "H443" }, "\(result)")
  }

  // MARK: - Versions

  private static let lastDays = "UPDATE history SET valid_to = valid_to - 1;"

  @Test func `versions that end on their last day are found, and read as they are meant`() throws {
    let project = try TestProject()
    let region = "SELECT key, cutoff, region FROM 'panel.parquet' ORDER BY 1, 2"
    func panel() throws -> (ProgramResult, [[String]]) {
      let result = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
      try #require(result.end == .exit(0), "\(result)")
      return (result, try project.rows(region))
    }
    let wanted = try panel().1
    try project.changeData(Self.lastDays)
    let (warned, holes) = try panel()
    #expect(warned.findings.map(\.id) == ["H444"], "\(warned)")
    #expect(warned.errors.contains("1,500 of 1,500 versions of `history` end one day before"))
    #expect(warned.errors.contains("write `valid_to: {column: valid_to, inclusive: true}`"))
    #expect(holes != wanted)
    try project.writeSpec([
      "valid_to: valid_to": "valid_to: {column: valid_to, inclusive: true}"
    ])
    let (clean, meant) = try panel()
    #expect(clean.findings.isEmpty, "\(clean)")
    #expect(meant == wanted)
  }

  @Test func `an audit of inclusive ends finds no look into the future`() throws {
    let project = try TestProject()
    try project.changeData(Self.lastDays)
    let holes = try project.holdout("audit", "shop.yaml")
    #expect(holes.output.contains("\nFAIL  source_meaning  ("), "\(holes)")
    #expect(holes.output.contains("H444: "))
    try project.writeSpec([
      "valid_to: valid_to": "valid_to: {column: valid_to, inclusive: true}"
    ])
    let result = try project.holdout("audit", "shop.yaml")
    for check in ["future_poison", "future_delete", "source_meaning"] {
      #expect(result.output.contains("\npass  \(check)  ("), "\(result)")
    }
  }

  @Test func `versions declared to end on their last day that do not overlap`() throws {
    let result = try check(
      "", ["valid_to: valid_to": "valid_to: {column: valid_to, inclusive: true}"])
    #expect(result.refuses("H319", "overlap"), "\(result)")
  }

  @Test func `few holes of one day are no pattern`() throws {
    let result = try check(
      "UPDATE history SET valid_to = valid_to - 1 WHERE hash(id) % 100 = 0;")
    #expect(result.findings.isEmpty, "\(result)")
  }

  // MARK: - Files

  @Test(arguments: ["parquet", "csv", "json"])
  func `exports that overlap are counted with their files`(_ format: String) throws {
    let project = try TestProject()
    try project.changeData(
      """
      COPY (FROM visits WHERE visited_on < DATE '2023-03-01') TO 'data/part_1.\(format)';
      COPY (FROM visits WHERE visited_on >= DATE '2023-02-20') TO 'data/part_2.\(format)';
      """)
    let rows = try project.scalar(
      "SELECT count(*) FROM 'data/visits.parquet' WHERE visited_on BETWEEN '2023-02-20' AND '2023-02-28'"
    )
    try project.writeSpec(["parquet: data/visits.parquet": "\(format): data/part_*.\(format)"])
    let result = try project.holdout("check", "shop.yaml")
    #expect(result.end == .exit(0) && result.findings.map(\.id) == ["H393"], "\(result)")
    #expect(result.errors.contains("\(rows ?? "-") rows of `visits` are in two of its files"))
    #expect(result.errors.contains("`part_1.\(format)` and `part_2.\(format)`"))
  }

  @Test(arguments: [
    // Months, each in a file of its own.
    """
    COPY (FROM visits WHERE visited_on < DATE '2023-03-01') TO 'data/part_1.parquet';
    COPY (FROM visits WHERE visited_on >= DATE '2023-03-01') TO 'data/part_2.parquet';
    """,
    // Two systems with rows that say little: some are equal by chance.
    """
    COPY (SELECT DISTINCT id, kind, CAST(NULL AS DOUBLE) AS amount, visited_on, visited_on AS noted_on
      FROM visits) TO 'data/part_1.parquet';
    COPY (SELECT DISTINCT id, kind, CAST(NULL AS DOUBLE) AS amount,
      visited_on + CAST(hash(id, visited_on) % 20 AS INTEGER) AS visited_on, visited_on AS noted_on
      FROM visits WHERE visited_on < DATE '2024-12-01') TO 'data/part_2.parquet';
    """,
    // The same visit written down twice in one file.
    """
    COPY (FROM visits WHERE visited_on < DATE '2023-03-01' UNION ALL FROM visits WHERE id < 'C0300'
      AND visited_on < DATE '2023-03-01') TO 'data/part_1.parquet';
    COPY (FROM visits WHERE visited_on >= DATE '2023-03-01') TO 'data/part_2.parquet';
    """,
  ])
  func `files of honest rows are taken as they are`(_ sql: String) throws {
    let result = try check(
      sql, ["parquet: data/visits.parquet": "parquet: data/part_*.parquet"])
    #expect(result.end == .exit(0) && result.findings.isEmpty, "\(result)")
  }

  // MARK: - Types and values

  @Test(arguments: [
    ("VARCHAR[] USING [kind]", "contains lists"),
    ("STRUCT(a VARCHAR) USING {'a': kind}", "structures"),
    ("MAP(VARCHAR, VARCHAR) USING map(['a'], [kind])", "contains maps"),
  ])
  func `a column of several values is refused`(_ type: String, _ words: String) throws {
    let result = try check("ALTER TABLE visits ALTER kind TYPE \(type);")
    #expect(result.refuses("H390", "column `kind` of `visits` ", words), "\(result)")
    #expect(result.underlined.first == "kind")
  }

  @Test func `an infinite sum is refused with the row's key`() throws {
    let project = try TestProject()
    try project.changeData(
      "UPDATE visits SET amount = 1e308 WHERE id < 'C0900';")
    for arguments in [["run"], ["panel", "--out", "panel.parquet"]] {
      let result = try Program.run(
        [arguments[0], "shop.yaml"] + arguments.dropFirst(), in: project.folder)
      #expect(
        result.refuses("H391", "feature `amount` is infinite in", "for example for key `C0"),
        "\(result)")
    }
  }

  @Test func `an audit refuses a view that draws numbers`() throws {
    let project = try TestProject()
    _ = try project.shell(
      """
      echo "ATTACH 'data/shop.duckdb' AS shop; CREATE VIEW shop.seen AS SELECT id, created_on AS day,
        random() AS weight FROM shop.customers; DETACH shop;" > make.sql
      "$HOLDOUT" sql make.sql
      """)
    try project.writeSpec([
      "parquet: data/visits.parquet": "table: seen\n    connection: shop",
      "time: visited_on": "time: day", "    known_at: noted_on\n": "",
      "columns: {kind: text, amount: number}": "columns: {weight: number}",
      "    - demos: {count: visits, where: \"kind = 'demo'\", within: 180 days}\n": "",
      "visits.amount": "visits.weight",
    ])
    #expect(try project.holdout("check", "shop.yaml").end == .exit(0))
    let result = try project.holdout("audit", "shop.yaml")
    #expect(result.refuses("H396", "source `visits` returned different rows"), "\(result)")
  }
}
