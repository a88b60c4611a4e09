internal import Columns
internal import Diagnostics
internal import Spec
internal import Warehouse

/// Runs a cutoff's queries on a connection and combines their rows.
struct BlockReader: Sendable {
  let query: PanelQuery
  let entityCount: Int
  let dictionaries: [Int: LevelDictionary]

  private var spec: ExperimentSpec { query.spec }

  func counts(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> CutoffCounts {
    let hasLabel = cutoff.role != .immature
    let sql = query.cohort(cutoff, label: hasLabel)
    let block = try BlockAssembler(
      cohort: try connection.query(sql), entityCount: entityCount, featureCount: 0)
    let buyers = block.entities.indices.filter { block.labels[$0] == 1 }
    return CutoffCounts(
      cutoff: cutoff, rows: block.entities.count, buyers: buyers.map { block.entities[$0] },
      excluded: hasLabel && spec.label.among != nil ? block.excluded : nil)
  }

  func outcomes(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> CutoffOutcomes
  {
    let block = try BlockAssembler(
      cohort: try connection.query(query.cohort(cutoff, label: false)), entityCount: entityCount,
      featureCount: 0)
    func entities(_ sql: String) throws(WarehouseError) -> [Int32] {
      var found: [Int32] = []
      let rows = try connection.query(sql)
      while let batch = try rows.next() {
        guard case .int32(let numbers) = batch.columns[0].values else { continue }
        found += numbers
      }
      return found.sorted()
    }
    return CutoffOutcomes(
      cutoff: cutoff, cohort: block.entities,
      buyers: try entities(LabelSQL.positives(spec, cutoff)),
      among: try LabelSQL.amongEntities(spec, cutoff).map { sql throws(WarehouseError) in
        try entities(sql)
      })
  }

  /// Returns the panel's rows of a cutoff.
  /// - Throws: `WarehouseError`, or `InfiniteValue`.
  func block(_ cutoff: Cutoff, _ connection: Connection) throws -> PanelBlock {
    let piece = try piece(cutoff, Set(spec.features.indices), connection)
    return PanelBlock(
      cutoff: cutoff, entities: piece.entities, labels: piece.labels,
      features: FeatureBlock(spec, rowCount: piece.entities.count, read: piece.columns),
      excluded: piece.excluded)
  }

  func piece(
    _ cutoff: Cutoff, _ features: Set<Int>, _ connection: Connection,
    levels: (Int) -> [String] = { _ in [] }
  ) throws -> PanelPiece {
    let hasLabel = cutoff.role != .immature
    var block = try BlockAssembler(
      cohort: try connection.query(query.cohort(cutoff, label: hasLabel)),
      entityCount: entityCount, featureCount: spec.features.count)
    for part in query.parts(cutoff.date, of: features) {
      let rows = try connection.query(part.sql)
      while let batch = try rows.next() { add(batch, part, to: &block) }
    }
    let (entities, labels) = (block.entities, block.labels)
    let excluded = hasLabel && spec.label.among != nil ? block.excluded : nil
    let columns = block.columns(features, spec)
    try InfiniteValue.check(columns, of: entities)
    return PanelPiece(
      cutoff: cutoff, entities: entities, labels: hasLabel ? labels : [], excluded: excluded,
      columns: columns,
      levels: Dictionary(
        uniqueKeysWithValues: features.filter { spec.features[$0].expression.isCategory }.map {
          ($0, levels($0))
        }))
  }

  private func add(_ batch: RecordBatch, _ part: PanelQuery.Part, to block: inout BlockAssembler) {
    guard case .int32(let entities) = batch.columns[0].values else { return }
    for (number, index) in part.features.enumerated() {
      let column = batch.columns[number + 1]
      let encoded = dictionaries[index].map { FeatureColumn.int32($0.encode(column)) }
      guard let values = encoded ?? FeatureColumn(column) else { continue }
      block.add(values, of: entities, feature: index, spec.features[index].expression)
    }
  }
}

/// A feature with an infinite value, which no learner accepts and no file of the panel should
/// contain.
struct InfiniteValue: Error {
  /// The index of the feature.
  let feature: Int
  /// The number of rows of the cutoff with an infinite value.
  let count: Int
  /// The entity of the first such row.
  let entity: Int32

  /// Checks columns for infinite values.
  /// - Throws: `InfiniteValue` for the first feature that has one.
  static func check(
    _ columns: [Int: FeatureColumn], of entities: [Int32]
  ) throws(InfiniteValue) {
    for (index, column) in columns.sorted(by: { $0.key < $1.key }) {
      let rows: [Int]
      switch column {
      case .int8, .int16, .int32: continue
      case .float(let values): rows = infinite(values)
      case .double(let values): rows = infinite(values)
      }
      if let first = rows.first {
        throw InfiniteValue(feature: index, count: rows.count, entity: entities[first])
      }
    }
  }

  private static func infinite<Value: BinaryFloatingPoint>(_ values: [Value]) -> [Int] {
    guard values.contains(where: \.isInfinite) else { return [] }
    return values.indices.filter { values[$0].isInfinite }
  }
}
