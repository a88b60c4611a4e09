import ArgumentParser
import Diagnostics
import Experiment
import Foundation
import Panel
import Reports
internal import Runs
import Warehouse

/// `holdout sql`
struct SQLCommand: NotingCommand {
  /// How rows are printed.
  enum RowFormat: String, CaseIterable, ExpressibleByArgument { case text, csv, json, markdown }

  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Print the rows of a query on data files, or run SQL files.",
    discussion: """
      A query is one SELECT. It reads data files of the project and of its roots, as
      a source's SQL does, and nothing else; it cannot write.

        holdout sql "SELECT channel, count(*) FROM 'data/calls.parquet' GROUP BY 1"
        holdout sql "FROM 'data/*.csv' LIMIT 5" --format json

      SQL files run statement by statement in an empty in-memory database. They must
      write their own output (COPY, ATTACH). Read values given with --set with
      getvariable('name'). The demo data are generated this way:

        holdout sql experiments/data/netsuite/*.sql --set accounts=60000 \\
          --set seed=42 --set base_rate=0.0075 --set out=data/netsuite

      Files can do everything that the engine can, including reading and writing any
      file, unlike a query and SQL in a spec.
      """)

  @Argument(
    help: "One query; or SQL files, run in the given order.",
    completion: .file(extensions: ["sql"]))
  var files: [String]
  @Option(
    name: .customLong("set"), help: "A variable for the files: NAME=VALUE; a number or text.")
  var values: [String] = []
  @Option(help: "How the rows of a query are printed: text, csv, json or markdown.")
  var format: RowFormat = .text
  @Option(help: "The most rows to print. Default: 40 as text, otherwise all.")
  var limit: Int?
  @OptionGroup var tables: TableArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    guard limit.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--limit takes a number from 1")
    }
    let queries = files.filter(Self.isQuery)
    if queries.isEmpty {
      if limit != nil || format != .text || tables.all {
        throw ValidationError("--format, --limit and --all are for a query, not for files")
      }
    } else if files.count > 1 {
      throw ValidationError("give one query, or files only: `\(queries[0])` is a query")
    } else if !values.isEmpty {
      throw ValidationError("--set is for files: write the value into the query")
    }
  }

  /// Whether an argument is a query rather than the path of a file.
  private static func isQuery(_ argument: String) -> Bool {
    !argument.hasSuffix(".sql") && argument.contains { $0.isWhitespace || "'\"(;".contains($0) }
      && !FileManager.default.fileExists(atPath: argument)
  }

  func run() throws {
    if files.count == 1, Self.isQuery(files[0]) { try query(files[0]) } else { try runFiles() }
  }

  // MARK: - A query

  /// The most rows that are printed as text unless more are requested.
  private static let rowLimit = 40

  private func query(_ text: String) throws {
    let project = try machine.limits.project()
    let engine = try NativeLibraries.engine(threads: machine.threads)
    do {
      let query = try ProjectQuery(
        SourceFile(name: "argument 1", text: text), project: project.spec,
        projectFolder: project.folder, engine: engine)
      switch format {
      case .text, .markdown: try printPage(query)
      case .csv: try printCSV(query)
      case .json: try printJSON(query)
      }
    } catch let objection as EngineObjection {
      throw FindingsError(.queryRejected(objection))
    }
  }

  private func printPage(_ query: ProjectQuery) throws {
    let most = limit ?? (tables.all || format == .markdown ? nil : Self.rowLimit)
    var rows: [[String?]] = []
    // One more row tells whether there are others.
    try query.read(limit: most.map { $0 + 1 }, as: .text) { rows += $0 }
    var others = 0
    if let most, rows.count > most {
      rows.removeLast(rows.count - most)
      others = try query.rowCount() - most
    }
    let page = Page(query.columns, rows: rows, others: others)
    if format == .markdown { Terminal.printText(page.markdown) } else { Terminal.print(page) }
  }

  private func printCSV(_ query: ProjectQuery) throws {
    Terminal.printText(Self.record(query.columns.map(\.name)))
    try query.read(limit: limit, as: .text) { rows in
      Terminal.printText(rows.map(Self.record).joined())
    }
  }

  /// A record of a CSV file (RFC 4180). Null is empty, and empty text is quoted.
  private static func record(_ fields: [String?]) -> String {
    fields.map { field in
      guard let field else { return "" }
      let isPlain =
        !field.isEmpty && !field.contains { ",\"\n\r\r\n".contains($0) }
        && field.first != " " && field.last != " "
      return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
    }.joined(separator: ",") + "\n"
  }

  private func printJSON(_ query: ProjectQuery) throws {
    let names = query.columns.map { JSONText.quoted($0.name) }
    var isFirst = true
    try query.read(limit: limit, as: .json) { rows in
      let objects = rows.map { row in
        "  {" + zip(names, row).map { "\($0): \($1 ?? "null")" }.joined(separator: ", ") + "}"
      }
      guard !objects.isEmpty else { return }
      Terminal.printText(
        (isFirst ? "[\n" : ",\n") + objects.joined(separator: ",\n"), as: .json)
      isFirst = false
    }
    Terminal.printText(isFirst ? "[]\n" : "\n]\n", as: .json)
  }

  // MARK: - Files

  private func runFiles() throws {
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

extension Finding {
  /// A query that the engine rejects: H309.
  fileprivate static func queryRejected(_ objection: EngineObjection) -> Finding {
    let first = objection.lines.first ?? objection.error.message
    let isMarked = first.hasSuffix(".") || first.hasSuffix("!")
    return Finding(
      309, "the engine rejects the query: \(isMarked ? String(first.dropLast()) : first)",
      at: objection.span, notes: Array(objection.lines.dropFirst().prefix(3)),
      hints: ["the query is SQL as DuckDB reads it"])
  }
}

extension Explanation {
  static let sqlCommandFindings: [Explanation] = [
    Explanation(
      309, "a statement that the engine rejects",
      cause: """
        The engine cannot read the query that was given to `holdout sql`, does not know a name in \
        it, or fails on a value. `holdout sql` runs files statement by statement and stops at the \
        first that fails. The message names the file and the line, and the note has the engine's \
        message. Earlier statements have already taken effect.
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
      fix: "Fix the query, or the statement at that line, and run all files again from the first.")
  ]
}
