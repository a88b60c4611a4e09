extension Explanation {
  /// A project whose run is in production and whose spec says where its lists go.
  /// - Parameters:
  ///   - connections: lines added to `connections` of holdout.yaml.
  ///   - score: the keys of `score`.
  private static func lists(
    connections: String = "", score: String, _ commands: String
  ) -> Example {
    .champion(
      commands, spec: "score: {\(score)}",
      project: ExampleProject.project + connections)
  }

  private static let score = "holdout score renewals"

  /// Makes the table of lists by hand.
  private static func table(_ columns: String) -> String {
    """
    echo "ATTACH 'data/shop.duckdb' AS shop; CREATE TABLE shop.lists (\(columns))" > lists.sql
    holdout sql lists.sql
    """
  }

  /// Findings about where lists go: H830 to H837.
  static let sinks: [Explanation] = [
    Explanation(
      830, "a list's table in no connection",
      cause: """
        `score.table` names a table that lists are written to, in the database that `connection` beside \
        it names: unless it is there, that of the cohort's source, else `default`. holdout.yaml has no \
        connection of that name.
        """,
      example: lists(score: "table: lists, connection: «sohp»", score),
      mend: "Correct the name, or add the connection to holdout.yaml."),
    Explanation(
      831, "a database that no list can be written to",
      cause: """
        Lists are written to DuckDB files, PostgreSQL and SQLite, whose transactions and types Holdout \
        knows. Other ADBC drivers are for reading sources only.
        """,
      example: lists(
        connections: "  lake: {driver: «spark», uri: \"spark://lake\"}\n",
        score: "table: lists, connection: lake", score),
      mend: """
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
      mend: """
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
      mend: """
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
      mend: "Name another table. One that does not exist yet is made by the first scoring."),
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
      mend: """
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
      mend: """
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
      mend: "Make the folder writable, free some space, or name another file."),
  ]
}
