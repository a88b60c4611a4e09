import Diagnostics

extension FindingCase {
  private static func promise(
    _ id: Int, _ name: String, _ promise: String, fix: String, rows: String? = nil
  ) -> FindingCase {
    FindingCase(
      id, name, underlined: promise, fix: fix,
      overlay: "sources: {customers: {expect: [\(promise)]}}",
      rows: rows.map { ["customers": $0] } ?? [:])
  }

  /// Three sound rows but for what each case is about.
  private static let people = """
    ('1', '2020-01-01', '2024-11-05', '5', '1.5', 'T', 'retail'),
      ('2', '2020-02-01', NULL, '6', NULL, '0', ''), ('3', '2020-03-01', NULL, '70', '2', '0', 'trade')
    """

  static let contracts: [FindingCase] = [
    promise(320, "a null", "{not_null: segment}", fix: "for example key `2`"),
    promise(320, "a null among several columns", "{not_null: [id, score]}", fix: "key `2`"),
    promise(
      320, "a value that stands twice", "{unique: created}", fix: "for example `2020-01-01`",
      rows: """
        ('1', '2020-01-01', '2024-11-05', '5', '1.5', 'T', 'a'),
          ('2', '2020-01-01', NULL, '6', '1', '0', 'a')
        """),
    promise(
      320, "a value that is not accepted", "{accepted_values: [trade], column: segment}",
      fix: "key `1`: `retail`", rows: people),
    promise(
      320, "a number outside", "{between: [0, 10], column: size}", fix: "key `3`: `70`",
      rows: people),
    promise(
      320, "a day outside", "{between: [2020-01-15, 2020-12-31], column: created}",
      fix: "key `1`: `2020-01-01`"),
    promise(
      320, "a text that does not match", "{matches: '[a-q]*', column: segment}",
      fix: "key `1`: `retail`"),
    promise(
      320, "a value that matches only in part", "{matches: retai, column: segment}",
      fix: "key `1`: `retail`"),
    promise(
      320, "too many nulls", "{null_rate_below: 0.5, column: segment}",
      fix: "expected below 50 %"),
    promise(320, "too few rows", "{row_count_between: [3, 9]}", fix: "expected 3 to 9"),
    promise(
      320, "stale rows", "{fresh_within: 30 days, column: created}",
      fix: "expected at most 30 days"),
    promise(
      320, "a day in the future", "{no_future: bought}", fix: "key `1`: `2025-01-01`",
      rows: """
        ('1', '2020-01-01', '2025-01-01', '5', '1.5', 'T', 'a'),
          ('2', '2020-01-01', '2024-12-31', '6', '1', '0', 'a')
        """),
    promise(
      320, "a value that another source lacks", "{relationship: history.region, column: segment}",
      fix: "key `1`: `retail`"),
    promise(
      320, "a number that is none of those accepted", "{accepted_values: [2.50], column: score}",
      fix: "key `1`: `1.5`", rows: "('1', '2020-01-01', NULL, '5', '1.5', 'T', 'a')"),
    promise(
      322, "a promise about days of a text", "{no_future: segment}", fix: "fix it"),
    promise(
      321, "nothing to accept", "{accepted_values: [1], column: score}", fix: "or remove the check",
      rows: "('1', '2020-01-01', NULL, '5', NULL, 'T', 'a')"),
    promise(
      321, "nothing to be fresh", "{fresh_within: 3 days, column: bought}", fix: "every value",
      rows: "('1', '2020-01-01', NULL, '5', '1', 'T', 'a')"),
    promise(
      322, "a pattern that is none", "{matches: '[a', column: segment}", fix: "fix it"),
    FindingCase(
      314, "a promise about no column", underlined: "sgment", fix: "did you mean `segment`?",
      overlay: "sources: {customers: {expect: [{not_null: sgment}]}}"),
    FindingCase(
      323, "a level that never occurs", underlined: "Nroth", fix: "did you mean `North`?",
      severity: .warning,
      overlay: "cohort: {where: [{not: {in: {column: history.region, values: [North, Nroth]}}}]}"),
  ]
}
