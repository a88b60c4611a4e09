internal import Diagnostics
internal import OrderedCollections
internal import YAML

extension SpecDecoder {
  /// Decodes `references`, which gives sources the column that refers to them.
  mutating func decodeForeignKeys() {
    let entity = root.fields("cohort")?.text("entity")?.value
    var known: [String: Located<String>] = [:]
    for entry in root.fields("references")?.mapping.entries ?? [] {
      guard let written = ColumnReference(keyOf: entry.key.value), let column = entry.value.column
      else { continue }
      let target = Located(written, at: entry.key.span)
      guard
        isReferable(target, entity: entity, unless: known[written.source]),
        isForeignKey(column)
      else { continue }
      known[written.source] = entry.key
      catalog.refer(column, to: written.source)
      let keys = catalog.sources.foreignKeys(of: written.source)
      if keys.contains(where: { $0.value.source == written.source }) {
        findings.append(.referenceInCircle(target, through: keys))
      }
    }
  }

  /// Returns whether a column may refer to a source by the given key, with a finding if not.
  /// - Parameter other: the reference to the same source that was decoded before.
  private mutating func isReferable(
    _ target: Located<ColumnReference>, entity: String?, unless other: Located<String>?
  ) -> Bool {
    let name = target.part(0..<target.value.source.utf8.count, target.value.source)
    guard catalog.names.contains(name.value) else {
      findings.append(.unknownSource(name, known: Array(catalog.names)))
      return false
    }
    if name.value == entity {
      findings.append(.referenceToEntity(name))
      return false
    }
    if let other {
      findings.append(.referredTwice(name, other: other))
      return false
    }
    // A malformed source has its own finding.
    guard let source = catalog.sources[name.value] else { return false }
    guard source.key.value == target.value.column else {
      findings.append(.notTheKey(target, source))
      return false
    }
    return true
  }

  /// Returns whether a column can refer to a source, with a finding if not.
  private mutating func isForeignKey(_ reference: Located<ColumnReference>) -> Bool {
    // This source is used when the one that it refers to is read.
    guard let (source, column) = column(reference, isRead: false) else { return false }
    if source.isEvents {
      findings.append(.referenceFromEvents(reference, source))
      return false
    }
    guard ColumnPurpose.reference.types.contains(column.type) else {
      findings.append(.typeDoesNotFit(reference, column, .reference))
      return false
    }
    return true
  }

  /// Records that something reads a source's rows, which entities find through `current` columns.
  mutating func noteForeignKeys(of source: String) {
    for key in catalog.sources.foreignKeys(of: source) {
      if let column = catalog.sources[key.value.source]?.columns[key.value.column] {
        noteRead(key, column)
      }
    }
  }

  /// Returns whether a label can read a source, with a finding if not.
  mutating func isOfEntities(_ source: Located<String>) -> Bool {
    guard let key = catalog.sources[source.value]?.foreignKey else { return true }
    findings.append(.labelOfReferred(source, key))
    return false
  }
}

// Findings about references: H257 to H259, H262, and H433.
extension Finding {
  static func notTheKey(_ target: Located<ColumnReference>, _ source: SourceSpec) -> Finding {
    let name = source.name.value
    return Finding(
      257, "the key of `\(name)` is `\(source.key.value)`, not `\(target.value.column)`",
      at: target.span, label: "write `\(name).\(source.key.value)`",
      notes: ["`key` is written at \(source.key.span.place)"],
      hints: [
        "to match the same table by another column, declare it as a second source with that `key`"
      ])
  }

  static func referenceToEntity(_ source: Located<String>) -> Finding {
    Finding(
      258, "`\(source.value)` is the cohort's entity and has its own keys", at: source.span,
      label: "cannot be referred to",
      hints: [
        "to read other rows of this table, such as a customer's parent, declare it as a second source"
      ])
  }

