internal import Diagnostics
internal import OrderedCollections
internal import Spec

/// A free SQL expression of a spec, what it may name, and what its value is for.
struct ExpressionUse {
  let sql: SQLText
  let scope: ExpressionScope
  let purpose: ValuePurpose
}

extension ExperimentSpec {
  /// Every free SQL expression that cohort, label and features hold.
  var expressions: [ExpressionUse] {
    let row = ExpressionScope.row(sources: rowSources)
    var all = cohort.rules.flatMap { $0.value.expressions }
      .map { ExpressionUse(sql: $0, scope: row, purpose: .condition) }
    if case .row(let source, let condition?) = label.event {
      all.append(
        ExpressionUse(sql: condition, scope: .events(source: source.value), purpose: .condition))
    }
    for feature in features {
      switch feature.expression {
      case .sql(let sql, .number): all.append(ExpressionUse(sql: sql, scope: row, purpose: .number))
      case .sql(let sql, .flag): all.append(ExpressionUse(sql: sql, scope: row, purpose: .flag))
      case .category(.sql(let sql), _):
        all.append(ExpressionUse(sql: sql, scope: row, purpose: .category))
      case .aggregate(let aggregate):
        guard let condition = aggregate.condition else { continue }
        all.append(
          ExpressionUse(
            sql: condition, scope: .events(source: aggregate.source.value), purpose: .condition))
      default: continue
      }
    }
    return all
  }
}

extension Rule {
  fileprivate var expressions: [SQLText] {
    switch self {
    case .not(let rule): rule.expressions
    case .any(let rules), .all(let rules): rules.flatMap(\.expressions)
    case .sql(let sql): [sql]
    case .happened, .flag, .present, .among: []
    }
  }
}

extension LabelSpec {
  /// The source that the label's event comes from.
  var sourceName: String {
    switch event {
    case .date(let column): column.value.source
    case .row(let source, _): source.value
    }
  }
}
