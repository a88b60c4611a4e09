internal import Columns
internal import Diagnostics
internal import Spec
internal import Warehouse

/// Runs a cutoff's queries on a connection and combines their rows.
struct BlockReader: Sendable {
  let query: PanelQuery
  let entityCount: Int
  let dictionaries: [Int: LevelDictionary]
  /// nil if every entity is a cluster of its own.
  let clusters: EntityClusters?
  let rule: BatchRule

  /// The experiment, with the columns of its segments as further features.
  private var spec: ExperimentSpec { query.spec }

  func counts(_ cutoff: Cutoff, _ connection: Connection) throws(WarehouseError) -> CutoffCounts {
    let hasLabel = cutoff.role != .immature
    let sql = query.cohort(cutoff, label: hasLabel)
    let block = try BlockAssembler(
      cohort: try connection.query(sql), entityCount: entityCount, featureCount: 0)
    let buyers = block.entities.indices.filter { block.labels[$0] == 1 }
    return CutoffCounts(
      cutoff: cutoff, rows: block.entities.count, buyers: buyers.map { block.entities[$0] },
      excluded: hasLabel && spec.label.among != nil ? block.excluded : nil
    ).clustered(by: clusters)
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

  func firstEvents(
    _ cutoff: Cutoff, _ connection: Connection
  ) throws(WarehouseError) -> [EntityEvent] {
    var events: [EntityEvent] = []
    let rows = try connection.query(LabelSQL.firstDays(spec, cutoff))
    while let batch = try rows.next() {
      for row in 0..<batch.rowCount {
        guard let entity = batch.columns[0].integer(row), let day = batch.columns[1].integer(row)
        else { continue }
        events.append(EntityEvent(entity: Int32(entity), day: CalendarDate(days: day)))
      }
    }
    // Rows stream in no fixed order.
    return events.sorted { $0.entity < $1.entity }
  }

  /// Returns the panel's rows of a cutoff.
  /// - Throws: `WarehouseError`, or `InfiniteValue`.
  func block(_ cutoff: Cutoff, _ connection: Connection) throws -> PanelBlock {
    block(try piece(cutoff, Set(spec.features.indices), connection))
  }

  /// Returns the panel's rows of a cutoff, from a piece with all features that are read.
  func block(_ piece: PanelPiece) -> PanelBlock {
    let rowCount = piece.entities.count
    let columns = FeatureBlock(spec, rowCount: rowCount, read: piece.columns).columns
    let featureCount = columns.count - spec.segmentColumns.count
    return PanelBlock(
      cutoff: piece.cutoff, entities: piece.entities, labels: piece.labels,
      features: FeatureBlock(rowCount: rowCount, columns: Array(columns[..<featureCount])),
      segments: Array(columns[featureCount...]), excluded: piece.excluded
    ).clustered(by: clusters)
  }

  private func piece(
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
    return try piece(cutoff, block, features, levels: levels)
  }

  private func piece(
    _ cutoff: Cutoff, _ block: BlockAssembler, _ features: Set<Int>, levels: (Int) -> [String]
  ) throws(InfiniteValue) -> PanelPiece {
    let (entities, labels) = (block.entities, block.labels)
    let hasLabel = cutoff.role != .immature
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
      guard let values = values(batch.columns[number + 1], index) else { continue }
      block.add(values, of: entities, feature: index, spec.features[index].expression)
    }
  }

  /// Returns the values of a feature; nil for a type that no feature has.
  private func values(_ column: Column, _ feature: Int) -> FeatureColumn? {
    dictionaries[feature].map { FeatureColumn.int32($0.encode(column)) } ?? FeatureColumn(column)
  }
}

// MARK: - Several cutoffs

extension BlockReader {
  /// Divides cutoffs into batches of neighbors.
  func batches(
    _ wanted: [(cutoff: Cutoff, features: Set<Int>)], threads: Int
  ) -> [CutoffBatch] {
    var batches: [CutoffBatch] = []
    var rest = wanted[...]
    while let first = rest.first {
      let hasLabel = first.cutoff.role != .immature
      let alike = rest.prefix {
        $0.features == first.features && ($0.cutoff.role != .immature) == hasLabel
      }
      let queries =
        [cohort(first.cutoff)] + query.parts(first.cutoff.date, of: first.features)
      let size = rule.size(
        queries.map { ($0.sql, $0.features.count) }, count: alike.count, threads: threads)
      for start in stride(from: alike.startIndex, to: alike.endIndex, by: size) {
        let some = alike[start..<min(start + size, alike.endIndex)]
        batches.append(CutoffBatch(cutoffs: some.map(\.cutoff), features: first.features))
      }
      rest = rest[alike.endIndex...]
    }
    return batches
  }

