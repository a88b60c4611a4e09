internal import Warehouse

/// Compares columns of inspected sources as keys, in the engine.
struct KeyDatabase {
  let engine: Engine
  /// The rows of each source.
  let relations: [RawRelation]

  /// Returns whether a column has a distinct key in each of its rows.
  func isUnique(
    _ column: String, of source: Int, rows: Int
  ) throws(WarehouseError) -> Bool {
    let key = ColumnParser.key(column, type: relations[source].type(of: column))
    return try engine.connection.count(
      "SELECT count(DISTINCT \(key)) FROM \(relations[source].sql)") == rows
  }

  /// Counts the rows whose value in a column is a key of another source.
  /// - Parameter pairs: the column, and the other source with its key.
  /// - Returns: a count for each pair.
  func matched(
    _ pairs: [(column: String, target: Int, key: String)], of source: Int
  ) throws(WarehouseError) -> [Int] {
    guard !pairs.isEmpty else { return [] }
    let counts = pairs.enumerated().map { number, pair in
      let value = ColumnParser.key(pair.column, type: relations[source].type(of: pair.column))
      let target = relations[pair.target]
      let key = ColumnParser.key(pair.key, type: target.type(of: pair.key))
      return "count(*) FILTER (WHERE \(value) IN (SELECT \(key) FROM \(target.sql))) AS c\(number)"
    }
    let row = try engine.connection.query(
      "SELECT \(counts.joined(separator: ", ")) FROM \(relations[source].sql)"
    ).next()
    return pairs.indices.map { row?.columns[$0].integer(0) ?? 0 }
  }
}
