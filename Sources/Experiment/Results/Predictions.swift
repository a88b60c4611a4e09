internal import Diagnostics
internal import Panel
internal import Spec
public import Warehouse

/// A run's predictions.parquet: key, cutoff, role, label, margin and score of the calibrate and
/// test rows, sorted by cutoff, then key.
public struct Predictions {
  let blocks: [ScoredBlock]

  public init(blocks: [ScoredBlock]) { self.blocks = blocks }

  /// Writes the file.
  /// - Parameter keys: the entities' keys, by entity number.
  public func write(to path: String, keys: [String], engine: Engine) throws(WarehouseError) {
    let (scratch, names) = ("scored rows", "names of entities")
    try engine.connection.ingest(
      ExportBatch(
        rowCount: keys.count,
        columns: [("entity", .int32(keys.indices.map(Int32.init))), ("key", .text(keys))]),
      into: names, appending: false)
    for (number, block) in blocks.enumerated() {
      let count = block.entities.count
      let batch = ExportBatch(
        rowCount: count,
        columns: [
          ("entity", .int32(block.entities)),
          ("cutoff", .date([Int32](repeating: Int32(block.cutoff.date.days), count: count))),
          ("role", .text([String](repeating: block.cutoff.role.rawValue, count: count))),
          ("label", .int8(block.labels.map { Int8($0) })),
          ("margin", .double(block.margins)),
          ("score", .double(block.scores)),
        ])
      try engine.connection.ingest(batch, into: scratch, appending: number > 0)
    }
    try engine.writeParquet(
      "SELECT key, cutoff, role, label, margin, score FROM \(SQL.identifier(scratch)) "
        + "JOIN \(SQL.identifier(names)) USING (entity) ORDER BY cutoff, entity", to: path)
    for table in [scratch, names] {
      try engine.connection.execute("DROP TABLE \(SQL.identifier(table))")
    }
  }
}
