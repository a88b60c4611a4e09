internal import Columns
internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Compiles rules and row-level features to SQL over the views of one cutoff.
struct ExpressionCompiler {
  let spec: ExperimentSpec
  let cutoff: CalendarDate
  /// Whether categories of text columns are read as texts rather than as codes of their column.
  var readsTexts = false

  static func literal(_ day: CalendarDate) -> String { "DATE '\(day)'" }

  /// Returns a rule as SQL that is never null.
  func rule(_ rule: Rule) -> String {
    switch rule {
    case .not(let inner): return "NOT \(self.rule(inner))"
    case .any(let rules):
      return rules.isEmpty ? "false" : "(\(rules.map(self.rule).joined(separator: " OR ")))"
    case .all(let rules):
      return rules.isEmpty ? "true" : "(\(rules.map(self.rule).joined(separator: " AND ")))"
    case .happened(let column):
      return ColumnFunction.happened.facts.sql(name(column.value), Self.literal(cutoff))
    case .flag(let column): return "((\(name(column.value))) IS TRUE)"
    case .present(let column): return read(column.value, as: .presence)
    case .among(let column, let values):
      let list = values.map { SQL.literal($0.value) }.joined(separator: ", ")
      return "((CAST(\(name(column.value)) AS VARCHAR) IN (\(list))) IS TRUE)"
    case .count(let count): return self.count(count)
    case .sql(let sql): return "((\(sql.text)\n) IS TRUE)"
    }
  }

  /// Returns whether an entity is among those whose number of events is in the range. If 0 is in the
  /// range, entities without events count too, so it must not be among those with more.
  private func count(_ count: EventCount) -> String {
    var conditions = count.window.map { spec.conditions($0, at: cutoff) } ?? []
    if let condition = count.condition { conditions.append("(\(condition.text)\n)") }
    let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    let entity = "\(SQL.identifier(spec.cohort.entity.value)).entity"
    /// The entities whose number of events meets a condition.
    func entities(_ having: String) -> String {
      let groups =
        "SELECT entity FROM \(SQL.identifier(count.source.value))\(filter) "
        + "GROUP BY entity HAVING \(having)"
      // The rows of a source in `references` are counted by key.
      return spec.sources[count.source.value].map { spec.spread(groups, of: $0, columns: []) }
        ?? groups
    }
    let most = count.atMost
    guard let least = count.atLeast, least > 0 else {
      return most.map { "(\(entity) NOT IN (\(entities("count(*) > \($0)"))))" } ?? "true"
    }
    let limit = most.map { " AND count(*) <= \($0)" } ?? ""
    return "(\(entity) IN (\(entities("count(*) >= \(least)\(limit)"))))"
  }

  /// Returns a row-level feature as SQL of its storage type.
  func feature(_ feature: FeatureSpec) -> String {
    let facts = feature.expression.facts
    let value: String
    switch facts.reads {
    case .column(let column, let form): value = read(column.value, as: form)
    case .sql(let sql): value = "(\(sql.text)\n)"
    // Aggregates have separate queries, and combinations are computed from features that were read.
    case .events, .features: return "NULL"
    }
    let sql = facts.sql?(value, Self.literal(cutoff)) ?? value
    return facts.type.storage.result.map { "CAST(\(sql) AS \($0))" } ?? sql
  }

  private func name(_ reference: ColumnReference, _ use: ColumnUse = .value) -> String {
    "\(SQL.identifier(reference.source))."
      + SQL.identifier(ColumnUse.name(reference.column, use))
  }

  /// Returns SQL for what a feature or rule reads of a column.
  private func read(_ reference: ColumnReference, as form: ColumnForm) -> String {
    let use = spec.use(of: reference, as: form)
    switch form {
    case .value: return name(reference)
    case .presence:
      let value = name(reference, use)
      // Without a row of the source there is no value either.
      return use == .presence ? "coalesce(\(value), false)" : "(\(value) IS NOT NULL)"
    case .level:
      return use == .code
        ? name(reference, readsTexts ? .value : .code) : "CAST(\(name(reference)) AS VARCHAR)"
    }
  }
}

extension FeatureType {
  /// The types in which the values are kept.
  struct Storage {
    /// The type in which the user's SQL gives them.
    let sql: String
    /// The type in which the engine returns them; nil for the texts or codes of a category.
    let result: String?
    /// The type in which the SQL of other features reads them.
    let input: String
    /// A column of the panel for them, without rows.
    let column: FeatureColumn
  }

  var storage: Storage {
    switch self {
    case .number:
      Storage(sql: "DOUBLE", result: "DOUBLE", input: "DOUBLE", column: .double([]))
    case .wholeNumber:
      Storage(sql: "BIGINT", result: "INTEGER", input: "BIGINT", column: .int32([]))
    case .flag: Storage(sql: "BOOLEAN", result: "TINYINT", input: "BIGINT", column: .int8([]))
    case .category: Storage(sql: "VARCHAR", result: nil, input: "VARCHAR", column: .int32([]))
    }
  }
}
