import Foundation
import HoldoutTestSupport
import Testing

@Suite struct SnapshotCommandTests {
  /// The shop's data as they were at the end of 2024-06-30.
  static let early = """
    DELETE FROM customers WHERE created_on > '2024-06-30';
    UPDATE customers SET first_licence = NULL, status = 'prospect'
    WHERE first_licence > '2024-06-30';
    DELETE FROM history WHERE valid_from > '2024-06-30';
    UPDATE history SET valid_to = NULL WHERE valid_to > '2024-06-30';
    DELETE FROM visits WHERE noted_on > '2024-06-30';
    """

  /// What happened to the data after the snapshot, and how the check `snapshot` ends.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let data: String
    /// What the sentence of the check says; empty if it passes.
    var says: [String] = []
    /// What its details say.
    var details: [String] = []
  }

  static let cases = [
    Case(testDescription: "nothing but what was to come", data: ""),
    Case(
      testDescription: "today's status changes, and two sizes are corrected",
      data: """
        UPDATE customers SET status = 'lead';
        UPDATE customers SET size = size + 1 WHERE id IN
          (SELECT id FROM customers WHERE created_on < '2022-01-01' ORDER BY id LIMIT 2);
        """,
      details: ["`customers.size`: another value in 2 rows"]),
    Case(
      testDescription: "a static column is overwritten for buyers",
      data: "UPDATE customers SET channel = 'fair' WHERE first_licence > '2024-06-30';",
      says: ["`customers.channel` has other values"],
      details: ["of the rows of entities with the label's event since then, 0 % of the others"]),
    Case(
      testDescription: "a column of events is overwritten",
      data: "UPDATE visits SET amount = amount + 1 WHERE hash(id || visited_on) % 20 = 0;",
      says: ["`visits.amount` has other values"]),
    Case(
      testDescription: "a past date of class event is moved",
      data: """
        UPDATE customers SET first_licence = first_licence + 200
        WHERE first_licence < '2024-05-01' AND hash(id) % 4 = 0;
        """,
      says: ["`customers.first_licence` has other values"]),
    Case(
      testDescription: "days of creation are moved",
      data: """
        UPDATE customers SET created_on = created_on - 100
        WHERE created_on < '2024-05-01' AND hash(id) % 20 = 0;
        """,
      says: ["`customers.created_on` has other values"]),
    Case(
      testDescription: "versions that had started are overwritten",
      data: "UPDATE history SET region = 'East' WHERE hash(id) % 20 = 0;",
      says: ["`history.region` has other values"]),
    Case(
      testDescription: "events are deleted",
      data: "DELETE FROM visits WHERE hash(id || visited_on) % 20 = 0;",
      says: ["rows of `visits` are gone"], details: ["gone, for example `C"]),
    Case(
      testDescription: "events are dated back",
      data: """
        INSERT INTO visits SELECT id, 'demo', 1, DATE '2024-02-01', DATE '2024-02-10' FROM visits
        WHERE hash(id || visited_on) % 20 = 0;
        """,
      says: ["rows of `visits` were added with earlier days"],
      details: ["dated on or before the snapshot's day, for example `C"]),
    Case(
      testDescription: "customers are deleted",
      data: "DELETE FROM customers WHERE hash(id) % 20 = 0;",
      says: ["rows of `customers` are gone"]),
  ]

  @Test(arguments: cases)
  func `an audit compares the data with an earlier snapshot`(_ example: Case) throws {
    let project = try TestProject()
    try project.changeData(Self.early)
    let kept = try project.holdout(
      "snapshot", "shop.yaml", "data_through=2024-06-30", "name=shop", "--out", "early")
    try #require(kept.end == .exit(0), "\(kept)")
    try project.changeData(example.data)
    let result = try AuditCommandTests.audit(
      project, ["--earlier", "early", "--format", "json", "--threads", "1"])
    let report = try AuditCommandTests.Report(result)
    #expect(report.checks.last?.id == "snapshot")
    let check = try #require(report["snapshot"], "\(result)")
    #expect(check.verdict == (example.says.isEmpty ? "pass" : "fail"), "\(result.output)")
    for words in example.says { #expect(check.sentence.contains(words), "\(result.output)") }
    for words in example.details {
      #expect(check.details.contains { $0.contains(words) }, "\(result.output)")
    }
    if !example.says.isEmpty { #expect(result.end == .exit(1), "\(result)") }
    #expect(check.sentence.contains("2024-06-30") && check.sentence.hasSuffix("."))
    #expect(check.numbers["days"] == 184)
    #expect(check.numbers["sources"] == 3)
    #expect((check.numbers["rows"] ?? 0) > 5000)
  }

  @Test func `without an earlier snapshot the check is not made`() throws {
    let project = try TestProject()
    let result = try AuditCommandTests.audit(project, ["--format", "json", "--threads", "1"])
    #expect(try AuditCommandTests.Report(result)["snapshot"] == nil)
  }

  @Test func `a snapshot that is not older than the data proves nothing`() throws {
    let project = try TestProject()
    let kept = try project.holdout("snapshot", "shop.yaml")
    try #require(kept.end == .exit(0), "\(kept)")
    let result = try AuditCommandTests.audit(
      project,
      [
        "--earlier", "snapshots/shop/2024-12-31/snapshot.json", "--format", "json", "--threads",
        "1",
      ])
    let report = try AuditCommandTests.Report(result)
    #expect(report["snapshot"]?.verdict == "inconclusive", "\(result)")
  }

  // MARK: - What is kept

  @Test func `every declared column of every source is kept`() throws {
    let project = try TestProject()
    let result = try project.holdout("snapshot", "shop.yaml")
    #expect(result.end == .exit(0) && result.output.isEmpty, "\(result)")
    let folder = "snapshots/shop/2024-12-31"
    #expect(result.errors.contains("snapshot written to \(folder)\n"), "\(result)")
    #expect(
      project.names(in: folder) == [
        "customers.parquet", "history.parquet", "snapshot.json", "visits.parquet",
      ])
    /// The number of rows that one of two queries returns more often than the other.
    func differing(_ one: String, _ two: String) throws -> String? {
      try project.scalar(
        """
        SELECT count(*) FROM ((FROM (\(one)) EXCEPT ALL FROM (\(two))) UNION ALL
          (FROM (\(two)) EXCEPT ALL FROM (\(one))))
        """)
    }
    #expect(
      try differing(
        "FROM '\(folder)/customers.parquet'",
        """
        SELECT id, created_on, created_on, first_licence, channel, size, status
        FROM 'data/customers.parquet'
        """) == "0")
    #expect(
      try differing(
        "FROM '\(folder)/visits.parquet'",
        "SELECT id, visited_on, noted_on, kind, amount FROM 'data/visits.parquet'") == "0")
    #expect(
      try project.rows(
        "SELECT column_name, column_type FROM (DESCRIBE FROM '\(folder)/history.parquet')")
        == [
          ["entity key", "VARCHAR"], ["valid from", "DATE"], ["valid to", "DATE"],
          ["region", "VARCHAR"], ["is_active", "BOOLEAN"],
        ])
    let text = try project.text("\(folder)/snapshot.json")
    #expect(text.hasSuffix("}\n"))
    for words in [
      "\"schema\" : 1", "\"experiment\" : \"shop\"", "\"day\" : \"2024-12-31\"",
      "\"data_through\" : \"2024-12-31\"", "\"class\" : \"current\"", "\"key\" : \"known_at\"",
      "\"rows\" : 1500",
    ] {
      #expect(text.contains(words), "\(text)")
    }
  }

  @Test func `the bytes depend on neither the order of rows nor the number of threads`() throws {
    let project = try TestProject()
    let one = try project.holdout("snapshot", "shop.yaml", "--out", "one", "--threads", "1")
    try #require(one.end == .exit(0), "\(one)")
    try project.changeData(
      """
      CREATE OR REPLACE TABLE customers AS FROM customers ORDER BY hash(id);
      CREATE OR REPLACE TABLE history AS FROM history ORDER BY hash(id || valid_from);
      CREATE OR REPLACE TABLE visits AS FROM visits ORDER BY hash(id || kind || visited_on);
      """)
    let two = try project.holdout("snapshot", "shop.yaml", "--out", "two", "--threads", "2")
    try #require(two.end == .exit(0), "\(two)")
    #expect(project.contents(of: "one").count == 4)
    #expect(project.contents(of: "one") == project.contents(of: "two"))
  }

  @Test func `a column that nothing reads may have values that are not of its type`() throws {
    let project = try TestProject()
    try project.writeSpec(["status: {type: text": "status: {type: integer"])
    let result = try project.holdout("snapshot", "shop.yaml", "--out", "kept")
    #expect(result.end == .exit(0), "\(result)")
    #expect(try project.scalar("SELECT count(status) FROM 'kept/customers.parquet'") == "0")
    try project.writeSpec(["channel: {type: text": "channel: {type: flag"])
    let read = try project.holdout("snapshot", "shop.yaml", "--out", "other")
    #expect(read.end == .exit(2), "\(read)")
    #expect(!project.exists("other"))
  }

  @Test func `a different snapshot is not replaced`() throws {
    let project = try TestProject()
    #expect(try project.holdout("snapshot", "shop.yaml", "--out", "kept").end == .exit(0))
    let before = project.contents(of: "kept")
    let again = try project.holdout("snapshot", "shop.yaml", "--out", "kept")
    #expect(again.end == .exit(0) && again.errors.contains("has this snapshot already"), "\(again)")
    try project.changeData("DELETE FROM visits WHERE id = 'C0001';")
    let other = try project.holdout("snapshot", "shop.yaml", "--out", "kept")
    #expect(other.refuses("H432", "data through 2024-12-31"), "\(other)")
    let data = try project.holdout("snapshot", "shop.yaml", "--out", "data")
    #expect(data.refuses("H432", "is not a snapshot"), "\(data)")
    #expect(project.contents(of: "kept") == before)
    #expect(project.names(in: ".") == ["data", "holdout.yaml", "kept", "shop.yaml"])
    let quiet = try project.holdout("snapshot", "shop.yaml", "--out", "quiet", "--quiet")
    #expect(quiet.end == .exit(0) && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet)")
  }

  // MARK: - What is not a snapshot

  @Test func `a snapshot that was changed, or is of other sources, is refused`() throws {
    let project = try TestProject()
    let earlier = ["shop.yaml", "data_through=2024-06-30", "name=shop", "--out", "early"]
    let kept = try Program.run(["snapshot"] + earlier, in: project.folder)
    try #require(kept.end == .exit(0), "\(kept)")
    func audit(_ folder: String) throws -> ProgramResult {
      try project.holdout("audit", "shop.yaml", "--earlier", folder)
    }
    let files = project.contents(of: "early")
    for name in ["visits.parquet", "snapshot.json"] {
      var changed = files
      changed[name]?.append(0x20)
      if name == "snapshot.json" {
        let text = String(decoding: try #require(files[name]), as: UTF8.self)
        changed[name] = Data(text.replacing("2024-06-30", with: "2024-05-31").utf8)
      }
      try project.add(changed, to: "changed")
      let result = try audit("changed")
      #expect(result.refuses("H430", "changed/\(name)"), "\(result)")
      #expect(result.output.isEmpty)
    }
    try project.remove("early/history.parquet")
    #expect(try audit("early").refuses("H430", "history.parquet", "cannot be read"))
    #expect(try audit("absent").refuses("H430", "absent/snapshot.json"))
    try project.add(files, to: "early")
    try project.write(
      "other.yaml",
      Shop.spec.replacing("customers", with: "people").replacing("history", with: "versions")
        .replacing("visits", with: "meetings").replacing("table: people", with: "table: customers")
        .replacing("data/versions", with: "data/history")
        .replacing("data/meetings", with: "data/visits"))
    let other = try project.holdout("audit", "other.yaml", "--earlier", "early")
    #expect(other.refuses("H431", "`customers`", "`people`"), "\(other)")
  }
}