  static func referredTwice(_ source: Located<String>, other: Located<String>) -> Finding {
    Finding(
      258, "two columns refer to `\(source.value)`", at: source.span,
      label: "a source can be referred to once",
      notes: ["the other reference is written at \(other.span.place)"],
      hints: ["declare the table as a second source, with a name that says whose rows it has"])
  }

  static func referenceInCircle(
    _ target: Located<ColumnReference>, through keys: [Located<ColumnReference>]
  ) -> Finding {
    let path = keys.map { "`\($0.value)`" }.joined(separator: ", ")
    return Finding(
      259, "the references from `\(target.value.source)` lead back to it", at: target.span,
      label: "no entity's column begins this chain", notes: ["the chain: \(path)"],
      hints: [
        "a chain begins at a source with the entities' keys: declare a table that is used twice as "
          + "two sources"
      ])
  }

  static func referenceFromEvents(
    _ column: Located<ColumnReference>, _ source: SourceSpec
  ) -> Finding {
    Finding(
      262, "`\(source.name.value)` has many rows per entity, and a reference needs one",
      at: column.span, label: "an event source",
      notes: ["`\(source.name.value)` is declared at \(source.name.span.place)"],
      hints: ["refer from a source with one row per key, or from one with versions"])
  }

  static func labelOfReferred(
    _ source: Located<String>, _ key: Located<ColumnReference>
  ) -> Finding {
    Finding(
      433, "the label reads `\(source.value)`, whose rows belong to groups of entities",
      at: source.span, label: "every entity of a group would have the event",
      notes: ["`\(key.value)` refers to it at \(key.span.place)"],
      hints: ["read an event that has the entity's own key"])
  }
}

extension Explanation {
  static let specDecoderForeignKeysFindings: [Explanation] = [
    Explanation(
      257, "a reference to something else than a source's key",
      cause: """
        The left side of `references` names a source and its `key`, so that a reader sees which \
        columns are compared. Rows are found by `key` alone.
        """,
      example: .spec(references("«accounts.name»: customers.segment")),
      fix: "Write the source's `key`, or correct `key` in the source."),
    Explanation(
      258, "a source that cannot be referred to",
      cause: """
        The cohort's entity source has the entities' own keys. Any other source can be referred to \
        by one column, because an entity has one set of its rows.
        """,
      example: .spec("references: {«customers».id: history.region}"),
      fix: """
        Declare the table a second time under another name, and refer to that source. Its name can \
        say whose rows it has, such as `parents`.
        """),
    Explanation(
      259, "references that lead in a circle",
      cause: """
        Each reference leads from one source to another, and the chain has to begin at a source \
        that has the entities' keys. In a circle no entity finds any row.
        """,
      example: .spec(references("«accounts.id»: accounts.name")),
      fix: """
        Refer to one of these sources from a source of the entities, or declare a table that refers \
        to itself as two sources.
        """),
    Explanation(
      262, "a reference from events",
      cause: """
        An entity has one value of the referring column at a cutoff, and it leads to one row or to \
        one group of events. An event source has many rows per entity.
        """,
      example: .spec(references("accounts.id: «calls.kind»")),
      fix: """
        Refer from an entity or history source. If only events have the key, write a query that \
        gives one row per key and day, and declare it with `valid_from` and `valid_to`.
        """),
    Explanation(
      433, "a label that reads rows of a group",
      cause: """
        Rows of a source in `references` belong to a group of entities, such as all customers of an \
        account. As a label, one order would make every customer of the account positive. Their \
        rows are then copies of one outcome, and the metrics and their intervals are wrong.
        """,
      example: .spec(
        references("accounts.id: customers.segment") + "\nlabel: {event: «accounts».opened}"),
      fix: """
        Read an event with the entity's own key. If the account's order is what matters, make the \
        account the entity of the cohort.
        """),
  ]

  private static func references(_ reference: String) -> String {
    """
    sources:
      accounts:
        parquet: data/history.parquet
        key: id
        columns:
          name: {type: text, class: static}
          opened: {type: date, class: event}
    references: {\(reference)}
    """
  }
}
