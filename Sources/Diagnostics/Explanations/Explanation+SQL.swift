extension Explanation {
  /// Findings about SQL expressions and SQL files: H301 to H309.
  static let sql: [Explanation] = [
    Explanation(
      301, "SQL that cannot be read",
      cause: """
        The text is not SQL: a word is misspelt or left out, or a bracket or a quote is not \
        closed. Every expression is parsed before any data are read, so that it is known which \
        columns it depends on.
        """,
      example: .spec(
        """
        feature_sets: {more: [demos: {count: calls, where: "kind = 'demo' «minutes» > 5"}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Look at the marked word and at what stands before it; here `AND` is missing. Where the SQL \
        ends too early, a bracket, an operand or an `END` is missing.
        """),
    Explanation(
      302, "not a single SQL expression",
      cause: """
        A feature or a rule is one expression that gives one value per entity. A whole query, \
        several values, a parameter, a lambda or an empty text is not. Nor is a function behind a \
        column or a schema, `customers.created.age()`, which could read what the cutoff hides.
        """,
      example: .spec(
        """
        feature_sets: {more: [large: {sql: «SELECT size > 50 FROM customers», type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Write only the expression, without `SELECT`, `FROM` and `WHERE`: `customers.size > 50`. A \
        query over a table belongs in a source's own `sql`; a function stands before its argument.
        """),
    Explanation(
      303, "a subquery in an expression",
      cause: """
        A subquery could read any row of a table, also those from after the cutoff. A feature that \
        counts them knows the future, and its result in training cannot be had again when scoring.
        """,
      example: .spec(
        """
        feature_sets: {more: [all_calls: {sql: «(SELECT count(*) FROM calls)»}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Write a feature over the event source, such as `{count: calls}`, with `where` and `within` \
        as needed. It sees only the entity's own events up to the cutoff.
        """),
    Explanation(
      304, "a window function in an expression",
      cause: """
        A window function compares an entity with others. Its value would depend on which other \
        entities happen to be in the data, so the same entity would score differently tomorrow \
        without having changed.
        """,
      example: .spec(
        """
        feature_sets: {more: [rank: {sql: «percent_rank() OVER (ORDER BY customers.size)»}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Use the value itself, such as `{value: customers.size}`. The learner's trees go only by \
        the order of values, so they need no rank.
        """),
    Explanation(
      305, "a star in an expression",
      cause: """
        `*` stands for all columns of a table, whatever they are on the day. An expression may \
        read only columns that the source lists, so that each is known to be safe at the cutoff.
        """,
      example: .spec(
        """
        feature_sets: {more: [filled: {sql: «customers.*» IS NOT NULL, type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: "Name the columns that are meant, each as `source.column`."),
    Explanation(
      306, "a function that may differ from run to run",
      cause: """
        `today()`, `random()`, a setting of the machine and the like change between runs or \
        between machines, so the result could not be had again. A date counted from today is \
        look-ahead as well: every cutoff would see the same today. A source's own query may not \
        call such functions, either.
        """,
      example: .spec(
        """
        feature_sets: {more: [days: {sql: "date_diff('day', customers.created, «today»())"}]}
        features: [account, more]
        """),
      mend: """
        Write `cutoff` for the day at which the expression is evaluated, or use a feature such as \
        `{days_since: customers.created}`.
        """),
    Explanation(
      307, "a name in SQL that is not a listed column",
      cause: """
        An expression may read only columns that a source lists, as each has a class that says \
        what it knows at a cutoff. In features and rules a column is written `source.column`; in a \
        condition on events the column's name is enough. Letters' case counts, and a word in \
        double quotes is a name, too.
        """,
      example: .spec(
        """
        feature_sets: {more: [large: {sql: «size» > 50, type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Write the name in full, here `customers.size`, or list the column under the source's \
        `columns`. Text stands in single quotes: `kind = 'demo'`.
        """),
    Explanation(
      308, "SQL that the engine refuses",
      cause: """
        The expression can be read, but the engine does not know a function, does not take these \
        types, or fails on a value in the data. The engine is DuckDB, whose functions are not \
        always those of other databases. An aggregate is refused, too, as an expression sees one \
        entity, and so is text or a date where a feature is a number or a flag.
        """,
      example: .spec(
        """
        feature_sets: {more: [known_size: {sql: "«nvl»(customers.size, 0)"}]}
        features: [account, more]
        """, Example.checkWithData),
      mend: """
        Use DuckDB's function, here `coalesce(customers.size, 0)`. Where values cannot be \
        converted, `TRY_CAST(... AS DOUBLE)` gives null for them.
        """),
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
      mend: "Mend the statement at that line, and run all files again from the first."),
  ]
}
