extension Explanation {
  /// Findings about the data of sources: H311 to H319.
  static let data: [Explanation] = [
    Explanation(
      311, "a file that is not there",
      cause: """
        A source names a file that does not exist, a glob that no file matches, or a folder in \
        place of its files. Paths in specs are relative to the project folder, which is the one that \
        holds `holdout.yaml`, and not to the spec.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/call.parquet»}}", Example.checkWithData),
      mend: """
        Write the path from the project folder on, and make the file first if it is made by a \
        script. For all files of a folder write a glob, `data/calls/*.parquet`.
        """),
    Explanation(
      312, "a source that cannot be read",
      cause: """
        The file, the table or the query is named, but reading it fails: the table does not exist, \
        the file has another format, the connection's database is not there, or the query has a \
        mistake. The note holds what the engine says.
        """,
      example: .spec("sources: {customers: {table: «customer»}}", Example.checkWithData),
      mend: """
        Correct what the note names: the table's name, the key for the file's format (`parquet`, \
        `csv` or `json`), or the query.
        """),
    Explanation(
      313, "an unknown connection",
      cause: """
        A source names a connection that `holdout.yaml` does not have. Databases are declared only \
        there, so that a spec holds no paths and no addresses of a machine. A table that names no \
        connection means the one called `default`.
        """,
      example: .spec("sources: {customers: {connection: «shpo»}}", Example.checkWithData),
      mend: "Correct the name, or add the connection under `connections` in `holdout.yaml`."),
    Explanation(
      314, "a column that the table does not have",
      cause: """
        A source lists a column, or names one as its key or its time, and the table has none of \
        that name. To go on without it would make a feature of nothing but nulls.
        """,
      example: .spec(
        "sources: {calls: {columns: {«minuts»: integer}}}", Example.checkWithData),
      mend: """
        Correct the name; the note lists the table's columns. To call a column by another name in \
        the spec, write `from`: `minuts: {type: integer, from: minutes}`.
        """),
    Explanation(
      315, "values that are not of the column's type",
      cause: """
        A column is declared as a date, a number or a flag, and some of its values cannot be read \
        as one. To take them for null in silence would shift every date and every mean that the \
        column goes into.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: """
          ALTER TABLE customers
          ALTER first_order TYPE VARCHAR USING strftime(first_order, '%d.%m.%Y');
          """,
        Example.checkWithData),
      mend: """
        Name the form in which dates are written, `formats: ["%d.%m.%Y"]`; `iso` among them stands \
        for 2024-05-01. For numbers say which signs to leave out (`strip: "$,"`), that the fraction \
        follows a comma (`decimal: ","`), and which values mean null (`null: [NaN, "N/A"]`).
        """),
    Explanation(
      316, "a source without rows",
      cause: """
        The file or the table exists, and is empty. That is nearly always an export that failed; \
        with it every entity would have no events and no history, and the model would learn from \
        that.
        """,
      example: .spec(
        "sources: {«calls»: {parquet: data/calls.parquet}}", sql: "DELETE FROM calls;",
        Example.checkWithData),
      mend: """
        Fill the source again, or correct the path, the table or the query. If there is nothing to \
        read, take away what reads the source.
        """),
    Explanation(
      317, "rows without a key",
      cause: """
        Some rows have null or blank text where the entity's key should be. They belong to no \
        entity, and many of them usually mean that a join before the export went wrong.
        """,
      example: .spec(
        "sources: {calls: {key: «id»}}", sql: "UPDATE calls SET id = NULL WHERE minutes = 50;",
        Example.checkWithData),
      mend: """
        Mend the export. If such rows are to be expected, write `null_keys: drop`: they are left \
        out, and a warning with this id counts them.
        """),
    Explanation(
      318, "a key that stands more than once",
      cause: """
        The source should have one row per key, or one version per key and first day, and has \
        several. Which one is read would be left to chance. Keys are compared as text without \
        blanks around them and without `.0`, so `7` and `7.0` are the same key.
        """,
      example: .spec(
        "sources: {customers: {key: «id»}}",
        sql: "INSERT INTO customers SELECT * FROM customers WHERE id = 'C7';",
        Example.checkWithData),
      mend: """
        Remove the duplicates from the data. In a source with one row per key, `duplicates: last` \
        with `order: [column]` keeps the last row by that column.
        """),
    Explanation(
      319, "versions of one key that overlap",
      cause: """
        Two versions of an entity hold on the same day, so that there is no telling which was \
        known at a cutoff. Usually `valid_to` of the earlier version was not set when the later \
        one began.
        """,
      example: .spec(
        "sources: {«history»: {valid_from: valid_from, valid_to: valid_to}}",
        sql: """
          INSERT INTO history
          SELECT * REPLACE (DATE '2025-01-01' AS valid_from) FROM history WHERE id = 'C7';
          """,
        Example.checkWithData),
      mend: """
        End each version on the day that the next begins: `valid_to` is the first day on which a \
        version no longer holds.
        """),
  ]
}

extension Explanation {
  static let contracts: [Explanation] = [
    Explanation(
      320, "a broken promise about the data",
      cause: """
        `expect` says what a source's data promise, and the data differ. Promises are compared with all \
        rows before anything is trained, so that a broken export shows here and not as a strange metric.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{accepted_values: [retail], column: segment}»]}}",
        Example.checkWithData),
      mend: "Mend the data, or change the promise."),
    Explanation(
      321, "a promise that examined no row",
      cause: """
        Every value that the promise is about is null, or the source has no row. Such a promise cannot be \
        broken and says nothing; often its column was emptied by accident.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{between: [0, 100], column: size}»]}}",
        sql: "UPDATE customers SET size = NULL;", Example.checkWithData),
      mend: "Look at the column, and take the promise out if the column is meant to be empty."),
    Explanation(
      322, "a promise that cannot be checked",
      cause: """
        The engine cannot compute what the promise asks for: a regular expression that is malformed, or a \
        promise about freshness of a source without `data_through`.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{matches: '[a-z', column: segment}»]}}",
        Example.checkWithData),
      mend: "Mend the promise, or take it out."),
    Explanation(
      323, "a value that never occurs",
      cause: """
        A rule asks for a value that no row of the source has, now or at any time. It is usually misspelt, \
        and the rule then holds for nobody.
        """,
      example: .spec(
        "cohort: {where: [{in: {column: history.region, values: [North, «Suoth»]}}]}",
        Example.checkWithData),
      mend: "Write a value that occurs; the note lists them."),
  ]
}
