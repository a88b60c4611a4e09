public import Columns
internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The panel's rows of one cutoff, sorted by entity.
public struct PanelBlock: Sendable {
  /// The cutoff.
  public private(set) var cutoff: Cutoff
  /// The entity index of each row: its rank by key.
  public let entities: [Int32]
  /// 1 if the event falls into the label window or, if the label is its absence, does not; else 0.
  /// Empty if no label was requested.
  public let labels: [UInt8]
  /// The feature values.
  public let features: FeatureBlock
  /// The values of the columns of segments (`ExperimentSpec.segmentColumns`), in their order; empty
  /// if they were not read.
  public let segments: [FeatureColumn]
  /// The number of entities of the cohort without a label, which have no rows; nil if the label is
  /// not conditional, or none was requested.
  public let excluded: Int?
  /// A fingerprint of the block's contents, if known: blocks with equal fingerprints have equal
  /// rows.
  public let fingerprint: String?
  /// The cluster of each row; nil if every entity is a cluster of its own.
  private var ownClusters: [Int32]?

  /// Creates a block. Without `clusters`, the clusters are the entities.
  public init(
    cutoff: Cutoff, entities: [Int32], labels: [UInt8], features: FeatureBlock,
    segments: [FeatureColumn] = [], excluded: Int? = nil, fingerprint: String? = nil,
    clusters: [Int32]? = nil
  ) {
    self.cutoff = cutoff
    self.entities = entities
    self.labels = labels
    self.features = features
    self.segments = segments
    self.excluded = excluded
    self.fingerprint = fingerprint
    ownClusters = clusters
  }

  /// The cluster of each row: rows of one cluster are not independent. The entity, unless the spec
  /// has `evaluation.cluster`.
  public var clusters: [Int32] { ownClusters ?? entities }

  /// Whether the spec has `evaluation.cluster`.
  public var isClustered: Bool { ownClusters != nil }

  /// The number of rows.
  public var rowCount: Int { entities.count }

  /// Returns the same rows for a cutoff on the same day with another role.
  public func serving(_ cutoff: Cutoff) -> PanelBlock {
    precondition(cutoff.date == self.cutoff.date, "rows belong to their day")
    var block = self
    block.cutoff = cutoff
    return block
  }

  /// Returns the same rows with their clusters; unchanged if there are none.
  public func clustered(by clusters: EntityClusters?) -> PanelBlock {
    guard let clusters else { return self }
    var block = self
    block.ownClusters = entities.map { clusters.numbers[Int($0)] }
    return block
  }

  /// Returns the rows with the given indices, which must be ascending.
  public func rows(_ indices: [Int]) -> PanelBlock {
    PanelBlock(
      cutoff: cutoff, entities: indices.map { entities[$0] },
      labels: labels.isEmpty ? [] : indices.map { labels[$0] }, features: features.rows(indices),
      segments: segments.map { $0.rows(indices) },
      clusters: ownClusters.map { clusters in indices.map { clusters[$0] } })
  }

  /// Returns the same rows with other labels, one per row.
  public func labelled(_ labels: [UInt8]) -> PanelBlock {
    precondition(labels.count == rowCount, "one label is needed per row")
    return PanelBlock(
      cutoff: cutoff, entities: entities, labels: labels, features: features,
      segments: segments, clusters: ownClusters)
  }
}

/// Some features of a cutoff's panel rows as returned by the engine, sorted by entity.
public struct PanelPiece: Sendable {
  /// The cutoff.
  public let cutoff: Cutoff
  /// The entity index of each row, as in `PanelBlock`.
  public let entities: [Int32]
  /// The label of each row, as in `PanelBlock`.
  public let labels: [UInt8]
  /// The number of entities without a label, as in `PanelBlock`.
  public let excluded: Int?
  /// The columns by the features' indices in the spec, with those of segments after them.
  /// Combinations are not included: they are computed from other features.
  public let columns: [Int: FeatureColumn]
  /// The texts of the codes of category features, by feature index.
  public let levels: [Int: [String]]
}

extension Sequence<CutoffCounts> {
  /// The rows, positives and distinct positive clusters of all cutoffs together; a cluster is an
  /// entity, unless the spec has `evaluation.cluster`.
  public var total: (rows: Int, positives: Int, buyers: Int) {
    var buyers: Set<Int32> = []
    var (rows, positives) = (0, 0)
    for counts in self {
      rows += counts.rows
      positives += counts.positives
      buyers.formUnion(counts.clusters ?? counts.buyers)
    }
    return (rows, positives, buyers.count)
  }

