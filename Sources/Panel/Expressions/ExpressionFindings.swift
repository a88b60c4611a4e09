internal import Diagnostics
internal import Spec

// Findings about what an expression may not do: H302 to H306 and H410.
extension Finding {
  /// The alternative to reading rows from elsewhere.
  static let summarise =
    "summarize an event table with `count`, `sum`, `mean`, `min`, `max`, or `distinct`"

  static func sqlNotAnExpression(
    at span: SourceSpan, label: String? = nil,
    hint: String = "write one value per entity, such as `customers.size > 50`"
  ) -> Finding {
    Finding(302, "this is not a single SQL expression", at: span, label: label, hints: [hint])
  }

  static func sqlEmpty(at span: SourceSpan) -> Finding {
    Finding(
      302, "the SQL is empty", at: span,
      hints: ["write one value per entity, such as `customers.size > 50`"])
  }

  static func sqlParameter(at span: SourceSpan) -> Finding {
    Finding(
      302, "a parameter has no value here", at: span, label: "not allowed here",
      hints: ["write the value itself; `cutoff` is the day at which the expression is evaluated"])
  }

  static func sqlPosition(at span: SourceSpan) -> Finding {
    Finding(
      302, "a column is named, not numbered", at: span, label: "not allowed here",
      hints: ["a comment starts with `--`"])
  }

  static func sqlLambda(at span: SourceSpan) -> Finding {
    Finding(
      302, "lambdas are not supported", at: span, label: "not allowed here",
      hints: ["an expression computes one value from columns"])
  }

  static func sqlUnknownForm(at span: SourceSpan) -> Finding {
    Finding(
      302, "this form of SQL is not supported in an expression", at: span,
      label: "not allowed here", hints: ["an expression computes one value from columns"])
  }

  /// Returns the finding for a call with a qualified name.
  /// - Parameter ofColumn: whether the function is written after a column.
  static func sqlQualifiedCall(
    _ path: [String], ofColumn: Bool, hasArguments: Bool, at span: SourceSpan
  ) -> Finding {
    let name = path.last ?? ""
    let owner = path.dropLast().joined(separator: ".")
    let argument = hasArguments ? "\(owner), ..." : owner
    let fix = NewcomerFunctions.fix(path.joined(separator: "."))
    return Finding(
      302, "`\(owner).\(name)` is not a function", at: span, label: "not allowed here",
      hints: [
        ofColumn
          ? "write a function before its argument: `\(name)(\(argument))`"
          : fix ?? "call a function by its name alone, without `\(owner).`"
      ])
  }

  static func sqlQualifiedType(at span: SourceSpan) -> Finding {
    Finding(
      302, "use a type's name alone", at: span, label: "not allowed here",
      hints: ["a type defined in a database could contain values from after the cutoff"])
  }

  static func sqlSubquery(at span: SourceSpan) -> Finding {
    Finding(
      303, "a subquery could read rows from after the cutoff", at: span,
      label: "not allowed here", hints: [summarise])
  }

  static func sqlWindow(at span: SourceSpan) -> Finding {
    Finding(
      304, "a window function reads other rows", at: span, label: "not allowed here",
      hints: ["an expression sees one entity at one cutoff"])
  }

  static func sqlStar(at span: SourceSpan) -> Finding {
    Finding(305, "`*` does not name a column", at: span, label: "name the column")
  }

  static func sqlNotDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` can change from run to run", at: span, label: "not allowed here",
      hints: ["`cutoff` is the day at which the expression is evaluated"])
  }

  static func sqlReadsCurrent(_ reference: ColumnReference, at span: SourceSpan) -> Finding {
    Finding(
      410, "`\(reference)` is `current`: it has today's value at every cutoff", at: span,
      label: "look-ahead", hints: ["read it from a history source as of the cutoff"])
  }
}

extension Explanation {
  static let expressionFindings: [Explanation] = [
    Explanation(
      302, "not a single SQL expression",
      cause: """
        A feature or a rule is one expression that gives one value per entity. A query, several \
        values, a parameter, a lambda, or empty text is not. Neither is a function called on a \
        column or a schema, `customers.created.age()`, which could read what the cutoff hides.
        """,
      example: .spec(
        """
        feature_sets: {more: [large: {sql: «SELECT size > 50 FROM customers», type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Write only the expression, without `SELECT`, `FROM` and `WHERE`: `customers.size > 50`. A \
        query over a table belongs in a source's `sql`; write a function before its argument.
        """),
    Explanation(
      303, "a subquery in an expression",
      cause: """
        A subquery could read any row of a table, including rows from after the cutoff. A feature \
        that counts them knows the future, and scoring cannot reproduce it.
        """,
      example: .spec(
        """
        feature_sets: {more: [all_calls: {sql: «(SELECT count(*) FROM calls)»}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Write a feature over the event source, such as `{count: calls}`, with `where` and `within` \
        as needed. It sees only the entity's own events up to the cutoff.
        """),
    Explanation(
      304, "a window function in an expression",
      cause: """
        A window function compares an entity with others. Its value would depend on which other \
        entities are in the data, so an unchanged entity could score differently tomorrow.
        """,
      example: .spec(
        """
        feature_sets: {more: [rank: {sql: «percent_rank() OVER (ORDER BY customers.size)»}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Use the value itself, such as `{value: customers.size}`. Trees use only the order of \
        values, so they need no rank.
        """),
    Explanation(
      305, "a star in an expression",
      cause: """
        `*` means all columns that the table has at the moment. An expression can read only \
        columns that the source lists, so that each is known to be safe at the cutoff.
        """,
      example: .spec(
        """
        feature_sets: {more: [filled: {sql: «customers.*» IS NOT NULL, type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: "Name the columns, each as `source.column`."),
  ]
}
