import Testing

/// A spec that falls for a hazard, and the one finding of a command that must show it.
/// What only an audit can see is an `AuditCase`.
struct HazardCase: Sendable, CustomTestStringConvertible {
  let hazard: Hazard
  /// How the spec falls for it.
  let leak: String
  var command = "check"
  /// What is changed of the shop's tables.
  var data = ""
  /// What the careless spec replaces in the shop's.
  var careless: [String: String] = [:]
  /// What an honest spec for the same tables replaces in it.
  var honest: [String: String] = [:]
  /// Overrides of the careless spec on the command line.
  var overrides: [String] = []
  let finding: String
  /// The words that the finding's carets stand under.
  let underlined: String

  var testDescription: String { "\(hazard.rawValue): \(leak)" }

  static let all =
    statusOfBuyers + laterAccounts + setDuringSale + labelsCutOff + trailingZero + duplicateIds
    + jsonStages + dateFormats + blankTexts + fewPositives

  private static let statusOfBuyers = [
    HazardCase(
      hazard: .statusOfBuyers, leak: "a feature reads today's status",
      careless: feature("status: {category: customers.status}"),
      finding: "H410", underlined: "customers.status"),
    HazardCase(
      hazard: .statusOfBuyers, leak: "a rule reads today's status",
      careless: rule("in: {column: customers.status, values: [prospect]}"),
      finding: "H410", underlined: "customers.status"),
    HazardCase(
      hazard: .statusOfBuyers,
      leak: "a rule reads today's status, which is declared `static`: no buyer is left",
      command: "run",
      careless: rule("in: {column: customers.status, values: [prospect]}")
        .merging([status: "status: {type: text, class: static}"]) { _, own in own },
      finding: "H501", underlined: "label"),
  ]

  private static let laterAccounts = [
    HazardCase(
      hazard: .laterAccounts, leak: "the accounts have no `created`",
      careless: ["    created: created_on\n": "", "\n    - flag: history.is_active": ""],
      honest: ["\n    - flag: history.is_active": ""],
      finding: "H421", underlined: "customers")
  ]

  private static let setDuringSale = [
    HazardCase(
      hazard: .setDuringSale, leak: "a feature reads today's named-account flag",
      data: """
        ALTER TABLE customers ADD COLUMN is_named VARCHAR;
        UPDATE customers SET is_named = CASE WHEN first_licence IS NULL THEN '0' ELSE '1.0' END;
        """,
      careless: feature("is_named: {flag: customers.is_named}")
        .merging([status: "is_named: {type: flag, class: current}"]) { _, own in own },
      honest: [status: "is_named: {type: flag, class: current}"],
      finding: "H410", underlined: "customers.is_named")
  ]

  private static let labelsCutOff = [
    HazardCase(
      hazard: .labelsCutOff, leak: "the last cutoff lies in a month whose window is not over",
      overrides: ["cutoffs.last=2024-11-30"], finding: "H423", underlined: "2024-11-30"),
    HazardCase(
      hazard: .labelsCutOff, leak: "who has not bought in an open window counts as a negative",
      careless: ["horizon: 3 months": "horizon: 3 months, immature: negative"],
      overrides: ["cutoffs.last=2024-11-30"], finding: "H415", underlined: "negative"),
    HazardCase(
      hazard: .labelsCutOff, leak: "the data end earlier than `data_through` says",
      data: "UPDATE customers SET first_licence = NULL WHERE first_licence > '2024-11-30';",
      honest: ["data_through: 2024-12-31": "data_through: 2024-11-30"],
      finding: "H417", underlined: "2024-12-31"),
  ]

  private static let twins = """
    INSERT INTO customers SELECT id || '.0', created_on, first_licence, channel, size, status
    FROM customers WHERE hash(id) % 50 = 0;
    """
  private static let lastOfTwins = [
    "created: created_on": "created: created_on\n    duplicates: last\n    order: [created_on]"
  ]

  private static let trailingZero = [
    HazardCase(
      hazard: .trailingZero, leak: "an account stands twice, once with `.0`",
      data: twins, honest: lastOfTwins, finding: "H318", underlined: "id")
  ]

  private static let duplicateIds = [
    HazardCase(
      hazard: .duplicateIds, leak: "a second row of an account knows of no purchase",
      data: """
        INSERT INTO customers SELECT id, created_on, NULL, channel, size, 'prospect'
        FROM customers WHERE hash(id) % 50 = 0;
        """,
      honest: [
        "created: created_on":
          "created: created_on\n    duplicates: last\n    order: [first_licence]"
      ],
      finding: "H318", underlined: "id")
  ]

