import Foundation
import HoldoutTestSupport
import Testing
import Warehouse

/// A real PostgreSQL as the source of an experiment; `scripts/test-postgresql` starts it.
@Suite(.needsPostgreSQL)
struct PostgreSQLReadingTests {
  /// Accounts and the versions of their region, in tables of a name of their own.
  private final class Server {
    let connection: Connection
    let uri: String
    let prefix = "reading_\(UUID().uuidString.prefix(8).lowercased())"
    let project: ReadingProject

    init() throws {
      uri = try #require(PostgreSQLServer.uri)
      connection = try Connection(driver: "postgresql", uri: uri)
      project = try ReadingProject()
      try project.write(
        "holdout.yaml", "connections: {crm: {driver: postgresql, uri: \"${env:READING_URI}\"}}\n")
      try connection.execute(
        "CREATE TABLE \(prefix)_acc (id text, created date, first_buy date, size numeric(8,2))")
      let accounts = ReadingProject.accounts.dropFirst().map { row in
        "('\(row[0])', '\(row[1])', \(row[2].isEmpty ? "NULL" : "'\(row[2])'"), \(row[4]))"
      }
      try connection.execute(
        "INSERT INTO \(prefix)_acc VALUES \(accounts.joined(separator: ", "))")
      try connection.execute(
        "CREATE TABLE \(prefix)_h (id text, valid_from date, valid_to date, region text)")
      try connection.execute(
        "INSERT INTO \(prefix)_h SELECT id, created, created + 200, 'North' FROM \(prefix)_acc "
          + "UNION ALL SELECT id, created + 200, 'infinity', 'South' FROM \(prefix)_acc")
    }

    deinit {
      try? connection.execute("DROP TABLE \(prefix)_acc, \(prefix)_h")
    }

    func run(_ command: String, accounts: String, versions: String) throws -> ProgramResult {
      try project.write(
        "spec.yaml",
        """
        version: 1
        name: pg
        data_through: 2025-03-31
        sources:
          acc:
            \(accounts)
            connection: crm
            key: id
            created: created
            columns:
              created: {type: date, class: event}
              first_buy: {type: date, class: event}
              size: {type: number, class: static}
          h:
            \(versions)
            connection: crm
            key: id
            valid_from: valid_from
            valid_to: valid_to
            columns: {region: text}
        feature_sets:
          all: [{region: {category: h.region}}, {has: {present: h.region}}, {size: {value: acc.size}}]
        cutoffs: {every: month_end, train: 6, calibrate: 1, test: 2}
        cohort: {entity: acc, where: [{not: {happened: acc.first_buy}}]}
        label: {event: acc.first_buy, horizon: 2 months}
        features: [all]
        model: {params: {num_iterations: 5}}
        calibration: {method: sigmoid}

        """)
      let out = command == "panel" ? ["--out", "pg.parquet"] : []
      return try Program.run(
        [command, "spec.yaml"] + out, in: project.folder, environment: ["READING_URI": uri])
    }
  }

  @Test func `a version that ends at infinity still holds`() throws {
    let server = try Server()
    let result = try server.run(
      "panel", accounts: "table: \(server.prefix)_acc", versions: "table: \(server.prefix)_h")
    try #require(result.end == .exit(0), "\(result)")
    let rows = try server.project.rows("pg.parquet")
    #expect(rows.count > 1000)
    // Every row has one of its account's two regions.
    #expect(rows.allSatisfy { $0.contains("North") || $0.contains("South") })
    #expect(Set(rows.flatMap { $0 }).isSuperset(of: ["North", "South"]))
  }

  /// Statements that would change the database if they ran, in place of the accounts' query.
  static let statements = [
    "DELETE FROM T", "DROP TABLE T", "TRUNCATE T", "UPDATE T SET size = 0",
    "INSERT INTO T SELECT * FROM T", "CREATE TABLE T_2 AS SELECT * FROM T",
    "SELECT * INTO T_2 FROM T", "WITH gone AS (DELETE FROM T RETURNING *) SELECT * FROM gone",
    "SELECT * FROM T; DELETE FROM T", "COPY T TO PROGRAM 'true'", "COPY T TO '/tmp/T'",
    "SELECT * FROM T WHERE set_config('default_transaction_read_only', 'off', false) = 'off'",
    "SELECT * FROM T FOR UPDATE", "SELECT *, T_write() FROM T", "DO $$BEGIN DELETE FROM T; END$$",
    "SELECT * FROM T /* ; */ ; -- DELETE", "EXPLAIN ANALYZE DELETE FROM T",
    "SELECT * FROM T WHERE id = $$;$$; DROP TABLE T",
  ]

  @Test(arguments: statements)
  func `a query changes nothing, whatever it says`(_ statement: String) throws {
    let server = try Server()
    let table = "\(server.prefix)_acc"
    // What a function does, no scanner of the statement sees; the session is read-only.
    try server.connection.execute(
      "CREATE FUNCTION \(table)_write() RETURNS int LANGUAGE plpgsql AS "
        + "$$BEGIN DELETE FROM \(table); RETURN 1; END$$")
    defer { try? server.connection.execute("DROP FUNCTION \(table)_write()") }
    let before = try server.connection.count("SELECT count(*) FROM \(table)")
    let sql = statement.replacing(#/\bT/#, with: table)
    let result = try server.run(
      "check", accounts: "sql: \(SQL.literal(sql))", versions: "table: \(server.prefix)_h")
    let isHarmless = statement.contains("set_config") || statement.hasSuffix("-- DELETE")
    #expect(result.end == .exit(2) || (isHarmless && result.end == .exit(0)), "\(result)")
    #expect(try server.connection.count("SELECT count(*) FROM \(table)") == before)
    let made = try server.connection.count(
      "SELECT count(*) FROM pg_tables WHERE tablename = '\(table)_2'")
    #expect(made == 0)
  }
}
