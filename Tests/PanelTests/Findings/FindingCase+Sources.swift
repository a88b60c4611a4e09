import Diagnostics
import OrderedCollections
import Spec

extension FindingCase {
  static let sources: [FindingCase] = [
    FindingCase(
      311, "a file that is not there", underlined: "call.parquet", fix: "the project folder",
      overlay: "sources: {calls: {parquet: call.parquet}}"),
    FindingCase(
      311, "a folder in place of a file", underlined: ".", fix: "./*.parquet",
      overlay: "sources: {calls: {parquet: .}}"),
    FindingCase(
      311, "a glob without a file", underlined: "'*.csv'", fix: "no file matches `*.csv`",
      overlay: "sources: {calls: {parquet: null, csv: '*.csv'}}"),
    FindingCase(
      312, "a Parquet file read as CSV", underlined: "calls.parquet",
      fix: "is it really CSV? Parquet files are named with `parquet`",
      overlay: "sources: {calls: {parquet: null, csv: calls.parquet}}"),
    FindingCase(
      312, "a Parquet file read as JSON", underlined: "calls.parquet", fix: "is it really JSON?",
      overlay: "sources: {calls: {parquet: null, json: calls.parquet}}"),
    FindingCase(
      312, "a query that fails", underlined: "nowhere", fix: "in the query",
      overlay: "sources: {calls: {parquet: null, sql: SELECT * FROM nowhere}}"),
    query(
      312, "a column that a query's table lacks", "SELECT *, kinds FROM 'FOLDER/calls.parquet';",
      underlined: "kinds", fix: "in the query"),
    query(
      312, "a query that ends too early", "SELECT * FROM 'FOLDER/calls.parquet' WHERE",
      underlined: "WHERE", fix: "syntax error at or near \"WHERE\""),
    FindingCase(
      313, "a table where no connection is declared", underlined: "calls",
      fix: "a table without `connection` uses `default`",
      overlay: "sources: {calls: {parquet: null, table: calls}}"),
    FindingCase(
      313, "a connection that is not declared", underlined: "curatd",
      fix: "add it to holdout.yaml",
      overlay: "sources: {calls: {parquet: null, table: calls, connection: curatd}}"),
    FindingCase(
      314, "a column that is not there", underlined: "minuts", fix: "did you mean `minutes`?",
      overlay: "sources: {calls: {columns: {minuts: integer}}}"),
    FindingCase(
      314, "a key that is not there", underlined: "customer_id",
      fix: "its columns: id, day, logged, kind, minutes",
      overlay: "sources: {calls: {key: customer_id}}"),
    FindingCase(
      314, "a time that is not there", underlined: "days", fix: "did you mean `day`?",
      overlay: "sources: {calls: {time: days}}"),
    FindingCase(
      315, "a date that is none", underlined: "created", fix: "formats: [iso, \"%d.%m.%Y\"]",
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('2', '31.01.2020', NULL, '5', '1', 'T', 'a')
        """
      ]),
    FindingCase(
      315, "a day that does not exist", underlined: "bought", fix: "for example `2024-02-30`",
      rows: [
        "customers": "('1', '2020-01-01', '2024-02-30', '5', '1', 'T', 'a')"
      ]),
    FindingCase(
      315, "a word of the engine for a date", underlined: "bought", fix: "for example `infinity`",
      rows: ["customers": "('1', '2020-01-01', 'infinity', '5', '1', 'T', 'a')"]),
    FindingCase(
      315, "half a whole number", underlined: "size", fix: "for example `5.5`, key `1`",
      rows: ["customers": "('1', '2020-01-01', NULL, '5.5', '1', 'T', 'a')"]),
    FindingCase(
      315, "a number that is none", underlined: "score", fix: "null: [NaN]",
      rows: ["customers": "('1', '2020-01-01', NULL, '5', 'NaN', 'T', 'a')"]),
    FindingCase(
      315, "a flag that is none", underlined: "named", fix: "for example `maybe`",
      rows: ["customers": "('1', '2020-01-01', NULL, '5', '1', 'maybe', 'a')"]),
    FindingCase(
      315, "a first day of a version that is none", underlined: "valid_from", fix: "`soon`",
      rows: ["history": "('1', 'soon', NULL, 'North'), ('1', '2020-01-01', NULL, 'North')"]),
    FindingCase(
      315, "one value that is none", underlined: "score", fix: "1 row of `customers` has a",
      rows: ["customers": "('1', '2020-01-01', NULL, '5', 'x', 'T', 'a')"]),
    FindingCase(
      316, "no rows", underlined: "history", fix: "add rows, or correct the path or the query",
      rows: ["history": ""]),
    FindingCase(
      317, "one key that is missing", underlined: "id", fix: "1 row of `calls` has no key",
      rows: ["calls": "(NULL, '2020-05-01', '2020-05-02', 'call', '5')"]),
    FindingCase(
      317, "a key that is missing", underlined: "id", fix: "null_keys: drop",
      rows: ["customers": "(NULL, '2020-01-01', NULL, '5', '1', 'T', 'a')"]),
    FindingCase(
      317, "a key that is blank", underlined: "id", fix: "null_keys: drop",
      rows: ["calls": "('  ', '2020-05-01', '2020-05-02', 'call', '5')"]),
    FindingCase(
      317, "rows without key that are dropped", underlined: "id", fix: "", severity: .warning,
      overlay: "sources: {calls: {null_keys: drop}}",
      rows: [
        "calls":
          "('.0', '2020-05-01', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2020-05-02', 'call', '5')"
      ]),
    FindingCase(
      318, "a key that stands twice", underlined: "id", fix: "duplicates: last",
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('1.0', '2020-01-01', NULL, '5', '1', 'T', 'a')
        """
      ]),
    FindingCase(
      318, "two versions of one first day", underlined: "id",
      fix: "a key can have one version per first day",
      rows: [
        "history": """
        ('1', DATE '2020-01-01', DATE '2024-01-02', 'a'), ('1', DATE '2020-01-01', NULL, 'b')
        """
      ]),
    FindingCase(
      319, "versions that overlap", underlined: "history",
      fix: "1 row of `history` overlaps another version of the same key",
      rows: [
        "history": """
        ('1', DATE '2020-01-01', DATE '2024-01-02', 'a'), ('1', DATE '2024-01-01', NULL, 'b')
        """
      ]),
    FindingCase(
      319, "two versions that are open", underlined: "history",
      fix: "end each version on the day that the next begins",
      rows: [
        "history": "('1', DATE '2020-01-01', NULL, 'a'), ('1', DATE '2024-01-01', NULL, 'b')"
      ]),
    FindingCase(
      411, "an event without a day", underlined: "day", fix: "from which cutoff on",
      severity: .warning,
      rows: [
        "calls":
          "('1', '', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2020-05-02', 'call', '5')"
      ]),
    FindingCase(
      411, "no event with a day", underlined: "day", fix: "no row of `calls` has a `day`",
      rows: ["calls": "('1', '', '2020-05-02', 'call', '5')"]),
    FindingCase(
      411, "a day under the source's key, though it is listed", underlined: "day",
      fix: "1 row of `calls` has no `day` and is dropped", severity: .warning,
      overlay: "sources: {calls: {time: day, columns: {day: {type: date}}}}",
      rows: [
        "calls":
          "('1', '', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2020-05-02', 'call', '5')"
      ]),
    FindingCase(
      411, "an entity without the day of its creation", underlined: "created",
      fix: "fill in the days, or name another date column", severity: .warning,
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('2', NULL, NULL, '5', '1', 'T', 'a')
        """
      ]),
  ]
}
