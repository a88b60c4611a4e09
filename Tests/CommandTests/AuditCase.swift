import Testing

/// A project with one leak, and the checks of an audit that must fail on it: these and no others.
struct AuditCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let failing: Set<String>
  /// The hazards of the data that the leak is an instance of.
  var hazards: [Hazard] = []
  /// What the spec is warned of besides.
  var findings: [String] = []
  /// What is changed of the shop's tables.
  var data = ""
  /// What is replaced in the shop's spec.
  var changes: [String: String] = [:]
  /// Overrides on the command line.
  var overrides: [String] = []

  /// Fewer cutoffs than the shop has, so that the tests are quick.
  static let cutoffs = ["cutoffs.train=6", "cutoffs.calibrate=1", "cutoffs.test=2"]

  static let leaks: [AuditCase] = [
    // Allowed in writing or not, it knows the future, and by itself it knows all of it.
    AuditCase(
      testDescription: "today's status is read, as the spec allows itself",
      failing: ["future_poison", "future_delete", "one_feature_dominance", "end_of_data"],
      findings: ["H412"],
      changes: [
        "data_through: 2024-12-31":
          "data_through: 2024-12-31\nlook_ahead: {allow: [customers.status], because: to try}",
        "- size: {value: customers.size}": "- status: {category: customers.status}",
      ]),
    AuditCase(
      testDescription: "the row of a key that is kept came later",
      failing: ["future_poison", "future_delete"],
      hazards: [.duplicateIds],
      data: """
        ALTER TABLE customers ADD COLUMN edited_on DATE;
        UPDATE customers SET edited_on = DATE '2024-11-01';
        INSERT INTO customers SELECT id, DATE '2024-05-20', first_licence, channel, size, status,
          DATE '2024-12-01' FROM customers WHERE created_on < '2023-01-01' AND hash(id) % 5 = 0;
        """,
      changes: [
        "created: created_on": "created: created_on\n    duplicates: last\n    order: [edited_on]",
        "status: {type: text, class: current}": "edited_on: {type: date, class: current}",
      ]),
    AuditCase(
      testDescription: "a feature tells cutoffs apart that differ in their share of positives",
      failing: ["label_permutation"],
      hazards: [.seasons],
      data: """
        UPDATE customers SET first_licence = NULL
        WHERE month(first_licence) % 2 = 1 AND hash(id || 'odd') % 5 > 0;
        """,
      changes: [
        "- size: {value: customers.size}": "- is_even: {sql: \"month(cutoff) % 2\"}",
        "horizon: 3 months": "horizon: 1 month",
      ],
      overrides: ["cutoffs.test=4"]),
    AuditCase(
      testDescription: "the newest purchases of the best channel are not in the data yet",
      failing: ["shift"],
      hazards: [.labelsCutOff],
      data: """
        CREATE TABLE newcomers AS
        SELECT 'N' || i AS id, DATE '2022-06-01' + CAST(floor(draw(i, 21) * 880) AS INTEGER) AS created_on,
          CASE WHEN i % 3 = 0 THEN 'fair' ELSE 'web' END AS channel,
          CAST(floor(draw(i, 23) * 100) AS INTEGER) AS size,
          CAST(floor(-ln(1 - draw(i, 24)) * CASE WHEN i % 3 = 0 THEN 200 ELSE 2500 END) AS INTEGER)
            AS wait
        FROM range(10000, 14000) AS numbers(i);
        INSERT INTO customers SELECT id, created_on,
          CASE WHEN created_on + wait <= DATE '2024-12-31' THEN created_on + wait END,
          channel, size, 'prospect' FROM newcomers;
        INSERT INTO history SELECT id, created_on, NULL, 'North', true FROM newcomers;
        UPDATE customers SET first_licence = NULL
        WHERE channel = 'fair' AND first_licence > '2024-12-03';
        """,
      changes: ["every: month_end": "every: 7 days", "horizon: 3 months": "horizon: 28 days"],
      overrides: ["cutoffs.train=12"]),
    AuditCase(
      testDescription: "today's status is declared static",
      failing: ["one_feature_dominance", "static_effect", "end_of_data"],
      hazards: [.statusOfBuyers],
      changes: [
        "status: {type: text, class: current}": "status: {type: text, class: static}",
        "- size: {value: customers.size}":
          "- size: {value: customers.size}\n    - status: {category: customers.status}",
      ]),
    AuditCase(
      testDescription: "payment terms of today are declared static",
      failing: ["missingness"],
      hazards: [.setDuringSale, .nullForOpenAccounts],
      data: """
        ALTER TABLE customers ADD COLUMN terms VARCHAR;
        UPDATE customers SET terms = 'Net 30'
        WHERE first_licence IS NOT NULL OR hash(id || 'terms') % 10 < 3;
        """,
      changes: [
        "status: {type: text, class: current}": "terms: {type: text, class: static}",
        "- size: {value: customers.size}":
          "- size: {value: customers.size}\n    - has_terms: {present: customers.terms}",
      ]),
    AuditCase(
      testDescription:
        "today's named-account flag is declared static, and null where it is not set",
      failing: ["missingness", "static_effect", "end_of_data"],
      hazards: [.setDuringSale],
      data: """
        ALTER TABLE customers ADD COLUMN is_named VARCHAR;
        UPDATE customers SET is_named = '1.0'
        WHERE first_licence IS NOT NULL AND hash(id || 'named') % 10 < 6;
        """,
      changes: [
        "status: {type: text, class: current}": "is_named: {type: flag, class: static}",
        "- size: {value: customers.size}":
          "- size: {value: customers.size}\n    - is_named: {present: customers.is_named}",
      ]),
    AuditCase(
      testDescription: "a load stamps every month with its last day",
      failing: ["known_at_proximity"],
      data: "UPDATE visits SET noted_on = last_day(visited_on);"),
    AuditCase(
      testDescription: "roles follow each other without a gap",
      failing: ["role_overlap"],
      findings: ["H425"],
      overrides: ["cutoffs.embargo=none"]),
    AuditCase(
      testDescription: "a feature is the same for all",
      failing: ["dead_features"],
      changes: [
        "- size: {value: customers.size}":
          "- size: {value: customers.size}\n    - nothing: {sql: \"customers.size * 0\"}"
      ]),
    AuditCase(
      testDescription: "regions are renamed after the last train cutoff",
      failing: ["unseen_levels"],
      hazards: [.reorganisation],
      data: newVersions("region, is_active") + """
        UPDATE history SET region = 'Area ' || region WHERE valid_from >= '2024-05-15';
        """),
    AuditCase(
      testDescription: "a region is retired after the last train cutoff",
      failing: ["unseen_levels"],
      hazards: [.reorganisation],
      data: newVersions("region, is_active") + """
        UPDATE history SET region = 'zzWest' WHERE region = 'West' AND valid_from >= '2024-05-15';
        """),
    AuditCase(
      testDescription: "stages come as JSON only after the last train cutoff, without `json_field`",
      failing: ["unseen_levels"],
      hazards: [.jsonStages],
      data: """
        ALTER TABLE history ADD COLUMN stage VARCHAR;
        UPDATE history SET stage = CASE WHEN hash(id) % 3 = 0 THEN 'Lead' ELSE 'Prospect' END;
        """ + newVersions("region, is_active, stage") + """
          UPDATE history SET stage = '{"value":"' || stage || '"}' WHERE valid_from >= '2024-05-15';
          """,
      changes: [
        "is_active: flag}": "is_active: flag, stage: text}",
        "- size: {value: customers.size}":
          "- size: {value: customers.size}\n    - stage: {category: history.stage}",
      ]),
    AuditCase(
      testDescription: "a third of the visits comes with keys written another way",
      failing: ["join_coverage"],
      hazards: [.trailingZero],
      findings: ["H392"],
      data: "UPDATE visits SET id = 'CRM-' || id WHERE hash(id || kind || visited_on) % 3 = 0;"),
  ]

  /// Ends every version that holds on 2024-05-15, and starts one with the same values on that day.
  private static func newVersions(_ columns: String) -> String {
    """

    CREATE TABLE renamed AS SELECT id, DATE '2024-05-15' AS valid_from, valid_to, \(columns)
    FROM history WHERE valid_from < '2024-05-15' AND coalesce(valid_to, '2099-01-01') > '2024-05-15';
    UPDATE history SET valid_to = DATE '2024-05-15'
    WHERE valid_from < '2024-05-15' AND coalesce(valid_to, '2099-01-01') > '2024-05-15';
    INSERT INTO history FROM renamed;

    """
  }
}
