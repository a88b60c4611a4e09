internal import Columns
internal import Diagnostics
internal import Foundation
package import Panel
internal import Runs
internal import Spec
internal import Synchronization

/// An experiment's panel as its run reads it: facts about the complete panel, and its rows in the
/// cache.
package struct ExperimentPanel: Sendable {
  let spec: ExperimentSpec
  /// Newest first.
  package let folds: [Timeline]
  var timeline: Timeline { folds[0] }
  let lookAhead: LookAheadUse
  /// Warnings about sources, expressions and timeline.
  private(set) var findings: [Finding]
  let data: [DataFingerprint]
  /// The engine's version.
  let engine: String
  /// The SQL of the last test cutoff.
  let sql: String?
  let inputs: PanelInputs
  let cache: Cache
  /// By the index of a feature, or of a column of segments after them: the texts behind the codes in
  /// the rows of all cutoffs.
  private let dictionaries: [LevelDictionary]

  init(
    _ plan: PanelPlan, folds: [Timeline], findings: [Finding], data: [DataFingerprint],
    engine: String, inputs: PanelInputs, cache: Cache
  ) {
    spec = plan.spec
    self.folds = folds
    lookAhead = plan.lookAhead
    self.findings = findings
    self.data = data
    self.engine = engine
    sql = folds[0][.test].last.map { plan.sql($0) }
    self.inputs = inputs
    self.cache = cache
    dictionaries = (spec.features + spec.segmentColumns).map { _ in LevelDictionary() }
  }

  /// Returns the same panel with further findings about its experiment.
  func with(_ findings: [Finding]) -> ExperimentPanel {
    var copy = self
    copy.findings = findings + copy.findings
    return copy
  }

  /// Fingerprint of the training rows.
  var fingerprint: String {
    var all = CacheInputs("train rows")
    for cutoff in timeline[.train] { all.add("cutoff", fingerprint(of: cutoff)) }
    return all.key
  }

  /// Fingerprint of a cutoff's rows.
  func fingerprint(of cutoff: Cutoff) -> String {
    var all = CacheInputs("rows").adding("labels", inputs.labels(cutoff).key)
    for (index, feature) in spec.features.enumerated() {
      // A combination is covered by its parts, which are among the others, and by its formula.
      all.add(feature.name.value, inputs.feature(index, cutoff)?.key ?? feature.expression.formula)
    }
    return all.key
  }

  /// The rows of all cutoffs with a role, and their size in bytes.
  var size: (rows: Int, bytes: Int) {
    var (rows, bytes) = (0, 0)
    for cutoff in Set(folds.flatMap(\.cutoffs).filter(\.role.hasRows)) {
      let entities = cache.size(inputs.entities(cutoff))
      rows += entities / MemoryLayout<Int32>.size
      bytes += spec.features.indices.reduce(entities) { sum, index in
        sum + (inputs.feature(index, cutoff).map(cache.size) ?? 0)
      }
    }
    return (rows, bytes)
  }

  private var entries: PanelEntries { PanelEntries(inputs: inputs, cache: cache) }

  /// The keys of entities, by entity number.
  func keys() throws(CacheMiss) -> [String] {
    guard let keys = entries.keys() else { throw CacheMiss() }
    return keys
  }

  /// The clusters of the entities; nil if every entity is a cluster of its own.
  func clusters() throws(CacheMiss) -> EntityClusters? {
    guard inputs.clusters != nil else { return nil }
    guard let clusters = entries.clusters() else { throw CacheMiss() }
    return clusters
  }

  /// The texts behind the codes of each category feature, as far as rows have been read.
  var levels: [[String]] { dictionaries.prefix(spec.features.count).map(\.levels) }

  /// The texts behind the codes of each column of segments, as far as rows have been read.
  var segmentLevels: [[String]] { dictionaries.dropFirst(spec.features.count).map(\.levels) }

  /// A cutoff's rows, without their clusters; with the columns of segments if it is a test cutoff of
  /// the newest fold.
  func block(_ cutoff: Cutoff) throws(CacheMiss) -> PanelBlock {
    guard let (entities, labels) = entries.cohort(cutoff) else { throw CacheMiss() }
    func values(_ index: Int) throws(CacheMiss) -> FeatureColumn {
      guard let column = entries.column(index, cutoff, rowCount: entities.count) else {
        throw CacheMiss()
      }
      return column.values(in: dictionaries[index])
    }
    var read: [Int: FeatureColumn] = [:]
    for index in spec.features.indices where inputs.feature(index, cutoff) != nil {
      read[index] = try values(index)
    }
    var segments: [FeatureColumn] = []
    if folds[0].testDays.contains(cutoff.date) {
      for index in dictionaries.indices.dropFirst(spec.features.count) {
        segments.append(try values(index))
      }
    }
    return PanelBlock(
      cutoff: cutoff, entities: entities, labels: labels,
      features: FeatureBlock(spec, rowCount: entities.count, read: read), segments: segments,
      excluded: try excluded(cutoff), fingerprint: fingerprint(of: cutoff))
  }

  /// The number of a cutoff's entities without a label; nil if the label is not conditional.
  private func excluded(_ cutoff: Cutoff) throws(CacheMiss) -> Int? {
    guard spec.label.among != nil else { return nil }
    guard let excluded = entries.excluded(cutoff) else { throw CacheMiss() }
    return excluded
  }

  /// The number of a cutoff's rows and buyers, without reading any feature, and without clusters.
  func counts(_ cutoff: Cutoff) throws(CacheMiss) -> CutoffCounts {
    guard let (entities, labels) = entries.cohort(cutoff) else { throw CacheMiss() }
    return CutoffCounts(
      cutoff: cutoff, rows: entities.count,
      buyers: labels.indices.filter { labels[$0] == 1 }.map { entities[$0] },
      excluded: try excluded(cutoff))
  }
}

