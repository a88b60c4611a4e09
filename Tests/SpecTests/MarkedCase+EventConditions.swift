extension MarkedCase {
  /// A spec with a feature that counts calls under a condition.
  private static func counting(_ condition: String, _ more: String = "") -> String {
    "feature_sets: {x: [{a: {count: calls, where: \"\(condition)\"}}]}\n"
      + "features: [account, engagement, x]\n\(more)\n"
  }

  private static let accounts = """
    sources: {accounts: {parquet: a, key: id, columns: {size: {type: integer, class: static}}}}

    """
  private static let orders = """
    sources: {orders: {parquet: o, key: id, time: day, columns: {amount: number}}}

    """

  static let eventConditions: [MarkedCase] = [
    MarkedCase(
      "columns of other sources",
      counting("kind = 'a' and history.region = 'b' and customers.segment = history.email")),
    MarkedCase(
      "a source that only a condition reads", counting("accounts.size > 1", accounts)),
    MarkedCase(
      "sources that only a condition reads, one through the other",
      counting("accounts.size > 1", accounts + "references: {accounts.id: history.region}")),
    MarkedCase(
      "a rule on events",
      accounts
        + "cohort: {where: [{count: calls, where: \"accounts.size > 1\", at_least: 1}]}"),
    MarkedCase("today's value", counting("«1»customers.status = 'a'"), 410),
    MarkedCase(
      "today's value, allowed",
      counting(
        "customers.status = 'a'", "look_ahead: {«1»allow: [customers.status], because: to try}"),
      412),
    MarkedCase(
      "today's value that leads to a source",
      counting("accounts.size > 1", accounts + "references: {accounts.id: «1»customers.status}"),
      410),
    MarkedCase(
      "another source's column with the name of today's value",
      counting("history.note = 'a'", "sources: {history: {columns: {note: text}}}")),
    MarkedCase(
      "today's value beside another source's column of the same name",
      counting("history.note = «1»note", "sources: {history: {columns: {note: text}}}"), 410),
    MarkedCase(
      "other events, twice", counting("«1»orders.amount > 1 or orders.amount < 0", orders), 291),
    MarkedCase(
      "other events in a rule",
      orders
        + "cohort: {where: [{count: calls, where: \"«1»orders.amount > 1\", at_least: 1}]}", 291),
    MarkedCase(
      "another source in a label",
      "label: {event: {source: calls, where: \"kind = 'a' and «1»history.region = 'b'\"}}", 291),
    MarkedCase(
      "another source in what a label depends on",
      "label: {event: {source: calls}, among: {source: calls, where: \"«1»history.inactive\"}}",
      291),
    MarkedCase(
      "events of a group under a condition on the entity",
      counting("«1»history.region = 'a'", "references: {calls.id: customers.segment}"), 291),
    MarkedCase(
      "events of a group under a condition on the group",
      counting(
        "accounts.size > 1",
        accounts + "references: {calls.id: customers.segment, accounts.id: customers.segment}")),
    MarkedCase(
      "events of a group under a condition on another group",
      counting(
        "«1»accounts.size > 1",
        accounts + "references: {calls.id: customers.segment, accounts.id: history.region}"), 291),
    MarkedCase(
      "a column with the name of a source",
      counting("«1»history.region = 'a'", "sources: {calls: {columns: {History: text}}}"), 292),
    MarkedCase(
      "a source with the name of a column that every row has",
      counting(
        "«1»entity.size > 1",
        "sources: {entity: {parquet: a, key: id, columns: {size: {type: integer, class: static}}}}"),
      292),
    MarkedCase(
      "readers of another source's column",
      "feature_sets: {x: [{a: {count: calls, where: \"history.moved > cutoff\"}}]}\n"
        + "features: [account, x, -history.moved, «1»-a]", 240),
    MarkedCase(
      "readers of a column that leads to another source",
      accounts + "references: {accounts.id: customers.employees}\n"
        + "feature_sets: {x: [{a: {count: calls, where: \"accounts.size > 1\"}}]}\n"
        + "features: [account, x, -customers.employees, «1»-a]", 240),
    MarkedCase(
      "no readers of a column that another source has, too",
      "sources: {history: {columns: {minutes: integer}}}\n"
        + "feature_sets: {x: [{a: {count: calls, where: \"history.minutes > 1\"}}]}\n"
        + "features: [account, x, «1»-calls.minutes]", 240),
  ]
}
