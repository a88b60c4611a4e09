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
    case .happened(let column): return happened(column.value)
    case .flag(let column): return "((\(name(column.value))) IS TRUE)"
    case .present(let column): return present(column.value)
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
    switch feature.expression {
    case .value(let column): return "CAST(\(name(column.value)) AS DOUBLE)"
    case .flag(let column): return "CAST(\(name(column.value)) AS TINYINT)"
    case .present(let column): return "CAST(\(present(column.value)) AS TINYINT)"
    case .happened(let column): return "CAST(\(happened(column.value)) AS TINYINT)"
    case .daysSince(let column):
      return "CAST(\(Self.literal(cutoff)) - \(name(column.value)) AS INTEGER)"
    case .category(.column(let column), _):
      let isText = columnSpec(column.value)?.type == .text
      return isText
        ? name(column.value, readsTexts ? .value : .code) : "CAST(\(name(column.value)) AS VARCHAR)"
    case .category(.sql(let sql), _):
      return "nullif(trim(CAST((\(sql.text)\n) AS VARCHAR)), '')"
    // Aggregates have separate queries, and combinations are computed from features that were read.
    case .aggregate, .combination: return "NULL"
    case .sql(let sql, .number): return "CAST((\(sql.text)\n) AS DOUBLE)"
    case .sql(let sql, .flag): return "CAST(CAST((\(sql.text)\n) AS BOOLEAN) AS TINYINT)"
    }
  }

  private func columnSpec(_ reference: ColumnReference) -> ColumnSpec? {
    spec.sources[reference.source]?.columns[reference.column]
  }

  func name(_ reference: ColumnReference, _ form: ColumnUse = .value) -> String {
    "\(SQL.identifier(reference.source))."
      + SQL.identifier(ColumnUse.name(reference.column, form))
  }

  private func present(_ reference: ColumnReference) -> String {
    let form = spec.presenceForm(reference)
    let value = name(reference, form)
    // Without a row of the source there is no value either.
    return form == .presence ? "coalesce(\(value), false)" : "(\(value) IS NOT NULL)"
  }

  private func happened(_ reference: ColumnReference) -> String {
    "((\(name(reference)) <= \(Self.literal(cutoff))) IS TRUE)"
  }
}
