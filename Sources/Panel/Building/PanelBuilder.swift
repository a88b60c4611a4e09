public import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

/// Builds an experiment's panel, cutoff by cutoff, out of sources loaded into the engine.
///
/// Used by one thread at a time.
public final class PanelBuilder {
  public let spec: ExperimentSpec
  public let timeline: Timeline
  /// Warnings that came up on the way.
  public let findings: [Finding]
  /// The number of entities; entity numbers are below it.
  public let entityCount: Int
  let engine: Engine
  let query: PanelQuery
  private var dictionaries: [Int: LevelDictionary] = [:]

  /// Loads the sources that the spec reads and lays out the timeline.
  /// - Throws: `FindingsError` with every finding about sources, expressions and timeline.
  public init(
    _ spec: ExperimentSpec, project: ProjectSpec, projectFolder: String, engine: Engine
  ) throws {
    var findings: [Finding] = []
    let references = try Self.analyse(spec, engine, &findings)
    try findings.throwIfErrors()
    let uses = ColumnUses(spec) { sql, scope in references[ExpressionKey(sql, scope)] ?? [] }
    let opener = RelationOpener(engine: engine, projectFolder: projectFolder, project: project)
    var loader = try SourceLoader(engine: engine, opener: opener)
    let sources = Self.load(spec, uses, &loader)
    findings += loader.findings
    try findings.throwIfErrors()
    let query = PanelQuery(spec: spec, sources: sources)
    guard let timeline = Self.timeline(spec, sources, &findings) else {
      throw FindingsError(findings)
    }
    if let cutoff = timeline.cutoffs.first {
      findings += try ExpressionCheck(engine: engine, query: query).findings(at: cutoff)
    }
    try findings.throwIfErrors()
    self.spec = spec
    self.engine = engine
    self.query = query
    self.timeline = timeline
    self.findings = findings
    entityCount = try engine.connection.count("SELECT count(*) FROM \(SourceLoader.entities)") ?? 0
  }

  /// Entity keys by number.
  public func keys() throws(WarehouseError) -> [String] {
    let sql = "SELECT key FROM \(SourceLoader.entities) ORDER BY entity"
    return try engine.connection.query(sql).collect().flatMap { batch in
      (0..<batch.rowCount).map { batch.columns[0].text($0) ?? "" }
    }
  }

  /// The table in the engine that maps `entity` to `key`.
  public var keyTable: String { SourceLoader.entities }

  /// The SQL whose rows are the panel at a cutoff: entity, label, then each feature.
  public func sql(_ cutoff: Cutoff) -> String {
    query.sql(cutoff, .init(label: true, features: spec.features))
  }

  /// Rows and positives of a cutoff, without computing any feature.
  public func counts(_ cutoff: Cutoff) throws -> CutoffCounts {
    let isMature = cutoff.role != .immature
    let all = query.sql(cutoff, .init(label: false, features: []))
    let rows = try engine.connection.count("SELECT count(*) FROM (\(all))") ?? 0
    guard isMature else { return CutoffCounts(cutoff: cutoff, rows: rows, buyers: []) }
    let positives = query.sql(cutoff, .init(label: true, features: []), onlyPositives: true)
    let buyers = try engine.connection.query(positives).collect().flatMap { batch -> [Int32] in
      guard case .int32(let entities) = batch.columns[0].values else { return [] }
      return entities
    }
    return CutoffCounts(cutoff: cutoff, rows: rows, buyers: buyers)
  }

  /// The panel's rows of a cutoff.
  /// - Parameter label: whether labels are wanted; immature cutoffs have none.
  /// - Throws: `FindingsError` when an expression fails on the data, else `WarehouseError`.
  public func block(_ cutoff: Cutoff, label: Bool = true) throws -> PanelBlock {
    let sql = query.sql(cutoff, .init(label: label, features: spec.features))
    do throws(WarehouseError) {
      return try block(cutoff, rows: try engine.connection.query(sql), label: label)
    } catch {
      let causes = try ExpressionCheck(engine: engine, query: query).failures(at: cutoff)
      guard causes.isEmpty else { throw FindingsError(causes) }
      throw error
    }
  }

