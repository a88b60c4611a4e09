internal import Spec

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
