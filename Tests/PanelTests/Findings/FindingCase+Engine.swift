import OrderedCollections
import Spec

/// What the engine does not take, and values that are not what they are for.
extension FindingCase {
  static let engine: [FindingCase] = [
    sql(
      308, "a function that is none", "lenght(customers.segment)", underlined: "lenght",
      fix: "Did you mean"),
    sql(
      308, "a table function", "length(read_csv('x.csv'))", underlined: "read_csv",
      fix: "is a table function"),
    sql(
      308, "an aggregate over entities", "max(customers.size)", underlined: "max",
      fix: "an aggregate cannot be used for one entity"),
    condition(
      308, "an aggregate over events", "minutes = max(minutes)", underlined: "max",
      fix: "an aggregate cannot be used for one event"),
    sql(
      308, "a list made rows", "unnest([1, 2])", underlined: "unnest", fix: "UNNEST"),
    sql(
      308, "another database's coalesce", "nvl(customers.size, 0)", underlined: "nvl",
      fix: "`coalesce(a, b)`"),
    sql(
      308, "another database's if", "iif(customers.named, 1, 2)", underlined: "iif",
      fix: "`if(condition, a, b)`"),
    sql(
      308, "another database's clock", "year(getdate())", underlined: "getdate",
      fix: "`cutoff` is the day"),
    sql(
      308, "a library's logarithm", "log1p(customers.size)", underlined: "log1p",
      fix: "`ln(1 + x)`"),
    sql(308, "another language's not", "!customers.named", underlined: "!", fix: "write `NOT`"),
    sql(
      308, "another language's and", "customers.named && customers.named",
      underlined: "customers.named", fix: "combine conditions with `AND` and `OR`"),
    sql(
      308, "a date without quotes", "customers.created > 2024-01-01", underlined: "2024-01-01",
      fix: "write a date as `DATE '2024-01-01'`", type: "flag"),
    sql(
      308, "a text and a number", "customers.segment > 5", underlined: "customers.segment",
      fix: "compare text with text"),
    sql(
      308, "a type by its text, which is gone once the data are loaded",
      "from_json('\"retail\"', '\"source.\\\"customers.segment levels\\\"\"') IS NULL",
      fix: "does not exist"),
    sql(
      308, "a function of other types", "length(customers.size)", underlined: "length",
      fix: "length(string VARCHAR) -> BIGINT"),
    sql(
      308, "a text for a number", "history.region",
      fix: "the feature's `type` is `number`; for text write `type: category`"),
    sql(
      308, "a text for a flag", "history.region", fix: "for text write `type: category`",
      type: "flag"),
    sql(308, "a date for a number", "customers.created", fix: "use `days_since`"),
    sql(
      308, "a day and a period for a number", "cutoff + INTERVAL 6 MONTH",
      fix: "use `days_since`"),
    sql(308, "a period for a number", "INTERVAL 6 MONTH", fix: "`date_diff('day', a, b)`"),
    condition(308, "a text for a condition", "kind", fix: "as in `... = 'text'`"),
    FindingCase(
      308, "a text for the condition of a count", underlined: "kind", fix: "as in `... = 'text'`",
      overlay: "cohort: {where: [{not: {count: calls, where: kind, at_least: 1}}]}"),
    condition(
      308, "another language's or", "(kind = 'call') || (minutes > 1)",
      fix: "combine conditions with `AND` and `OR`"),
    FindingCase(
      308, "a date for a rule", underlined: "customers.created", fix: "as in `... <= cutoff`",
      overlay: "cohort: {where: [{sql: customers.created}]}"),
  ]
}
