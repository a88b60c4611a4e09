internal import Diagnostics
internal import Foundation
internal import OrderedCollections
public import Spec
internal import Warehouse

/// How many rows have a key that is known: rows of a source, as they arrived, that belong to an entity;
/// or, for a source in `references`, rows with a reference that leads to a row of it.
public struct KeyCoverage: Sendable {
  /// The largest acceptable share of rows with an unknown key, both for the warning of every command
  /// and for the audit's `join_coverage`.
  ///
  /// Deleted or merged accounts leave a few percent. A system that writes its keys in another form
  /// affects all of its rows, which are rarely less than a tenth of a source.
  public static let largestUnmatchedShare = 0.1

  /// The name of the source.
  public let source: String
  /// The column that refers to the source, whose rows are counted; nil if the source has the
  /// entities' keys.
  public let foreignKey: ColumnReference?
  /// The number of rows with a key.
  public let rows: Int
  /// The number of rows whose key is unknown.
  public let unmatched: Int
  /// The first of these keys, sorted.
  public let examples: [String]
  /// Whether too many keys are unknown.
  public let isPoor: Bool

  /// The share of rows whose key is unknown.
  public var unmatchedShare: Double { rows > 0 ? Double(unmatched) / Double(rows) : 0 }

  /// Looks up the keys of all rows.
  init(of source: SourceSpec, _ lookup: KeyLookup) throws(WarehouseError) {
    self.source = source.name.value
    foreignKey = source.foreignKey?.value
    (rows, unmatched) = try lookup.counts()
    examples = unmatched == 0 ? [] : try lookup.examples()
    let isLarge = rows > 0 && Double(unmatched) > Self.largestUnmatchedShare * Double(rows)
    if isLarge, unmatched < rows, foreignKey != nil, case .events = source.shape {
      // An account without events is no mistake, unless there are events under a similar key.
      isPoor = try !lookup.causes().causes.isEmpty
    } else {
      isPoor = isLarge
    }
  }
}

/// Keys that are looked up among others.
struct KeyLookup {
  /// A query for the `key` of every row, null if it has none.
  let keys: String
  /// The table with every known `key` once.
  let known: String
  let connection: Connection

  /// The keys of a source's rows among those of the entities or, if a column refers to the source,
  /// that column's values among the source's own keys.
  /// - Parameter loaded: the sources that are loaded.
  /// - Returns: nil if the referring source is not loaded.
  init?(of source: LoadedSource, among loaded: [String: LoadedSource], _ connection: Connection) {
    if let key = source.spec.foreignKey?.value {
      guard let column = loaded[key.source]?.spec.columns[key.column] else { return nil }
      keys =
        "SELECT \(column.key(of: "referring")) AS key FROM \(LoadedSource.table(key.source)) "
        + "AS referring"
    } else {
      keys = source.keys
    }
    known = SourceLoader.keys(of: source.spec)
    self.connection = connection
  }

  init(keys: String, known: String, _ connection: Connection) {
    self.keys = keys
    self.known = known
    self.connection = connection
  }

  fileprivate func counts() throws(WarehouseError) -> (rows: Int, unmatched: Int) {
    let row = try connection.query(
      "SELECT count(key), count(key) FILTER (WHERE key NOT IN "
        + "(SELECT key FROM \(known))) FROM (\(keys))"
    ).next()
    return (row?.columns[0].integer(0) ?? 0, row?.columns[1].integer(0) ?? 0)
  }

  /// The first unknown keys.
  fileprivate func examples() throws(WarehouseError) -> [String] {
    try texts(strangers + " ORDER BY key LIMIT 3")
  }

  /// The first known keys.
  fileprivate func knownExamples() throws(WarehouseError) -> [String] {
    try texts("SELECT key FROM \(known) ORDER BY key LIMIT 3")
  }

  /// A query for the distinct unknown keys.
  private var strangers: String {
    "SELECT DISTINCT key FROM (\(keys)) WHERE key IS NOT NULL "
      + "AND key NOT IN (SELECT key FROM \(known))"
  }

  private func texts(_ sql: String) throws(WarehouseError) -> [String] {
    // Streamed rows have no order.
    try connection.texts(sql).sorted()
  }

  /// The number of unknown keys that are compared with the known ones.
  private static let sampleSize = 1000

