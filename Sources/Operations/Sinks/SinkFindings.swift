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
        at: table.span, label: "the cohort's source is no table of a database", notes: [declared],
        hints: ["say which database keeps the lists: `connection:` beside `table:`"])
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
      831, "no list can be written through the driver `\(driver.value)`", at: driver.span,
      notes: ["the table `\(table.value)` is of this connection"],
      hints: [
        "lists are kept by DuckDB files and by the drivers `postgresql` and `sqlite`; name such a "
          + "connection beside `table:`, or write a file only"
      ])
  }

  static func listDatabase(
    _ connection: ConnectionSpec, _ table: Located<String>, _ code: WarehouseError.Code,
    message: String
  ) -> Finding {
    let hint =
      code == .libraryMissing
      ? "`scripts/setup --drivers` fetches the drivers of PostgreSQL and SQLite"
      : "check the address, and that the server runs or the file's folder is there"
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
      833, "the database of `\(table.value)` is held by another process",
      at: connection.address.written.span, label: "waited \(time) for it",
      notes: [
        "held by \(holder ?? "a process that the database does not name")", "nothing was written",
      ],
      hints: ["end that process, or wait for it, and score again"])
  }

  static func notATableOfLists(_ table: Located<String>, missing: [String]) -> Finding {
    Finding(
      834, "the table `\(table.value)` is there and does not hold lists", at: table.span,
      label: "it has no column \(missing.map { "`\($0)`" }.inWords("and"))",
      notes: ["nothing was written"],
      hints: ["name a table of its own; it is made when it is not there"])
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
        ("table and file are as they were", "mend what the database says and score again")
      case .unknown:
        (
          "it went away in the commit: the table holds the old list or the new one, whole; the file "
            + "is as it was",
          "score again when the database is back: that replaces whichever it holds"
        )
      }
    return Finding(
      836, "the table `\(table.value)` could not be written", at: table.span,
      notes: [message, state], hints: [hint])
  }

  static func listNotRead(_ table: Located<String>, message: String) -> Finding {
    Finding(
      836, "the table `\(table.value)` cannot be read", at: table.span, notes: [message],
      hints: ["mend what the database says and score again"])
  }

  static func listFileOutside(_ file: Located<String>) -> Finding {
    Finding(
      837, "the file `\(file.value)` is not in the project", at: file.span,
      notes: ["a spec writes below the project folder only", "nothing was written"],
      hints: ["name a file of the project, and copy it from there"])
  }

  static func listFileName(_ file: Located<String>) -> Finding {
    Finding(
      837, "the file `\(file.value)` is not named as a Parquet file", at: file.span,
      notes: ["nothing was written"], hints: ["end its name with `.parquet`"])
  }

  static func listFile(_ file: Located<String>, _ failure: ListFile.Failure) -> Finding {
    var finding = listFile(file, message: "\(failure.path): \(failure.reason)")
    if failure.explanation != nil {
      finding.hints = ["move away what is there, or set another `parquet`"]
    }
    if let kept = failure.kept {
      finding.notes = [
        "\(failure.path): \(failure.reason)", "the table is as it was",
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
        "table and file are as they were",
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
      830, "a list's table in no connection",
      cause: """
        `score.table` names a table that lists are written to, in the database that `connection` beside \
        it names: unless it is there, that of the cohort's source, else `default`. holdout.yaml has no \
        connection of that name.
        """,
      example: lists(score: "table: lists, connection: «sohp»", score),
      fix: "Correct the name, or add the connection to holdout.yaml."),
    Explanation(
      831, "a database that no list can be written to",
      cause: """
        Lists are written to DuckDB files, PostgreSQL and SQLite, whose transactions and types Holdout \
        knows. Other ADBC drivers are for reading sources only.
        """,
      example: lists(
        connections: "  lake: {driver: «spark», uri: \"spark://lake\"}\n",
        score: "table: lists, connection: lake", score),
      fix: """
        Name a connection to one of the three, or leave `table` out and write a file with `parquet`.
        """),
    Explanation(
      832, "a list's database that cannot be opened",
      cause: """
        The server does not run or refuses the connection, the driver is not there, or the folder of a \
        DuckDB or SQLite file does not exist. A file in a folder that exists is made.
        """,
      example: lists(
        connections: "  lists: {duckdb: «nowhere/lists.duckdb»}\n",
        score: "table: lists, connection: lists", score),
      fix: """
        The database's own words stand below the message. `scripts/setup --drivers` fetches the drivers \
        of PostgreSQL and SQLite.
        """),
    Explanation(
      833, "a list's database that another process holds",
      cause: """
        A DuckDB file is written by one process at a time, and read by no other meanwhile; an SQLite \
        file has one writer; on PostgreSQL one scoring at a time writes a table. Another process has \
        held it for longer than scoring waits, so nothing was written.
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
        The note says who holds it: often a DuckDB shell or a notebook that was left open. End it, or \
        wait, and score again. Lists in a file of their own do not meet those who read sources.
        """),
    Explanation(
      834, "a table that does not hold lists",
      cause: """
        `score.table` names a table that is there and has no column `cutoff_date` or `model`. It is \
        somebody else's, so no row of it is replaced and none is added.
        """,
      example: lists(score: "table: «customers»", score),
      fix: "Name another table. One that does not exist yet is made by the first scoring."),
    Explanation(
      835, "a column of the table that has another type",
      cause: """
        Columns that the table lacks are added, and those that a list lacks become null, but values of \
        one type are never turned into another. The table's column may be wider: `bigint` takes \
        `integer`.
        """,
      example: lists(
        score: "table: «lists»",
        """
        \(table("cutoff_date DATE, model VARCHAR, score VARCHAR"))
        \(score)
        """),
      fix: """
        Publish the column under another name, or change the table's type: its older rows are yours to \
        convert.
        """),
    Explanation(
      836, "a table that could not be read or written",
      cause: """
        The database refused a statement, or went away. Rows and file are replaced in one transaction, \
        so both are as they were. Only when the database goes away in the commit itself and cannot be \
        asked again may the table hold the new list, whole, beside the old file; the notes then say so.
        """,
      example: lists(
        score: "table: «lists»",
        """
        \(table("cutoff_date DATE, model VARCHAR, note VARCHAR NOT NULL"))
        \(score)
        """),
      fix: """
        Mend what the database says, and score again: that replaces exactly this cutoff's rows, \
        whichever they are, and the file.
        """),
    Explanation(
      837, "a list's file that cannot be written",
      cause: """
        `score.parquet` is written beside its place and renamed over the old file just before the \
        table's commit. The folder cannot be made or written, the disk is full, or a folder stands in \
        the file's place. Table and file are as they were.
        """,
      example: lists(
        score: "parquet: «lists.parquet»", "mkdir lists.parquet\n\(score)"),
      fix: "Make the folder writable, free some space, or name another file."),
  ]
}
