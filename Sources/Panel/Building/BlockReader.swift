internal import Diagnostics
internal import Spec
internal import Warehouse

/// Runs a cutoff's queries on a connection and puts the rows together.
struct BlockReader: Sendable {
  let query: PanelQuery
  let entityCount: Int
  let dictionaries: [Int: LevelDictionary]

  private var spec: ExperimentSpec { query.spec }

  func counts(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> CutoffCounts {
    let sql = query.cohort(cutoff, label: cutoff.role != .immature)
    let block = try BlockAssembler(
      cohort: try connection.query(sql), entityCount: entityCount, featureCount: 0)
    let buyers = block.entities.indices.filter { block.labels[$0] == 1 }
    return CutoffCounts(
      cutoff: cutoff, rows: block.entities.count, buyers: buyers.map { block.entities[$0] })
  }

  func outcomes(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> CutoffOutcomes
  {
    let block = try BlockAssembler(
      cohort: try connection.query(query.cohort(cutoff, label: false)), entityCount: entityCount,
      featureCount: 0)
    var buyers: [Int32] = []
    let rows = try connection.query(LabelSQL.buyers(spec, cutoff))
    while let batch = try rows.next() {
      guard case .int32(let numbers) = batch.columns[0].values else { continue }
      buyers += numbers
    }
    return CutoffOutcomes(cutoff: cutoff, cohort: block.entities, buyers: buyers.sorted())
  }

  func block(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> PanelBlock {
    let piece = try piece(cutoff, Set(spec.features.indices), connection)
    return PanelBlock(
      cutoff: cutoff, entities: piece.entities, labels: piece.labels,
      features: FeatureBlock(spec, rowCount: piece.entities.count, read: piece.columns))
  }

  func piece(
    _ cutoff: Cutoff, _ features: Set<Int>, _ connection: Connection,
    levels: (Int) -> [String] = { _ in [] }
  ) throws(WarehouseError) -> PanelPiece {
    let hasLabel = cutoff.role != .immature
    var block = try BlockAssembler(
      cohort: try connection.query(query.cohort(cutoff, label: hasLabel)),
      entityCount: entityCount, featureCount: spec.features.count)
    for part in query.parts(cutoff.date, of: features) {
      let rows = try connection.query(part.sql)
      while let batch = try rows.next() { add(batch, part, to: &block) }
    }
    return PanelPiece(
      cutoff: cutoff, entities: block.entities, labels: hasLabel ? block.labels : [],
      columns: block.columns(features, spec),
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
