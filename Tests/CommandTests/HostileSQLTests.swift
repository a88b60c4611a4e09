import Foundation
import HoldoutTestSupport
import Testing

/// What SQL of a spec may not do, on the real binary.
struct HostileSQLTests {
  private static let canary = "canary7f3a9"

  /// A project with everything that hostile SQL might go for, beside a folder that is none of it.
  private final class Target {
    let project: TestProject
    let outside: TemporaryFolder
    var control: String { "\(outside.path)/control" }

    init() throws {
      project = try TestProject()
      outside = try TemporaryFolder()
      let rows = "id,day\n\(HostileSQLTests.canary),2024-01-01\n"
      for name in ["control", "control.csv"] {
        try Data(rows.utf8).write(to: URL(filePath: "\(outside.path)/\(name)"))
      }
      try project.write(".env", rows)
      try project.write("data/x.csv", "id,day\nx,2024-01-01\n")
      try project.write(
        "holdout.yaml",
        """
        connections:
          shop: {duckdb: data/shop.duckdb}
          hostile: {duckdb: data/hostile.duckdb}
          lite: {driver: sqlite, uri: data/lite.sqlite}

        """)
      try project.write(
        "hostile.sql",
        """
        ATTACH 'data/hostile.duckdb' AS h;
        CREATE TABLE h.days AS SELECT 'x' AS id, DATE '2024-01-01' AS day;
        CREATE VIEW h.evil AS SELECT content AS id, DATE '2024-01-01' AS day
        FROM read_text('\(control)');
        CREATE VIEW h.outer_evil AS SELECT * FROM h.evil;
        CREATE VIEW h.fine AS SELECT * FROM h.days WHERE day < now();
        CREATE MACRO h.lower(x) AS 'macro';
        CREATE MACRO h.stolen() AS TABLE SELECT content AS id, DATE '2024-01-01' AS day
        FROM read_text('\(control)');
        """)
      let made = try project.shell(
        """
        set -e
        "$HOLDOUT" sql hostile.sql
        ln -s '\(control).csv' data/link.csv
        ln -s '\(outside.path)' data/up
        mkfifo data/pipe.csv
        python3 -c "import sqlite3; d = sqlite3.connect('data/lite.sqlite'); \
        d.execute('CREATE TABLE t(id text, day text)'); \
        d.execute(\\"INSERT INTO t VALUES ('x', '2024-01-01')\\"); d.commit()"
        rm hostile.sql
        """)
      try #require(made.end == .exit(0), "\(made)")
    }

    /// Writes a spec whose added source or feature is the SQL.
    func write(_ hostile: HostileSQL, isQuery: Bool) throws {
      let sql = hostile.sql.replacing("CONTROL", with: control)
        .replacing("CONTRO", with: String(control.dropLast()))
        .replacing("OUT", with: "\(outside.path)/out")
        .replacing("IN'", with: "\(project.folder)/made'")
      let text = sql.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "      \($0)\n" }.joined()
      let connection = hostile.connection.map { "    connection: \($0)\n" } ?? ""
      try project.write(
        "hostile.yaml",
        isQuery
          ? """
          extends: shop.yaml
          name: hostile
          sources:
            extra:
              key: id
              time: day
          \(connection)    sql: |
          \(text)feature_sets: {more: [extra: {count: extra}]}
          features: [account, more]

          """
          : """
          extends: shop.yaml
          name: hostile
          feature_sets:
            more:
            - extra:
                sql: |
          \(text.replacing("      ", with: "          "))features: [account, more]

          """)
    }

