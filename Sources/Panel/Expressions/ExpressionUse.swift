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

/// What a free SQL expression may name.
enum ExpressionScope: Hashable, Sendable {
  /// The entity source and the history sources, by qualified name: one row per entity.
  case row(sources: [String])
  /// One event table's own columns, qualified or not.
  case events(source: String)

  /// The column that a name path in the expression stands for; nil when it stands for none.
  func reference(_ path: [String]) -> ColumnReference? {
    switch self {
    case .row(let sources):
      guard path.count == 2, sources.contains(path[0]) else { return nil }
      return ColumnReference(source: path[0], column: path[1])
    case .events(let source):
      guard path.count == 1 || (path.count == 2 && path[0] == source) else { return nil }
      return ColumnReference(source: source, column: path[path.count - 1])
    }
  }
}

/// What an expression's meaning depends on: its text, and what its names stand for.
struct ExpressionKey: Hashable, Sendable {
  private let text: String
  private let scope: ExpressionScope

  init(_ sql: SQLText, _ scope: ExpressionScope) {
    text = sql.text
    self.scope = scope
  }
}

/// What an expression's value is for.
enum ValuePurpose {
  /// A feature of `type: number`.
  case number
  /// A feature of `type: flag`.
  case flag
  /// A category feature.
  case category
  /// A rule of the cohort, or a condition on events.
  case condition

  /// The SQL type that the value is cast to.
  var type: String {
    switch self {
    case .number: "DOUBLE"
    case .flag, .condition: "BOOLEAN"
    case .category: "VARCHAR"
    }
  }
}

extension SQLText {
  /// Where the SQL itself stands, without the quotes or the `|` of the scalar that holds it.
  var content: SourceSpan {
    SQLTokens(text).extent.map { span(of: $0) } ?? span
  }
}
