internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The SQL of a panel at one cutoff: views that hold nothing later, then cohort, label and features.
///
/// Every source becomes a common table expression under its own name, so that a user's expression
/// sees the view and cannot name the table behind it.
struct PanelQuery {
  let spec: ExperimentSpec
  let sources: [String: LoadedSource]

  /// What a query returns beside `entity`.
  struct Contents {
    var label: Bool
    var features: [FeatureSpec]
  }

  /// The query for a cutoff.
  func sql(_ cutoff: Cutoff, _ contents: Contents, onlyPositives: Bool = false) -> String {
    let entity = spec.cohort.entity.value
    let compiler = ExpressionCompiler(spec: spec, cutoff: cutoff.date)
    let aggregates = Aggregates(
      spec.withParts(of: contents.features), at: cutoff.date, spec: spec)
    var columns = ["\(SQL.identifier(entity)).entity AS entity"]
    let labels = contents.label ? LabelSQL(spec, cutoff) : nil
    if let labels { columns.append("\(labels.expression) AS label") }
    for (index, feature) in contents.features.enumerated() {
      columns.append("\(compiler.feature(feature)) AS f\(index)")
    }
    let views = spec.sources.keys.compactMap { view($0, at: cutoff.date) } + aggregates.views
    let rowSources = spec.rowSources.filter { $0 != entity && sources[$0] != nil }
    let joins =
      rowSources.map { name in
        let quoted = SQL.identifier(name)
        return "LEFT JOIN \(quoted) ON \(quoted).entity = \(SQL.identifier(entity)).entity"
      } + aggregates.joins(to: entity) + (labels.map { [$0.join] } ?? []).filter { !$0.isEmpty }
    var conditions = spec.cohort.rules.map { compiler.rule($0.value) }
    if onlyPositives, let labels { conditions.append("(\(labels.expression)) = 1") }
    return """
      WITH \(views.joined(separator: ",\n"))
      SELECT \(columns.joined(separator: ",\n  "))
      FROM \(SQL.identifier(entity))
      \(joins.joined(separator: "\n"))
      \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: "\n  AND "))
      ORDER BY entity
      """
  }

  /// A source as it was known at the end of the cutoff's day; nil for one that nothing reads.
  func view(_ name: String, at cutoff: CalendarDate) -> String? {
    guard let source = sources[name] else { return nil }
    let day = ExpressionCompiler.literal(cutoff)
    var columns = ["entity", "\(day) AS cutoff"]
    for (column, use) in source.columns {
      for (form, _) in ColumnUse.named where use.contains(form) {
        let quoted = SQL.identifier(ColumnUse.name(column.name.value, form))
        // An event date is itself the moment it became known.
        let isEvent = column.columnClass == .event && column.type == .date && form == .value
        columns.append(
          isEvent ? "CASE WHEN \(quoted) <= \(day) THEN \(quoted) END AS \(quoted)" : quoted)
      }
    }
    let condition =
      switch source.spec.shape {
      case .entity(let created): created == nil ? "true" : "\(LoadedSource.created) <= \(day)"
      case .history:
        "\(LoadedSource.validFrom) <= \(day) AND "
          + "(\(LoadedSource.validTo) IS NULL OR \(LoadedSource.validTo) > \(day))"
      case .events(_, let knownAt):
        "\(LoadedSource.time) <= \(day)"
          + (knownAt == nil ? "" : " AND \(LoadedSource.knownAt) <= \(day)")
      }
    if case .events = source.spec.shape { columns.append(LoadedSource.time) }
    return "\(SQL.identifier(name)) AS (SELECT \(columns.joined(separator: ", ")) "
      + "FROM \(source.table) WHERE \(condition))"
  }
}
