internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The SQL of a panel at one cutoff: views that contain nothing later, then the cohort with its
/// label, and the features source by source.
///
/// Every source becomes a common table expression with its own name, so a user's expression sees
/// the view and cannot name the table behind it. Features are read per source and combined by
/// entity index afterwards (`BlockAssembler`), which spares the engine joins of wide rows.
struct PanelQuery: Sendable {
  /// The experiment, with the columns of its segments as further features.
  let spec: ExperimentSpec
  let sources: [String: SourceTable]
  /// The sources that each feature reads, by its name.
  let featureSources: [String: Set<String>]
  /// The features that others are computed from.
  let inputs: FeatureInputs
  /// The columns of other sources that conditions on events read, for those that read any.
  let otherColumns: [ExpressionKey: Set<ColumnReference>]
  /// Whether categories of text columns are read as texts rather than as codes of their column.
  var readsTexts = false

  /// A query for some features: `entity`, then one column per feature, with rows in any order.
  struct Part {
    let sql: String
    /// The features' indices in the spec.
    let features: [Int]
  }

  /// Returns the SQL of a cutoff for people: the cohort with its label, then the features by
  /// source.
  func text(_ cutoff: Cutoff) -> String {
    let parts = parts(cutoff.date, of: Set(spec.features.indices))
    let queries =
      [("cohort and label", cohort(cutoff, label: true))]
      + parts.map { part in
        (part.features.map { spec.features[$0].name.value }.joined(separator: ", "), part.sql)
      }
    return queries.map { "-- \($0.0)\n\($0.1);\n" }.joined(separator: "\n")
  }

  /// Returns the query for the cohort of a cutoff: `entity` and, if requested, `label`, with rows
  /// in any order. With a label that is conditional on rows of another source, the column after it
  /// says whether the entity has one.
  /// - Parameter among: whether to return that column; nil: with the label.
  func cohort(_ cutoff: Cutoff, label: Bool, among: Bool? = nil) -> String {
    let compiler = ExpressionCompiler(spec: spec, cutoff: cutoff.date)
    let labels = label ? LabelSQL(spec, cutoff) : nil
    var columns = ["\(entity).entity AS entity"]
    if let labels { columns.append("\(labels.expression) AS label") }
    if among ?? label, let among = LabelSQL.among(spec, cutoff) {
      columns.append("\(among) AS is_among")
    }
    let conditions = spec.cohort.rules.map { compiler.rule($0.value) }
    let rows = joined(at: cutoff.date, withLabelDate: label)
    let views = [rows.views] + countedViews(at: cutoff.date)
    return """
      WITH \(views.joined(separator: ",\n"))
      SELECT \(columns.joined(separator: ", "))
      FROM \(rows.tables)
      \(labels?.join ?? "")
      \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: "\n  AND "))
      """
  }

  /// Returns the queries for features, given by their indices in the spec; combinations have none,
  /// because they are computed from other features.
  func parts(_ cutoff: CalendarDate, of wanted: Set<Int>) -> [Part] {
    var single: [(source: String, features: [Int])] = []
    var mixed: [Int] = []
    var overFeatures: [Int] = []
    for (index, feature) in spec.features.enumerated() where wanted.contains(index) {
      let own: String?
      switch feature.expression.facts.reads {
      case .events, .features: continue
      case .column(let column, _): own = column.value.source
      case .sql:
        guard inputs.direct(feature).isEmpty else {
          overFeatures.append(index)
          continue
        }
        // An expression may turn the nulls of a missing row into a value. It therefore reads any
        // source other than the entity source only through a join, which produces those nulls.
        let entity = spec.cohort.entity.value
        own = featureSources[feature.name.value] == [entity] ? entity : nil
      }
      guard let own else {
        mixed.append(index)
        continue
      }
      if let known = single.firstIndex(where: { $0.source == own }) {
        single[known].features.append(index)
      } else {
        single.append((own, [index]))
      }
    }
    var parts = single.compactMap { source, features in
      views(of: source, at: cutoff).map { views in
        part(features, views: views, tables: SQL.identifier(source), row: source, cutoff)
      }
    }
    if !mixed.isEmpty {
      let rows = joined(at: cutoff)
      parts.append(
        part(
          mixed, views: rows.views, tables: rows.tables, row: spec.cohort.entity.value, cutoff))
    }
    parts += AggregateGroups(spec, of: wanted, at: cutoff).groups.compactMap { group in
      let read = group.features.compactMap { spec.features[$0].expression.aggregate?.condition }
      return views(of: group.source, at: cutoff, after: group.start, reading: read).map { views in
        Part(sql: "WITH \(views)\n\(group.sql)", features: group.features)
      }
    }
    if !overFeatures.isEmpty {
      let rows = joined(at: cutoff)
      let layers = FeatureLayers(
        inputs.all(of: overFeatures.map { spec.features[$0] }), in: self, rows: rows.tables,
        at: cutoff)
      parts.append(
        part(
          overFeatures, views: "\(rows.views),\n\(layers.views)",
          tables: "\(rows.tables)\n\(layers.join)", row: spec.cohort.entity.value, cutoff))
    }
    return parts
  }

