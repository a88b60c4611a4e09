internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The columns that an experiment reads, and in which form.
struct ColumnUses: Sendable {
  private(set) var uses: [ColumnReference: ColumnUse] = [:]
  /// The sources that are read, with those through which entities find their rows.
  private(set) var sources: Set<String> = []
  /// The windows of aggregates and count rules by event source, with their month arithmetic.
  private var windows: [String: [(length: Period, arithmetic: MonthArithmetic)]] = [:]
  /// The sources that conditions on events read as of the days of events, with those through which
  /// they are found. A cutoff reads more of them than the versions that are valid then.
  private(set) var pastSources: Set<String> = []

  mutating func add(_ reference: ColumnReference, _ use: ColumnUse) {
    uses[reference, default: []].formUnion(use)
    sources.insert(reference.source)
  }

  mutating func add(source: String) { sources.insert(source) }

  mutating func add(_ other: ColumnUses) {
    uses.merge(other.uses) { $0.union($1) }
    sources.formUnion(other.sources)
    windows.merge(other.windows) { $0 + $1 }
    pastSources.formUnion(other.pastSources)
  }

  /// Creates an empty set of uses.
  init() {}

  /// Returns the columns of a source that are read, in the order of their declaration.
  func columns(of source: SourceSpec) -> [(column: ColumnSpec, use: ColumnUse)] {
    source.columns.values.compactMap { column in
      uses[ColumnReference(source: source.name.value, column: column.name.value)]
        .map { (column, $0) }
    }
  }

  /// Returns the earliest start of all windows on an event source; nil if there are none.
  func earliestStart(ofWindows source: String, at cutoff: CalendarDate) -> CalendarDate? {
    windows[source]?.map { cutoff.adding($0.length, sign: -1, arithmetic: $0.arithmetic) }.min()
  }

  /// Collects what cohort, label, features and clusters read; `expressions` returns the columns of
  /// free SQL.
  init(
    _ spec: ExperimentSpec, expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    add(source: spec.cohort.entity.value)
    for rule in spec.cohort.rules { add(rule.value, spec, spec.ruleScope, expressions) }
    add(spec.label, expressions)
    add(spec.features, spec, expressions)
    if let cluster = spec.evaluation.cluster { add(cluster.value, .value) }
    addForeignKeys(spec)
  }

  /// Collects what one feature reads, itself or through features that its SQL reads.
  /// - Parameter foreignKeys: whether to include the columns through which entities find the rows.
  init(
    _ feature: FeatureSpec, of spec: ExperimentSpec, foreignKeys: Bool = true,
    expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    add([feature], spec, expressions)
    if foreignKeys { addForeignKeys(spec) }
  }

  /// Collects what one rule of the cohort reads.
  init(
    _ rule: Rule, of spec: ExperimentSpec,
    expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    add(rule, spec, spec.ruleScope, expressions)
    addForeignKeys(spec)
  }

  /// Collects what the label reads.
  init(
    _ label: LabelSpec, expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    add(label, expressions)
  }

  /// Adds the columns through which entities find the rows of the sources that are read.
  private mutating func addForeignKeys(_ spec: ExperimentSpec) {
    for source in sources {
      for key in spec.sources.foreignKeys(of: source) {
        guard let column = spec.sources[key.value.source]?.columns[key.value.column] else {
          continue
        }
        add(key.value, column.keyForm)
      }
    }
  }

  private mutating func add(
    _ label: LabelSpec, _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    switch label.event {
    case .date(let column): add(column.value, .value)
    case .row(let source, let condition), .absence(let source, let condition):
      add(source: source.value)
      add(condition, .events(source: source.value), expressions)
    }
    if let among = label.among { add(among, expressions) }
  }

  /// Adds rows of an event source.
  mutating func add(
    _ rows: EventRows, _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    add(source: rows.source.value)
    add(rows.condition, .events(source: rows.source.value), expressions)
  }

  private mutating func add(
    _ sql: SQLText?, _ scope: ExpressionScope,
    _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    guard let sql else { return }
    for reference in expressions(sql, scope) { add(reference, .value) }
  }

  /// Adds the condition of a feature or rule on events.
  private mutating func add(
    condition: SQLText?, on events: String, _ spec: ExperimentSpec,
    _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    guard let condition else { return }
    for reference in expressions(condition, spec.eventScope(events)) {
      add(reference, .value)
      guard reference.source != events else { continue }
      pastSources.formUnion(
        spec.sources.path(fromEvents: events, to: reference.source) ?? [])
    }
  }

