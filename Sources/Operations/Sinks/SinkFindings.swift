internal import Diagnostics
internal import Spec
internal import Warehouse

// Findings about where lists go: H830 to H837.
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
