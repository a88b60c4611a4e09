internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The label of a cutoff as SQL: the only reader of what comes after it.
struct LabelSQL {
  /// 1 or 0.
  let expression: String
  /// The label's date in the view of the entity source that the cohort is read from. Expressions
  /// cannot name it: they name declared columns only.
  static let date = SQL.identifier("label date")

  /// Joins the rows that the label reads; blank when the expression needs none.
  let join: String

  init(_ spec: ExperimentSpec, _ cutoff: Cutoff) {
    let entity = "\(SQL.identifier(spec.cohort.entity.value)).entity"
    let (start, end) = Self.window(spec, cutoff)
    switch spec.label.event {
    case .date(let column):
      // The entity source's own rows carry the date beside them; other sources are joined.
      if column.value.source == spec.cohort.entity.value {
        let date = "\(SQL.identifier(column.value.source)).\(Self.date)"
        expression = "CAST((\(date) > \(start) AND \(date) <= \(end)) IS TRUE AS TINYINT)"
        join = ""
        return
      }
      let outcome = SQL.identifier("label outcome")
      let date = "\(outcome).\(SQL.identifier(column.value.column))"
      expression = "CAST((\(date) > \(start) AND \(date) <= \(end)) IS TRUE AS TINYINT)"
      join =
        "LEFT JOIN \(LoadedSource.table(column.value.source)) AS \(outcome) "
        + "ON \(outcome).entity = \(entity)"
    case .row(let source, let condition):
      let time = LoadedSource.time
      let events = Self.events(spec, source.value, where: condition, cutoff: start)
      expression =
        "CAST(\(entity) IN (SELECT entity FROM \(events) "
        + "WHERE \(time) > \(start) AND \(time) <= \(end)) AS TINYINT)"
      join = ""
    }
  }

  /// The label window's ends as literals: the cutoff, which is outside, and the last day.
  private static func window(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> (String, String) {
    // What the data hold of days after data_through, or as_of, is as if it were not there.
    let observed = spec.dataThrough.map { min($0, cutoff.windowEnd) } ?? cutoff.windowEnd
    return (ExpressionCompiler.literal(cutoff.date), ExpressionCompiler.literal(observed))
  }

  /// A query for every `entity` that the event happened to in the label window, of the cohort or not.
  static func buyers(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String {
    let (start, end) = window(spec, cutoff)
    let (rows, day) =
      switch spec.label.event {
      case .date(let column):
        (LoadedSource.table(column.value.source), SQL.identifier(column.value.column))
      case .row(let source, let condition):
        (events(spec, source.value, where: condition, cutoff: start), LoadedSource.time)
      }
    return "SELECT DISTINCT entity FROM \(rows) "
      + "WHERE \(day) > \(start) AND \(day) <= \(end) AND entity IS NOT NULL"
  }

  /// The rows of a source that are the label's event, whenever they happened, as a relation.
  /// - Parameter cutoff: what `cutoff` means in the condition.
  static func events(
    _ spec: ExperimentSpec, _ source: String, where condition: SQLText?, cutoff: String
  ) -> String {
    var conditions = condition.map { ["(\($0.text)\n)"] } ?? []
    if let asOf = spec.asOf, spec.sources[source]?.hasKnownAt == true {
      // What became known after that day is as if it were not in the data.
      conditions.append("\(LoadedSource.knownAt) <= \(ExpressionCompiler.literal(asOf.value))")
    }
    let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return
      "(SELECT * FROM (SELECT *, \(cutoff) AS cutoff FROM \(LoadedSource.table(source))) "
      + "AS \(SQL.identifier(source))\(filter))"
  }
}
