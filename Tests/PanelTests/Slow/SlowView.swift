import Diagnostics
import OrderedCollections
import Spec

/// What is known at the end of one day, and the rules and features that read it.
struct SlowView {
  let spec: ExperimentSpec
  let cutoff: CalendarDate
  /// The keys of the entities that exist.
  let entities: [String]
  private var rows: [String: [String: [SlowSource.Row]]] = [:]

  init(_ spec: ExperimentSpec, _ sources: [String: SlowSource], _ cutoff: CalendarDate) {
    self.spec = spec
    self.cutoff = cutoff
    for (name, source) in sources {
      rows[name] = Dictionary(grouping: source.rows(at: cutoff.days), by: \.key)
    }
    entities = rows[spec.cohort.entity.value]?.keys.map(\.self) ?? []
  }

  // MARK: - Rules

  func holds(_ rule: Rule, _ key: String) -> Bool {
    switch rule {
    case .not(let inner): return !holds(inner, key)
    case .any(let rules): return rules.contains { holds($0, key) }
    case .all(let rules): return rules.allSatisfy { holds($0, key) }
    case .happened(let column):
      return read(column.value, key).day.map { $0 <= cutoff.days } ?? false
    case .flag(let column): return read(column.value, key).flag ?? false
    case .present(let column): return !read(column.value, key).isNull
    case .among(let column, let values):
      let texts = values.map(\.value)
      switch read(column.value, key) {
      case .text(let text): return texts.contains(text)
      case .number(let number): return texts.contains(String(Int(number)))
      default: return false
      }
    case .sql(let sql): return SlowSnippet.value(sql.text, scope(key)).flag ?? false
    }
  }

  // MARK: - Features

  func value(_ expression: FeatureExpression, _ key: String) -> SlowValue {
    switch expression {
    case .value(let column): return read(column.value, key)
    case .flag(let column): return Self.asNumber(read(column.value, key))
    case .present(let column): return .number(read(column.value, key).isNull ? 0 : 1)
    case .happened(let column):
      return .number(read(column.value, key).day.map { $0 <= cutoff.days ? 1 : 0 } ?? 0)
    case .daysSince(let column):
      return SlowValue(read(column.value, key).day.map { Double(cutoff.days - $0) })
    case .sum(let names):
      let parts = names.compactMap { name in
        spec.features.first { $0.name.value == name.value }?.expression
      }
      return .number(parts.reduce(0) { $0 + (value($1, key).number ?? 0) })
    case .category(.column(let column), _): return Self.asText(read(column.value, key))
    case .category(.sql(let sql), _): return SlowSnippet.value(sql.text, scope(key))
    case .sql(let sql, _): return Self.asNumber(SlowSnippet.value(sql.text, scope(key)))
    case .aggregate(let aggregate): return self.aggregate(aggregate, key)
    }
  }

  private func aggregate(_ aggregate: Aggregate, _ key: String) -> SlowValue {
    let start = aggregate.window.map { window in
      SlowCalendar.adding(window, to: cutoff, sign: -1, spec.cutoffs.monthArithmetic).days
    }
    let events = (rows[aggregate.source.value]?[key] ?? []).filter { row in
      (row.start ?? .min) > (start ?? .min)
        && Self.holds(aggregate.condition, row, cutoff: cutoff.days)
    }
    let values = aggregate.column.map { column in
      events.compactMap { row in row.values[column.value].flatMap { $0.isNull ? nil : $0 } }
    }
    let numbers = (values ?? []).compactMap(\.number).sorted()
    switch aggregate.function {
    case .count: return .number(Double(events.count))
    case .distinct: return .number(Double(Set(values ?? []).count))
    case .sum: return .number(numbers.reduce(0, +))
    case .mean:
      return numbers.isEmpty ? .null : .number(numbers.reduce(0, +) / Double(numbers.count))
    case .min: return SlowValue(numbers.first)
    case .max: return SlowValue(numbers.last)
    case .daysSinceLast:
      return SlowValue(events.compactMap(\.start).max().map { Double(cutoff.days - $0) })
    }
  }

  // MARK: - Reading

  private func read(_ column: ColumnReference, _ key: String) -> SlowValue {
    rows[column.source]?[key]?.first?.values[column.column] ?? .null
  }

  private func scope(_ key: String) -> SlowSnippet.Scope {
    SlowSnippet.Scope(cutoff: cutoff.days) { name in
      let parts = name.split(separator: ".").map(String.init)
      return read(ColumnReference(source: parts[0], column: parts[1]), key)
    }
  }

  static func holds(_ condition: SQLText?, _ row: SlowSource.Row, cutoff: Int) -> Bool {
    guard let condition else { return true }
    let scope = SlowSnippet.Scope(cutoff: cutoff) { row.values[$0] ?? .null }
    return SlowSnippet.value(condition.text, scope).flag ?? false
  }

  private static func asNumber(_ value: SlowValue) -> SlowValue {
    if let flag = value.flag { .number(flag ? 1 : 0) } else { value }
  }

  private static func asText(_ value: SlowValue) -> SlowValue {
    switch value {
    case .number(let number): .text(String(Int(number)))
    case .flag(let flag): .text(flag ? "true" : "false")
    default: value
    }
  }
}
