import ArgumentParser
import Diagnostics
import Experiment
import Foundation
import Warehouse

/// `holdout sql`
struct SQLCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Run SQL files in the embedded engine.",
    discussion: """
      Runs each statement in an empty in-memory database. The files must write their
      own output (COPY, ATTACH). Read values given with --set with
      getvariable('name'). The demo data are generated this way:

        holdout sql experiments/data/netsuite/*.sql --set accounts=60000 \\
          --set seed=42 --set base_rate=0.0075 --set out=data/netsuite

      The files can do everything that the engine can, including reading and writing
      any file, unlike SQL in a spec.

      A SELECT prints nothing; to see rows, write them to a file:

        COPY (SELECT * FROM 'data/calls.parquet' LIMIT 5) TO 'rows.csv';
      """)

  @Argument(help: "SQL files, run in the given order.", completion: .file(extensions: ["sql"]))
  var files: [String]
  @Option(
    name: .customLong("set"), help: "A variable for the files: NAME=VALUE; a number or text.")
  var values: [String] = []
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    machine.limits.start()
    let assignments = try values.map(Self.assignment)
    let scripts = try files.map(Self.script)
    let engine = try NativeLibraries.engine(threads: machine.threads)
    for assignment in assignments { try engine.connection.execute(assignment) }
    for (path, script) in zip(files, scripts) {
      Terminal.note("sql: \(path)")
      for statement in script.statements {
        do throws(WarehouseError) {
          try engine.connection.execute(statement.sql)
        } catch {
          let before = statement.sql.utf8.prefix(error.position ?? 0)
          let line = statement.line + before.count { $0 == UInt8(ascii: "\n") }
          throw FindingsError(
            Finding(309, "the engine rejects \(path):\(line)", notes: [error.message]))
        }
      }
    }
  }

  /// Turns `accounts=60000` into an SQL statement.
  private static func assignment(_ text: String) throws -> String {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ValidationError("--set takes NAME=VALUE, not `\(text)`")
    }
    let value = Double(parts[1]) == nil ? SQL.literal(parts[1]) : parts[1]
    return "SET VARIABLE \(SQL.identifier(parts[0])) = \(value)"
  }

  private static func script(_ path: String) throws -> SQLScript {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw ValidationError("there is no readable file `\(path)`")
    }
    return SQLScript(text)
  }
}

extension Explanation {
  static let sqlCommandFindings: [Explanation] = [
    Explanation(
      309, "a statement of a SQL file that the engine rejects",
      cause: """
        `holdout sql` runs its files statement by statement and stops at the first that fails. The \
        message names the file and the line, and the note has the engine's message. Earlier \
        statements have already taken effect.
        """,
      example: .files(
        [
          (
            "large.sql",
            """
            CREATE TABLE customers AS FROM 'data/history.parquet';
            SELECT count(*) FROM customer;

            """
          )
        ], "holdout sql large.sql"),
      fix: "Fix the statement at that line, and run all files again from the first.")
  ]
}