  /// Returns how unknown keys differ from known ones, based on a sample.
  fileprivate func causes() throws(WarehouseError) -> (looked: Int, causes: [KeyLikeness]) {
    let sample = try texts(
      "SELECT key FROM (\(strangers)) ORDER BY hash(key), key LIMIT \(Self.sampleSize)")
    let all = try texts("SELECT key FROM \(known)")
    // Among many keys, some are similar by chance.
    let causes = KeyLikeness.causes(of: sample, among: all)
      .filter { Double($0.count) >= 0.05 * Double(sample.count) }
    return (sample.count, causes)
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
    let lookup = KeyLookup(
      keys: "SELECT \(draft.key) AS key FROM \(draft.relation.sql)", known: Self.entities,
      engine.connection)
    let coverage = try KeyCoverage(of: draft.spec, lookup)
    guard coverage.isPoor else { return }
    let (looked, causes) = try lookup.causes()
    findings.append(
      .unmatchedKeys(
        draft.spec, coverage, knownExamples: try lookup.knownExamples(), looked: looked,
        causes: causes))
  }

  /// Warns about each reference that leads to no row of its source, or too often does not.
  /// - Parameter loaded: the sources that are loaded.
  mutating func checkReferences(_ loaded: [String: LoadedSource]) {
    guard alteration == .none else { return }
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard let key = source.spec.foreignKey,
        let lookup = KeyLookup(of: source, among: loaded, engine.connection)
      else { continue }
      do {
        let coverage = try KeyCoverage(of: source.spec, lookup)
        guard coverage.isPoor else { continue }
        let (looked, causes) = try lookup.causes()
        findings.append(
          .unmatchedReferences(
            source.spec, key, coverage, knownExamples: try lookup.knownExamples(), looked: looked,
            causes: causes))
      } catch {
        report(error, reading: source.spec)
      }
    }
  }
}

extension Finding {
  static func unmatchedKeys(
    _ source: SourceSpec, _ coverage: KeyCoverage, knownExamples: [String], looked: Int,
    causes: [KeyLikeness]
  ) -> Finding {
    let name = source.name.value
    let share = NumberText.percent(coverage.unmatchedShare)
    let isNone = coverage.unmatched == coverage.rows
    var notes = [
      "keys of `\(name)` without an entity: \(coverage.examples.keyList); keys of entities: "
        + knownExamples.keyList
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

  static func unmatchedReferences(
    _ source: SourceSpec, _ key: Located<ColumnReference>, _ coverage: KeyCoverage,
    knownExamples: [String], looked: Int, causes: [KeyLikeness]
  ) -> Finding {
    let name = source.name.value
    let share = NumberText.percent(coverage.unmatchedShare)
    let isNone = coverage.unmatched == coverage.rows
    let rows = if case .events = source.shape { "events" } else { "a row" }
    var notes = [
      "values of `\(key.value)` without \(rows): \(coverage.examples.keyList); keys of `\(name)`: "
        + knownExamples.keyList
    ]
    if !causes.isEmpty {
      notes.append(
        "of \(looked.grouped) such values, "
          + causes.map { $0.sentence(known: "a key of `\(name)`") }.joined(separator: "; "))
    }
    return Finding(
      392, .warning,
      isNone
        ? "no value of `\(key.value)` is a key of `\(name)`"
        : "\(coverage.unmatched.grouped) of \(coverage.rows.grouped) rows of `\(key.value.source)` "
          + "(\(share)) refer to a key that `\(name)` does not have",
      at: key.span,
      label: isNone
        ? "every feature of `\(name)` is empty" : "for these rows, features of `\(name)` are empty",
      notes: notes,
      hints: [
        causes.isEmpty
          ? "refer from the column that has the keys of `\(name)`"
          : "make the keys equal with `sql`, in either source"
      ])
  }
}

extension [String] {
  fileprivate var keyList: String {
    map { "`\(KeyLikeness.shown($0))`" }.joined(separator: ", ")
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
        `00417`, another case, or invisible spaces. The note says how the keys differ. For a \
        source in `references`, the values of the column that refers to it are looked up among its \
        keys.
        """,
      example: .spec(calls, sql: "UPDATE calls SET id = lower(id);", Example.checkWithData),
      fix: """
        Make the keys equal in the data or with `sql`, such as `upper(id) AS id`. If the source \
        also has rows of others on purpose, select the entities' rows in its `sql`.
        """)
  ]
}
