internal import Columns
internal import Diagnostics
internal import Spec
internal import Warehouse

/// Combines the results of a cutoff's queries: one row per entity of the cohort, sorted by entity
/// index, whatever the order in which the engine returned them.
struct BlockAssembler {
  /// The cohort's entities, ascending.
  let entities: [Int32]
  let labels: [UInt8]
  /// The number of entities of the cohort without a label, which are left out.
  let excluded: Int
  /// The row of each entity, or -1 if it is not in the cohort.
  private let rows: [Int32]
  private var columns: [FeatureColumn?]

  /// Reads the cohort's rows: `entity` and, if requested, `label`; with a conditional label also
  /// whether the entity has one.
  init(
    cohort: RecordBatchStream, entityCount: Int, featureCount: Int
  ) throws(WarehouseError) {
    self = try Self.read(
      cohort, cutoffCount: nil, entityCount: entityCount, featureCount: featureCount)[0]
  }

  /// Reads the cohorts of several cutoffs: the number of the cutoff, then the columns of one.
  static func several(
    cohorts: RecordBatchStream, count: Int, entityCount: Int, featureCount: Int
  ) throws(WarehouseError) -> [BlockAssembler] {
    try read(cohorts, cutoffCount: count, entityCount: entityCount, featureCount: featureCount)
  }

  /// - Parameter cutoffCount: nil for rows of one cutoff, without its number.
  private static func read(
    _ rows: RecordBatchStream, cutoffCount: Int?, entityCount: Int, featureCount: Int
  ) throws(WarehouseError) -> [BlockAssembler] {
    // The state of each entity: -1 not in the cohort, 0 negative, 1 positive.
    let none = [Int8](repeating: -1, count: entityCount)
    var states = [[Int8]](repeating: none, count: cutoffCount ?? 1)
    var excluded = [Int](repeating: 0, count: cutoffCount ?? 1)
    while let batch = try rows.next() {
      let columns = batch.columns.dropFirst(cutoffCount == nil ? 0 : 1).map(\.values)
      guard case .int32(let entities) = columns[0] else { continue }
      var cutoffs: [Int32]?
      if cutoffCount != nil {
        guard case .int32(let numbers) = batch.columns[0].values else { continue }
        cutoffs = numbers
      }
      func flags(_ index: Int) -> [Int8]? {
        guard index < columns.count, case .int8(let flags) = columns[index] else { return nil }
        return flags
      }
      let (labels, haveLabels) = (flags(1), flags(2))
      for (row, entity) in entities.enumerated() {
        let cutoff = Int(cutoffs?[row] ?? 0)
        if haveLabels?[row] == 0 {
          excluded[cutoff] += 1
        } else {
          states[cutoff][Int(entity)] = labels?[row] ?? 0
        }
      }
    }
    return zip(states, excluded).map {
      BlockAssembler(states: $0, excluded: $1, featureCount: featureCount)
    }
  }

  private init(states: [Int8], excluded: Int, featureCount: Int) {
    var rows = [Int32](repeating: -1, count: states.count)
    var entities: [Int32] = []
    var labels: [UInt8] = []
    for (number, state) in states.enumerated() where state >= 0 {
      rows[number] = Int32(entities.count)
      entities.append(Int32(number))
      labels.append(UInt8(state))
    }
    self.rows = rows
    self.entities = entities
    self.labels = labels
    self.excluded = excluded
    columns = [FeatureColumn?](repeating: nil, count: featureCount)
  }

  /// Adds the result of a partial query: the `values` of `entities` for the feature with an index.
  ///
  /// Entities without a row in the result keep the feature's value for a missing row.
  mutating func add(
    _ values: FeatureColumn, of entities: [Int32], feature index: Int,
    _ expression: FeatureExpression
  ) {
    // Move the column out first so that the array is uniquely referenced and is not copied on
    // write.
    var column =
      columns[index]
      ?? values.blank(count: self.entities.count, zero: expression.facts.isZeroWithoutRow)
    columns[index] = nil
    column.scatter(values, to: entities, rows: rows)
    columns[index] = column
  }

  /// Returns the columns of features. A feature for which no query returned a row has its value for
  /// a missing row everywhere.
  consuming func columns(_ wanted: Set<Int>, _ spec: ExperimentSpec) -> [Int: FeatureColumn] {
    var found: [Int: FeatureColumn] = [:]
    for index in wanted {
      let facts = spec.features[index].expression.facts
      if case .features = facts.reads { continue }
      found[index] =
        columns[index]
        ?? facts.type.storage.column.blank(count: entities.count, zero: facts.isZeroWithoutRow)
    }
    return found
  }
}

extension FeatureColumn {
  /// Writes values of entities to their rows; values of entities without a row are dropped.
  /// - Parameter rows: the row of each entity, or -1.
  fileprivate mutating func scatter(
    _ values: FeatureColumn, to entities: [Int32], rows: [Int32]
  ) {
    func put<Value>(_ source: [Value], _ target: inout [Value]) {
      for (number, value) in zip(entities, source) {
        let row = rows[Int(number)]
        if row >= 0 { target[Int(row)] = value }
      }
    }
    // Empty `self` before writing so that the array is uniquely referenced and is not copied.
    switch self {
    case .int8(var target):
      guard case .int8(let source) = values else { break }
      self = .int8([])
      put(source, &target)
      self = .int8(target)
      return
    case .int16(var target):
      guard case .int16(let source) = values else { break }
      self = .int8([])
      put(source, &target)
      self = .int16(target)
      return
    case .int32(var target):
      guard case .int32(let source) = values else { break }
      self = .int8([])
      put(source, &target)
      self = .int32(target)
      return
    case .float(var target):
      guard case .float(let source) = values else { break }
      self = .int8([])
      put(source, &target)
      self = .float(target)
      return
    case .double(var target):
      guard case .double(let source) = values else { break }
      self = .int8([])
      put(source, &target)
      self = .double(target)
      return
    }
    preconditionFailure("a feature's storage changed from batch to batch")
  }
}
