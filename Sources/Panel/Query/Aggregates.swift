internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The aggregate features of a panel query: one grouping per event table, one column per feature.
struct Aggregates {
  private let groups: [(source: String, features: [(name: String, aggregate: Aggregate)])]
  private let cutoff: CalendarDate
  private let spec: ExperimentSpec

  init(_ features: [FeatureSpec], at cutoff: CalendarDate, spec: ExperimentSpec) {
    var groups: [(source: String, features: [(name: String, aggregate: Aggregate)])] = []
    for feature in features {
      guard case .aggregate(let aggregate) = feature.expression else { continue }
      let source = aggregate.source.value
      if let group = groups.firstIndex(where: { $0.source == source }) {
        groups[group].features.append((feature.name.value, aggregate))
      } else {
        groups.append((source, [(feature.name.value, aggregate)]))
      }
    }
    self.groups = groups
    self.cutoff = cutoff
    self.spec = spec
  }

  /// The common table expressions that group event rows by entity.
  var views: [String] {
    groups.map { source, features in
      let columns = features.map { "\(Self.sql($0.aggregate, at: cutoff, spec: spec)) AS "
        + SQL.identifier($0.name) }
      return "\(Self.view(source)) AS (SELECT entity, \(columns.joined(separator: ", ")) "
        + "FROM \(SQL.identifier(source)) GROUP BY entity)"
    }
  }

  func joins(to entity: String) -> [String] {
    groups.map { source, _ in
      "LEFT JOIN \(Self.view(source)) ON \(Self.view(source)).entity = "
        + "\(SQL.identifier(entity)).entity"
    }
  }

  /// What an aggregate feature reads after the join.
  static func column(_ name: String, _ aggregate: Aggregate) -> String {
    let value = "\(view(aggregate.source.value)).\(SQL.identifier(name))"
    // An entity without any row has a count and a sum of 0, and no mean, minimum or maximum.
    return switch aggregate.function {
    case .count, .distinct, .sum: "coalesce(\(value), 0)"
    case .mean, .min, .max, .daysSinceLast: value
    }
  }

  private static func view(_ source: String) -> String {
    SQL.identifier("\(source) by entity")
  }

  private static func sql(
    _ aggregate: Aggregate, at cutoff: CalendarDate, spec: ExperimentSpec
  ) -> String {
    var conditions: [String] = []
    if let window = aggregate.window {
      let start = cutoff.adding(window, sign: -1, arithmetic: spec.cutoffs.monthArithmetic)
      conditions.append("\(LoadedSource.time) > \(ExpressionCompiler.literal(start))")
    }
    if let condition = aggregate.condition { conditions.append("(\(condition.text)\n)") }
    let filter =
      conditions.isEmpty ? "" : " FILTER (WHERE \(conditions.joined(separator: " AND ")))"
    let column = aggregate.column.map { SQL.identifier($0.value) } ?? "*"
    let isInexact =
      aggregate.column.flatMap { spec.sources[aggregate.source.value]?.columns[$0.value] }
      .map { $0.type == .number } ?? false
    // Floating-point addition is not associative: summed in a fixed order, the result does not
    // depend on the order of rows or on threads.
    let ordered = isInexact ? "\(column) ORDER BY \(column)" : column
    switch aggregate.function {
    case .count: return "CAST(count(*)\(filter) AS INTEGER)"
    case .distinct: return "CAST(count(DISTINCT \(column))\(filter) AS INTEGER)"
    case .sum: return "coalesce(CAST(sum(\(ordered))\(filter) AS DOUBLE), 0)"
    case .mean:
      return "CAST(sum(\(ordered))\(filter) AS DOUBLE) / nullif(count(\(column))\(filter), 0)"
    case .min: return "CAST(min(\(column))\(filter) AS DOUBLE)"
    case .max: return "CAST(max(\(column))\(filter) AS DOUBLE)"
    case .daysSinceLast:
      return "CAST(\(ExpressionCompiler.literal(cutoff)) - max(\(LoadedSource.time))\(filter) "
        + "AS INTEGER)"
    }
  }
}