  /// Returns the same queries for other features, with categories as texts.
  func reading(_ features: [FeatureSpec]) -> PanelQuery {
    var spec = spec
    spec.features = features
    return PanelQuery(
      spec: spec, sources: sources, featureSources: featureSources, inputs: inputs,
      otherColumns: otherColumns, readsTexts: true)
  }

  /// Returns whether a category feature is read as texts rather than as codes of its column.
  func yieldsText(_ feature: FeatureSpec) -> Bool {
    switch feature.expression.facts.reads {
    case .column(let column, .level): spec.use(of: column.value, as: .level) != .code
    case .sql: feature.expression.isCategory
    default: false
    }
  }

  private func part(
    _ features: [Int], views: String, tables: String, row: String, _ cutoff: CalendarDate
  ) -> Part {
    let compiler = ExpressionCompiler(spec: spec, cutoff: cutoff, readsTexts: readsTexts)
    let columns = features.enumerated().map { number, index in
      "\(compiler.feature(spec.features[index])) AS f\(number)"
    }
    let list = (["\(SQL.identifier(row)).entity AS entity"] + columns).joined(separator: ",\n  ")
    return Part(sql: "WITH \(views)\nSELECT \(list)\nFROM \(tables)", features: features)
  }

  private var entity: String { SQL.identifier(spec.cohort.entity.value) }

  /// Returns the entities at a cutoff, joined with the rows of all other row-level sources.
  private func joined(
    at cutoff: CalendarDate, withLabelDate: Bool = false
  ) -> (views: String, tables: String) {
    let names = spec.rowSources.filter { sources[$0] != nil }
    let views = names.compactMap { name in
      view(name, at: cutoff, withLabelDate: withLabelDate)
    }.joined(separator: ",\n")
    let others = names.dropFirst().map { name in
      "\nLEFT JOIN \(SQL.identifier(name)) ON \(SQL.identifier(name)).entity = \(entity).entity"
    }
    return (views, entity + others.joined())
  }

  /// Returns the view of a source, after those that it reads; nil for a source that nothing reads.
  /// - Parameters:
  ///   - start: the day that precedes the requested events.
  ///   - conditions: the conditions on the events.
  func views(
    of name: String, at cutoff: CalendarDate, after start: CalendarDate? = nil,
    reading conditions: [SQLText] = []
  ) -> String? {
    guard let own = view(name, at: cutoff, after: start, reading: conditions) else { return nil }
    let others = spec.sources.foreignKeys(of: name).reversed().compactMap {
      view($0.value.source, at: cutoff)
    }
    return (others + [own]).joined(separator: ",\n")
  }

  /// Returns the event sources whose rows the cohort's rules count, as known at the cutoff.
  private func countedViews(at cutoff: CalendarDate) -> [String] {
    let counts = Dictionary(
      grouping: spec.cohort.rules.flatMap(\.value.counts), by: \.source.value)
    return counts.keys.sorted().compactMap { name in
      let windows = counts[name, default: []].map(\.window)
      let starts = windows.compactMap { window in
        window.map { spec.day($0.from, before: cutoff) }
      }
      // A count without a window reads all rows.
      return view(
        name, at: cutoff, after: starts.count < windows.count ? nil : starts.min(),
        reading: counts[name, default: []].compactMap(\.condition))
    }
  }

