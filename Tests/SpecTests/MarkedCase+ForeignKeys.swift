extension MarkedCase {
  /// A spec with accounts to which something refers, and two features that read them.
  private static func references(
    _ references: String, _ more: String = "features: [account, engagement, x]"
  ) -> String {
    """
    sources:
      accounts:
        parquet: accounts.parquet
        key: id
        columns:
          size: {type: integer, class: static}
          parent: {type: text, class: static}
          opened: {type: date, class: event}
    references: {\(references)}
    feature_sets: {x: [{a: {value: accounts.size}}, {b: {sql: accounts.size + 1}}]}
    \(more)

    """
  }

  static let foreignKeys: [MarkedCase] = [
    MarkedCase("a reference from text", references("accounts.id: customers.segment")),
    MarkedCase("a reference from a whole number", references("accounts.id: customers.employees")),
    MarkedCase("a reference from versions", references("accounts.id: history.region")),
    MarkedCase("a reference to events", "references: {calls.id: customers.segment}"),
    MarkedCase(
      "readers of the referring column taken away",
      references(
        "accounts.id: customers.segment", "features: [account, engagement, x, -customers.segment]")),
    MarkedCase(
      "a reference to what nothing reads",
      "sources: {«1»accounts: {parquet: a, key: id}}\nreferences: {accounts.id: customers.segment}",
      242),
    MarkedCase("a reference to no key", references("«1»accounts: customers.segment"), 216),
    MarkedCase("a reference from no column", references("accounts.id: «1»segment"), 216),
    MarkedCase(
      "a reference to an unknown source", references("«1»account.id: history.region"), 232),
    MarkedCase("a reference from an unknown source", references("accounts.id: «1»custom.a"), 232),
    MarkedCase(
      "a reference from an unknown column", references("accounts.id: customers.«1»segmnt"), 233),
    MarkedCase(
      "a reference to another column than the key",
      references("«1»accounts.size: customers.segment"), 257),
    MarkedCase("a reference to the entity", references("«1»customers.id: history.region"), 258),
    MarkedCase(
      "two references to a source",
      references("accounts.id: customers.segment, «1»accounts.size: history.region"), 258),
    MarkedCase(
      "a reference of a source to itself", references("«1»accounts.id: accounts.parent"), 259),
    MarkedCase(
      "references in a circle",
      references(
        "accounts.id: groups.lead, «1»groups.id: accounts.parent",
        "features: [account, engagement, x]"
      ).replacing(
        "references:",
        with: "  groups: {parquet: g, key: id, columns: {lead: {type: text, class: static}}}\n"
          + "references:"), 259),
    MarkedCase("a reference from events", references("accounts.id: «1»calls.kind"), 262),
    MarkedCase("a reference from a date", references("accounts.id: «1»customers.created"), 245),
    MarkedCase("a reference from a flag", references("accounts.id: «1»history.inactive"), 245),
    MarkedCase(
      "a label of a group",
      references("accounts.id: customers.segment", "label: {event: «1»accounts.opened}"), 433),
    MarkedCase(
      "a label of a group's events",
      "references: {calls.id: customers.segment}\nlabel: {event: {source: «1»calls}}", 433),
    MarkedCase(
      "a reference from today's value", references("accounts.id: «1»customers.status"), 410),
    MarkedCase(
      "a reference to events from today's value",
      "references: {calls.id: «1»customers.status}", 410),
    MarkedCase(
      "a rule on events to which today's value refers",
      "references: {calls.id: «1»customers.status}\nfeature_sets: {engagement: null}\nfeatures: [account]\n"
        + "cohort: {where: [{count: calls, at_least: 1}]}", 410),
    MarkedCase(
      "a reference from today's value, in a chain",
      references(
        "accounts.id: groups.lead, groups.id: «1»customers.status",
        "features: [account, engagement, x]"
      ).replacing(
        "references:",
        with: "  groups: {parquet: g, key: id, columns: {lead: {type: text, class: static}}}\n"
          + "references:"), 410),
    MarkedCase(
      "a reference from today's value, allowed",
      references(
        "accounts.id: customers.status",
        "features: [account, engagement, x]\n"
          + "look_ahead: {«1»allow: [customers.status], because: to try}"), 412),
  ]
}
