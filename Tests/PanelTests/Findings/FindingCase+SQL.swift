import OrderedCollections
import Spec

extension FindingCase {
  static let sql: [FindingCase] = [
    sql(301, "an expression with a slip", "customers.size plus 2", underlined: "plus", mend: ""),
    FindingCase(
      302, "two expressions", underlined: "\"customers.size), (2\"", mend: "one value per entity",
      overlay: "feature_sets: {more: [free: {sql: \"customers.size), (2\"}]}"),
    FindingCase(
      302, "two statements", underlined: "'1); SELECT (2'", mend: "one value per entity",
      overlay: "feature_sets: {more: [free: {sql: '1); SELECT (2'}]}"),
    sql(
      302, "a parameter", "customers.size + $1", underlined: "$1", mend: "one value per entity"),
    sql(
      303, "a subquery", "(SELECT max(day) FROM calls) IS NULL",
      underlined: "(SELECT max(day) FROM calls)", mend: "summarise an event table"),
    sql(
      303, "a subquery of the table behind the view",
      "customers.size IN (SELECT size FROM source.customers)",
      underlined: "(SELECT size FROM source.customers)", mend: "not allowed here"),
    sql(
      304, "a window", "row_number() OVER (ORDER BY customers.size)",
      underlined: "row_number() OVER (ORDER BY customers.size)", mend: "one entity at one cutoff"),
    sql(305, "every column", "coalesce(COLUMNS(*))", underlined: "*", mend: "name the column"),
    sql(
      306, "what differs from machine to machine", "length(getenv('HOME'))",
      underlined: "getenv('HOME')", mend: "`cutoff` is the day"),
    sql(
      306, "what differs from engine to engine", "length(current_setting('threads'))",
      underlined: "current_setting('threads')", mend: "not allowed here"),
    sql(
      306, "a word that stands for a function", "length(current_user)", underlined: "current_user",
      mend: "not allowed here"),
    sql(
      306, "when the engine was started", "year(pg_postmaster_start_time())",
      underlined: "pg_postmaster_start_time()", mend: "not allowed here"),
    sql(
      306, "the years up to today", "year(age(customers.created))",
      underlined: "age(customers.created)", mend: "not allowed here"),
    sql(
      307, "a column by itself", "size + 1", underlined: "size",
      mend: "did you mean `customers.size`?"),
    sql(
      307, "a source that is none", "custmers.size", underlined: "custmers.size",
      mend: "did you mean `customers.size`?"),
    sql(
      307, "a column that is not listed", "customers.sise", underlined: "customers.sise",
      mend: "did you mean `size`?"),
    sql(
      307, "the rows of an event source", "calls.minutes", underlined: "calls.minutes",
      mend: "sources readable here: customers, history"),
    sql(
      307, "a column of the engine's own tables", "customers.\"row created\" IS NULL",
      underlined: "customers.\"row created\"", mend: "list it under `sources.customers.columns`"),
    condition(
      307, "another source's column in a condition", "kind = 'call' and customers.size > 1",
      underlined: "customers.size", mend: "`calls` declares: kind, minutes"),
    condition(
      307, "the event's day without listing it", "\\\"event time\\\" > cutoff",
      underlined: "\\\"event time\\\"", mend: "list it under `sources.calls.columns`"),
    sql(
      308, "a function that is none", "lenght(customers.segment)", underlined: "lenght",
      mend: "Did you mean"),
    sql(
      308, "an aggregate over entities", "max(customers.size)", underlined: "max", mend: ""),
    FindingCase(
      410, "a column of today in SQL", underlined: "customers.segment", mend: "history source",
      overlay: "feature_sets: {more: [free: {sql: \"length(customers.segment)\"}]}"
    ) { $0.sources["customers"]?.columns["segment"]?.columnClass = .current },
  ]
}