  /// Returns a source as known at the end of the cutoff's day; nil for one that nothing reads.
  ///
  /// The view of a source with `references` reads the view of the source that refers to it, which
  /// must come first. `entity` is then the entity, as in every other view. Only in a view of events
  /// it is the number of their key, because events are summarized before they are joined with
  /// entities.
  /// - Parameters:
  ///   - start: the day that precedes the requested events.
  ///   - conditions: the conditions on the events, which can read other sources as of their day.
  func view(
    _ name: String, at cutoff: CalendarDate, withLabelDate: Bool = false,
    after start: CalendarDate? = nil, reading conditions: [SQLText] = []
  ) -> String? {
    guard let source = sources[name] else { return nil }
    let day = ExpressionCompiler.literal(cutoff)
    var names: [String] = []
    var columns = ["entity"]
    // Only one of the views that are joined row by row has the cutoff's day, so that its name is
    // not ambiguous.
    let isEvents = source.spec.isEvents
    if isEvents || name == spec.cohort.entity.value { columns.append("\(day) AS cutoff") }
    for (column, use) in source.columns {
      for (form, _) in ColumnUse.named where use.contains(form) {
        let quoted = SQL.identifier(ColumnUse.name(column.name.value, form))
        names.append(quoted)
        let value = form == .value ? column.known(on: day, quoted) : quoted
        columns.append(value == quoted ? quoted : "\(value) AS \(quoted)")
      }
    }
    if withLabelDate, name == spec.cohort.entity.value, case .date(let label) = spec.label.event,
      label.value.source == name
    {
      columns.append("\(SQL.identifier(label.value.column)) AS \(LabelSQL.date)")
    }
    let known = [source.spec.hasBegun(on: day), source.spec.isInForce(on: day)].compactMap(\.self)
    let condition = known.isEmpty ? "true" : known.joined(separator: " AND ")
    if isEvents { columns.append(LoadedSource.time) }
    let rows =
      "SELECT \(columns.joined(separator: ", ")) FROM \(source.table(after: start)) "
      + "WHERE \(condition)"
    if isEvents {
      let read = otherColumns(readBy: conditions, on: name)
      let joined = AsOfJoin(read, on: source.spec, in: spec).joined(rows)
      return "\(SQL.identifier(name)) AS (\(joined))"
    }
    return "\(SQL.identifier(name)) AS (\(spec.spread(rows, of: source.spec, columns: names)))"
  }

  private func otherColumns(
    readBy conditions: [SQLText], on events: String
  ) -> Set<ColumnReference> {
    guard !otherColumns.isEmpty else { return [] }
    let scope = spec.eventScope(events)
    return conditions.reduce(into: []) { read, condition in
      read.formUnion(otherColumns[ExpressionKey(condition, scope)] ?? [])
    }
  }
}

extension ExperimentSpec {
  /// Returns the day that a period before a cutoff leads to.
  func day(_ period: Period, before cutoff: CalendarDate) -> CalendarDate {
    cutoff.adding(period, sign: -1, arithmetic: cutoffs.monthArithmetic)
  }

  /// Returns SQL conditions for events to be in a window.
  func conditions(_ window: EventWindow, at cutoff: CalendarDate) -> [String] {
    let ends = [(">", window.from)] + (window.to.map { [("<=", $0)] } ?? [])
    return ends.map { sign, period in
      "\(LoadedSource.time) \(sign) "
        + ExpressionCompiler.literal(day(period, before: cutoff))
    }
  }
}

extension ExperimentSpec {
  /// Returns a query for the `entity` and `key number` of every entity that has a key of a source
  /// with a foreign key, over the view of the source that refers to it; nil for other sources.
  func link(to source: SourceSpec) -> String? {
    guard let key = source.foreignKey?.value, let column = sources[key.source]?.columns[key.column]
    else { return nil }
    return "SELECT referring.entity AS entity, keys.entity AS \(Self.keyNumber) "
      + "FROM \(SQL.identifier(key.source)) AS referring JOIN \(SourceLoader.keys(of: source)) "
      + "AS keys ON keys.key = \(column.key(of: "referring"))"
  }

  /// The space keeps the name from equaling a column's.
  static let keyNumber = SQL.identifier("key number")

  /// Returns a query for at most one row per key, as a query for at most one row per entity.
  /// - Parameters:
  ///   - rows: a query for `entity`, which is the number of the key, and other columns.
  ///   - columns: the other columns.
  func spread(_ rows: String, of source: SourceSpec, columns: [String]) -> String {
    guard let link = link(to: source) else { return rows }
    let list = ["link.entity AS entity"] + columns.map { "summary.\($0) AS \($0)" }
    return "SELECT \(list.joined(separator: ", ")) FROM (\(rows)) AS summary "
      + "JOIN (\(link)) AS link ON link.\(Self.keyNumber) = summary.entity"
  }
}

