internal import Diagnostics
internal import Spec
internal import Warehouse

// Findings about where lists are written: H830 to H837.
extension Finding {
  static func unknownListConnection(
    _ name: Located<String>?, table: Located<String>, known: [String]
  ) -> Finding {
    let declared =
      known.isEmpty
      ? "holdout.yaml declares no connections" : "connections: \(known.joined(separator: ", "))"
    guard let name else {
      return Finding(
        830, "holdout.yaml has no connection `default` for the table `\(table.value)`",
        at: table.span, label: "the cohort's source is not a database table", notes: [declared],
        hints: ["name the database for the lists: `connection:` next to `table:`"])
    }
    return Finding(
      830, "holdout.yaml has no connection `\(name.value)`", at: name.span,
      label: Suggestion.closest(to: name.value, among: known).map { "did you mean `\($0)`?" },
      notes: [declared],
      hints: [
        "add it to holdout.yaml: `connections: {\(name.value): {duckdb: path/to/file.duckdb}}`"
      ])
  }

  static func unwritableDriver(_ driver: Located<String>, table: Located<String>) -> Finding {
    Finding(
      831, "lists cannot be written through the driver `\(driver.value)`", at: driver.span,
      notes: ["the table `\(table.value)` uses this connection"],
      hints: [
        "lists can be written to DuckDB files and through the drivers `postgresql` and `sqlite`; "
          + "name such a connection next to `table:`, or write only a file"
      ])
  }

  static func listDatabase(
    _ connection: ConnectionSpec, _ table: Located<String>, _ code: WarehouseError.Code,
    message: String
  ) -> Finding {
    let hint =
      code == .libraryMissing
      ? "`scripts/setup --drivers` fetches the drivers of PostgreSQL and SQLite"
      : "check the address, and that the server is running or the file's folder exists"
    return Finding(
      832, "the database of `\(table.value)` cannot be opened", at: connection.address.written.span,
      label: "connection `\(connection.name.value)`", notes: [message, "nothing was written"],
      hints: [hint])
  }

  static func listDatabaseHeld(
    _ connection: ConnectionSpec, _ table: Located<String>, holder: String?, seconds: Double
  ) -> Finding {
    let time = seconds == 1 ? "1 second" : "\(Int(seconds)) seconds"
    return Finding(
      833, "the database of `\(table.value)` is locked by another process",
      at: connection.address.written.span, label: "waited \(time) for it",
      notes: [
        "locked by \(holder ?? "a process that the database does not name")", "nothing was written",
      ],
      hints: ["end that process, or wait for it, and score again"])
  }

  static func notATableOfLists(_ table: Located<String>, missing: [String]) -> Finding {
    Finding(
      834, "the table `\(table.value)` exists but is not a table of lists", at: table.span,
      label: "it has no column \(missing.map { "`\($0)`" }.inWords("and"))",
      notes: ["nothing was written"],
      hints: ["name a separate table; it is created if it does not exist"])
  }

  static func listColumnType(_ clash: TablePlan.Clash, _ table: Located<String>) -> Finding {
    Finding(
      835, "column `\(clash.column)` of the table `\(table.value)` has another type",
      at: table.span,
      label: "expected `\(clash.expected)`, is `\(clash.actual)`", notes: ["nothing was written"],
      hints: [
        "publish it under another name, or change the table: `ALTER TABLE ... ALTER COLUMN "
          + "\(clash.column) TYPE \(clash.expected)`"
      ])
  }

  /// - Parameter outcome: how the transaction ended.
  static func listNotWritten(
    _ table: Located<String>, _ outcome: CommitFailure.Outcome = .undone, message: String
  ) -> Finding {
    let (state, hint) =
      switch outcome {
      case .undone:
        ("the table and the file are unchanged", "fix what the database reports and score again")
      case .unknown:
        (
          "the connection was lost during the commit: the table has either the old or the complete "
            + "new list; the file is unchanged",
          "score again when the database is back: that replaces either list"
        )
      }
    return Finding(
      836, "the table `\(table.value)` could not be written", at: table.span,
      notes: [message, state], hints: [hint])
  }

  static func listNotRead(_ table: Located<String>, message: String) -> Finding {
    Finding(
      836, "the table `\(table.value)` cannot be read", at: table.span, notes: [message],
      hints: ["fix what the database reports and score again"])
  }

  static func listFileOutside(_ file: Located<String>) -> Finding {
    Finding(
      837, "the file `\(file.value)` is not in the project", at: file.span,
      notes: ["a spec can write only in the project folder", "nothing was written"],
      hints: ["name a file in the project, and copy it from there"])
  }

  static func listFileName(_ file: Located<String>) -> Finding {
    Finding(
      837, "the file `\(file.value)` does not have the name of a Parquet file", at: file.span,
      notes: ["nothing was written"], hints: ["end its name with `.parquet`"])
  }

  static func listFile(_ file: Located<String>, _ failure: ListFile.Failure) -> Finding {
    var finding = listFile(file, message: "\(failure.path): \(failure.reason)")
    if failure.explanation != nil {
      finding.hints = ["move the existing file, or set another `parquet`"]
    }
    if let kept = failure.kept {
      finding.notes = [
        "\(failure.path): \(failure.reason)", "the table is unchanged",
        "the old file could not be put back; it is \(kept)",
      ]
      finding.hints = ["put the old file back by hand"]
    }
    return finding
  }

