extension MarkedCase {
  static let sources: [MarkedCase] = [
    MarkedCase(
      "a column without class", "sources: {customers: {columns: {«1»x: {type: text}}}}", 243),
    MarkedCase(
      "a short column without class", "sources: {customers: {columns: {«1»x: text}}}", 243),
    MarkedCase(
      "history without versions",
      "sources: {customers: {columns: {x: {type: text, class: «1»history}}}}", 244),
    MarkedCase(
      "current among versions",
      "sources: {history: {columns: {x: {type: text, class: «1»current}}}}", 244),
    MarkedCase(
      "an event that is no date",
      "sources: {customers: {columns: {x: {type: text, class: «1»event}}}}", 244),
    MarkedCase(
      "formats of a text", "sources: {history: {columns: {x: {type: text, «1»formats: [a]}}}}", 223),
    MarkedCase(
      "a JSON field of a date",
      "sources: {history: {columns: {x: {type: date, «1»json_field: a}}}}", 223),
    MarkedCase(
      "the time of day of a number",
      "sources: {history: {columns: {x: {type: integer, «1»time_of_day: ignored}}}}", 223),
    MarkedCase("an order without duplicates", "sources: {customers: {«1»order: [touched]}}", 223),
    MarkedCase("duplicates among events", "sources: {calls: {«1»duplicates: first}}", 223),
    MarkedCase("created that is no date", "sources: {customers: {created: «1»segment}}", 245),
    MarkedCase("a source named as the label", "sources: {«1»label: {parquet: l, key: id}}", 239),
    MarkedCase(
      "a column named as the cutoff",
      "sources: {customers: {columns: {«1»Cutoff: {type: date, class: event}}}}", 239),
    MarkedCase(
      "a column that is called the cutoff in its table",
      "sources: {customers: {columns: {ended: {type: date, class: event, from: cutoff}}}}"),
    MarkedCase(
      "complete from the day after the last", "sources: {calls: {data_from: «1»2025-09-19}}", 438),
    MarkedCase("complete on one day only", "sources: {calls: {data_from: 2025-09-18}}"),
    MarkedCase(
      "complete after its own last day",
      "sources: {calls: {data_through: 2025-09-10, data_from: «1»2025-09-11}}", 438),
    MarkedCase("a source nothing reads", "sources: {«1»orders: {parquet: o, key: id}}", 242),
    MarkedCase("a sound contract", "sources: {customers: {expect: [{not_null: id}]}}"),
    MarkedCase(
      "a range that falls",
      "sources: {customers: {expect: [{«1»between: [9, 1], column: employees}]}}", 263),
    MarkedCase(
      "days that fall",
      "sources: {customers: {expect: [{«1»between: [2024-01-02, 2024-01-01], column: created}]}}",
      263),
    MarkedCase(
      "an unknown contract", "sources: {customers: {expect: [{«1»not_nul: id}]}}", 231),
    MarkedCase(
      "a contract without column", "sources: {customers: {expect: [{«1»matches: a}]}}", 264),
    MarkedCase(
      "a range of one end", "sources: {customers: {expect: [{«1»row_count_between: [5, 1]}]}}", 263),
  ]

