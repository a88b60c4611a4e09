// What rows of a source mean, and whom they are of: H390 to H396, H443 and H444.
extension Explanation {
  private static let calls = "sources: {calls: {key: «id»}}"

  static let meaning: [Explanation] = [
    Explanation(
      390, "a column of lists or structures",
      cause: """
        A column of a source has one value in each row: a text, a number, a date or a flag. This one \
        holds a list, a structure or a map, whose text (`[1, 2]`) would be a level of its own for \
        every combination of values.
        """,
      example: .spec(
        "sources: {calls: {columns: {«kind»: text}}}",
        sql: "ALTER TABLE calls ALTER kind TYPE VARCHAR[] USING [kind];", Example.checkWithData),
      mend: """
        Choose a value with `sql`: `len(tags)`, `list_contains(tags, 'x')` or `address.city`. For a \
        field of a structure, `json_field: city` does the same. A list of events belongs into a \
        source of events, one row each: `unnest(tags)`.
        """),
    Explanation(
      391, "an infinite value of a feature",
      cause: """
        A sum beyond the largest number (1.8e308) and a division by zero are infinite. A learner \
        cannot compare such a value with others, and files of the panel cannot hold it everywhere.
        """,
      example: .spec(
        """
        feature_sets: {ratios: [{«per_unit»: {sql: "customers.size / (customers.size - 7)"}}]}
        features: [account, ratios]
        """, Example.run),
      mend: """
        Divide by `nullif(..., 0)`, so that there is no value instead, and bound what may be too \
        large: `least(..., 1e12)`.
        """),
    Explanation(
      392, "rows of a source that belong to no entity",
      cause: """
        Rows are joined to entities by their keys, as text. More than 10 % of this source's rows \
        have a key that no entity has, or all of them: their features are zero or empty, and nothing \
        fails. Often one system writes keys another way: `1000.00` for `1000`, `417` for `00417`, \
        other case, or blanks that cannot be seen. The note says what makes them equal.
        """,
      example: .spec(calls, sql: "UPDATE calls SET id = lower(id);", Example.checkWithData),
      mend: """
        Write the keys alike in the data or with `sql`, such as `upper(id) AS id`. Where the source \
        is meant to hold rows of others as well, choose those of the entities in its `sql`.
        """),
    Explanation(
      393, "files of events that hold the same rows",
      cause: """
        The files of this source share days, and on those days most rows of one are rows of the \
        other, alike in every column: two exports overlap. Every event in both counts twice. Equal \
        rows within one file are taken as they are.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/calls*.parquet»}}",
        sql: """
          COPY (SELECT * FROM calls WHERE day >= DATE '2025-03-01')
          TO 'data/calls_spring.parquet' (FORMAT parquet);
          """, Example.checkWithData),
      mend: """
        Export periods that do not overlap, or take each row once: `sql: SELECT DISTINCT * FROM \
        read_parquet('data/calls*.parquet')`.
        """),
    Explanation(
      394, "keys that a floating-point column cannot hold",
      cause: """
        A column of type DOUBLE holds whole numbers exactly up to 2^53, one of type FLOAT up to \
        2^24. Larger keys were rounded when the file was made, so that different ones read alike \
        and would be joined to the wrong entity. Programs make such a column of whole numbers when \
        one of them is missing.
        """,
      example: .spec(
        calls,
        sql: "ALTER TABLE calls ALTER id TYPE DOUBLE USING 9007199254740992 + hash(id) % 1000;",
        Example.checkWithData),
      mend: "Write the keys as text, or as whole numbers of 64 bits, where the data are made."),
    Explanation(
      395, "a file whose name does not say its form",
      cause: """
        The panel is written as Parquet or as CSV, and the suffix of the file's name decides which. \
        A file of another name would mislead whoever opens it.
        """,
      example: .commands("holdout panel spec.yaml --out panel.txt"),
      mend: "End the name in `.parquet` or `.csv`."),
    Explanation(
      396, "a source that changes while it is read",
      cause: """
        The audit reads sources that are not files twice, and this one gave other rows the second \
        time. A view that reads a clock or draws numbers makes runs that nobody can repeat. A view \
        by today's date is not found this way, as it changes once a day.
        """,
      example: .spec(
        """
        sources: {«visits»: {table: seen, connection: shop, key: id, time: day, columns: {n: number}}}
        feature_sets: {visits: [{visits: {sum: visits.n}}]}
        features: [account, visits]
        """,
        sql: """
          ATTACH 'data/shop.duckdb' AS shop;
          CREATE VIEW shop.seen AS SELECT 'C' || range AS id, DATE '2024-06-01' AS day, random() AS n
          FROM range(500);
          DETACH shop;
          """, "holdout audit spec.yaml"),
      mend: """
        Keep the rows in a table, or take the clock and the draws out of the view. Where the table \
        is being written, audit again when it is done.
        """),
    Explanation(
      443, "a day that seems to stand for none",
      cause: """
        Systems without a null write a day for "never": 1900-01-01, 1970-01-01 or one of their own. \
        Read as a day it says that something happened long ago: the account leaves the cohort, and \
        its days since then are tens of thousands. A day is reported if programs write it for none \
        and it lies a year from all busy days; if five rows or more have it and it lies five years \
        from all others; or if it is far busier than every other. The last day of a version may be \
        9999-12-31, and a date of class `event` in the future reads as null: neither is reported.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: "UPDATE customers SET first_order = DATE '1900-01-01' WHERE id IN ('C3', 'C5', 'C8');",
        Example.checkWithData),
      mend: """
        Make it null with `sql`: `SELECT * REPLACE (nullif(first_order, DATE '1900-01-01') AS \
        first_order) FROM ...`.
        """),
    Explanation(
      444, "versions that end one day before the next begins",
      cause: """
        `valid_to` is the day after the last on which a version holds. Where it is the last day \
        itself, no version holds on that day, and a cutoff on it, often a month's end, sees nothing: \
        its features are missing and the row may leave the cohort. Most of this source's holes \
        between versions have exactly one day.
        """,
      example: .spec(
        "sources: {history: {valid_to: «valid_to»}}",
        sql: """
          UPDATE history SET valid_to = valid_from + 99;
          INSERT INTO history SELECT * REPLACE (valid_from + 100 AS valid_from, NULL AS valid_to)
          FROM history;
          """, Example.checkWithData),
      mend: """
        Write `valid_to: {column: valid_to, inclusive: true}` if the day is the last one on which \
        the version holds.
        """),
  ]
}