  private mutating func add(
    _ rule: Rule, _ spec: ExperimentSpec, _ scope: ExpressionScope,
    _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    switch rule {
    case .not(let inner): add(inner, spec, scope, expressions)
    case .any(let rules), .all(let rules):
      for inner in rules { add(inner, spec, scope, expressions) }
    case .happened(let column), .flag(let column), .among(let column, _):
      add(column.value, .value)
    case .present(let column): add(column.value, spec.use(of: column.value, as: .presence))
    case .count(let count):
      add(source: count.source.value)
      if let window = count.window { add(window, on: count.source.value, spec) }
      add(condition: count.condition, on: count.source.value, spec, expressions)
    case .sql(let sql): add(sql, scope, expressions)
    }
  }

  private mutating func add(_ window: EventWindow, on source: String, _ spec: ExperimentSpec) {
    windows[source, default: []].append((window.from, spec.cutoffs.monthArithmetic))
  }

  private mutating func add(
    _ features: [FeatureSpec], _ spec: ExperimentSpec,
    _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    let scope = spec.featureScope
    for feature in features { add(feature.expression.facts.reads, spec, scope, expressions) }
    for input in spec.inputs(of: features).map(\.expression.facts.reads) {
      // SQL reads a category's text.
      if case .column(let column, .level) = input {
        add(column.value, .value)
      } else {
        add(input, spec, scope, expressions)
      }
    }
  }

  private mutating func add(
    _ input: FeatureFacts.Input, _ spec: ExperimentSpec, _ scope: ExpressionScope,
    _ expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    switch input {
    case .column(let column, let form): add(column.value, spec.use(of: column.value, as: form))
    case .sql(let sql): add(sql, scope, expressions)
    case .features: break
    case .events(let aggregate):
      add(source: aggregate.source.value)
      if let window = aggregate.window { add(window, on: aggregate.source.value, spec) }
      if let column = aggregate.column {
        add(ColumnReference(source: aggregate.source.value, column: column.value), .value)
      }
      add(condition: aggregate.condition, on: aggregate.source.value, spec, expressions)
    }
  }
}

extension ExperimentSpec {
  /// Returns the form that a feature or rule reads: of a text, only whether there is any, or only
  /// its code; otherwise the value itself, which a view hides until it is known.
  func use(of reference: ColumnReference, as form: ColumnForm) -> ColumnUse {
    guard sources[reference.source]?.columns[reference.column]?.type == .text else { return .value }
    return switch form {
    case .value: .value
    case .presence: .presence
    case .level: .code
    }
  }

  /// The sources with one row per entity at a cutoff: the entity source, then entity and history
  /// sources in the order written, but each after the source that refers to it.
  var rowSources: [String] {
    let others = sources.values.filter { source in
      if case .events = source.shape { return false }
      return source.name.value != cohort.entity.value
    }
    var names = [cohort.entity.value]
    for source in others {
      let chain = sources.foreignKeys(of: source.name.value).map(\.value.source)
      names += (chain.reversed() + [source.name.value]).filter { !names.contains($0) }
    }
    return names
  }

  /// What the condition of a feature or rule on events can name.
  func eventScope(_ events: String) -> ExpressionScope {
    .events(source: events, others: sources.readable(fromEvents: events))
  }

  /// What SQL of a rule can name.
  var ruleScope: ExpressionScope { .row(sources: rowSources, hasFeatures: false) }

  /// What SQL of a feature can name.
  var featureScope: ExpressionScope { .row(sources: rowSources, hasFeatures: true) }
}

extension ColumnSpec {
  /// The form that a reference reads: a text as a key, a number as it is.
  var keyForm: ColumnUse { type == .text ? .key : .value }

  /// SQL for the key that the column has, as text; null if it has none.
  /// - Parameter rows: the name of the rows.
  func key(of rows: String) -> String {
    let value = "\(rows).\(SQL.identifier(ColumnUse.name(name.value, keyForm)))"
    return keyForm == .key ? value : "CAST(\(value) AS VARCHAR)"
  }
}

/// The forms in which the engine stores a column, depending on what reads it.
struct ColumnUse: OptionSet, Sendable {
  let rawValue: Int

  /// The value itself.
  static let value = ColumnUse(rawValue: 1)
  /// The code of a text in the column's dictionary, which a category feature reads.
  static let code = ColumnUse(rawValue: 2)
  /// Whether there is a value, which `present` reads for text; much smaller than the text.
  static let presence = ColumnUse(rawValue: 4)
  /// The text as a key of another source, which a reference reads.
  static let key = ColumnUse(rawValue: 8)

  /// The forms with the suffixes of their column names in the engine.
  static let named: [(use: ColumnUse, suffix: String)] = [
    (.value, ""), (.code, " code"), (.presence, " present"), (.key, " key"),
  ]

  static func name(_ column: String, _ use: ColumnUse) -> String {
    column + (named.first { $0.use == use }?.suffix ?? "")
  }
}
