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
  private let sources: [String: SlowSource]

  init(_ spec: ExperimentSpec, _ sources: [String: SlowSource], _ cutoff: CalendarDate) {
    self.spec = spec
    self.sources = sources
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
    case .count(let count):
      let start = count.window.map { back($0.from) } ?? .min
      let end = count.window?.to.map(back) ?? .max
      let number = rows(of: count.source.value, key).count { row in
        guard let day = row.start, day > start, day <= end else { return false }
        return holds(count.condition, row, of: count.source.value)
      }
      return number >= count.atLeast ?? 0 && number <= count.atMost ?? .max
    case .sql(let sql): return SlowSnippet.value(sql.text, scope(key)).flag ?? false
    }
  }

  private func back(_ period: Period) -> Int {
    SlowCalendar.adding(period, to: cutoff, sign: -1, spec.cutoffs.monthArithmetic).days
  }

  // MARK: - Features

  func value(_ expression: FeatureExpression, _ key: String) -> SlowValue {
    switch expression {
    case .column(.value, let column): return read(column.value, key)
    case .column(.flag, let column): return Self.asNumber(read(column.value, key))
    case .column(.present, let column): return .number(read(column.value, key).isNull ? 0 : 1)
    case .column(.happened, let column):
      return .number(read(column.value, key).day.map { $0 <= cutoff.days ? 1 : 0 } ?? 0)
    case .column(.daysSince, let column):
      return SlowValue(read(column.value, key).day.map { Double(cutoff.days - $0) })
    case .combination(let combination):
      let parts = combination.parts.compactMap { name in
        feature(name.value)
      }.map { value($0, key).number }
      switch combination.operation {
      case .sum: return .number(parts.reduce(0) { $0 + ($1 ?? 0) })
      case .difference, .ratio:
        let numbers = parts.compactMap(\.self)
        guard numbers.count == parts.count, var total = numbers.first else { return .null }
        for number in numbers.dropFirst() {
          if combination.operation == .difference {
            total -= number
          } else if number == 0 {
            return .null
          } else {
            total /= number
          }
        }
        return total.isFinite ? .number(total) : .null
      }
    case .category(.column(let column), _): return Self.asText(read(column.value, key))
    case .category(.sql(let sql), _): return SlowSnippet.value(sql.text, scope(key))
    case .sql(let sql, _): return Self.asNumber(SlowSnippet.value(sql.text, scope(key)))
    case .aggregate(let aggregate): return self.aggregate(aggregate, key)
    }
  }

  private func aggregate(_ aggregate: Aggregate, _ key: String) -> SlowValue {
    let start = aggregate.window.map { back($0.from) } ?? .min
    let end = aggregate.window?.to.map(back) ?? .max
    var events = rows(of: aggregate.source.value, key).filter { row in
      (row.start ?? .min) > start && (row.start ?? .min) <= end
        && holds(aggregate.condition, row, of: aggregate.source.value)
    }
    if let newest = aggregate.newest {
      // The days of the newest rows, each as often as it has rows.
      let days = events.compactMap(\.start).sorted(by: >)
      let oldest = days.prefix(newest).last ?? .max
      events = events.filter { ($0.start ?? .min) >= oldest }
    }
    let values = aggregate.column.map { column in
      events.compactMap { row in row.values[column.value].flatMap { $0.isNull ? nil : $0 } }
    }
    let numbers = (values ?? []).compactMap(\.number).sorted()
    let points = events.compactMap { row -> (day: Double, value: Double)? in
      guard let day = row.start, let column = aggregate.column,
        let value = row.values[column.value]?.number
      else { return nil }
      return (Double(day - cutoff.days), value)
    }.sorted { ($0.day, $0.value) < ($1.day, $1.value) }
    switch aggregate.function {
    case .count: return .number(Double(events.count))
    case .distinct: return .number(Double(Set(values ?? []).count))
    case .sum: return .number(numbers.reduce(0, +))
    case .mean:
      return numbers.isEmpty ? .null : .number(numbers.reduce(0, +) / Double(numbers.count))
    case .min: return SlowValue(numbers.first)
    case .max: return SlowValue(numbers.last)
    case .median:
      guard !numbers.isEmpty else { return .null }
      let (low, high) = (numbers[(numbers.count - 1) / 2], numbers[numbers.count / 2])
      return .number(low * 0.5 + high * 0.5)
    case .stddev:
      guard numbers.count > 1 else { return .null }
      // Welford's method, in ascending order as in the engine.
      var (mean, squares) = (0.0, 0.0)
      for (index, number) in numbers.enumerated() {
        let old = mean
        mean += (number - mean) / Double(index + 1)
        squares += (number - mean) * (number - old)
      }
      return .number((squares / Double(numbers.count - 1)).squareRoot())
    case .mode:
      var counts: [Double: Int] = [:]
      for number in numbers { counts[number, default: 0] += 1 }
      let most = counts.values.max()
      return SlowValue(counts.filter { $0.value == most }.keys.min())
    case .first: return SlowValue(points.first?.value)
    case .last: return SlowValue(points.last?.value)
    case .slope: return Self.slope(points)
    case .daysSinceFirst:
      return SlowValue(events.compactMap(\.start).min().map { Double(cutoff.days - $0) })
    case .daysSinceLast:
      return SlowValue(events.compactMap(\.start).max().map { Double(cutoff.days - $0) })
    }
  }

  private static func slope(_ points: [(day: Double, value: Double)]) -> SlowValue {
    guard let first = points.first, let last = points.last, first.day < last.day else {
      return .null
    }
    if points.allSatisfy({ $0.value == first.value }) { return .number(0) }
    let count = Double(points.count)
    let days = points.reduce(0) { $0 + $1.day }
    let squares = points.reduce(0) { $0 + $1.day * $1.day }
    let values = points.map(\.value).sorted().reduce(0, +)
    let products = points.map { $0.day * $0.value }.sorted().reduce(0, +)
    return .number((count * products - days * values) / (count * squares - days * days))
  }

  // MARK: - Reading

  private func feature(_ name: String) -> FeatureExpression? {
    (spec.features + spec.otherFeatures).first { $0.name.value == name }?.expression
  }

  private func read(_ column: ColumnReference, _ key: String) -> SlowValue {
    rows(of: column.source, key).first?.values[column.column] ?? .null
  }

  /// The rows of a source that an entity has: those under its own key, or under the key that it has in
  /// the column that refers to the source.
  private func rows(of source: String, _ entity: String) -> [SlowSource.Row] {
    guard let column = spec.sources[source]?.foreignKey else { return rows[source]?[entity] ?? [] }
    return Self.asKey(read(column.value, entity)).flatMap { rows[source]?[$0] } ?? []
  }

  private func scope(_ key: String) -> SlowSnippet.Scope {
    SlowSnippet.Scope(cutoff: cutoff.days) { name in
      let parts = name.split(separator: ".").map(String.init)
      if parts[0] == "features" { return feature(parts[1]).map { value($0, key) } ?? .null }
      return read(ColumnReference(source: parts[0], column: parts[1]), key)
    }
  }

  /// Whether an event satisfies a condition, which may ask other sources about the event's own day.
  private func holds(
    _ condition: SQLText?, _ event: SlowSource.Row, of source: String
  ) -> Bool {
    guard let condition else { return true }
    let scope = SlowSnippet.Scope(cutoff: cutoff.days) { name in
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 2 else { return event.values[name] ?? .null }
      guard let day = event.start, let key = key(in: parts[0], of: event, of: source, on: day)
      else { return .null }
      return sources[parts[0]]?.row(of: key, at: day)?.values[parts[1]] ?? .null
    }
    return SlowSnippet.value(condition.text, scope).flag ?? false
  }

  /// The key under which an event's entity or group has its row of another source on a day.
  private func key(
    in other: String, of event: SlowSource.Row, of source: String, on day: Int
  ) -> String? {
    let (from, to) = (spec.sources[source]?.foreignKey, spec.sources[other]?.foreignKey)
    guard let to, to.value != from?.value else { return event.key }
    return key(in: to.value.source, of: event, of: source, on: day).flatMap { key in
      let row = sources[to.value.source]?.row(of: key, at: day)
      return row?.values[to.value.column].flatMap(Self.asKey)
    }
  }

  private static func asKey(_ value: SlowValue) -> String? {
    switch value {
    case .text(let text): SlowParser.key(.text(text))
    case .number(let number): String(Int(number))
    default: nil
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
