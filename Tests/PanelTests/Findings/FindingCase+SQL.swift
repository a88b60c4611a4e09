import OrderedCollections
import Spec

/// What an expression may not do: reach other rows, take forms that nobody has looked at.
extension FindingCase {
  static let sql: [FindingCase] = [
    sql(
      302, "a parameter", "customers.size + $1", underlined: "$1",
      fix: "a parameter has no value here"),
    sql(302, "a parameter without a number", "?", fix: "a parameter has no value here"),
    sql(302, "a column by its number", "#1", fix: "a column is named, not numbered"),
    sql(302, "a default value", "DEFAULT", fix: "this form of SQL is not supported"),
    sql(
      302, "a lambda", "list_sum(list_transform([1, 2], x -> x + customers.size))",
      underlined: "x -> x + customers.size", fix: "lambdas are not supported"),
    sql(
      302, "a lambda by its word", "list_sum(list_transform([1, 2], lambda x: x + 1))",
      underlined: "lambda x: x + 1", fix: "lambdas are not supported"),
    sql(
      302, "a lambda of two", "list_reduce([1, 2], (x, y) -> x + y)", underlined: "(x, y) -> x + y",
      fix: "lambdas are not supported"),
    sql(
      302, "a list comprehension", "list_sum([x + y for x in [1, 2] if x > 1])",
      underlined: "[x + y for x in [1, 2] if x > 1]", fix: "lambdas are not supported"),
    sql(
      302, "a type made of a table's texts",
      "TRY_CAST('x' AS source.\"customers.segment levels\") IS NULL",
      underlined: "source.\"customers.segment levels\"", fix: "use a type's name alone"),
    sql(
      302, "a list of such a type", "len(NULL::source.\"customers.segment levels\"[])",
      underlined: "source.\"customers.segment levels\"", fix: "from after the cutoff"),
    sql(302, "a tuple", "row(customers.size, 2)", fix: "choose one value"),
    sql(302, "a tuple by brackets alone", "(customers.size, 2)", fix: "several values"),
    sql(302, "a struct", "{'a': customers.size}", fix: "several values", type: "category"),
    sql(302, "a list", "[customers.size]", fix: "several values", type: "flag"),
    condition(302, "a tuple for a condition", "(minutes > 1, kind = 'call')", fix: "several"),
    sql(
      303, "a subquery", "(SELECT max(day) FROM calls) IS NULL",
      underlined: "(SELECT max(day) FROM calls)", fix: "summarize an event table"),
    sql(
      303, "a subquery of the table behind the view",
      "customers.size IN (SELECT size FROM source.customers)",
      underlined: "(SELECT size FROM source.customers)", fix: "not allowed here"),
    sql(
      303, "a subquery for a list", "len(ARRAY(SELECT size FROM source.customers))",
      underlined: "ARRAY(SELECT size FROM source.customers)", fix: "not allowed here"),
    sql(
      303, "a file by a query", "EXISTS (FROM read_csv('other.csv'))",
      fix: "summarize an event table"),
    sql(
      304, "a window", "row_number() OVER (ORDER BY customers.size)",
      fix: "one entity at one cutoff"),
    sql(
      305, "every column", "coalesce(COLUMNS(*))", underlined: "*", fix: "name the column"),
    sql(
      305, "columns by a pattern", "COLUMNS('si.*')", fix: "name the column"),
    sql(
      305, "columns by a lambda", "COLUMNS(name -> name = 'size')", fix: "name the column"),
    FindingCase(
      410, "a column of today in SQL", underlined: "customers.segment", fix: "history source",
      overlay: "feature_sets: {more: [free: {sql: \"length(customers.segment)\"}]}"
    ) { $0.sources["customers"]?.columns["segment"]?.columnClass = .current },
  ]

  /// Calls behind a column or a schema, which the engine would bind in its own way.
  static let calls: [FindingCase] = [
    sql(
      302, "the years up to today behind a column", "year(customers.created.age())",
      underlined: "customers.created.age()",
      fix: "write a function before its argument: `age(customers.created)`"),
    sql(
      302, "a function behind a column", "length(customers.segment.lower())",
      underlined: "customers.segment.lower()", fix: "`lower(customers.segment)`"),
    sql(
      302, "a function with more arguments behind a column",
      "length(customers.segment.replace('a', 'b'))",
      underlined: "customers.segment.replace('a', 'b')",
      fix: "`replace(customers.segment, ...)`"),
    sql(
      302, "two functions behind a column", "customers.size.abs().sqrt()",
      underlined: "customers.size.abs()", fix: "`abs(customers.size)`"),
    condition(
      302, "a function behind an event's column", "kind.lower() = 'call'",
      underlined: "kind.lower()", fix: "`lower(kind)`"),
    sql(
      302, "a clock behind a schema", "year(main.now())", underlined: "main.now()",
      fix: "without `main.`"),
    sql(
      302, "a clock behind a database", "year(system.main.now())",
      underlined: "system.main.now()", fix: "without `system.main.`"),
    sql(
      302, "a library's function", "np.log(customers.size)", fix: "the natural logarithm is `ln`"),
  ]
}