extension Rule {
  /// The counts of events in the rule.
  var counts: [EventCount] {
    switch self {
    case .not(let rule): rule.counts
    case .any(let rules), .all(let rules): rules.flatMap(\.counts)
    case .count(let count): [count]
    case .happened, .flag, .present, .among, .sql: []
    }
  }
}

/// The aggregate features of a cutoff, grouped by event source, window and number of newest rows.
///
/// A grouping by window reads only the rows of its window, which the engine finds quickly because
/// event tables are sorted by time. A single grouping with a filter per feature would read all
/// rows.
struct AggregateGroups {
  struct Group {
    let source: String
    let window: EventWindow?
    /// The number of newest rows, and the condition that they satisfy; nil for all rows.
    let newest: Newest?
    /// The day that precedes the window's rows.
    let start: CalendarDate?
    /// The features' indices in the spec.
    var features: [Int]
    /// SQL for at most one row per entity, over the view of the source and those that it reads.
    var sql = ""
  }

  struct Newest: Hashable {
    let count: Int
    let condition: String?
  }

  private(set) var groups: [Group] = []

  /// Groups aggregate features.
  /// - Parameter wanted: the indices of the requested features.
  init(_ spec: ExperimentSpec, of wanted: Set<Int>, at cutoff: CalendarDate) {
    for (index, feature) in spec.features.enumerated() where wanted.contains(index) {
      guard let aggregate = feature.expression.aggregate else { continue }
      let source = aggregate.source.value
      let newest = aggregate.newest.map {
        Newest(count: $0, condition: aggregate.condition?.text)
      }
      let known = groups.firstIndex {
        $0.source == source && $0.window == aggregate.window && $0.newest == newest
      }
      if let known {
        groups[known].features.append(index)
      } else {
        let start = aggregate.window.map { spec.day($0.from, before: cutoff) }
        groups.append(
          Group(
            source: source, window: aggregate.window, newest: newest, start: start,
            features: [index]))
      }
    }
    for index in groups.indices { groups[index].sql = Self.sql(groups[index], spec, cutoff) }
  }

  private static func sql(
    _ group: Group, _ spec: ExperimentSpec, _ cutoff: CalendarDate
  ) -> String {
    let columns = group.features.enumerated().compactMap { number, index in
      spec.features[index].expression.aggregate.map { aggregate in
        "\(column(aggregate, spec, cutoff)) AS f\(number)"
      }
    }
    var conditions = group.window.map { spec.conditions($0, at: cutoff) } ?? []
    if let condition = group.newest?.condition { conditions.append("(\(condition)\n)") }
    let filter = conditions.isEmpty ? "" : "\nWHERE " + conditions.joined(separator: " AND ")
    let rows = SQL.identifier(group.source)
    let from =
      group.newest.map { newest in
        "(SELECT * FROM (SELECT *, rank() OVER (PARTITION BY entity ORDER BY \(LoadedSource.time) "
          + "DESC) AS \(Self.rank) FROM \(rows)\(filter)) WHERE \(Self.rank) <= \(newest.count))"
      } ?? rows + filter
    let grouped =
      "SELECT entity, \(columns.joined(separator: ",\n  "))\nFROM \(from)\nGROUP BY entity"
    // Each key's rows are summarized once, and the summary is joined with the key's entities.
    return spec.sources[group.source].map { source in
      spec.spread(grouped, of: source, columns: columns.indices.map { "f\($0)" })
    } ?? grouped
  }

  /// The space keeps the name from equaling a column's.
  private static let rank = SQL.identifier("row rank")

  private static func column(
    _ aggregate: Aggregate, _ spec: ExperimentSpec, _ cutoff: CalendarDate
  ) -> String {
    let declared = aggregate.column.flatMap { column in
      spec.sources[aggregate.source.value]?.columns[column.value]
    }
    return aggregate.function.facts.sql(
      Aggregate.EventSQL(
        column: aggregate.column.map { SQL.identifier($0.value) },
        isInexact: declared?.type == .number, time: LoadedSource.time,
        cutoff: ExpressionCompiler.literal(cutoff),
        // Among the newest rows, all satisfy the condition.
        condition: aggregate.newest == nil ? aggregate.condition : nil))
  }
}
