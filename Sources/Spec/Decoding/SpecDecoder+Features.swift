internal import Diagnostics
internal import OrderedCollections
internal import YAML

extension SpecDecoder {
  /// Decodes, expands, and checks the features of every set, and returns the chosen ones in order,
  /// and the others.
  mutating func decodeFeatures() -> (chosen: [FeatureSpec], others: [FeatureSpec]) {
    var table = FeatureTable()
    for set in root.fields("feature_sets")?.mapping.entries ?? [] {
      table.open(set.key)
      for item in set.value.sequence ?? [] {
        let entries = item.mapping?.entries ?? []
        let reads = readsOfToday.count
        let decoded = entries.count == 1 ? decodeFeature(entries[0], set: set.key.value) : []
        for index in reads..<readsOfToday.count {
          readsOfToday[index].features = decoded.map(\.name.value)
        }
        if decoded.isEmpty { table.malformed += entries.map(\.key.value) }
        for feature in decoded { add(feature, to: &table) }
      }
    }
    checkRepeats("features", root)
    choice = FeatureChoice(table, sources: catalog.sources)
    let chosen = choice.choose(root.names("features").compactMap { chosenName($0) })
    findings += choice.findings
    let isSettled = choice.findings.isEmpty && table.malformed.isEmpty
    let source = catalog.sources[FeatureInputs.table]?.name
    findings +=
      FeatureInputCheck(table, chosen: isSettled ? chosen : nil, sourceNamedFeatures: source)
      .findings
    if isSettled, !chosen.isEmpty {
      checkSegments(features: chosen)
      checkRankings(features: chosen)
      checkConstraints(features: chosen)
    }
    heldBack += table.unused(choice) { $0.file === mainFile }
    let names = Set(chosen.map(\.name.value))
    return (chosen, table.all.values.filter { !names.contains($0.name.value) })
  }

  /// Returns an entry of `features`; `-label.event` means the label's own column.
  private mutating func chosenName(_ name: Located<String>) -> FeatureChoice.Name? {
    guard name.value == "-\(Self.labelEvent)" else { return FeatureChoice.Name(name) }
    return labelColumn(standingAt: name.span).map { FeatureChoice.Name($0) }
  }

  private mutating func add(_ feature: FeatureSpec, to table: inout FeatureTable) {
    if let other = table.add(feature) {
      findings.append(.duplicateFeature(feature.name, other: other))
    } else if Self.reservedNames.contains(feature.name.value.lowercased()) {
      findings.append(.reservedName(feature.name))
    }
  }

  /// The panel columns that precede the features.
  private static let reservedNames: Set<String> = ["key", "cutoff", "role", "label"]

  private mutating func decodeFeature(_ entry: Mapping.Entry, set: String) -> [FeatureSpec] {
    guard let fields = Fields(entry.value) else { return [] }
    let names = SpecLanguage.aggregates.filter { fields.key($0) != nil }
    if let name = names.first, let function = Aggregate.Function(rawValue: name),
      fields["sum"]?.sequence == nil
    {
      return decodeAggregate(entry.key, fields, function, set: set)
    }
    guard let expression = decodeExpression(fields) else { return [] }
    return [FeatureSpec(name: entry.key, set: set, expression: expression)]
  }

  private mutating func decodeExpression(_ fields: Fields) -> FeatureExpression? {
    for operation in Combination.Operation.allCases {
      guard let items = fields[operation.rawValue]?.sequence else { continue }
      // A sum of events has options that a sum of features has not.
      for option in ["where", "within", "newest"] where operation == .sum {
        if let key = fields.key(option) { findings.append(.optionOfColumnSum(key)) }
      }
      return .combination(Combination(operation: operation, parts: items.compactMap(\.text)))
    }
    if fields.key("category") != nil { return decodeCategory(fields) }
    if let sql = fields.sql("sql") { return decodeSQL(sql, fields) }
    for function in ColumnFunction.allCases {
      guard let column = reference(fields, function.rawValue) else { continue }
      checkRowUse(column, .feature(function))
      return .column(function, column)
    }
    return nil
  }

