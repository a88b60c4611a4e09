import Foundation
import HoldoutTestSupport
import Testing

@Suite struct SQLCommandTests {
  /// A project with one small CSV file.
  static func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("holdout.yaml", "results: results\n")
    try folder.write("data/calls.csv", "id,channel,minutes\n1,web,2.5\n2,fair,\n3,\"a, b\",4\n")
    return folder
  }

  static func sql(_ folder: TemporaryFolder, _ arguments: String...) throws -> ProgramResult {
    try Program.run(["sql"] + arguments, in: folder.folder)
  }

  @Test func `a query prints its rows in its order`() throws {
    let result = try Self.sql(
      Self.project(), "SELECT channel, minutes FROM 'data/calls.csv' ORDER BY id DESC")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.errors.isEmpty, "\(result)")
    #expect(
      result.output == "channel  minutes\na, b         4.0\nfair        NULL\nweb          2.5\n")
  }

  @Test func `text has 40 rows and counts the others, unless all are wanted`() throws {
    let folder = try Self.project()
    let query = "SELECT range AS n FROM range(45) ORDER BY n DESC"
    let result = try Self.sql(folder, query)
    let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.count == 42, "\(result)")
    #expect(lines[1] == "44" && lines[40] == "5", "\(result)")
    #expect(lines[41] == "and 5 more rows; --all prints all")
    #expect(try Self.sql(folder, query, "--all").output.split(separator: "\n").count == 46)
    let few = try Self.sql(folder, query, "--limit", "2").output.split(separator: "\n")
    #expect(few.count == 4 && few.last == "and 43 more rows; --all prints all", "\(few)")
    let none = try Self.sql(folder, "SELECT 1 AS a WHERE false")
    #expect(none.output == "no rows; the columns are `a`\n", "\(none)")
  }

  @Test func `rows are also CSV, JSON and Markdown`() throws {
    let folder = try Self.project()
    let query = """
      SELECT 1 AS id, 'a "b"' AS name, CAST(NULL AS INTEGER) AS size, '' AS note,
        CAST('nan' AS DOUBLE) AS rate
      """
    let csv = try Self.sql(folder, query, "--format", "csv")
    #expect(csv.output == "id,name,size,note,rate\n1,\"a \"\"b\"\"\",,\"\",nan\n", "\(csv)")
    let json = try Self.sql(folder, query, "--format", "json")
    #expect(
      json.output
        == """
        [
          {"id": 1, "name": "a \\"b\\"", "size": null, "note": "", "rate": "nan"}
        ]

        """, "\(json)")
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    #expect((parsed as? [[String: Any]])?.count == 1)
    let empty = try Self.sql(folder, "SELECT 1 AS a WHERE false", "--format", "json")
    #expect(empty.output == "[]\n", "\(empty)")
    let markdown = try Self.sql(folder, "SELECT 1 AS a", "--format", "markdown")
    #expect(markdown.output == "| a |\n| ---: |\n| 1 |\n", "\(markdown)")
  }

  @Test(arguments: [
    "COPY (SELECT 1) TO 'made.csv'", "ATTACH 'made.duckdb' AS made", "INSTALL httpfs",
    "LOAD httpfs", "SET threads = 1", "CREATE TABLE made AS SELECT 1", "PRAGMA version",
    "SELECT 1; COPY (SELECT 1) TO 'made.csv'", "EXPORT DATABASE 'made'", "CALL pragma_version()",
    "DELETE FROM calls", "INSERT INTO t VALUES (1)", "VACUUM ; SELECT 1",
  ])
  func `a query only reads`(_ query: String) throws {
    let folder = try Self.project()
    let before = folder.contents(of: ".")
    let result = try Self.sql(folder, query)
    #expect(result.refuses("H371"), "\(result)")
    #expect(result.output.isEmpty, "\(result)")
    #expect(folder.contents(of: ".") == before)
  }

  @Test(arguments: [
    ("SELECT * FROM read_csv('/etc/passwd')", "H372"), ("FROM '/etc/hosts'", "H372"),
    ("FROM '../secret.csv'", "H372"), ("FROM 'data/*.csv', '/etc/*.csv'", "H372"),
    ("SELECT * FROM read_text('data/calls.csv')", "H370"),
    ("SELECT * FROM glob('/etc/*')", "H370"), ("SELECT current_setting('memory_limit')", "H370"),
    ("SELECT * FROM read_csv('https://example.com/x.csv')", "H372"),
    ("FROM 'data/link.csv'", "H372"), ("FROM '.env.csv'", "H372"),
  ])
  func `a query reads data files of the project only`(_ query: String, _ id: String) throws {
    let folder = try Self.project()
    try folder.write(".env.csv", "secret\nhunter2\n")
    let outside = try TemporaryFolder()
    try outside.write("x.csv", "secret\nhunter2\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("data/link.csv"), withDestinationPath: outside.path("x.csv"))
    let result = try Self.sql(folder, query)
    #expect(result.refuses(id), "\(result)")
    #expect(!(result.output + result.errors).contains("hunter2"), "\(result)")
  }

  @Test func `a folder under roots can be read`() throws {
    let folder = try Self.project()
    let outside = try TemporaryFolder()
    try outside.write("x.csv", "a\n7\n")
    let query = "SELECT a FROM '\(outside.path("x.csv"))'"
    #expect(try Self.sql(folder, query).refuses("H372"))
    try folder.write("holdout.yaml", "roots: [\"\(outside.folder)\"]\n")
    let result = try Self.sql(folder, query, "--format", "csv")
    #expect(result.output == "a\n7\n", "\(result)")
  }

  @Test(arguments: [
    ("SELECT chanel FROM 'data/calls.csv'", "chanel"),
    ("SELECT id FROM calls", "calls"),
    ("SELECT nosuch(id) FROM 'data/calls.csv'", "nosuch"),
    ("SELECT id FRM 'data/calls.csv'", "'data/calls.csv'"),
  ])
  func `an error of the engine points into the query`(_ query: String, _ mark: String) throws {
    let result = try Self.sql(Self.project(), query)
    #expect(result.refuses("H309", "the engine rejects the query: "), "\(result)")
    #expect(result.findings.first?.place?.hasPrefix("argument 1:1:") ?? false, "\(result)")
    #expect(result.underlined.first?.hasPrefix(mark) ?? false, "\(result)")
  }

  @Test func `a value that fails is a finding, too`() throws {
    let result = try Self.sql(
      Self.project(), "SELECT CAST(channel AS INTEGER) FROM 'data/calls.csv'")
    #expect(result.refuses("H309"), "\(result)")
  }
}
