internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// A free SQL expression of a spec, the names that it may use, and the purpose of its value.
struct ExpressionUse {
  let sql: SQLText
  let scope: ExpressionScope
  let purpose: ValuePurpose
  /// The feature that the expression is, or of which it is a condition; nil in cohort and label.
  var feature: String?
  /// The features that it reads, directly or through others, each after those that it is computed
  /// from itself.
  var inputs: [FeatureSpec] = []
}

extension ExperimentSpec {
  /// Every free SQL expression of cohort, label, features, and features that these read.
  var expressions: [ExpressionUse] {
    let row = featureScope
    var all = cohort.rules.flatMap { $0.value.expressions(in: self) }
      .map { ExpressionUse(sql: $0.sql, scope: $0.scope, purpose: .condition) }
    switch label.event {
    case .row(let source, let condition?), .absence(let source, let condition?):
      all.append(
        ExpressionUse(sql: condition, scope: .events(source: source.value), purpose: .condition))
    case .date, .row, .absence: break
    }
    if let among = label.among, let condition = among.condition {
      all.append(
        ExpressionUse(
          sql: condition, scope: .events(source: among.source.value), purpose: .condition))
    }
    let chosen = Set(features.map(\.name.value))
    let others = inputs(of: features).filter { !chosen.contains($0.name.value) }
    for feature in features + others {
      let name = feature.name.value
      let facts = feature.expression.facts
      switch facts.reads {
      case .sql(let sql):
        all.append(
          ExpressionUse(
            sql: sql, scope: row, purpose: .feature(facts.type), feature: name,
            inputs: inputs(of: [feature])))
      case .events(let aggregate):
        guard let condition = aggregate.condition else { continue }
        all.append(
          ExpressionUse(
            sql: condition, scope: eventScope(aggregate.source.value), purpose: .condition,
            feature: name))
      case .column, .features: continue
      }
    }
    return all
  }
}

extension Rule {
  /// Returns the rule's SQL with the names that it may use.
  fileprivate func expressions(
    in spec: ExperimentSpec
  ) -> [(sql: SQLText, scope: ExpressionScope)] {
    switch self {
    case .not(let rule): rule.expressions(in: spec)
    case .any(let rules), .all(let rules): rules.flatMap { $0.expressions(in: spec) }
    case .count(let count):
      count.condition.map { [($0, spec.eventScope(count.source.value))] } ?? []
    case .sql(let sql): [(sql, spec.ruleScope)]
    case .happened, .flag, .present, .among: []
    }
  }
}

/// The names that a free SQL expression may use.
enum ExpressionScope: Hashable, Sendable {
  /// The entity source and the history sources, by qualified name: one row per entity. In the SQL
  /// of a feature also other features, as `features.NAME`.
  case row(sources: [String], hasFeatures: Bool)
  /// The columns of one event source, qualified or not, and by qualified name those of other sources
  /// as of the day of the event's row: one row per event. The label has no other sources.
  case events(source: String, others: [String] = [])

  /// Returns the column that a name path in the expression refers to; nil if it refers to none.
  func reference(_ path: [String]) -> ColumnReference? {
    switch self {
    case .row(let sources, _):
      guard path.count == 2, sources.contains(path[0]) else { return nil }
      return ColumnReference(source: path[0], column: path[1])
    case .events(let source, let others):
      if path.count == 2, others.contains(path[0]) {
        return ColumnReference(source: path[0], column: path[1])
      }
      guard path.count == 1 || (path.count == 2 && path[0] == source) else { return nil }
      return ColumnReference(source: source, column: path[path.count - 1])
    }
  }

  /// Returns the feature that a name path in the expression would refer to; nil if it cannot refer
  /// to one.
  func feature(_ path: [String]) -> String? {
    guard case .row(let sources, hasFeatures: true) = self, path.count == 2,
      path[0] == FeatureInputs.table, !sources.contains(path[0])
    else { return nil }
    return path[1]
  }
}

/// What determines an expression's meaning: its text and its scope.
struct ExpressionKey: Hashable, Sendable {
  private let text: String
  private let scope: ExpressionScope

  init(_ sql: SQLText, _ scope: ExpressionScope) {
    text = sql.text
    self.scope = scope
  }
}

/// The purpose of an expression's value.
enum ValuePurpose: Equatable {
  /// A feature whose values have this type.
  case feature(FeatureType)
  /// A rule of the cohort, or a condition on events.
  case condition

  /// The SQL type to which the value is cast.
  var type: String {
    switch self {
    case .feature(let type): type.storage.sql
    case .condition: "BOOLEAN"
    }
  }
}

extension SQLText {
  /// The position of the SQL itself, without the quotes or the `|` of its scalar.
  var content: SourceSpan {
    SQLTokens(text).extent.map { span(of: $0) } ?? span
  }
}
