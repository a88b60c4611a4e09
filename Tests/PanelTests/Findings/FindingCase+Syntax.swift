import OrderedCollections
import Spec

/// Text that is no expression.
extension FindingCase {
  private static let early = "a bracket, an operand, or `END` is missing"

  static let syntax: [FindingCase] = [
    sql(301, "a slip", "customers.size plus 2", underlined: "plus", fix: "SQL as DuckDB reads it"),
    sql(301, "an operand is missing", "customers.size +", underlined: "+", fix: early),
    sql(
      301, "a condition is missing", "customers.size > 1 and", underlined: "and", fix: early),
    sql(301, "a bracket is open", "(customers.size + 1", underlined: "1", fix: early),
    sql(301, "a call is open", "coalesce(customers.size,", underlined: ",", fix: early),
    sql(
      301, "a square bracket is open", "[1, 2][1", underlined: "1", fix: "the SQL ends too early"),
    sql(
      301, "a case without its end", "CASE WHEN customers.named THEN customers.size",
      underlined: "customers.size", fix: early),
    sql(
      301, "an end too early before a comment", "customers.size + -- more", underlined: "+",
      fix: early),
    sql(
      301, "a bracket too many", "coalesce(customers.size, 1))", underlined: ")",
      fix: "there is an extra `)`"),
    sql(
      301, "two expressions", "customers.size), (2", underlined: ")",
      fix: "there is an extra `)`"),
    sql(
      301, "two statements", "1); SELECT (2", underlined: ")", fix: "there is an extra `)`"),
    sql(
      301, "a text without its end", "customers.segment = 'it's'", underlined: "'",
      fix: "double a quote inside text"),
    sql(
      301, "a comment without its end", "customers.size /* more", underlined: "/",
      fix: "unterminated /* comment at or near \"/* more\""),
    sql(
      301, "another language's and", "customers.size > 1 && customers.size < 5", underlined: "&&",
      fix: "combine conditions with `AND` and `OR`"),
    sql(
      301, "another language's or", "customers.size > 5 || customers.size < 1", underlined: "||",
      fix: "combine conditions with `AND` and `OR`"),
    sql(
      301, "a chain of comparisons", "1 < customers.size < 5", fix: "`a < b AND b < c`"),
    sql(
      301, "another language's null", "customers.size is None", underlined: "None",
      fix: "`IS NULL`"),
    sql(
      301, "another language's not null", "customers.size is not None", underlined: "None",
      fix: "`IS NOT NULL`"),
    sql(
      301, "not text", "customers.segment IS NOT 'x'", underlined: "'x'", fix: "`<>`"),
    sql(
      301, "a text with a quote in it", "customers.segment IS 'it''s'", underlined: "'it''s'",
      fix: "compare text with `=`"),
    sql(
      301, "a period", "cutoff + 6 months > customers.created", underlined: "months",
      fix: "`INTERVAL 6 MONTH`"),
    sql(
      302, "two values", "customers.size, 2", underlined: ",", fix: "there is an extra `,`"),
    sql(
      302, "a comma behind the value", "coalesce(customers.size, 0) + 1,", underlined: ",",
      fix: "there is an extra `,`"),
    condition(
      302, "two conditions", "minutes > 1, kind = 'call'", underlined: ",",
      fix: "there is an extra `,`"),
    sql(
      302, "a semicolon", "customers.size;", underlined: ";", fix: "remove the `;`"),
    sql(
      302, "a name", "customers.size AS large", underlined: "AS", fix: "an expression has no name"),
    sql(
      302, "a clause of a query", "customers.size WHERE true", underlined: "WHERE",
      fix: "remove `WHERE`"),
    sql(
      302, "a word for distinct rows", "DISTINCT customers.size", underlined: "DISTINCT",
      fix: "remove `DISTINCT`"),
    sql(
      302, "a query", "SELECT size > 50 FROM customers",
      fix: "write only the expression, without `SELECT`, `FROM` and `WHERE`"),
    sql(302, "a query that is unsound", "select from where", fix: "write only the expression"),
    FindingCase(
      302, "a comment alone", underlined: "'-- customers.size'", fix: "the SQL is empty",
      overlay: "feature_sets: {more: [free: {sql: '-- customers.size'}]}"),
    FindingCase(
      302, "nothing but blanks", underlined: "' '", fix: "the SQL is empty",
      overlay: "feature_sets: {more: [free: {sql: ' '}]}"),
  ]
}
