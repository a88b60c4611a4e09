import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  mutating func decodeCohort() -> CohortSpec? {
    guard let fields = root.fields("cohort") else { return nil }
    var rules: [Located<Rule>] = []
    for item in fields.items("where") {
      if let rule = decodeRule(item) { rules.append(Located(rule, at: item.span)) }
    }
    guard let entity = fields.text("entity") else { return nil }
    if let source = source(entity) {
      if case .entity(let created) = source.shape {
        if created == nil { findings.append(.entityWithoutCreated(entity, source)) }
      } else {
        findings.append(.notAnEntitySource(entity, source))
      }
    }
    return CohortSpec(entity: entity, rules: rules)
  }

  private mutating func decodeRule(_ node: Node) -> Rule? {
    guard let fields = Fields(node) else { return nil }
    if let inner = fields["not"] { return decodeRule(inner).map { .not($0) } }
    if fields.key("any") != nil { return .any(decodeRules(fields.items("any"))) }
    if fields.key("all") != nil { return .all(decodeRules(fields.items("all"))) }
    if let sql = fields.sql("sql") {
      checkRowSQL(sql)
      return .sql(sql)
    }
    if let membership = fields.fields("in") {
      guard let column = reference(membership, "column") else { return nil }
      checkRowUse(column, .membership, inRule: true)
      return .among(column, membership.texts("values"))
    }
    if let source = fields.text("count") { return .count(decodeCount(of: source, fields)) }
    for function in [ColumnFunction.happened, .flag, .present] {
      guard let column = reference(fields, function.rawValue) else { continue }
      checkRowUse(column, .feature(function), inRule: true)
      return switch function {
      case .happened: .happened(column)
      case .flag: .flag(column)
      default: .present(column)
      }
    }
    return nil
  }

  private mutating func decodeRules(_ nodes: [Node]) -> [Rule] {
    var rules: [Rule] = []
    for node in nodes {
      if let rule = decodeRule(node) { rules.append(rule) }
    }
    return rules
  }

  private mutating func decodeCount(of name: Located<String>, _ fields: Fields) -> EventCount {
    let source = source(name)
    if let source, !source.isEvents { findings.append(.notEvents(name, source, "`count`")) }
    noteForeignKeys(of: name.value)
    let condition = fields.sql("where")
    if let condition { checkEventSQL(condition, source) }
    let (least, most) = (fields.integer("at_least"), fields.integer("at_most"))
    if let least, let most, least.value > most.value {
      findings.append(.countOfNone(least, most))
    } else if let least, least.value == 0, fields.key("at_most") == nil {
      findings.append(.countOfAll(least))
    }
    return EventCount(
      source: name, condition: condition, window: fields["within"].flatMap { window($0) },
      atLeast: least?.value, atMost: most?.value)
  }

  mutating func decodeLabel() -> LabelSpec? {
    guard let fields = root.fields("label") else { return nil }
    let event = decodeEvent(fields)
    let among = fields.fields("among").flatMap { decodeRows($0, "`label.among`") }
    guard let event, let horizon = fields.period("horizon"),
      let immature = fields.word("immature", as: LabelSpec.Immature.self)
    else { return nil }
    if immature.value == .negative {
      findings.append(
        event.isAbsence ? .immatureAbsence(immature.span) : .immatureCounted(immature.span))
    }
    return LabelSpec(
      span: root.key("label")?.span ?? fields.span, event: event, among: among,
      horizon: horizon,
      labelDelay: fields.period("label_delay")?.value ?? Period(0, .days), immature: immature.value,
      noun: noun(fields))
  }

  private func noun(_ fields: Fields) -> PositiveNoun {
    guard let one = fields.text("noun")?.value else { return .default }
    return fields.text("plural").map { PositiveNoun(one: one, many: $0.value) } ?? PositiveNoun(one)
  }

  private mutating func decodeEvent(_ fields: Fields) -> LabelSpec.Event? {
    if let column = fields.column("event") {
      checkLabelColumn(column)
      return .date(column)
    }
    if let rows = fields.fields("event") {
      return decodeRows(rows, "`label.event`").map {
        .row(source: $0.source, condition: $0.condition)
      }
    }
    return fields.fields("absent").flatMap { decodeRows($0, "`label.absent`") }.map {
      .absence(source: $0.source, condition: $0.condition)
    }
  }

  /// - Parameter purpose: the key, for messages.
  private mutating func decodeRows(_ rows: Fields, _ purpose: String) -> EventRows? {
    guard let name = rows.text("source") else { return nil }
    let source = source(name)
    if isOfEntities(name), let source, !source.isEvents {
      findings.append(.notEvents(name, source, purpose))
    }
    let condition = rows.sql("where")
    if let condition { checkEventSQL(condition, source, isOfLabel: true) }
    return EventRows(source: name, condition: condition)
  }

  private mutating func checkLabelColumn(_ reference: Located<ColumnReference>) {
    if catalog.sources[reference.value.source]?.isEvents == true {
      catalog.use(reference.value.source)
      findings.append(.labelReadsEventRows(reference))
      return
    }
    guard let (source, column) = column(reference) else { return }
    let name = reference.part(0..<source.name.value.utf8.count, source.name.value)
    guard isOfEntities(name) else { return }
    if column.type != .date {
      findings.append(.typeDoesNotFit(reference, column, .label))
    } else if column.columnClass != .event {
      findings.append(.labelClass(reference, column))
    }
  }
}