    /// Everything in both folders but the spec, by name.
    var state: [String: Data] {
      var files = project.contents(of: ".").filter { $0.key != "hostile.yaml" }
      for name in (try? FileManager.default.contentsOfDirectory(atPath: outside.path)) ?? [] {
        files["outside/\(name)"] = try? Data(contentsOf: URL(filePath: "\(outside.path)/\(name)"))
      }
      return files
    }
  }

  @Test func `the list is long enough to try every kind`() {
    #expect(HostileSQL.queries.count + HostileSQL.expressions.count >= 80)
    #expect(Set(HostileSQL.queries.map(\.sql)).count == HostileSQL.queries.count)
  }

  @Test func `hostile queries and expressions do nothing, show nothing, and are refused`() throws {
    let target = try Target()
    let before = target.state
    let cases = HostileSQL.queries.map { ($0, true) } + HostileSQL.expressions.map { ($0, false) }
    for (hostile, isQuery) in cases {
      try target.write(hostile, isQuery: isQuery)
      let result = try target.project.holdout(
        "check", "hostile.yaml", "--threads", "1", "--timeout", "20s")
      let all = result.output + result.errors
      #expect(result.end == .exit(2), "\(hostile.name): \(result)")
      #expect(all.contains("error[H3"), "\(hostile.name): \(result)")
      #expect(!all.contains("H376"), "\(hostile.name) is not found out: \(result)")
      #expect(!all.contains(Self.canary), "\(hostile.name): \(result)")
      let after = target.state
      #expect(
        after == before,
        "\(hostile.name): \(Set(after.keys).symmetricDifference(before.keys).sorted())")
    }
  }

  @Test func `what only reads is run as before`() throws {
    let target = try Target()
    let honest: [HostileSQL] = [
      .init("a file", "SELECT * FROM 'data/x.csv'"),
      .init("a list of files", "SELECT * FROM read_csv(['data/x.csv'], header = true)"),
      .init("a glob", "SELECT id, day FROM read_csv('data/x*.csv', delim := ',')"),
      .init("a CTE", "WITH p AS (SELECT lower(id) AS id, day FROM 'data/x.csv') SELECT * FROM p"),
      .init(
        "a window",
        "SELECT id, day, row_number() OVER (PARTITION BY id ORDER BY day) AS n FROM 'data/x.csv'"),
      .init("values", "SELECT * FROM (VALUES ('x', DATE '2024-01-01')) AS t(id, day)"),
      .init(
        "PIVOT with its values",
        "SELECT 'x' AS id, DATE '2024-01-01' AS day FROM (PIVOT 'data/x.csv' ON id IN ('x') USING count(*))"
      ),
      .init("a table", "SELECT id, day FROM days", connection: "hostile"),
      .init("a view that reads tables", "SELECT id, day FROM fine", connection: "hostile"),
      .init("SQLite", "SELECT id, day FROM t -- all", connection: "lite"),
      .init(
        "SQLite with a word in a text", "SELECT id, day FROM t WHERE id <> 'delete;'",
        connection: "lite"),
    ]
    for query in honest {
      try target.write(query, isQuery: true)
      let result = try target.project.holdout("check", "hostile.yaml", "--threads", "1")
      #expect(result.end == .exit(0), "\(query.name): \(result)")
    }
  }

  @Test func `a table of a connection is no way to a view that reads files`() throws {
    let target = try Target()
    try target.project.write(
      "hostile.yaml",
      """
      extends: shop.yaml
      name: hostile
      sources: {extra: {table: evil, connection: hostile, key: id, time: day}}
      feature_sets: {more: [extra: {count: extra}]}
      features: [account, more]

      """)
    let result = try target.project.holdout("check", "hostile.yaml")
    #expect(result.end == .exit(2) && result.errors.contains("error[H373]"), "\(result)")
    #expect(!result.errors.contains(Self.canary))
  }

  @Test func `a file outside is read once holdout.yaml declares its folder`() throws {
    let target = try Target()
    let query = HostileSQL("a file outside", "SELECT * FROM read_csv('CONTROL.csv')")
    try target.write(query, isQuery: true)
    #expect(try target.project.holdout("check", "hostile.yaml").end == .exit(2))
    let declared = try target.project.text("holdout.yaml") + "roots: [\"\(target.outside.path)\"]\n"
    try target.project.write("holdout.yaml", declared)
    let result = try target.project.holdout("check", "hostile.yaml")
    #expect(result.end == .exit(0), "\(result)")
    // And by a source that names its file.
    try target.project.write(
      "file.yaml",
      """
      extends: shop.yaml
      name: file
      sources: {extra: {csv: "\(target.control).csv", key: id, time: day}}
      feature_sets: {more: [extra: {count: extra}]}
      features: [account, more]

      """)
    #expect(try target.project.holdout("check", "file.yaml").end == .exit(0))
  }

  // One after the other, as the file beside the project has one name for all of them.
  @Test(
    .serialized,
    arguments: [
      "../control.csv", "data/link.csv", "/dev/zero", ".env", "data/pipe.csv", "data/up/*.csv",
    ])
  func `a source's file leads nowhere else`(_ path: String) throws {
    let target = try Target()
    try FileManager.default.copyItem(
      atPath: "\(target.control).csv",
      toPath: "\(target.project.folder)/../control.csv")
    defer { try? target.project.remove("../control.csv") }
    try target.project.write(
      "file.yaml",
      """
      extends: shop.yaml
      name: file
      sources: {extra: {csv: "\(path)", key: id, time: day}}
      feature_sets: {more: [extra: {count: extra}]}
      features: [account, more]

      """)
    for command in ["check", "run"] {
      let result = try target.project.holdout(command, "file.yaml", "--timeout", "20s")
      #expect(result.end == .exit(2) && result.errors.contains("error[H372]"), "\(result)")
      #expect(!result.errors.contains(Self.canary), "\(result)")
    }
  }

  @Test func `a SQLite file that does not exist is not made`() throws {
    let target = try Target()
    try target.project.write(
      "holdout.yaml",
      """
      connections:
        shop: {duckdb: data/shop.duckdb}
        lite: {driver: sqlite, uri: data/none.sqlite}

      """)
    try target.write(
      HostileSQL("none", "SELECT id, day FROM t", connection: "lite"), isQuery: true)
    let result = try target.project.holdout("check", "hostile.yaml")
    #expect(result.end == .exit(2) && result.errors.contains("error[H312]"), "\(result)")
    #expect(!target.project.exists("data/none.sqlite"))
  }
}
