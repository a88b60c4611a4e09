extension MarkedCase {
  private static func feature(_ expression: String) -> String {
    "feature_sets: {x: [{a: \(expression)}]}"
  }

  static let features: [MarkedCase] = [
    MarkedCase("an unknown source", feature("{present: «1»histry.email}"), 232),
    MarkedCase("an unknown column", feature("{present: history.«1»emial}"), 233),
    MarkedCase("today's value", feature("{category: «1»customers.status}"), 410),
    MarkedCase("today's date", feature("{days_since: «1»customers.touched}"), 410),
    MarkedCase("today's value in SQL", feature("{sql: \"1 + length(«1»customers.status)\"}"), 410),
    MarkedCase(
      "today's value in a category's SQL", feature("{category: {sql: \"«1»customers.status\"}}"),
      410),
    MarkedCase(
      "two of today's values in one finding",
      "feature_sets: {x: [{a: {category: «1»customers.status}}, "
        + "{b: {sql: \"length(customers.status)\"}}, {c: {days_since: customers.touched}}]}", 410),
    MarkedCase(
      "today's value, allowed",
      "look_ahead: {«1»allow: [customers.status], because: to try}\n"
        + feature("{category: customers.status}") + "\nfeatures: [account, x]", 412),
    MarkedCase(
      "one of two of today's values allowed",
      "look_ahead: {«2»allow: [customers.status], because: to try}\n"
        + "feature_sets: {x: [{a: {category: customers.status}}, "
        + "{b: {days_since: «1»customers.touched}}]}\nfeatures: [x]", 410, 412),
    MarkedCase(
      "today's value of events, allowed",
      "look_ahead: {«1»allow: [calls.note], because: to try}\n"
        + feature("{count: calls, where: \"note = 'a'\", within: [30 days, all]}")
        + "\nfeatures: [account, x]", 412),
    MarkedCase(
      "today's value in a rule, allowed",
      "look_ahead: {«1»allow: [customers.status], because: to try}\n"
        + "cohort: {where: [{in: {column: customers.status, values: [a]}}]}", 412),
    MarkedCase(
      "an allowance without need",
      "look_ahead: {allow: [«1»customers.segment], because: to try}", 413),
    MarkedCase(
      "an allowance without a reason",
      "look_ahead: {«2»allow: [customers.touched], because: «1»\" \"}\n"
        + feature("{days_since: customers.touched}") + "\nfeatures: [x]", 413, 412),
    MarkedCase(
      "an allowance for nothing",
      "look_ahead: {allow: [«1»customers.touched], because: to try}", 414),
    MarkedCase(
      "an allowance for a feature that is not chosen",
      "look_ahead: {allow: [«1»customers.touched], because: to try}\n"
        + "feature_sets: {account: {append: [{a: {days_since: customers.touched}}]}}\n"
        + "features: [account, -a]", 414),
    MarkedCase(
      "an allowance for an unknown column",
      "look_ahead: {allow: [customers.«1»tuched], because: to try}", 233),
    MarkedCase(
      "an allowance twice",
      "look_ahead: {«2»allow: [customers.touched, «1»customers.touched], because: to try}\n"
        + feature("{days_since: customers.touched}") + "\nfeatures: [x]", 225, 412),
    MarkedCase(
      "today's value only in a string",
      feature("{sql: \"'customers.status now()' = '' -- now()\", type: flag}")
        + "\nfeatures: [account, x]"),
    MarkedCase("today's value of events", feature("{distinct: «1»calls.note}"), 410),
    MarkedCase(
      "today's value in a condition", feature("{count: calls, where: \"lower(«1»note) = 'a'\"}"),
      410),
    MarkedCase(
      "a clock in a condition", feature("{count: calls, where: \"«1»random() < 0.5\"}"), 306),
    MarkedCase("a date as a number", feature("{value: «1»customers.created}"), 245),
    MarkedCase("a text as a date", feature("{happened: «1»history.region}"), 245),
    MarkedCase("a text as a flag", feature("{flag: «1»history.region}"), 245),
    MarkedCase("a date as a category", feature("{category: «1»history.moved}"), 245),
    MarkedCase("the sum of texts", feature("{sum: «1»calls.kind}"), 245),
    MarkedCase("events row by row", feature("{value: «1»calls.minutes}"), 246),
    MarkedCase("a count of entities", feature("{count: «1»customers}"), 247),
    MarkedCase("a mean over entities", feature("{mean: «1»customers.employees}"), 247),
    MarkedCase("a count of nothing", feature("{count: «1»call}"), 232),
    MarkedCase("an unknown column summed", feature("{sum: calls.«1»minute}"), 233),
    MarkedCase("a window for a sum of features", feature("{sum: [age], «1»within: 3 days}"), 223),
    MarkedCase("a missing level of a number", feature("{sql: \"1\", «1»missing: a}"), 223),
    MarkedCase("a sum of nothing", feature("{sum: [«1»ago]}"), 235),
    MarkedCase("a sum of windows by the short name", feature("{sum: [«1»calls]}"), 235),
    MarkedCase("a sum of itself", feature("{sum: [«1»a]}"), 236),
    MarkedCase("a sum of a category", feature("{sum: [«1»region]}"), 237),
    MarkedCase(
      "a circle of sums", "feature_sets: {x: [{a: {sum: [«1»b]}}, {b: {sum: [age, «2»a]}}]}", 236,
      236),
    MarkedCase(
      "a sum of what is not chosen",
      "feature_sets: {x: [{a: {sum: [«1»age]}}]}\nfeatures: [x]", 237),
    MarkedCase("SQL over itself", feature("{sql: \"1 + «1»features.a\"}"), 236),
    MarkedCase(
      "a circle of SQL",
      "feature_sets: {x: [{a: {sql: \"«1»features.b + 1\"}}, "
        + "{b: {sql: \"features.age + «2»features.a\"}}]}", 236, 236),
    MarkedCase(
      "a circle of SQL and a sum",
      "feature_sets: {x: [{a: {sum: [«1»b]}}, {b: {sql: \"«2»features.a\"}}]}", 236, 236),
    MarkedCase(
      "SQL over a feature that is not chosen",
      "feature_sets: {x: [{a: {sql: \"features.b + 1\"}}], y: [{b: {sum: [c]}}, "
        + "{c: {flag: history.inactive}}]}\nfeatures: [account, x]"),
    MarkedCase(
      "SQL in which a text only looks like a feature",
      feature("{sql: \"'features.a' = '' -- features.a\", type: flag}")
        + "\nfeatures: [account, x]"),
    MarkedCase(
      "SQL over a feature beside a source named so",
      "sources: {features: {parquet: f.parquet, key: id}}\n"
        + feature("{sql: \"2 * «1»features.age\"}"), 276),
    MarkedCase(
      "SQL over the columns of a source named features",
      "sources: {features: {parquet: f.parquet, key: id, "
        + "columns: {size: {type: number, class: static}}}}\n"
        + feature("{sql: \"2 * features.size\"}") + "\nfeatures: [account, x]"),
    MarkedCase(
      "SQL over too many levels",
      "feature_sets:\n  x:\n    - f0: {sql: features.age + 1}\n"
        + (1...16).map { number in
          "    - \(number == 16 ? "«1»" : "")f\(number): {sql: features.f\(number - 1) + 1}\n"
        }.joined(), 277),
    MarkedCase(
      "an allowance for what only SQL of a chosen feature reads",
      "look_ahead: {«1»allow: [customers.touched], because: to try}\n"
        + "feature_sets: {x: [{a: {sql: \"features.b + 1\"}}, "
        + "{b: {days_since: customers.touched}}]}\nfeatures: [account, a]", 412),
    MarkedCase(
      "readers of a column through SQL",
      "feature_sets: {x: [{a: {sql: \"features.b + 1\"}}, {b: {flag: history.inactive}}]}\n"
        + "features: [account, a, -history.inactive, «1»-a]", 240),
    MarkedCase("a feature twice", "feature_sets: {x: [{«1»age: {present: history.email}}]}", 238),
    MarkedCase(
      "a feature twice but for case", "feature_sets: {x: [{«1»AGE: {present: history.email}}]}", 238
    ),
    MarkedCase(
      "a window's name twice",
      "feature_sets: {x: [{«1»calls_30d: {present: history.email}}]}", 238),
    MarkedCase(
      "a name of the panel", "feature_sets: {x: [{«1»role: {present: history.email}}]}", 239),
    MarkedCase("an unknown set", "features: [account, «1»engagment]", 234),
    MarkedCase("an unknown set taken away", "features: [account, «1»-engagment]", 234),
    MarkedCase("taken away before it is chosen", "features: [«1»-age, account]", 240),
    MarkedCase("everything taken away", "features: [account, «1»-account]", 241),
    MarkedCase(
      "a set that nothing chooses", "feature_sets: {«1»x: [{a: {present: history.email}}]}", 255),
    MarkedCase(
      "one of two features chosen",
      "feature_sets: {x: [{a: {present: history.email}}, {«1»b: {flag: history.inactive}}]}\n"
        + "features: [account, a]", 255),
    MarkedCase(
      "a feature taken away is not forgotten",
      "feature_sets: {x: [{a: {present: history.email}}, {b: {flag: history.inactive}}]}\n"
        + "features: [account, x, -b]"),
    MarkedCase(
      "readers of a column", "features: [account, -history.email, «1»-customers.segment]", 240),
    MarkedCase("the label's own column, which nothing reads", "features: [account, -label.event]"),
    MarkedCase(
      "the label's own column, chosen instead of taken away", "features: [account, «1»label.event]",
      234),
    MarkedCase(
      "the label's column of a label that reads rows",
      "label: {event: {source: calls}}\nfeatures: [account, «1»-label.event]\n"
        + "cohort: {where: [{happened: «2»label.event}]}", 253, 253),
    MarkedCase(
      "a wrong label column is told once",
      "label: {event: customers.«1»frist_order}\ncohort: {where: [{happened: label.event}]}", 233),
    MarkedCase(
      "one malformed feature says nothing of the others",
      "feature_sets: {x: [{a: {«1»presnt: history.email}}, {b: {sum: [a, age]}}]}\n"
        + "features: [account, x, a]", 231),
  ]
}