  private static let stages = """
    ALTER TABLE history ADD COLUMN stage VARCHAR;
    UPDATE history SET stage = CASE hash(id) % 3
      WHEN 0 THEN 'Prospect' WHEN 1 THEN '{"value":"Prospect"}' ELSE '{"value": "Lead"}' END;
    """
  private static let stageAsText = "is_active: flag, stage: text}"
  private static let stageInField = "is_active: flag, stage: {type: text, json_field: value}}"
  private static let promisedStages =
    "\n    expect: [{accepted_values: [Lead, Prospect], column: stage}]"

  private static let jsonStages = [
    HazardCase(
      hazard: .jsonStages, leak: "without `json_field`, next to a check of the accepted stages",
      data: stages, careless: [isActive: stageAsText + promisedStages],
      honest: [isActive: stageInField + promisedStages],
      finding: "H320", underlined: "{accepted_values: [Lead, Prospect], column: stage}"),
    HazardCase(
      hazard: .jsonStages,
      leak: "without `json_field`, a rule asks for a stage that is always JSON",
      data: stages,
      careless: rule("in: {column: history.stage, values: [Lead]}")
        .merging([isActive: stageAsText]) { _, own in own },
      honest: rule("in: {column: history.stage, values: [Lead]}")
        .merging([isActive: stageInField]) { _, own in own },
      finding: "H323", underlined: "Lead"),
  ]

  private static let days = """
    ALTER TABLE customers ALTER created_on TYPE VARCHAR;
    UPDATE customers SET created_on = CASE hash(id) % 5
      WHEN 0 THEN created_on || 'T08:15:30.123Z' WHEN 1 THEN created_on || ' 20:00:00-07:00'
      WHEN 2 THEN strftime(CAST(created_on AS DATE), '%m/%d/%Y')
      WHEN 3 THEN strftime(CAST(created_on AS DATE), '%-m/%-d/%Y') || ' 5:06 PM'
      ELSE created_on END;
    """
  private static func createdOn(_ formats: String) -> [String: String] {
    [
      "created_on: {type: date, class: event}":
        "created_on: {type: date, class: event, formats: [\(formats)]}"
    ]
  }
  private static let bothFormats = createdOn("iso, \"%m/%d/%Y\", \"%m/%d/%Y %I:%M %p\"")

  private static let dateFormats = [
    HazardCase(
      hazard: .dateFormats, leak: "no `formats` are named", data: days, honest: bothFormats,
      finding: "H315", underlined: "created_on"),
    HazardCase(
      hazard: .dateFormats, leak: "one of two formats is named", data: days,
      careless: createdOn("iso, \"%m/%d/%Y\""), honest: bothFormats,
      finding: "H315", underlined: "created_on"),
    HazardCase(
      hazard: .dateFormats, leak: "the day is named before the month", data: days,
      careless: createdOn("iso, \"%d/%m/%Y\", \"%m/%d/%Y %I:%M %p\""), honest: bothFormats,
      finding: "H315", underlined: "created_on"),
  ]

  /// A quarter of the versions have '' as their e-mail, and a quarter NULL.
  private static let emails = """
    ALTER TABLE history ADD COLUMN email VARCHAR;
    UPDATE history SET email = CASE hash(id) % 4
      WHEN 0 THEN '' WHEN 1 THEN NULL ELSE id || '@example.org' END;
    """
  private static func promisedEmail(_ promise: String) -> [String: String] {
    [isActive: "is_active: flag, email: text}\n    expect: [\(promise)]"]
  }

  private static let blankTexts = [
    HazardCase(
      hazard: .blankTexts, leak: "a `not_null` column without NULL contains ''",
      data: emails + "UPDATE history SET email = '' WHERE email IS NULL;",
      careless: promisedEmail("not_null: email"), honest: promisedEmail("not_null: region"),
      finding: "H320", underlined: "not_null: email"),
    HazardCase(
      hazard: .blankTexts, leak: "a null check forgets ''", data: emails,
      careless: promisedEmail("{null_rate_below: 0.4, column: email}"),
      honest: promisedEmail("{null_rate_below: 0.6, column: email}"),
      finding: "H320", underlined: "{null_rate_below: 0.4, column: email}"),
  ]

  private static let fewPositives = [
    HazardCase(
      hazard: .fewPositives, leak: "no train row is positive", command: "run",
      data: "UPDATE customers SET first_licence = NULL WHERE first_licence < '2024-04-01';",
      honest: ["train: 12, calibrate: 2, test: 3": "train: 1, calibrate: 1, test: 1"],
      finding: "H501", underlined: "label")
  ]

  // MARK: - Words of the shop's spec

  private static let status = "status: {type: text, class: current}"
  private static let isActive = "is_active: flag}"

  private static func feature(_ text: String) -> [String: String] {
    let size = "- size: {value: customers.size}"
    return [size: "\(size)\n    - \(text)"]
  }

  private static func rule(_ text: String) -> [String: String] {
    let active = "- flag: history.is_active"
    return [active: "\(active)\n    - \(text)"]
  }
}
