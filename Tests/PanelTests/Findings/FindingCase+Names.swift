import OrderedCollections
import Spec

/// Names that are no columns which can be read.
extension FindingCase {
  static let names: [FindingCase] = [
    sql(
      307, "a column by itself", "size + 1", underlined: "size",
      fix: "did you mean `customers.size`?"),
    sql(
      307, "a misspelt column by itself", "sizee + 1", underlined: "sizee",
      fix: "did you mean `customers.size`?"),
    sql(
      307, "a source that is none", "custmers.size", fix: "did you mean `customers.size`?"),
    sql(
      307, "a source in capitals", "Customers.Size", fix: "did you mean `customers.size`?"),
    sql(
      307, "a column that is not listed", "customers.sise", fix: "did you mean `customers.size`?"),
    sql(
      307, "a class is needed", "customers.revenue", fix: "with its type and class"),
    sql(
      307, "no class is needed", "length(history.town)", underlined: "history.town",
      fix: "list it under `sources.history.columns` with its type"),
    sql(
      307, "the rows of an event source", "calls.minutes",
      fix: "`calls` is an event source: summarize it with `count`, `sum`"),
    sql(
      307, "the row of an entity", "customers IS NULL", underlined: "customers",
      fix: "write columns as `source.column`"),
    sql(
      307, "a field of a row", "struct_extract(customers, 'size')", underlined: "customers",
      fix: "write columns as `source.column`"),
    sql(
      307, "a part of a date", "customers.created.year",
      fix: "write a function before its argument: `year(customers.created)`"),
    sql(
      307, "a column of the engine's own tables", "customers.\"row created\" IS NULL",
      underlined: "customers.\"row created\"", fix: "list it under `sources.customers.columns`"),
    sql(
      307, "the cutoff in capitals", "year(Cutoff)", underlined: "Cutoff",
      fix: "did you mean `cutoff`?"),
    sql(
      307, "another database's today", "year(SYSDATE)", underlined: "SYSDATE",
      fix: "did you mean `cutoff`?"),
    sql(
      307, "a feature", "age / 365", underlined: "age",
      fix: "write `features.age` for the value of that feature"),
    sql(
      307, "a misspelt feature", "features.agee + 1", underlined: "features.agee",
      fix: "did you mean `features.age`?"),
    sql(
      307, "a misspelt table of features", "feature.age + 1", underlined: "feature.age",
      fix: "did you mean `features.age`?"),
    sql(
      307, "a feature in capitals", "Features.Age", fix: "did you mean `features.age`?"),
    FindingCase(
      307, "a feature in a rule", underlined: "features.age",
      fix: "a rule or condition can read columns, not features",
      overlay: "cohort: {where: [{sql: \"features.age > 3\"}]}\n"),
    condition(
      307, "a feature in a condition", "features.age > 3", underlined: "features.age",
      fix: "`features.age` is not a column of `calls`"),
    sql(
      307, "another language's null", "customers.size == None", underlined: "None",
      fix: "test for a missing value with `IS NULL`"),
    condition(
      307, "a text in double quotes", "kind = \"call\"", underlined: "\"call\"",
      fix: "write text in single quotes: `'call'`"),
    condition(
      307, "a pattern in double quotes", "kind LIKE \"%call%\"", underlined: "\"%call%\"",
      fix: "write text in single quotes: `'%call%'`"),
    condition(
      307, "one of a list in double quotes", "kind IN ('a', \"b\")", underlined: "\"b\"",
      fix: "a name, not text"),
    condition(
      307, "a text in printed quotes", "kind = ‘call’", underlined: "‘call’",
      fix: "write text in straight single quotes: `'call'`"),
    condition(
      307, "a column in capitals and quotes", "\"Kind\" = 'call'", underlined: "\"Kind\"",
      fix: "did you mean `kind`?"),
    condition(
      307, "a text without quotes", "kind = call", underlined: "call",
      fix: "for text, write `'call'`"),
    condition(
      307, "a text without quotes in a list", "kind in ('demo', call)", underlined: "call",
      fix: "for text, write `'call'`"),
    condition(
      307, "another source's column that is not listed", "kind = 'call' and history.town = 'x'",
      underlined: "history.town", fix: "list it under `sources.history.columns` with its type"),
    condition(
      307, "another source's misspelt column in a condition", "customers.sise > 1",
      underlined: "customers.sise", fix: "did you mean `customers.size`?"),
    condition(
      307, "another source's column by itself", "region = 'x'", underlined: "region",
      fix: "did you mean `history.region`?"),
    condition(
      307, "another source in capitals", "History.region = 'x'", underlined: "History.region",
      fix: "did you mean `history.region`?"),
    condition(
      307, "the row of another source", "history IS NULL", underlined: "history",
      fix: "`history` is not a column of `calls`"),
    condition(
      307, "the days of versions", "history.\"valid from\" < cutoff",
      underlined: "history.\"valid from\"", fix: "`history` declares no column `valid from`"),
    FindingCase(
      307, "a column that the label's source does not list", underlined: "region",
      fix: "`region` is not a column of `calls`",
      overlay: "label: {event: {source: calls, where: \"region = 'x'\"}}\n"),
    condition(
      307, "the source in capitals", "Calls.minutes > 1", underlined: "Calls.minutes",
      fix: "did you mean `minutes`?"),
    condition(
      307, "a misspelt column of an event", "calls.minuts > 1", underlined: "calls.minuts",
      fix: "did you mean `minutes`?"),
    condition(
      307, "a column of an event that is not listed", "town = 'x'", underlined: "town",
      fix: "list it under `sources.calls.columns` with its type"),
    condition(
      307, "the event's day without listing it", "day > cutoff", underlined: "day",
      fix: "list it under `sources.calls.columns` with its type to read it"),
    condition(
      307, "the day under the engine's name", "\"event time\" > cutoff",
      underlined: "\"event time\"", fix: "a name, not text"),
  ]
}
