internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// How many rows of a source, as they arrived, belong to an entity.
public struct KeyCoverage: Sendable {
  /// The largest acceptable share of a source's rows that belong to no entity, both for the warning
  /// of every command and for the audit's `join_coverage`.
  ///
  /// Deleted or merged accounts leave a few percent. A system that writes its keys in another form
  /// affects all of its rows, which are rarely less than a tenth of a source.
  public static let largestUnmatchedShare = 0.1

  /// The name of the source.
  public let source: String
  /// The number of rows with a key.
  public let rows: Int
  /// The number of rows whose key belongs to no entity.
  public let unmatched: Int
  /// The first of these keys, sorted.
  public let examples: [String]

  /// The share of rows that belong to no entity.
  public var unmatchedShare: Double { rows > 0 ? Double(unmatched) / Double(rows) : 0 }
  /// Whether the share of unmatched rows is too large.
  public var isPoor: Bool { unmatchedShare > Self.largestUnmatchedShare }

  /// Compares the keys of all rows with those of the entities.
  /// - Parameter keys: a query for the `key` of every row, null if it has none.
  init(of source: String, keys: String, _ connection: Connection) throws(WarehouseError) {
    let row = try connection.query(
      "SELECT count(key), count(key) FILTER (WHERE key NOT IN "
        + "(SELECT key FROM \(SourceLoader.entities))) FROM (\(keys))"
    ).next()
    self.source = source
    rows = row?.columns[0].integer(0) ?? 0
    unmatched = row?.columns[1].integer(0) ?? 0
    examples =
      unmatched == 0
      ? [] : try Self.texts(Self.strangers(keys) + " ORDER BY key LIMIT 3", connection)
  }

  /// Returns a query for the distinct keys that belong to no entity.
  private static func strangers(_ keys: String) -> String {
    "SELECT DISTINCT key FROM (\(keys)) WHERE key IS NOT NULL "
      + "AND key NOT IN (SELECT key FROM \(SourceLoader.entities))"
  }

  private static func texts(
    _ sql: String, _ connection: Connection
  ) throws(WarehouseError) -> [String] {
    // Streamed rows have no order.
    try connection.texts(sql).sorted()
  }

  /// The number of unmatched keys that are compared with those of the entities.
  static let sampleSize = 1000

  /// Returns how the keys of a source differ from those of the entities, based on a sample.
  static func causes(
    _ keys: String, _ connection: Connection
  ) throws(WarehouseError) -> (looked: Int, causes: [KeyLikeness]) {
    let sample = try texts(
      "SELECT key FROM (\(strangers(keys))) ORDER BY hash(key), key LIMIT \(sampleSize)", connection
    )
    let known = try texts("SELECT key FROM \(SourceLoader.entities)", connection)
    return (sample.count, KeyLikeness.causes(of: sample, among: known))
  }
}

extension SourceLoader {
  /// Warns if no row of a source belongs to an entity, or if too many do not.
  /// - Parameters:
  ///   - rowCount: the number of rows in the source.
  ///   - stored: the number of stored rows, which all belong to entities; nil if unknown.
  mutating func checkJoin(
    _ draft: Draft, rowCount: Int, stored: Int?
  ) throws(WarehouseError) {
    guard alteration == .none else { return }
    // Stored rows belong to an entity. Usually the others are too few to be worth a query.
    if let stored {
      let most = KeyCoverage.largestUnmatchedShare * Double(rowCount)
      guard Double(rowCount - stored) > most else { return }
    }
    let keys = "SELECT \(draft.key) AS key FROM \(draft.relation.sql)"
    let coverage = try KeyCoverage(of: draft.spec.name.value, keys: keys, engine.connection)
    guard coverage.isPoor else { return }
    var (looked, causes) = try KeyCoverage.causes(keys, engine.connection)
    // Among many keys, some are similar by chance.
    causes.removeAll { Double($0.count) < 0.05 * Double(looked) }
    let examples = try KeyCoverage.entityExamples(engine.connection)
    findings.append(
      .unmatchedKeys(
        draft.spec, coverage, entityExamples: examples, looked: looked, causes: causes))
  }
}

extension KeyCoverage {
  fileprivate static func entityExamples(
    _ connection: Connection
  ) throws(WarehouseError) -> [String] {
    try texts("SELECT key FROM \(SourceLoader.entities) ORDER BY key LIMIT 3", connection)
  }
}

extension Finding {
  static func unmatchedKeys(
    _ source: SourceSpec, _ coverage: KeyCoverage, entityExamples: [String], looked: Int,
    causes: [KeyLikeness]
  ) -> Finding {
    func list(_ keys: [String]) -> String {
      keys.map { "`\(KeyLikeness.shown($0))`" }.joined(separator: ", ")
    }
    let name = source.name.value
    let share = String(format: "%.1f %%", coverage.unmatchedShare * 100)
    let isNone = coverage.unmatched == coverage.rows
    var notes = [
      "keys of `\(name)` without an entity: \(list(coverage.examples)); keys of entities: "
        + list(entityExamples)
    ]
    if !causes.isEmpty {
      notes.append(
        "of \(looked.grouped) such keys, " + causes.map(\.sentence).joined(separator: "; "))
    }
    return Finding(
      392, .warning,
      isNone
        ? "no row of `\(name)` belongs to an entity"
        : "\(coverage.unmatched.grouped) of \(coverage.rows.grouped) rows of `\(name)` (\(share)) "
          + "belong to no entity",
      at: source.key.span,
      label: isNone ? "every feature of this source is empty" : "these rows are in no feature",
      notes: notes,
      hints: [
        causes.isEmpty
          ? "name the column with the entities' keys, or choose the right rows with `sql`"
          : source.isEmbedded
            ? "make the keys equal with `sql`: `SELECT * REPLACE (... AS "
              + "\(SQL.identifier(source.key.value))) FROM ...`"
            : "make the keys equal with `sql`, in a query of the database"
      ])
  }
}

extension Explanation {
  static let calls = "sources: {calls: {key: «id»}}"

  static let keyCoverageFindings: [Explanation] = [
    Explanation(
      392, "rows of a source that belong to no entity",
      cause: """
        Rows are joined to entities by their keys, as text. More than 10 % of this source's rows, \
        or all of them, have a key that no entity has, so their features are zero or empty without \
        an error. Often one system formats keys differently: `1000.00` for `1000`, `417` for \
        `00417`, another case, or invisible spaces. The note says how the keys differ.
        """,
      example: .spec(calls, sql: "UPDATE calls SET id = lower(id);", Example.checkWithData),
      fix: """
        Make the keys equal in the data or with `sql`, such as `upper(id) AS id`. If the source \
        also has rows of others on purpose, select the entities' rows in its `sql`.
        """)
  ]
}
