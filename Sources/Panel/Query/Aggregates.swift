internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The aggregate features of a panel query: one grouping per event table and window, one column per
/// feature.
///
/// A grouping by window reads only the rows of its window, which the engine finds quickly as event
/// tables are kept in the order of time; one grouping with a filter per feature reads all rows.
struct Aggregates {
  private struct Group {
    let source: String
    let window: Period?
    var features: [(name: String, aggregate: Aggregate)] = []

    var view: String { Aggregates.view(source, window) }
  }

  private var groups: [Group] = []
  private let cutoff: CalendarDate
  private let spec: ExperimentSpec

  init(_ features: [FeatureSpec], at cutoff: CalendarDate, spec: ExperimentSpec) {
    self.cutoff = cutoff
    self.spec = spec
    for feature in features {
      guard case .aggregate(let aggregate) = feature.expression else { continue }
      let source = aggregate.source.value
      let known = groups.firstIndex { $0.source == source && $0.window == aggregate.window }
      let index = known ?? groups.endIndex
      if known == nil { groups.append(Group(source: source, window: aggregate.window)) }
      groups[index].features.append((feature.name.value, aggregate))
    }
  }

  /// The common table expressions that group event rows by entity.
  var views: [String] {
    groups.map { group in
      let columns = group.features.map { name, aggregate in
        "\(Self.sql(aggregate, at: cutoff, spec: spec)) AS \(SQL.identifier(name))"
      }
      let start = group.window.map { window in
        let start = cutoff.adding(window, sign: -1, arithmetic: spec.cutoffs.monthArithmetic)
        return "WHERE \(LoadedSource.time) > \(ExpressionCompiler.literal(start)) "
      }
      return "\(group.view) AS (SELECT entity, \(columns.joined(separator: ", ")) "
        + "FROM \(SQL.identifier(group.source)) \(start ?? "")GROUP BY entity)"
    }
  }

  func joins(to entity: String) -> [String] {
    groups.map { group in
      "LEFT JOIN \(group.view) ON \(group.view).entity = \(SQL.identifier(entity)).entity"
    }
  }

  /// What an aggregate feature reads after the join.
  static func column(_ name: String, _ aggregate: Aggregate) -> String {
    let value = "\(view(aggregate.source.value, aggregate.window)).\(SQL.identifier(name))"
    // An entity without any row has a count and a sum of 0, and no mean, minimum or maximum.
    return switch aggregate.function {
    case .count, .distinct, .sum: "coalesce(\(value), 0)"
    case .mean, .min, .max, .daysSinceLast: value
    }
  }

  private static func view(_ source: String, _ window: Period?) -> String {
    SQL.identifier("\(source) by entity, \(window?.description ?? "all")")
  }

  private static func sql(
    _ aggregate: Aggregate, at cutoff: CalendarDate, spec: ExperimentSpec
  ) -> String {
    let filter = aggregate.condition.map { " FILTER (WHERE (\($0.text)\n))" } ?? ""
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
