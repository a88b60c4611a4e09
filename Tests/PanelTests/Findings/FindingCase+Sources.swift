import Diagnostics
import OrderedCollections
import Spec

extension FindingCase {
  static let sources: [FindingCase] = [
    FindingCase(
      311, "a file that is not there", underlined: "call.parquet", mend: "the project folder",
      overlay: "sources: {calls: {parquet: call.parquet}}"),
    FindingCase(
      311, "a folder in place of a file", underlined: ".", mend: "./*.parquet",
      overlay: "sources: {calls: {parquet: .}}"),
    FindingCase(
      312, "a Parquet file read as JSON", underlined: "calls.parquet", mend: "JSON",
      overlay: "sources: {calls: {parquet: null, json: calls.parquet}}"),
    FindingCase(
      312, "a query that fails", underlined: "SELECT * FROM nowhere", mend: "nowhere",
      overlay: "sources: {calls: {parquet: null, sql: SELECT * FROM nowhere}}"),
    FindingCase(
      313, "a connection that is not declared", underlined: "curatd",
      mend: "add it to holdout.yaml",
      overlay: "sources: {calls: {parquet: null, table: calls, connection: curatd}}"),
    FindingCase(
      314, "a column that is not there", underlined: "minuts", mend: "did you mean `minutes`?",
      overlay: "sources: {calls: {columns: {minuts: integer}}}"),
    FindingCase(
      314, "a key that is not there", underlined: "customer_id",
      mend: "its columns: id, day, logged, kind, minutes",
      overlay: "sources: {calls: {key: customer_id}}"),
    FindingCase(
      314, "a time that is not there", underlined: "days", mend: "did you mean `day`?",
      overlay: "sources: {calls: {time: days}}"),
    FindingCase(
      315, "a date that is none", underlined: "created", mend: "formats: [\"%m/%d/%Y\"]",
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('2', '31.01.2020', NULL, '5', '1', 'T', 'a')
        """
      ]),
    FindingCase(
      315, "a day that does not exist", underlined: "bought", mend: "for instance `2024-02-30`",
      rows: [
        "customers": "('1', '2020-01-01', '2024-02-30', '5', '1', 'T', 'a')"
      ]),
    FindingCase(
      315, "a word of the engine for a date", underlined: "bought", mend: "for instance `infinity`",
      rows: ["customers": "('1', '2020-01-01', 'infinity', '5', '1', 'T', 'a')"]),
    FindingCase(
      315, "half a whole number", underlined: "size", mend: "for instance `5.5`, key `1`",
      rows: ["customers": "('1', '2020-01-01', NULL, '5.5', '1', 'T', 'a')"]),
    FindingCase(
      315, "a number that is none", underlined: "score", mend: "declare the column as `text`",
      rows: ["customers": "('1', '2020-01-01', NULL, '5', 'NaN', 'T', 'a')"]),
    FindingCase(
      315, "a flag that is none", underlined: "named", mend: "for instance `maybe`",
      rows: ["customers": "('1', '2020-01-01', NULL, '5', '1', 'maybe', 'a')"]),
    FindingCase(
      315, "a first day of a version that is none", underlined: "valid_from", mend: "`soon`",
      rows: ["history": "('1', 'soon', NULL, 'North'), ('1', '2020-01-01', NULL, 'North')"]),
    FindingCase(
      316, "no rows", underlined: "history", mend: "", rows: ["history": ""]),
    FindingCase(
      317, "a key that is missing", underlined: "id", mend: "null_keys: drop",
      rows: ["customers": "(NULL, '2020-01-01', NULL, '5', '1', 'T', 'a')"]),
    FindingCase(
      317, "a key that is blank", underlined: "id", mend: "null_keys: drop",
      rows: ["calls": "('  ', '2020-05-01', '2020-05-02', 'call', '5')"]),
    FindingCase(
      317, "rows without key that are dropped", underlined: "id", mend: "", severity: .warning,
      overlay: "sources: {calls: {null_keys: drop}}",
      rows: [
        "calls":
          "('.0', '2020-05-01', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2020-05-02', 'call', '5')"
      ]),
    FindingCase(
      318, "a key that stands twice", underlined: "id", mend: "duplicates: last",
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('1.0', '2020-01-01', NULL, '5', '1', 'T', 'a')
        """
      ]),
    FindingCase(
      319, "versions that overlap", underlined: "history", mend: "until the day before `valid_to`",
      rows: [
        "history": """
        ('1', DATE '2020-01-01', DATE '2024-01-02', 'a'), ('1', DATE '2024-01-01', NULL, 'b')
        """
      ]),
    FindingCase(
      319, "two versions that are open", underlined: "history", mend: "for instance `1`",
      rows: [
        "history": "('1', DATE '2020-01-01', NULL, 'a'), ('1', DATE '2024-01-01', NULL, 'b')"
      ]),
    FindingCase(
      411, "an event without a day", underlined: "day", mend: "from which cutoff on",
      severity: .warning,
      rows: [
        "calls":
          "('1', '', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2020-05-02', 'call', '5')"
      ]),
    FindingCase(
      411, "an entity without the day of its creation", underlined: "created",
      mend: "from which cutoff on", severity: .warning,
      rows: [
        "customers": """
        ('1', '2020-01-01', NULL, '5', '1', 'T', 'a'), ('2', NULL, NULL, '5', '1', 'T', 'a')
        """
      ]),
  ]

  static let time: [FindingCase] = [
    FindingCase(
      401, "a label nobody has observed", underlined: "label",
      mend: "sources.customers.data_through"
    ) { $0.sources["customers"]?.dataThrough = nil },
    FindingCase(
      402, "a last cutoff off the grid", underlined: "2024-09-30", mend: "did you mean 2024-08-31?",
      overlay: "cutoffs: {last: 2024-09-30}"
    ) { spec in
      guard case .date(var date) = spec.cutoffs.last else { return }
      date.value = CalendarDate(days: date.value.days - 1)
      spec.cutoffs.last = .date(date)
    },
    FindingCase(
      403, "a last cutoff without labels", underlined: "2024-09-30",
      mend: "it is complete on 2025-01-31; the data reaches to 2024-12-31",
      overlay: "cutoffs: {last: 2024-09-30}"
    ) { spec in
      guard case .date(var date) = spec.cutoffs.last else { return }
      date.value = CalendarDate(days: date.value.days + 31)
      spec.cutoffs.last = .date(date)
    },
    FindingCase(
      404, "too little history", underlined: "cutoffs",
      mend: "`calls` starts on 2020-05-01", overlay: "cutoffs: {train: 60}"),
    FindingCase(
      405, "a source that ends early", underlined: "2024-09-29", mend: "set `cutoffs.last`",
      overlay: "sources: {calls: {data_through: 2024-09-29}}"),
  ]
}