  static func listFile(_ file: Located<String>, message: String) -> Finding {
    Finding(
      837, "the file `\(file.value)` cannot be written", at: file.span,
      notes: [
        message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message,
        "the table and the file are unchanged",
      ],
      hints: ["make the folder writable, free some space, or set another `parquet`"])
  }
}

extension Explanation {
  /// A project whose run is in production and whose spec says where to write its lists.
  /// - Parameters:
  ///   - connections: lines to add to `connections` in holdout.yaml.
  ///   - score: the keys of `score`.
  private static func lists(
    connections: String = "", score: String, _ commands: String
  ) -> Example {
    .champion(
      commands, spec: "score: {\(score)}",
      project: ExampleProject.project + connections)
  }

  private static let score = "holdout score renewals"

  /// Creates the table of lists by hand.
  private static func table(_ columns: String) -> String {
    """
    echo "ATTACH 'data/shop.duckdb' AS shop; CREATE TABLE shop.lists (\(columns))" > lists.sql
    holdout sql lists.sql
    """
  }

  static let sinkFindings: [Explanation] = [
    Explanation(
      830, "a list's table without a connection",
      cause: """
        `score.table` names the table for lists, and `connection` next to it names the database. \
        Without `connection`, it is the database of the cohort's source, or `default`. \
        holdout.yaml has no connection with that name.
        """,
      example: lists(score: "table: lists, connection: «sohp»", score),
      fix: "Correct the name, or add the connection to holdout.yaml."),
    Explanation(
      831, "a database that lists cannot be written to",
      cause: """
        Lists are written to DuckDB files, PostgreSQL, and SQLite, whose transactions and types \
        Holdout supports. Other ADBC drivers only read sources.
        """,
      example: lists(
        connections: "  lake: {driver: «spark», uri: \"spark://lake\"}\n",
        score: "table: lists, connection: lake", score),
      fix: """
        Name a connection to one of the three, or remove `table` and write a file with `parquet`.
        """),
    Explanation(
      832, "a list's database that cannot be opened",
      cause: """
        The server is not running or refuses the connection, the driver is missing, or the folder \
        of a DuckDB or SQLite file does not exist. The file itself is created if it is missing.
        """,
      example: lists(
        connections: "  lists: {duckdb: «nowhere/lists.duckdb»}\n",
        score: "table: lists, connection: lists", score),
      fix: """
        The note has the database's message. `scripts/setup --drivers` installs the drivers of \
        PostgreSQL and SQLite.
        """),
    Explanation(
      833, "a list's database that another process locks",
      cause: """
        Only one process at a time can write a DuckDB file, and no other can read it meanwhile. An \
        SQLite file has one writer. On PostgreSQL, one scoring at a time writes a table. Another \
        process kept the lock for longer than scoring waits, so nothing was written.
        """,
      example: lists(
        connections: "  lists: {duckdb: «lists.duckdb»}\n",
        score: "table: lists, connection: lists",
        """
        \(score) &> run.log
        python3 -c 'import fcntl, time; f = open("lists.duckdb", "r+b"); fcntl.lockf(f, 2); time.sleep(9)' & sleep 0.5
        \(score) --wait 1
        """),
      fix: """
        The note says which process has the lock: often a DuckDB shell or a notebook that was left \
        open. End it, or wait, and score again. Lists in a separate file do not conflict with \
        processes that read sources.
        """),
    Explanation(
      834, "a table that is not for lists",
      cause: """
        `score.table` names an existing table without a column `cutoff_date` or `model`. It has \
        another purpose, so no row is replaced or added.
        """,
      example: lists(score: "table: «customers»", score),
      fix: "Name another table. If it does not exist, the first scoring creates it."),
    Explanation(
      835, "a table column of another type",
      cause: """
        Columns missing in the table are added, and columns missing in the list become null, but \
        types are never converted. The table's column can be wider: `bigint` accepts `integer`.
        """,
      example: lists(
        score: "table: «lists»",
        """
        \(table("cutoff_date DATE, model VARCHAR, score VARCHAR"))
        \(score)
        """),
      fix: """
        Publish the column under another name, or change the type in the table, including its \
        older rows.
        """),
    Explanation(
      836, "a table that could not be read or written",
      cause: """
        The database rejected a statement, or the connection was lost. Rows and file are replaced \
        in one transaction, so both are unchanged. Only if the connection is lost during the \
        commit, and the database cannot be asked again, can the table have the complete new list \
        next to the old file. The notes then say so.
        """,
      example: lists(
        score: "table: «lists»",
        """
        \(table("cutoff_date DATE, model VARCHAR, note VARCHAR NOT NULL"))
        \(score)
        """),
      fix: """
        Fix what the database reports, and score again: that replaces exactly this cutoff's rows \
        and the file.
        """),
    Explanation(
      837, "a list's file that cannot be written",
      cause: """
        `score.parquet` is written to a temporary file and renamed over the old file just before \
        the table's commit. The folder cannot be created or written, the disk is full, or a folder \
        has the file's name. The table and the file are unchanged.
        """,
      example: lists(
        score: "parquet: «lists.parquet»", "mkdir lists.parquet\n\(score)"),
      fix: "Make the folder writable, free some space, or name another file."),
  ]
}