  /// The entities without a label at all cutoffs together; nil if the label is not conditional.
  public var excluded: Int? {
    let counts = compactMap(\.excluded)
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }
}

/// The number of rows of a cutoff, and its positive entities.
public struct CutoffCounts: Codable, Sendable {
  /// The cutoff.
  public private(set) var cutoff: Cutoff
  /// The number of rows.
  public let rows: Int
  /// The entities of the positive rows; empty for immature cutoffs.
  public let buyers: [Int32]
  /// The cluster of each of them; nil if every entity is a cluster of its own.
  public private(set) var clusters: [Int32]?
  /// The number of entities without a label, as in `PanelBlock`.
  public let excluded: Int?

  /// Creates counts.
  public init(
    cutoff: Cutoff, rows: Int, buyers: [Int32], clusters: [Int32]? = nil, excluded: Int? = nil
  ) {
    self.cutoff = cutoff
    self.rows = rows
    self.buyers = buyers
    self.clusters = clusters
    self.excluded = excluded
  }

  /// The number of positive rows.
  public var positives: Int { buyers.count }

  /// Returns the same counts for a cutoff on the same day with another role.
  public func serving(_ cutoff: Cutoff) -> CutoffCounts {
    precondition(cutoff.date == self.cutoff.date, "rows belong to their day")
    var counts = self
    counts.cutoff = cutoff
    return counts
  }

  /// Returns the same counts with the clusters of the buyers; unchanged if there are none.
  public func clustered(by clusters: EntityClusters?) -> CutoffCounts {
    guard let clusters else { return self }
    var counts = self
    counts.clusters = buyers.map { clusters.numbers[Int($0)] }
    return counts
  }
}

/// The outcomes of the entities after a cutoff, without features.
public struct CutoffOutcomes: Sendable {
  /// The cutoff.
  public let cutoff: Cutoff
  /// The entities that were eligible at the cutoff, ascending.
  public let cohort: [Int32]
  /// Every entity whose label is 1, ascending: those that had the event in the label window or, if
  /// the label is its absence, all others.
  ///
  /// A buyer need not be in the cohort: an entity that was once on a list may have left the cohort
  /// since, because the data was corrected. Its purchase counts nevertheless.
  public let buyers: [Int32]
  /// The entities with a label, ascending; nil if the label is not conditional, and all have one.
  public let among: [Int32]?
}

/// An entity's first event in a label window.
public struct EntityEvent: Sendable, Equatable {
  /// The entity's index.
  public let entity: Int32
  /// The day of the event.
  public let day: CalendarDate

  /// Creates an event.
  public init(entity: Int32, day: CalendarDate) {
    self.entity = entity
    self.day = day
  }
}

/// The `current` columns that an experiment reads, as its spec allows, and where it reads them.
public struct LookAheadUse: Sendable {
  /// The columns, in the order in which the spec allows them.
  public let columns: [ColumnReference]
  /// The chosen features that read any of them.
  public let features: [String]
  /// The number of segments whose columns are any of them, or are found through any of them.
  public let segmentCount: Int
  /// The number of cohort rules that read any of them.
  public let ruleCount: Int
  /// Whether the label reads any of them.
  public let isInLabel: Bool

  init(
    _ spec: ExperimentSpec, expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    let allowed = spec.lookAhead?.allowed.map(\.value) ?? []
    func reads(_ uses: ColumnUses) -> Bool { allowed.contains { uses.uses[$0] != nil } }
    let segments = spec.segmentColumns.map {
      ColumnUses($0, of: spec, expressions: expressions)
    }
    var all = ColumnUses(spec, expressions: expressions)
    for uses in segments { all.add(uses) }
    columns = allowed.filter { all.uses[$0] != nil }
    features = spec.features.filter { feature in
      reads(ColumnUses(feature, of: spec, expressions: expressions))
    }.map(\.name.value)
    segmentCount = segments.count(where: reads)
    ruleCount = spec.cohort.rules.count { rule in
      reads(ColumnUses(rule.value, of: spec, expressions: expressions))
    }
    isInLabel = reads(ColumnUses(spec.label, expressions: expressions))
  }

  /// Whether segments read them, and nothing else does.
  public var isOnlyOfSegments: Bool {
    segmentCount > 0 && features.isEmpty && ruleCount == 0 && !isInLabel
  }
}
