internal import Diagnostics
internal import Spec
internal import Warehouse

/// The clusters of a panel's entities: the entities with one value of the spec's
/// `evaluation.cluster`.
///
/// Rows of one cluster are not independent. They are resampled together, count once as evidence, and
/// are in one fold. An entity without a value is a cluster by itself.
public struct EntityClusters: Sendable, Equatable {
  /// The cluster of each entity, by entity number; clusters are numbered from 0 in the order of
  /// their first entities.
  public let numbers: [Int32]
  /// The column's value as text, by cluster number; nil for the cluster of an entity without one.
  public let texts: [String?]

  /// Divides entities by their values.
  /// - Parameter values: by entity number.
  public init(_ values: [String?]) {
    var numbers: [Int32] = []
    var texts: [String?] = []
    var known: [String: Int32] = [:]
    for value in values {
      if let value, let number = known[value] {
        numbers.append(number)
        continue
      }
      let number = Int32(texts.count)
      if let value { known[value] = number }
      numbers.append(number)
      texts.append(value)
    }
    self.numbers = numbers
    self.texts = texts
  }

  /// The value of each entity, by entity number.
  public var values: [String?] { numbers.map { texts[Int($0)] } }

  /// Returns a name for each cluster, by cluster number: its text, or the key of its only entity.
  /// - Parameter keys: the entities' keys, by entity number.
  public func names(keys: [String]) -> [String] {
    var names = texts.map { $0 ?? "" }
    for (key, number) in zip(keys, numbers) where texts[Int(number)] == nil {
      names[Int(number)] = key
    }
    return names
  }
}

extension EntityClusters {
  /// SQL for `entity` and, as text, the cluster's value of each entity.
  static func sql(_ column: ColumnReference) -> String {
    "SELECT entity, CAST(\(SQL.identifier(column.column)) AS VARCHAR) AS cluster "
      + "FROM \(LoadedSource.table(column.source))"
  }

  /// Reads the clusters of the loaded entities.
  init(
    _ column: ColumnReference, entityCount: Int, _ connection: Connection
  ) throws(WarehouseError) {
    var values = [String?](repeating: nil, count: entityCount)
    // Assign by index, because streamed rows have no order.
    let rows = try connection.query(Self.sql(column))
    while let batch = try rows.next() {
      for row in 0..<batch.rowCount {
        guard let entity = batch.columns[0].integer(row) else { continue }
        values[entity] = batch.columns[1].text(row)
      }
    }
    self.init(values)
  }
}

extension PanelBuilder {
  /// SQL for `entity` and, as `unit`, the same text for all entities of a cluster; nil if every
  /// entity is a cluster of its own.
  var unitSQL: String? {
    spec.evaluation.cluster.map {
      "SELECT entity, coalesce('value ' || cluster, 'entity ' || entity) AS unit "
        + "FROM (\(EntityClusters.sql($0.value)))"
    }
  }

  /// Returns whether the cohort, the label or a feature reads a column of a source, and not only
  /// clusters and segments.
  func isModeled(_ column: ColumnSpec, of source: LoadedSource) -> Bool {
    !plan.readsOnlyForEvaluation(
      ColumnReference(source: source.spec.name.value, column: column.name.value))
  }
}
