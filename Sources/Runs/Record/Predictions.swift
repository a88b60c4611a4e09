internal import Diagnostics
public import Panel
internal import Spec
public import Warehouse

/// A run's predictions.parquet: key, cutoff, role, label, margin and score of the calibrate and
/// test rows, sorted by cutoff, then key.
///
/// If the spec has `evaluation.cluster`, a last column `cluster` has its value as text; it is null
/// for an entity that is a cluster by itself.
public struct Predictions {
  let blocks: [ScoredBlock]

  public init(blocks: [ScoredBlock]) { self.blocks = blocks }

  /// Writes the file.
  /// - Parameters:
  ///   - keys: the entities' keys, by entity number.
  ///   - clusters: nil if every entity is a cluster of its own.
  public func write(
    to path: String, keys: [String], clusters: EntityClusters?, engine: Engine
  ) throws(WarehouseError) {
    let (scratch, names) = ("scored rows", "names of entities")
    var columns: [(name: String, values: ExportBatch.Values)] = [
      ("entity", .int32(keys.indices.map(Int32.init))), ("key", .text(keys)),
    ]
    if let values = clusters?.values {
      columns += [
        ("cluster", .text(values.map { $0 ?? "" })),
        ("has_cluster", .int8(values.map { $0 == nil ? 0 : 1 })),
      ]
    }
    try engine.connection.ingest(
      ExportBatch(rowCount: keys.count, columns: columns), into: names, appending: false)
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
      "SELECT key, cutoff, role, label, margin, score\(clusters == nil ? "" : Self.cluster) "
        + "FROM \(SQL.identifier(scratch)) "
        + "JOIN \(SQL.identifier(names)) USING (entity) ORDER BY cutoff, entity", to: path)
    for table in [scratch, names] {
      try engine.connection.execute("DROP TABLE \(SQL.identifier(table))")
    }
  }

  private static let cluster = ", CASE WHEN has_cluster = 1 THEN cluster END AS cluster"
}

/// A cutoff's rows with margin and score.
public struct ScoredBlock: Sendable {
  public let cutoff: Cutoff
  public let entities: [Int32]
  public let labels: [UInt8]
  public let margins: [Double]
  public let scores: [Double]

  /// Distributes margins and scores over consecutive blocks.
  public static func split(
    _ blocks: [PanelBlock], margins: [Double], scores: [Double]
  ) -> [ScoredBlock] {
    var start = 0
    return blocks.map { block in
      let range = start..<(start + block.rowCount)
      start = range.upperBound
      return ScoredBlock(
        cutoff: block.cutoff, entities: block.entities, labels: block.labels,
        margins: Array(margins[range]), scores: Array(scores[range]))
    }
  }
}