  private func block(
    _ cutoff: Cutoff, rows: RecordBatchStream, label: Bool
  ) throws(WarehouseError) -> PanelBlock {
    var entities: [Int32] = []
    var labels: [UInt8] = []
    var columns: [FeatureColumn] = []
    let first = label ? 2 : 1
    while let batch = try rows.next() {
      guard case .int32(let numbers) = batch.columns[0].values else { continue }
      entities += numbers
      if label, case .int8(let values) = batch.columns[1].values {
        labels += values.map { UInt8($0) }
      }
      let read = spec.features.indices.map { column(batch.columns[first + $0], feature: $0) }
      if columns.isEmpty {
        columns = read
      } else {
        for index in columns.indices { columns[index].append(read[index]) }
      }
    }
    if columns.isEmpty {
      columns = spec.features.map { _ in .double([]) }
    }
    for index in columns.indices where spec.features[index].expression.isCategory {
      columns[index] = columns[index].narrowed(levelCount: levels(ofFeature: index).count)
    }
    return PanelBlock(
      cutoff: cutoff, entities: entities, labels: labels,
      features: FeatureBlock(rowCount: entities.count, columns: columns))
  }

  private func column(_ column: Column, feature index: Int) -> FeatureColumn {
    if let values = FeatureColumn(column) { return values }
    return .int32(dictionaries[index, default: LevelDictionary()].encode(column))
  }

  /// The texts that a category feature's codes stand for, as far as blocks have been built.
  public func levels(ofFeature index: Int) -> [String] {
    if let dictionary = dictionaries[index] { return dictionary.levels }
    guard case .category(.column(let column), _) = spec.features[index].expression else { return [] }
    return query.sources[column.value.source]?.levels[column.value.column] ?? []
  }
}

// MARK: - Loading

extension PanelBuilder {
  /// The columns that each free SQL expression reads, by the expression.
  private static func analyse(
    _ spec: ExperimentSpec, _ engine: Engine, _ findings: inout [Finding]
  ) throws -> [ExpressionKey: Set<ColumnReference>] {
    let sources = Dictionary(
      uniqueKeysWithValues: spec.sources.values.map { ($0.name.value, $0) })
    let analyser = ExpressionAnalyser(engine: engine, sources: sources)
    var references: [ExpressionKey: Set<ColumnReference>] = [:]
    for use in spec.expressions {
      references[ExpressionKey(use.sql, use.scope)] = try analyser.references(
        in: use.sql, scope: use.scope, findings: &findings)
    }
    return references
  }

  private static func load(
    _ spec: ExperimentSpec, _ uses: ColumnUses, _ loader: inout SourceLoader
  ) -> [String: LoadedSource] {
    var loaded: [String: LoadedSource] = [:]
    let entity = spec.cohort.entity.value
    let others = spec.sources.keys.filter { $0 != entity && uses.sources.contains($0) }
    for name in [entity] + others {
      guard let source = spec.sources[name] else { continue }
      loaded[name] = loader.load(source, uses: uses, isEntity: name == entity)
      // Without entities no other source can be keyed; their own faults show on the next try.
      if name == entity && loaded[name] == nil { break }
    }
    return loaded
  }

  private static func timeline(
    _ spec: ExperimentSpec, _ sources: [String: LoadedSource], _ findings: inout [Finding]
  ) -> Timeline? {
    let labelSource = spec.label.sourceName
    guard let declared = spec.sources[labelSource]?.dataThrough else {
      findings.append(.noDataThrough(labelSource, spec))
      return nil
    }
    let dataThrough = min(declared.value, spec.asOf?.value ?? declared.value)
    let firstDays = sources.values.compactMap(\.firstDay)
    do {
      let timeline = try Timeline(
        spec.cutoffs, label: spec.label, dataThrough: dataThrough, observedFrom: firstDays.max())
      findings += staleness(timeline, sources)
      return timeline
    } catch {
      let limiting = sources.values.filter { $0.firstDay == firstDays.max() }.map(\.spec.name.value)
      findings.append(.timeline(error, spec, limitedBy: limiting.min()))
      return nil
    }
  }

  /// Sources that end before the last cutoff that reads them.
  private static func staleness(
    _ timeline: Timeline, _ sources: [String: LoadedSource]
  ) -> [Finding] {
    guard let last = timeline.cutoffs.last(where: { $0.role != .immature }) else { return [] }
    return sources.values.sorted { $0.spec.name.value < $1.spec.name.value }.compactMap { source in
      guard let through = source.spec.dataThrough, through.value < last.date else { return nil }
      return .staleSource(source.spec, through: through, cutoff: last)
    }
  }
}
