internal import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

/// The plan of an experiment's panel, known before any row is read: with the expressions analyzed,
/// it knows which columns of which sources the cohort, the label and each feature read.
public struct PanelPlan: Sendable {
  /// The experiment.
  public let spec: ExperimentSpec
  /// The `current` columns that are read.
  public let lookAhead: LookAheadUse
  /// The experiment with the columns of its segments as further features, after its own. They are
  /// read in the same way, and no model learns from them.
  let panel: ExperimentSpec
  let uses: ColumnUses
  private let references: [ExpressionKey: Set<ColumnReference>]
  /// The sources that each feature reads, by its name, for the features and those that they read.
  private let sourcesByFeature: [String: Set<String>]
  private let inputs: FeatureInputs
  /// The columns of other sources that conditions on events read, for those that read any.
  private let otherColumns: [ExpressionKey: Set<ColumnReference>]

  /// Analyzes a spec's expressions and its sources' own queries with the engine's parser.
  /// - Parameters:
  ///   - project: the contents of holdout.yaml.
  ///   - folder: the project's folder.
  ///   - engine: an engine to which no database has been attached yet.
  /// - Throws: `FindingsError` with every finding about them, and about files that may not be read.
  public init(
    _ spec: ExperimentSpec, project: ProjectSpec, folder: String, engine: Engine
  ) throws {
    var findings = try SourceAccess(project: project, folder: folder, engine: engine)
      .findings(spec.sources.values)
    findings += try TimeZoneCheck.findings(spec, engine)
    let analyser = ExpressionAnalyser(
      parser: EngineParser(engine: engine), names: NameTable(spec),
      changing: try ChangingFunctions.builtIn(engine),
      functions: try SafeFunctions.builtIn(engine))
    var references: [ExpressionKey: Set<ColumnReference>] = [:]
    var otherColumns: [ExpressionKey: Set<ColumnReference>] = [:]
    for use in spec.expressions {
      let key = ExpressionKey(use.sql, use.scope)
      let columns = try analyser.references(in: use.sql, scope: use.scope, findings: &findings)
      references[key] = columns
      guard case .events(let source, _) = use.scope else { continue }
      let others = columns.filter { $0.source != source }
      if !others.isEmpty { otherColumns[key] = others }
    }
    try findings.throwIfErrors()
    self.spec = spec
    self.references = references
    self.otherColumns = otherColumns
    let expressions = { references[ExpressionKey($0, $1)] ?? [] }
    var panel = spec
    panel.features += spec.segmentColumns
    self.panel = panel
    uses = ColumnUses(panel, expressions: expressions)
    lookAhead = LookAheadUse(spec, expressions: expressions)
    inputs = spec.inputs
    sourcesByFeature = Dictionary(
      (panel.features + spec.inputs(of: spec.features)).map { feature in
        (
          feature.name.value,
          ColumnUses(feature, of: spec, expressions: expressions).sources
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The names of the sources that the cohort, the label, a feature or the clusters read, and not
  /// only segments.
  var modeledSources: Set<String> { ColumnUses(spec, expressions: expressions).sources }

  /// The names of the sources that at least one feature reads.
  var featureSources: Set<String> {
    sourcesByFeature.values.reduce(into: []) { $0.formUnion($1) }
  }

  /// Returns the columns that a feature reads, sorted by name: a combination reads those of its
  /// parts, and SQL those of the features in it.
  /// - Parameter foreignKeys: whether to include the columns through which entities find the rows.
  func columns(ofFeature name: String, foreignKeys: Bool = true) -> [ColumnReference] {
    guard let feature = spec.features.first(where: { $0.name.value == name }) else { return [] }
    guard case .features(let parts) = feature.expression.facts.reads else {
      return uses(of: feature, foreignKeys: foreignKeys).uses.keys
        .sorted { $0.description < $1.description }
    }
    let all = Set(parts.flatMap { columns(ofFeature: $0.value, foreignKeys: foreignKeys) })
    return all.sorted { $0.description < $1.description }
  }

  /// Returns the columns of other sources that a condition on events reads.
  func otherColumns(readBy condition: SQLText, on events: String) -> Set<ColumnReference> {
    otherColumns[ExpressionKey(condition, spec.eventScope(events))] ?? []
  }

  private func uses(of feature: FeatureSpec, foreignKeys: Bool = true) -> ColumnUses {
    ColumnUses(feature, of: spec, foreignKeys: foreignKeys, expressions: expressions)
  }

  private func expressions(_ sql: SQLText, _ scope: ExpressionScope) -> Set<ColumnReference> {
    references[ExpressionKey(sql, scope)] ?? []
  }
}

// MARK: - Recipes

extension PanelPlan {
  /// Everything that determines the contents of one part of a panel, except the rows of its sources
  /// and the way these are read. Equal recipes on equal sources give equal contents.
  ///
  /// The SQL is that of one part only, independent of the rest of the spec, so it is the same in
  /// every spec that has the part.
  public struct Recipe: Hashable, Sendable {
    /// The SQL of the part.
    public let sql: String
    /// The names of the sources that the SQL reads, sorted.
    public let sources: [String]
    /// The windows in months or years. The SQL has their ends at one cutoff, where `1 month` may
    /// have the ends of `31 days`.
    public let monthWindows: [String]
  }

  /// Returns the recipe of the entities at a cutoff, which are only those with a label.
  public func cohort(_ cutoff: Cutoff) -> Recipe {
    recipe(cohortUses, countWindows) { $0.cohort(cutoff, label: false, among: true) }
  }

  /// Returns the recipe of the cohort's labels at a cutoff.
  public func label(_ cutoff: Cutoff) -> Recipe {
    var uses = cohortUses
    uses.add(ColumnUses(spec.label, expressions: expressions))
    return recipe(uses, countWindows) { $0.cohort(cutoff, label: true) }
  }

  /// The windows of the cohort's rules on numbers of events.
  private var countWindows: [EventWindow] {
    spec.cohort.rules.flatMap(\.value.counts).compactMap(\.window)
  }

  /// Returns the recipe of a feature's values for every entity at a cutoff; nil for a combination,
  /// which is computed from other features.
  /// - Parameter index: the feature's index in the spec; the columns of segments come after the
  ///   features.
  public func feature(_ index: Int, _ cutoff: CalendarDate) -> Recipe? {
    let feature = panel.features[index]
    if case .features = feature.expression.facts.reads { return nil }
    var uses = uses(of: feature)
    uses.add(source: spec.cohort.entity.value)
    let windows = (spec.inputs(of: [feature]) + [feature]).compactMap {
      $0.expression.aggregate?.window
    }
    return recipe(uses, windows) { query in
      query.parts(cutoff, of: [index]).map(\.sql).joined(separator: ";\n")
    }
  }

  /// Returns the recipe of the entities' clusters; nil if every entity is a cluster of its own.
  public var clusters: Recipe? {
    spec.evaluation.cluster.map {
      Recipe(
        sql: EntityClusters.sql($0.value), sources: [$0.value.source], monthWindows: [])
    }
  }

  /// Returns whether a column is read for clusters and segments alone: no model, rule or label
  /// depends on it.
  func readsOnlyForEvaluation(_ column: ColumnReference) -> Bool {
    guard spec.evaluation.cluster != nil || panel.features.count > spec.features.count else {
      return false
    }
    var spec = spec
    spec.evaluation.cluster = nil
    return ColumnUses(spec, expressions: expressions).uses[column] == nil
  }

  private var cohortUses: ColumnUses {
    var uses = ColumnUses()
    uses.add(source: spec.cohort.entity.value)
    for rule in spec.cohort.rules {
      uses.add(ColumnUses(rule.value, of: spec, expressions: expressions))
    }
    if let among = spec.label.among { uses.add(among, expressions) }
    return uses
  }

  private func recipe(
    _ uses: ColumnUses, _ windows: [EventWindow], _ sql: (PanelQuery) -> String
  ) -> Recipe {
    let read = uses.sources.compactMap { spec.sources[$0] }
    let tables = read.map { SourceTable(spec: $0, columns: uses.columns(of: $0)) }
    let query = PanelQuery(
      spec: panel,
      sources: Dictionary(uniqueKeysWithValues: tables.map { ($0.spec.name.value, $0) }),
      featureSources: sourcesByFeature, inputs: inputs, otherColumns: otherColumns)
    return Recipe(
      sql: sql(query), sources: uses.sources.sorted(),
      monthWindows: windows.filter(\.isInMonths).map(\.abbreviation))
  }
}

extension EventWindow {
  /// Whether the number of days of the window depends on the cutoff.
  fileprivate var isInMonths: Bool {
    [from, to].compactMap(\.self).contains { $0.unit == .months || $0.unit == .years }
  }
}

extension PanelPlan {
  /// The names of the sources that are read, sorted.
  public var sources: [String] { uses.sources.sorted() }

  /// Returns the SQL of a cutoff for people: the cohort with its label, then the features and the
  /// columns of segments by source.
  public func sql(_ cutoff: Cutoff) -> String { query.text(cutoff) }

  /// The queries on everything that the spec reads.
  private var query: PanelQuery { query(on: [:]) }

  /// Returns the queries on sources as loaded.
  func query(on loaded: [String: LoadedSource]) -> PanelQuery {
    let tables = uses.sources.compactMap { spec.sources[$0] }.map { source in
      let name = source.name.value
      return (
        name,
        SourceTable(
          spec: source, columns: uses.columns(of: source), latest: loaded[name]?.latest)
      )
    }
    return PanelQuery(
      spec: panel, sources: Dictionary(uniqueKeysWithValues: tables),
      featureSources: sourcesByFeature, inputs: inputs, otherColumns: otherColumns)
  }
}