  /// Returns the rows of each cutoff of a batch.
  func pieces(
    _ batch: CutoffBatch, _ connection: Connection, levels: (Int) -> [String] = { _ in [] }
  ) -> [Result<PanelPiece, any Error>] {
    if batch.cutoffs.count > 1 {
      do throws(WarehouseError) {
        return zip(batch.cutoffs, try blocks(batch, connection)).map { cutoff, block in
          Result { try piece(cutoff, block, batch.features, levels: levels) }
        }
      } catch {
        if rule.isForced { return batch.cutoffs.map { _ in .failure(error) } }
        // A query for several cutoffs may fail on rows that none of them sees, or for lack of
        // memory. Only what fails when a cutoff is read by itself is an error.
      }
    }
    return batch.cutoffs.map { cutoff in
      Result { try piece(cutoff, batch.features, connection, levels: levels) }
    }
  }

  /// Reads the rows of several cutoffs, each part by one query for all of them if its sources are
  /// small.
  private func blocks(
    _ batch: CutoffBatch, _ connection: Connection
  ) throws(WarehouseError) -> [BlockAssembler] {
    var blocks = try cohorts(batch.cutoffs, connection)
    let parts = batch.cutoffs.map { query.parts($0.date, of: batch.features) }
    guard parts.allSatisfy({ $0.map(\.features) == parts[0].map(\.features) }) else {
      throw Self.unlike
    }
    for (index, part) in parts[0].enumerated() {
      let own = parts.map { $0[index] }
      if let together = try combined(own) {
        let rows = try connection.query(together.sql)
        while let batch = try rows.next() { add(batch, part, to: &blocks) }
        continue
      }
      for (number, part) in own.enumerated() {
        let rows = try connection.query(part.sql)
        while let batch = try rows.next() { add(batch, part, to: &blocks[number]) }
      }
    }
    return blocks
  }

  private func cohorts(
    _ cutoffs: [Cutoff], _ connection: Connection
  ) throws(WarehouseError) -> [BlockAssembler] {
    let featureCount = query.spec.features.count
    let cohorts = cutoffs.map(cohort)
    if let together = try combined(cohorts) {
      return try BlockAssembler.several(
        cohorts: try connection.query(together.sql), count: cutoffs.count,
        entityCount: entityCount, featureCount: featureCount)
    }
    return try cohorts.map { cohort throws(WarehouseError) in
      try BlockAssembler(
        cohort: try connection.query(cohort.sql), entityCount: entityCount,
        featureCount: featureCount)
    }
  }

  /// Returns one query for the same part of several cutoffs; nil if each is read by itself.
  private func combined(_ parts: [PanelQuery.Part]) throws(WarehouseError) -> BatchQuery? {
    guard rule.isSmall(parts[0].sql) else { return nil }
    let query = BatchQuery(parts.map(\.sql))
    if query == nil, rule.isForced { throw Self.unlike }
    return query
  }

  private static let unlike = WarehouseError(
    .query, "the queries of two cutoffs differ in more than days")

  private func cohort(_ cutoff: Cutoff) -> PanelQuery.Part {
    PanelQuery.Part(sql: query.cohort(cutoff, label: cutoff.role != .immature), features: [])
  }

  /// Adds rows of several cutoffs: the number of the cutoff, then the columns of the part.
  private func add(
    _ batch: RecordBatch, _ part: PanelQuery.Part, to blocks: inout [BlockAssembler]
  ) {
    guard case .int32(let cutoffs) = batch.columns[0].values,
      case .int32(let entities) = batch.columns[1].values
    else { return }
    var rowsOfCutoff = [[Int]](repeating: [], count: blocks.count)
    for (row, cutoff) in cutoffs.enumerated() { rowsOfCutoff[Int(cutoff)].append(row) }
    let own = rowsOfCutoff.map { rows in rows.map { entities[$0] } }
    for (number, index) in part.features.enumerated() {
      guard let values = values(batch.columns[number + 2], index) else { continue }
      let expression = query.spec.features[index].expression
      for (cutoff, rows) in rowsOfCutoff.enumerated() where !rows.isEmpty {
        blocks[cutoff].add(values.rows(rows), of: own[cutoff], feature: index, expression)
      }
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
