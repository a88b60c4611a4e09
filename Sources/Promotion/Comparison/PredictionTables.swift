internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Runs
internal import Warehouse

/// The test rows of several runs, one table each, in a separate engine.
final class PredictionTables {
  /// The number of rows that two or more sides share, and the number that each has.
  struct Counts: Equatable {
    let rows: [Int]
    let shared: Int

    /// Whether every side has exactly the shared rows.
    var isSame: Bool { rows.allSatisfy { $0 == shared } }
  }

  private let engine: Engine
  private var sideCount = 0
  /// The sides that have clusters.
  private var clustered: Set<Int> = []

  init(threads: Int) throws(FindingsError) { engine = try NativeLibraries.engine(threads: threads) }

  /// Reads the test rows of a predictions.parquet as the next side.
  /// - Throws: `FindingsError` when the file is not what a run writes.
  func add(_ path: String) throws(FindingsError) {
    try load(path, side: sideCount)
    sideCount += 1
  }

  /// Replaces a side's rows with the test rows of another file.
  func replace(_ side: Int, with path: String) throws(FindingsError) {
    try perform(path) { () throws(WarehouseError) in
      try engine.connection.execute("DROP TABLE \(Self.table(side))")
    }
    try load(path, side: side)
  }

  /// Counts the rows of some sides, and the rows that all of them share.
  func counts(of sides: [Int]) throws(WarehouseError) -> Counts {
    var rows: [Int] = []
    for side in sides {
      rows.append(
        try engine.connection.count("SELECT count(*) FROM \(Self.table(side))") ?? 0)
    }
    let shared = try engine.connection.count("SELECT count(*) FROM \(Self.joined(sides))") ?? 0
    return Counts(rows: rows, shared: shared)
  }

  /// The rows that all sides share, with the same numbers on each side, ordered by cutoff, then
  /// key.
  /// - Parameter count: the number of shared rows, as `counts(of:)` of all sides returns it.
  func shared(count: Int) throws(WarehouseError) -> SharedRows {
    let sides = Array(0..<sideCount)
    let columns =
      sides.map { "s\($0).label, s\($0).margin, s\($0).score" }
      + clustered.sorted().map {
        // Entities without a value are clusters by themselves.
        "CAST(dense_rank() OVER (ORDER BY s\($0).cluster NULLS LAST, "
          + "CASE WHEN s\($0).cluster IS NULL THEN key END) - 1 AS INTEGER)"
      }
    let sql = """
      SELECT CAST(row_number() OVER (ORDER BY cutoff, key) - 1 AS INTEGER) AS row,
        CAST(dense_rank() OVER (ORDER BY cutoff) - 1 AS INTEGER),
        CAST(dense_rank() OVER (ORDER BY key) - 1 AS INTEGER),
        \(columns.joined(separator: ", "))
      FROM \(Self.joined(sides))
      """
    var rows = SharedRows(count: count, sideCount: sideCount)
    for side in clustered { rows.clusters[side] = [Int32](repeating: 0, count: count) }
    let batches = try engine.connection.query(sql)
    // Rows stream in no fixed order, so each is placed by its number.
    while let batch = try batches.next() {
      guard case .int32(let indices) = batch.columns[0].values else { continue }
      rows.cutoff.scatter(batch.columns[1].values, at: indices)
      rows.entity.scatter(batch.columns[2].values, at: indices)
      for side in sides {
        rows.labels[side].scatter(batch.columns[3 + 3 * side].values, at: indices)
        rows.margins[side].scatter(batch.columns[4 + 3 * side].values, at: indices)
        rows.scores[side].scatter(batch.columns[5 + 3 * side].values, at: indices)
      }
      for (number, side) in clustered.sorted().enumerated() {
        rows.clusters[side]?.scatter(
          batch.columns[3 + 3 * sides.count + number].values, at: indices)
      }
    }
    rows.joinClusters()
    rows.dates = try engine.connection.texts(
      "SELECT DISTINCT CAST(cutoff AS VARCHAR) FROM \(Self.joined(sides))"
    ).sorted()
    return rows
  }

  // MARK: - Reading

  private static func table(_ side: Int) -> String { SQL.identifier("side \(side)") }

  private static func joined(_ sides: [Int]) -> String {
    sides.enumerated().map { index, side in
      "\(table(side)) AS s\(side)" + (index == 0 ? "" : " USING (key, cutoff)")
    }.joined(separator: " JOIN ")
  }

  private func load(_ path: String, side: Int) throws(FindingsError) {
    let table = Self.table(side)
    let bad = try perform(path) { () throws(WarehouseError) -> Int in
      let hasClusters = try engine.connection.count(
        "SELECT count(*) FROM parquet_schema(\(SQL.literal(path))) WHERE name = 'cluster'")
      clustered.remove(side)
      if hasClusters == 1 { clustered.insert(side) }
      let cluster = hasClusters == 1 ? ", CAST(cluster AS VARCHAR) AS cluster" : ""
      try engine.connection.execute(
        """
        CREATE TABLE \(table) AS
        SELECT CAST(key AS VARCHAR) AS key, CAST(cutoff AS DATE) AS cutoff,
          CAST(label AS TINYINT) AS label, CAST(margin AS DOUBLE) AS margin,
          CAST(score AS DOUBLE) AS score\(cluster)
        FROM read_parquet(\(SQL.literal(path))) WHERE role = 'test'
        """)
      return try engine.connection.count(
        """
        SELECT count(*) - count(DISTINCT (key, cutoff))
          + count(*) FILTER (WHERE (key IS NOT NULL AND cutoff IS NOT NULL AND label IN (0, 1)
            AND isfinite(margin) AND score BETWEEN 0 AND 1) IS NOT TRUE)
        FROM \(table)
        """) ?? 0
    }
    if bad > 0 {
      throw FindingsError(
        .unreadableRunFile(
          path, what: "predictions",
          "\(bad) rows have no key, cutoff, label, margin, or score, or appear twice"))
    }
  }

  private func perform<Result>(
    _ path: String, _ work: () throws(WarehouseError) -> Result
  ) throws(FindingsError) -> Result {
    do throws(WarehouseError) {
      return try work()
    } catch {
      let line = error.message.split(whereSeparator: \.isNewline).first.map(String.init)
      throw FindingsError(.unreadableRunFile(path, what: "predictions", line ?? error.message))
    }
  }
}

extension [Int32] {
  fileprivate mutating func scatter(_ values: Column.Values, at indices: [Int32]) {
    guard case .int32(let values) = values else { return }
    for (value, index) in zip(values, indices) { self[Int(index)] = value }
  }
}

extension [UInt8] {
  fileprivate mutating func scatter(_ values: Column.Values, at indices: [Int32]) {
    guard case .int8(let values) = values else { return }
    for (value, index) in zip(values, indices) { self[Int(index)] = UInt8(value) }
  }
}

extension [Double] {
  fileprivate mutating func scatter(_ values: Column.Values, at indices: [Int32]) {
    guard case .double(let values) = values else { return }
    for (value, index) in zip(values, indices) { self[Int(index)] = value }
  }
}
