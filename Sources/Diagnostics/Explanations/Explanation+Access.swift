extension Explanation {
  /// What a spec may not read or call, and limits of time and memory: H370 to H378.
  static let access: [Explanation] = [
    Explanation(
      370, "a function that SQL of a spec may not call",
      cause: """
        SQL of a spec computes with the values of its sources. Functions that read files as text, \
        settings, the engine's catalog, secrets, or other queries, that write, or that wait may not be \
        called, and neither may macros of an attached database. A function that a newer engine adds is \
        refused until it is known to be safe.
        """,
      example: .spec(
        """
        feature_sets: {more: [plan: {sql: "length(«json_serialize_sql('SELECT 1')»)"}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Leave the call out, or compute the values where the data are made. Data files are read with \
        `read_csv`, `read_parquet`, or `read_json`; `holdout sql` runs any SQL of yours.
        """),
    Explanation(
      371, "SQL of a source that does more than read",
      cause: """
        A source's SQL is one SELECT through and through. A second statement, a statement that changes \
        something, also inside of a `WITH`, and forms that the engine cannot show the tree of, such as \
        `PIVOT` without its values, are refused before anything is run.
        """,
      example: .spec(
        """
        sources:
          calls:
            parquet: null
            sql: "«PIVOT» 'data/calls.parquet' ON kind USING sum(minutes)"
        """, Example.checkWithData),
      mend: """
        Write one SELECT. Name the values of a `PIVOT`, `ON kind IN ('call', 'demo')`, or aggregate with \
        `sum(minutes) FILTER (WHERE kind = 'call')`.
        """),
    Explanation(
      372, "a file that a spec may not read",
      cause: """
        A spec reads data files of its project, and below the folders that holdout.yaml declares under \
        `roots`. What counts is where the path leads after every link. Hidden files and folders, \
        devices, and pipes are not read, and in SQL a file's name is a text that can be read off.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: «/etc/hosts»}
        """, Example.checkWithData),
      mend: """
        Put the file into the project, or have its folder declared in holdout.yaml: \
        `roots: [/data/lake]`. A DuckDB file is read through a connection.
        """),
    Explanation(
      373, "a view whose SQL may not be run",
      cause: """
        The table that a source reads is a view of an attached DuckDB file, and its SQL does what a \
        source's own SQL may not: it reads a file outside of the project or calls a function that may \
        not be called.
        """,
      example: Example(
        files: [
          Example.File(
            name: "spec.yaml",
            text: """
              extends: base.yaml
              sources:
                calls: {parquet: null, table: «hosts», connection: shop}

              """)
        ], sql: "",
        command: """
          echo "ATTACH 'data/shop.duckdb' AS s; \
          CREATE VIEW s.hosts AS SELECT * FROM read_text('/etc/hosts');" > view.sql
          holdout sql view.sql && holdout check spec.yaml
          """),
      mend: "Read a table, or have the view changed: it may do what a source's own SQL may."),
    Explanation(
      376, "a command that was ended as its time was over",
      cause: """
        The command took longer than `--timeout`, or `timeout` in holdout.yaml, allows. What it was \
        writing is removed; results that were there before are complete.
        """,
      example: .commands("holdout check spec.yaml --timeout 0.01s"),
      mend: """
        Allow more time, or ask for less: fewer cutoffs, features, combinations of a sweep, or \
        resamples. A spec cannot change the limit.
        """),
    Explanation(
      377, "a command that was ended as it took too much memory",
      cause: """
        The process took more memory than `--memory`, or `memory` in holdout.yaml, allows; at least \
        512 MB are allowed. The engine itself gets 60 % of it and puts the rest on disk.
        """,
      example: .files(
        [("big.sql", "CREATE TABLE t AS SELECT hash(range) AS h FROM range(150000000);\n")],
        "holdout sql big.sql --memory 512MB"),
      mend: "Allow more memory, use fewer threads, or fit fewer models side by side: `--jobs 1`."),
    Explanation(
      378, "a limit that is none",
      cause: """
        `timeout` is a number and a unit, `90s`, `30m`, `2h`, or `1d`; `memory` is a number and a unit, \
        `512MB` or `8GB`.
        """,
      example: .files(
        [
          (
            "holdout.yaml",
            """
            connections:
              shop: {duckdb: data/shop.duckdb}
            timeout: «soon»

            """
          )
        ], Example.checkWithData),
      mend: "Write the number and its unit without words around them."),
  ]
}
