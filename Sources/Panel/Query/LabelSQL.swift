internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The label of a cutoff as SQL. Nothing else reads data from after the cutoff.
struct LabelSQL {
  /// SQL that is 1 or 0.
  let expression: String
  /// The label's date in the view of the entity source from which the cohort is read. Expressions
  /// cannot name it, because they can name only declared columns.
  static let date = SQL.identifier("label date")

  /// The join with the rows that the label reads; empty if the expression needs none.
  let join: String

  init(_ spec: ExperimentSpec, _ cutoff: Cutoff) {
    let entity = "\(SQL.identifier(spec.cohort.entity.value)).entity"
    let (start, end) = Self.window(spec, cutoff)
    switch spec.label.event {
    case .date(let column):
      // The entity source's own rows include the date; other sources are joined.
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
    case .absence:
      expression =
        "CAST(\(entity) NOT IN (SELECT entity FROM (\(Self.eventDays(spec, cutoff)))) AS TINYINT)"
      join = ""
    }
  }

  /// Returns SQL for whether an entity of the cohort has a row of `among` in the label window, as 1 or
  /// 0; nil if the label is not conditional.
  static func among(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String? {
    amongEntities(spec, cutoff).map { entities in
      "CAST(\(SQL.identifier(spec.cohort.entity.value)).entity IN (\(entities)) AS TINYINT)"
    }
  }

  /// Returns a query for every `entity` with a row of `among` in the label window, in the cohort or
  /// not; nil if the label is not conditional.
  static func amongEntities(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String? {
    guard let among = spec.label.among else { return nil }
    let (start, end) = window(spec, cutoff)
    let rows = events(spec, among.source.value, where: among.condition, cutoff: start)
    return "SELECT DISTINCT entity FROM \(rows) "
      + "WHERE \(LoadedSource.time) > \(start) AND \(LoadedSource.time) <= \(end)"
  }

  /// Returns the ends of the label window as literals: the cutoff, which is excluded, and the last
  /// day.
  private static func window(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> (String, String) {
    // Data from after data_through, or as_of, is treated as absent.
    let observed = spec.dataThrough.map { min($0, cutoff.windowEnd) } ?? cutoff.windowEnd
    return (ExpressionCompiler.literal(cutoff.date), ExpressionCompiler.literal(observed))
  }

  /// Returns a query for every `entity` that had the event in the label window, in the cohort or
  /// not.
  static func buyers(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String {
    "SELECT DISTINCT entity FROM (\(eventDays(spec, cutoff)))"
  }

  /// Returns a query for every `entity` whose label is 1, in the cohort or not: those that had the
  /// event in the label window or, if the label is its absence, all others.
  static func positives(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String {
    let buyers = buyers(spec, cutoff)
    guard spec.label.event.isAbsence else { return buyers }
    return "SELECT entity FROM \(SourceLoader.entities) WHERE entity NOT IN (\(buyers))"
  }

  /// Returns a query for each `entity` that had the event in the label window, and the `day` of its
  /// first one.
  static func firstDays(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String {
    let events = eventRows(spec, cutoff)
    return "SELECT entity, CAST(min(\(events.day)) AS DATE) AS day \(events.rows) GROUP BY entity"
  }

  /// Returns a query for the `entity` of every event in the label window.
  static func eventDays(_ spec: ExperimentSpec, _ cutoff: Cutoff) -> String {
    "SELECT entity \(eventRows(spec, cutoff).rows)"
  }

  /// Returns a `FROM` clause with the events in the label window, and their day.
  private static func eventRows(
    _ spec: ExperimentSpec, _ cutoff: Cutoff
  ) -> (rows: String, day: String) {
    let (start, end) = window(spec, cutoff)
    let (rows, day) =
      switch spec.label.event {
      case .date(let column):
        (LoadedSource.table(column.value.source), SQL.identifier(column.value.column))
      case .row(let source, let condition), .absence(let source, let condition):
        (events(spec, source.value, where: condition, cutoff: start), LoadedSource.time)
      }
    return (
      "FROM \(rows) WHERE \(day) > \(start) AND \(day) <= \(end) AND entity IS NOT NULL", day
    )
  }

  /// Returns the rows of a source that are the label's event, whenever they happened, as a
  /// relation.
  /// - Parameter cutoff: the value of `cutoff` in the condition.
  static func events(
    _ spec: ExperimentSpec, _ source: String, where condition: SQLText?, cutoff: String
  ) -> String {
    var conditions = condition.map { ["(\($0.text)\n)"] } ?? []
    if let asOf = spec.asOf, spec.sources[source]?.hasKnownAt == true {
      // Rows that became known after that day are treated as absent.
      conditions.append("\(LoadedSource.knownAt) <= \(ExpressionCompiler.literal(asOf.value))")
    }
    let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return
      "(SELECT * FROM (SELECT *, \(cutoff) AS cutoff FROM \(LoadedSource.table(source))) "
      + "AS \(SQL.identifier(source))\(filter))"
  }
}
