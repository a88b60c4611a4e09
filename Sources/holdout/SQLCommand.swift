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
      Statement by statement, in an empty database in memory; what is to be kept,
      the files write themselves (COPY, ATTACH). Values given with --set are read
      with getvariable('name'). The demo data is made this way:

        holdout sql experiments/data/netsuite/*.sql --set accounts=60000 \\
          --set seed=42 --set base_rate=0.0075 --set out=data/netsuite

      The files are yours: they may do whatever the engine can, read and write any
      file included, which SQL in a spec may not.

      A SELECT shows nothing; to look at rows, write them:

        COPY (SELECT * FROM 'data/calls.parquet' LIMIT 5) TO 'rows.csv';
      """)

  @Argument(help: "SQL files, run in the order given.", completion: .file(extensions: ["sql"]))
  var files: [String]
  @Option(
    name: .customLong("set"), help: "A variable for the files: NAME=VALUE; a number or a text.")
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
            Finding(309, "the engine refuses \(path):\(line)", notes: [error.message]))
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
      309, "a statement of a SQL file that the engine refuses",
      cause: """
        `holdout sql` runs its files statement by statement and stops at the first that fails. The \
        message names the file and the line, and the note holds what the engine says. What earlier \
        statements wrote is there already.
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
      fix: "Mend the statement at that line, and run all files again from the first.")
  ]
}
