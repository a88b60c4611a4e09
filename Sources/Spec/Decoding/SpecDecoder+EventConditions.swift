internal import Diagnostics
internal import OrderedCollections
internal import YAML

extension SpecDecoder {
  /// Checks a condition on the rows of an event source.
  /// - Parameter isOfLabel: whether it belongs to the label, and so reads the rows' own columns only.
  mutating func checkEventSQL(_ sql: SQLText, _ source: SourceSpec?, isOfLabel: Bool = false) {
    guard let source else { return checkClock(sql) }
    var refused: Set<String> = []
    for (reference, range) in SQLWords(sql.text).columns(ofEvents: source.name.value) {
      let name = reference.source
      let located = Located(reference, at: sql.span(of: range))
      if name != source.name.value {
        guard catalog.names.contains(name) else { continue }
        catalog.use(name)
        // One finding about each source is enough.
        if refused.contains(name) { continue }
        if let finding = refusal(of: located, in: source, isOfLabel: isOfLabel) {
          findings.append(finding)
          refused.insert(name)
          continue
        }
        noteForeignKeys(of: name)
      }
      if let column = catalog.sources[name]?.columns[reference.column] { noteRead(located, column) }
    }
    checkClock(sql)
  }

  /// Returns why a condition on events cannot read a column of another source; nil if it can.
  private func refusal(
    of column: Located<ColumnReference>, in events: SourceSpec, isOfLabel: Bool
  ) -> Finding? {
    let name = column.value.source
    let keys =
      catalog.sources.foreignKeys(of: name)
      + catalog.sources.foreignKeys(
        of: events.name.value)
    // Malformed sources, and an aggregate of a source without events, have their own findings.
    guard let source = catalog.sources[name], events.isEvents,
      keys.allSatisfy({ catalog.sources[$0.value.source] != nil })
    else { return nil }
    if isOfLabel { return .labelReadsOtherSource(column, events) }
    if source.isEvents { return .conditionOnOtherEvents(column, events) }
    guard catalog.sources.path(fromEvents: events.name.value, to: name) != nil else {
      return .conditionOnOtherKeys(column, events, key: source.foreignKey)
    }
    // The condition sees the columns of the source's row on the event's day beside the event's own.
    let clash = events.columns.keys.first { $0.lowercased() == name.lowercased() }
    return clash != nil || name.lowercased() == "entity"
      ? .sourceOrColumn(column, events, declared: clash.flatMap { events.columns[$0]?.name }) : nil
  }
}

// Findings about conditions on events: H291 and H292.
extension Finding {
  static func conditionOnOtherEvents(
    _ column: Located<ColumnReference>, _ events: SourceSpec
  ) -> Finding {
    let name = column.value.source
    return Finding(
      291, "a row of `\(events.name.value)` has any number of rows of `\(name)`", at: column.span,
      label: "an event source",
      hints: [
        "summarize `\(name)` in a feature of its own, or add the value to the rows of "
          + "`\(events.name.value)` with a source's `sql`"
      ])
  }

  static func conditionOnOtherKeys(
    _ column: Located<ColumnReference>, _ events: SourceSpec, key: Located<ColumnReference>?
  ) -> Finding {
    let name = column.value.source
    func keys(_ key: Located<ColumnReference>?) -> String {
      key.map { "those of `\($0.value)`" } ?? "the entities' own"
    }
    return Finding(
      291, "no key leads from a row of `\(events.name.value)` to a row of `\(name)`",
      at: column.span, label: "of other keys",
      notes: [
        "the keys of `\(events.name.value)` are \(keys(events.foreignKey)), the keys of `\(name)` "
          + "are \(keys(key))"
      ],
      hints: [
        "declare the table of `\(name)` as a second source whose keys are those of "
          + "`\(events.name.value)`"
      ])
  }

  static func labelReadsOtherSource(
    _ column: Located<ColumnReference>, _ events: SourceSpec
  ) -> Finding {
    Finding(
      291, "a condition of the label reads columns of `\(events.name.value)` only", at: column.span,
      label: "of another source",
      hints: ["add the value to the rows of `\(events.name.value)` with the source's `sql`"])
  }

  /// - Parameter declared: where the events' column of the same name is declared; nil if every view
  ///   has it.
  static func sourceOrColumn(
    _ column: Located<ColumnReference>, _ events: SourceSpec, declared: Located<String>?
  ) -> Finding {
    let name = column.value.source
    return Finding(
      292, "`\(events.name.value)` has a column with the name of the source `\(name)`",
      at: column.span, label: "the source or the column?",
      notes: declared.map { ["the column is declared at \($0.span.place)"] } ?? [],
      hints: [
        declared.map {
          "rename the column, and name the table's column with `from: \($0.value)`, or rename the "
            + "source"
        } ?? "rename the source: every row has a column `entity`"
      ])
  }
}

extension Explanation {
  static let eventConditionFindings: [Explanation] = [
    Explanation(
      291, "a source that a condition on events cannot read",
      cause: """
        The condition of a feature or rule on events can read, beside the events' own columns, \
        sources with one row per key and sources of versions, as of the day of each event. The \
        event's key must lead to one row there. Another event source may have many rows. A source \
        in `references` has other keys than the entities. A condition of the label selects rows \
        after the cutoff, and reads their own columns only.
        """,
      example: .spec(
        """
        sources: {orders: {parquet: data/orders.parquet, key: id, time: day, columns: {amount: number}}}
        feature_sets: {more: [large: {count: calls, where: "«orders.amount» > 100"}]}
        features: [account, more]
        """),
      fix: """
        Read a source of versions, or one with one row per key. Summarize other events in a feature \
        of their own, and combine the two: `{sql: "features.a > 0 AND features.b > 0", type: flag}`.
        """),
    Explanation(
      292, "a source with the name of a column of the events",
      cause: """
        A condition on events reads another source as `source.column`. If the events have a column \
        with the name of the source, ignoring case, the engine cannot tell the two apart.
        """,
      example: .spec(
        """
        sources: {calls: {columns: {history: text}}}
        feature_sets: {more: [north: {count: calls, where: "«history.region» = 'North'"}]}
        features: [account, more]
        """),
      fix: """
        Rename the column, here `note: {type: text, from: history}`, or rename the source.
        """),
  ]
}
