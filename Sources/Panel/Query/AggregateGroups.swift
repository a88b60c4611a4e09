internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The aggregate features of a cutoff, grouped by event table and window.
///
/// A grouping by window reads only the rows of its window, which the engine finds quickly as event
/// tables are kept in the order of time; one grouping with a filter per feature would read all rows.
struct AggregateGroups {
  struct Group {
    let source: String
    let window: Period?
    /// The day that the window's rows come after.
    let start: CalendarDate?
    /// The features' places in the spec.
    var features: [Int]
    /// Groups the event rows by entity, over the view of the source.
    var sql = ""
  }

  private(set) var groups: [Group] = []

  /// - Parameter wanted: the places of the features that are asked for.
  init(_ spec: ExperimentSpec, of wanted: Set<Int>, at cutoff: CalendarDate) {
    for (index, feature) in spec.features.enumerated() where wanted.contains(index) {
      guard case .aggregate(let aggregate) = feature.expression else { continue }
      let source = aggregate.source.value
      let known = groups.firstIndex { $0.source == source && $0.window == aggregate.window }
      if let known {
        groups[known].features.append(index)
      } else {
        let start = aggregate.window.map {
          cutoff.adding($0, sign: -1, arithmetic: spec.cutoffs.monthArithmetic)
        }
        groups.append(
          Group(source: source, window: aggregate.window, start: start, features: [index]))
      }
    }
    for index in groups.indices { groups[index].sql = Self.sql(groups[index], spec, cutoff) }
  }

  private static func sql(
    _ group: Group, _ spec: ExperimentSpec, _ cutoff: CalendarDate
  ) -> String {
    let columns = group.features.enumerated().compactMap { number, index -> String? in
      guard case .aggregate(let aggregate) = spec.features[index].expression else { return nil }
      return "\(column(aggregate, spec, cutoff)) AS f\(number)"
    }
    let condition = group.start.map {
      "\nWHERE \(LoadedSource.time) > \(ExpressionCompiler.literal($0))"
    }
    return "SELECT entity, \(columns.joined(separator: ",\n  "))\n"
      + "FROM \(SQL.identifier(group.source))\(condition ?? "")\nGROUP BY entity"
  }

  private static func column(
    _ aggregate: Aggregate, _ spec: ExperimentSpec, _ cutoff: CalendarDate
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
