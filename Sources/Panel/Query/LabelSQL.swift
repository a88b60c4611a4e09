internal import Diagnostics
internal import Spec
internal import Warehouse

/// The label of a cutoff as SQL: the only reader of what comes after it.
struct LabelSQL {
  /// 1 or 0.
  let expression: String
  /// Joins the rows that the label reads; blank when the expression needs none.
  let join: String

  init(_ spec: ExperimentSpec, _ cutoff: Cutoff) {
    let entity = "\(SQL.identifier(spec.cohort.entity.value)).entity"
    let start = ExpressionCompiler.literal(cutoff.date)
    let end = ExpressionCompiler.literal(cutoff.windowEnd)
    switch spec.label.event {
    case .date(let column):
      let outcome = SQL.identifier("label outcome")
      let date = "\(outcome).\(SQL.identifier(column.value.column))"
      expression = "CAST((\(date) > \(start) AND \(date) <= \(end)) IS TRUE AS TINYINT)"
      join =
        "LEFT JOIN \(LoadedSource.table(column.value.source)) AS \(outcome) "
        + "ON \(outcome).entity = \(entity)"
    case .row(let source, let condition):
      let time = LoadedSource.time
      let filter = condition.map { " AND (\($0.text)\n)" } ?? ""
      expression =
        "CAST(\(entity) IN (SELECT entity FROM (SELECT *, \(start) AS cutoff "
        + "FROM \(LoadedSource.table(source.value))) AS \(SQL.identifier(source.value)) "
        + "WHERE \(time) > \(start) AND \(time) <= \(end)\(filter)) AS TINYINT)"
      join = ""
    }
  }
}