  private mutating func decodeCategory(_ fields: Fields) -> FeatureExpression? {
    if let column = reference(fields, "category") {
      checkRowUse(column, .category)
      return .category(.column(column), policy(fields))
    }
    guard let sql = fields.fields("category")?.sql("sql") else { return nil }
    checkRowSQL(sql)
    return .category(.sql(sql), policy(fields))
  }

  private mutating func decodeSQL(_ sql: SQLText, _ fields: Fields) -> FeatureExpression? {
    checkRowSQL(sql)
    let type = fields.text("type")?.value ?? "number"
    if type == "category" { return .category(.sql(sql), policy(fields)) }
    for option in ["missing", "min_frequency"] {
      if let key = fields.key(option) { findings.append(.optionOfCategory(key)) }
    }
    return FeatureExpression.SQLType(rawValue: type).map { .sql(sql, $0) }
  }

  private func policy(_ fields: Fields) -> CategoryPolicy {
    CategoryPolicy(
      missing: fields.text("missing")?.value,
      minFrequency: fields.integer("min_frequency")?.value ?? 0)
  }

  // MARK: Aggregates

  private mutating func decodeAggregate(
    _ name: Located<String>, _ fields: Fields, _ function: Aggregate.Function, set: String
  ) -> [FeatureSpec] {
    let sourceName: Located<String>
    var column: Located<String>?
    var source: SourceSpec?
    if function.facts.reads == .rows {
      guard let name = fields.text(function.rawValue) else { return [] }
      sourceName = name
      source = self.source(name)
    } else {
      guard let reference = reference(fields, function.rawValue) else { return [] }
      sourceName = Located(reference.value.source, at: reference.span)
      column = Located(reference.value.column, at: reference.span)
      source = checkAggregateColumn(reference, function)
    }
    if let source, !source.isEvents {
      findings.append(.notEvents(sourceName, source, "`\(function.rawValue)`"))
    }
    noteForeignKeys(of: sourceName.value)
    let condition = fields.sql("where")
    if let condition { checkEventSQL(condition, source) }
    let aggregate = Aggregate(
      function: function, source: sourceName, column: column, condition: condition, window: nil,
      newest: fields.integer("newest")?.value)
    return expanded(name, aggregate, fields["within"], set: set)
  }

  private mutating func checkAggregateColumn(
    _ reference: Located<ColumnReference>, _ function: Aggregate.Function
  ) -> SourceSpec? {
    guard let (source, column) = column(reference) else { return nil }
    guard source.isEvents else { return source }
    let isNumber = column.type == .number || column.type == .integer
    if function.facts.reads == .numbers, !isNumber {
      findings.append(.aggregateNeedsNumbers(reference, column, function))
    }
    noteRead(reference, column)
    return source
  }

  /// Returns one feature per window of a list, named `NAME_30d`; a single window keeps the name.
  private mutating func expanded(
    _ name: Located<String>, _ aggregate: Aggregate, _ within: Node?, set: String
  ) -> [FeatureSpec] {
    func feature(_ name: Located<String>, _ window: EventWindow?) -> FeatureSpec {
      var aggregate = aggregate
      aggregate.window = window
      return FeatureSpec(name: name, set: set, expression: .aggregate(aggregate))
    }
    guard let items = within?.sequence else {
      return [feature(name, within.flatMap { window($0) })]
    }
    return items.map { item in
      let window = window(item)
      let suffix = window?.abbreviation ?? "all"
      return feature(Located("\(name.value)_\(suffix)", at: name.span), window)
    }
  }

  /// Returns a window; nil for all rows, and with a finding for one that ends before it begins.
  mutating func window(_ node: Node) -> EventWindow? {
    if let period = node.period { return EventWindow(from: period.value, to: nil) }
    guard let fields = Fields(node), let from = fields.period("from"), let to = fields.period("to")
    else { return nil }
    // A month has 28 to 31 days, so the two are compared on a day.
    let day = CalendarDate(days: 0)
    if day.adding(from.value, sign: -1) >= day.adding(to.value, sign: -1) {
      findings.append(.emptyWindow(from, to: to))
    }
    return EventWindow(from: from.value, to: to.value)
  }
}