  static let cohortAndLabel: [MarkedCase] = [
    MarkedCase("an unknown entity", "cohort: {entity: «1»customer}", 232),
    MarkedCase("an entity of versions", "cohort: {entity: «1»history}", 248),
    MarkedCase(
      "an unknown source in a rule", "cohort: {where: [{flag: «1»histori.inactive}]}", 232),
    MarkedCase(
      "an unknown column in a rule", "cohort: {where: [{not: {flag: history.«1»inactiv}}]}", 233),
    MarkedCase(
      "an unknown column in quotes", "cohort: {where: [{flag: \"history.«1»inactiv\"}]}", 233),
    MarkedCase(
      "a rule that is none", "cohort: {where: [{«1»nott: {flag: history.inactive}}]}", 231),
    MarkedCase(
      "a rule deep inside", "cohort: {where: [{any: [{all: [{flag: «1»history.region}]}]}]}", 245),
    MarkedCase(
      "today's status in a rule",
      "cohort: {where: [{in: {column: «1»customers.status, values: [a]}}]}", 410),
    MarkedCase(
      "today's status in SQL", "cohort: {where: [{sql: \"lower(«1»customers.status) = 'a'\"}]}", 410
    ),
    MarkedCase(
      "counts of events",
      "cohort: {where: [{count: calls, at_least: 1}, {not: {count: calls, where: \"kind = 'a'\", "
        + "within: {from: 90 days, to: 1 week}, at_most: 0}}, {any: [{count: calls, within: all, "
        + "at_least: 0, at_most: 3}]}]}"),
    MarkedCase("a count without a range", "cohort: {where: [{«1»count: calls}]}", 222),
    MarkedCase("a range without a count", "cohort: {where: [{«1»at_least: 1}]}", 221),
    MarkedCase(
      "a count beside another rule",
      "cohort: {where: [{flag: history.inactive, «1»count: calls, at_least: 1}]}", 220),
    MarkedCase(
      "a window of no count", "cohort: {where: [{flag: history.inactive, «1»within: 1 day}]}", 222),
    MarkedCase(
      "a count of no events", "cohort: {where: [{count: «1»history, at_least: 1}]}", 247),
    MarkedCase(
      "a count of an unknown source", "cohort: {where: [{count: «1»call, at_least: 1}]}", 232),
    MarkedCase(
      "a count below none", "cohort: {where: [{count: calls, at_least: «1»-1}]}", 211),
    MarkedCase(
      "a range of counts that is empty",
      "cohort: {where: [{any: [{count: calls, at_least: «1»2, at_most: 1}]}]}", 437),
    MarkedCase(
      "a count that is never too low", "cohort: {where: [{count: calls, at_least: «1»0}]}", 437),
    MarkedCase(
      "a count in an empty window",
      "cohort: {where: [{count: calls, within: {from: «1»1 day, to: 2 days}, at_least: 1}]}", 256),
    MarkedCase(
      "a count of several windows",
      "cohort: {where: [{count: calls, within: «1»[1 day, 2 days], at_least: 1}]}", 210),
    MarkedCase(
      "a count by today's note",
      "cohort: {where: [{count: calls, where: \"«1»note = 'a'\", at_least: 1}]}", 410),
    MarkedCase("a rule on event rows", "cohort: {where: [{present: «1»calls.kind}]}", 246),
    MarkedCase("a clock in SQL", "cohort: {where: [{sql: \"customers.created < «1»now()\"}]}", 306),
    MarkedCase(
      "today's date in SQL",
      "cohort:\n  where:\n    - sql: >-\n        customers.created <\n        «1»current_date", 306),
    MarkedCase(
      "an entity that always exists",
      "sources: {customers: {created: null}}\ncohort: {entity: «1»customers}", 421),
    MarkedCase("a label from versions", "label: {event: «1»history.moved}", 420),
    MarkedCase("a label of today", "label: {event: «1»customers.touched}", 420),
    MarkedCase("a label that is no date", "label: {event: «1»customers.segment}", 245),
    MarkedCase("a label from event rows", "label: {event: «1»calls.kind}", 249),
    MarkedCase("an unknown column as label", "label: {event: customers.«1»first_ordr}", 233),
    MarkedCase("label rows of no events", "label: {event: {source: «1»history}}", 247),
    MarkedCase(
      "label rows by today's note", "label: {event: {source: calls, where: \"«1»note = 'a'\"}}", 410
    ),
    MarkedCase(
      "a label among those with calls", "label: {among: {source: calls, where: \"kind = 'a'\"}}"),
    MarkedCase("a label among no events", "label: {among: {source: «1»history}}", 247),
    MarkedCase("a label among an unknown source", "label: {among: {source: «1»call}}", 232),
    MarkedCase("a label among a column", "label: {among: «1»customers.created}", 210),
    MarkedCase(
      "a label among rows that nobody has observed",
      "data_through: null\nsources: {customers: {data_through: 2025-09-18}}\n"
        + "«1»label: {among: {source: calls}}", 422),
    MarkedCase(
      "a last cutoff that is immature for the rows of `among`",
      "sources: {calls: {data_through: 2025-08-31}}\nlabel: {among: {source: calls}}\n"
        + "cutoffs: {every: 1 month, last: «1»2025-06-18}", 423),
    MarkedCase("a label of no event", "label: {event: null, absent: {source: calls}}"),
    MarkedCase(
      "a label of an event and of none",
      "label: {event: customers.first_order, «1»absent: {source: calls}}", 220),
    MarkedCase("a label of nothing", "«1»label: {event: null}", 221),
    MarkedCase(
      "a label of no rows of no events", "label: {event: null, absent: {source: «1»history}}", 247),
    MarkedCase(
      "a column that is absent", "label: {event: null, absent: «1»customers.first_order}", 210),
    MarkedCase(
      "churn before the window is over",
      "label: {event: null, absent: {source: calls}, immature: «1»negative}", 415),
    MarkedCase(
      "the column of a label of no event",
      "label: {event: null, absent: {source: calls}}\nfeatures: [account, «1»-label.event]", 253),
    MarkedCase(
      "a label nobody has observed", "data_through: null\n«1»label: {horizon: 3 months}", 422),
  ]
}