/// The parts of a panel in the cache. A part that cannot be decoded is removed, so that it is made
/// again.
struct PanelEntries {
  let inputs: PanelInputs
  let cache: Cache

  /// The keys of entities, by entity number.
  func keys() -> [String]? {
    cache.value(inputs.keys) { data in
      var reader = BinaryReader(data)
      guard let keys = reader.texts(), reader.isAtEnd else { return nil }
      return keys
    }
  }

  /// The clusters of the entities; nil also if every entity is a cluster of its own.
  func clusters() -> EntityClusters? {
    inputs.clusters.flatMap { key in
      cache.value(key) { data in
        var reader = BinaryReader(data)
        guard let texts = reader.texts(), let flags = reader.array(of: UInt8.self),
          reader.isAtEnd, flags.count == texts.count
        else { return nil }
        return EntityClusters(zip(texts, flags).map { $1 == 1 ? $0 : nil })
      }
    }
  }

  func cohort(_ cutoff: Cutoff) -> (entities: [Int32], labels: [UInt8])? {
    let entities = cache.value(inputs.entities(cutoff)) { data -> [Int32]? in
      var reader = BinaryReader(data)
      guard let entities = reader.array(of: Int32.self), reader.isAtEnd,
        entities.allSatisfy({ $0 >= 0 })
      else { return nil }
      return entities
    }
    let labels = cache.value(inputs.labels(cutoff)) { data -> [UInt8]? in
      var reader = BinaryReader(data)
      guard let labels = reader.array(of: UInt8.self), reader.isAtEnd,
        labels.allSatisfy({ $0 <= 1 })
      else { return nil }
      return labels
    }
    guard let entities, let labels else { return nil }
    guard labels.count == entities.count else {
      discard(cutoff)
      return nil
    }
    return (entities, labels)
  }

  /// The number of a cutoff's entities without a label.
  func excluded(_ cutoff: Cutoff) -> Int? {
    inputs.excluded(cutoff).flatMap { key in
      cache.value(key) { data -> Int? in
        var reader = BinaryReader(data)
        guard let number = reader.number(), reader.isAtEnd, number >= 0 else { return nil }
        return number
      }
    }
  }

  /// A feature's values at a cutoff with a given number of rows.
  func column(_ index: Int, _ cutoff: Cutoff, rowCount: Int) -> StoredColumn? {
    guard let key = inputs.feature(index, cutoff),
      let column = cache.value(key, { StoredColumn($0) })
    else { return nil }
    guard column.values.count == rowCount else {
      // It is not known which of the two is wrong.
      cache.discard(key)
      discard(cutoff)
      return nil
    }
    return column
  }

  private func discard(_ cutoff: Cutoff) {
    cache.discard(inputs.entities(cutoff))
    cache.discard(inputs.labels(cutoff))
  }
}

extension Timeline {
  /// The days of the test cutoffs: those at which the columns of segments are read.
  var testDays: Set<CalendarDate> { Set(self[.test].map(\.date)) }
}

/// Thrown when an entry has disappeared or is damaged, so that the panel has to be made again.
package struct CacheMiss: Error {}

extension FeatureExpression {
  /// How a combination is computed, and from which features; empty for other features.
  fileprivate var formula: String {
    guard case .combination(let combination) = self else { return "" }
    let parts = "\(combination.parts.map(\.value))"
    return combination.operation == .sum ? parts : "\(combination.operation) \(parts)"
  }
}

/// Facts about a panel's sources that are known once they have been loaded and checked.
struct PanelFacts: Codable, Sendable {
  /// The first day from which every source has data.
  let observedFrom: CalendarDate?
  /// By source, for sources that are not files.
  let contentHashes: [String: String]
}

/// The loads of this process, so that experiments with the same panel share one. Each experiment
/// reports the load's warnings, at their places in the first one.
final class PanelMemory: Sendable {
  struct Load: Sendable {
    let facts: PanelFacts
    let findings: [Finding]
  }

  private let loads = Mutex([String: Load]())

  subscript(_ inputs: CacheInputs) -> Load? {
    get { loads.withLock { $0[inputs.key] } }
    set { loads.withLock { $0[inputs.key] = newValue } }
  }
}

/// The texts behind the numbers in a panel's rows.
package struct PanelTexts: Sendable {
  /// The keys of entities, by entity number.
  package let keys: [String]
  /// By feature: the texts of a category's codes; empty for numbers.
  package let levels: [[String]]
  /// The same by column of segments.
  package let segments: [[String]]
  /// By cluster number: the cluster's text, or the key of its only entity. Without clusters, the
  /// keys.
  package let clusterNames: [String]

  /// - Parameter clusters: nil if every entity is a cluster of its own.
  package init(
    keys: [String], levels: [[String]], segments: [[String]] = [], clusters: EntityClusters? = nil
  ) {
    self.keys = keys
    self.levels = levels
    self.segments = segments
    clusterNames = clusters?.names(keys: keys) ?? keys
  }

  /// Collects the texts of the rows built so far.
  package init(_ builder: PanelBuilder) throws {
    self.init(
      keys: try builder.keys(),
      levels: builder.spec.features.indices.map(builder.levels(ofFeature:)),
      clusters: builder.clusters)
  }
}
