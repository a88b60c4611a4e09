internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The panel's rows of one cutoff, in the order of their entities.
public struct PanelBlock: Sendable {
  public let cutoff: Cutoff
  /// The number of each row's entity: its rank by key.
  public let entities: [Int32]
  /// 1 where the event falls into the label window, else 0; empty where no label was asked for.
  public let labels: [UInt8]
  public let features: FeatureBlock
  /// Stands for all that the block holds, where that is known: equal texts, equal rows.
  public let fingerprint: String?

  public init(
    cutoff: Cutoff, entities: [Int32], labels: [UInt8], features: FeatureBlock,
    fingerprint: String? = nil
  ) {
    self.cutoff = cutoff
    self.entities = entities
    self.labels = labels
    self.features = features
    self.fingerprint = fingerprint
  }

  public var rowCount: Int { entities.count }

  /// The same rows for a cutoff of the same day with another role.
  public func serving(_ cutoff: Cutoff) -> PanelBlock {
    precondition(cutoff.date == self.cutoff.date, "rows belong to their day")
    return PanelBlock(
      cutoff: cutoff, entities: entities, labels: labels, features: features,
      fingerprint: fingerprint)
  }

  /// Some of the rows, by their places, ascending.
  public func rows(_ places: [Int]) -> PanelBlock {
    PanelBlock(
      cutoff: cutoff, entities: places.map { entities[$0] },
      labels: labels.isEmpty ? [] : places.map { labels[$0] }, features: features.rows(places))
  }

  /// The same rows with other labels, one per row.
  public func labelled(_ labels: [UInt8]) -> PanelBlock {
    precondition(labels.count == rowCount, "one label is needed per row")
    return PanelBlock(cutoff: cutoff, entities: entities, labels: labels, features: features)
  }
}

/// Some features of a cutoff's panel rows, as the engine gave them, in the order of the rows' entities.
public struct PanelPiece: Sendable {
  public let cutoff: Cutoff
  /// As `PanelBlock`'s.
  public let entities: [Int32]
  /// As `PanelBlock`'s.
  public let labels: [UInt8]
  /// By the features' places in the spec; sums, which are made of other features, are not among them.
  public let columns: [Int: FeatureColumn]
  /// The texts that the codes of category features stand for.
  public let levels: [Int: [String]]
}

/// How many rows a cutoff has, and how many of them are positive.
public struct CutoffCounts: Codable, Sendable {
  public let cutoff: Cutoff
  public let rows: Int
  /// The entities of the positive rows; empty for immature cutoffs.
  public let buyers: [Int32]

  public init(cutoff: Cutoff, rows: Int, buyers: [Int32]) {
    self.cutoff = cutoff
    self.rows = rows
    self.buyers = buyers
  }

  public var positives: Int { buyers.count }

  /// The same counts for a cutoff of the same day with another role.
  public func serving(_ cutoff: Cutoff) -> CutoffCounts {
    precondition(cutoff.date == self.cutoff.date, "rows belong to their day")
    return CutoffCounts(cutoff: cutoff, rows: rows, buyers: buyers)
  }
}

/// What became of the entities after a cutoff, without any feature.
public struct CutoffOutcomes: Sendable {
  public let cutoff: Cutoff
  /// The entities that were eligible at the cutoff, ascending.
  public let cohort: [Int32]
  /// Every entity that the event happened to in the label window, ascending.
  ///
  /// It need not be in the cohort: one that was listed once may have left it since, as the data were
  /// corrected, and its purchase is a purchase all the same.
  public let buyers: [Int32]
}

/// What an experiment reads of columns that hold only today's value, as its spec allows.
public struct LookAheadUse: Sendable {
  /// The columns, in the order in which the spec allows them.
  public let columns: [ColumnReference]
  /// The chosen features that read any of them.
  public let features: [String]
  /// How many rules of the cohort do.
  public let ruleCount: Int
  /// Whether the label does.
  public let isInLabel: Bool

  init(
    _ spec: ExperimentSpec, expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    let allowed = spec.lookAhead?.allowed.map(\.value) ?? []
    func reads(_ uses: ColumnUses) -> Bool { allowed.contains { uses.uses[$0] != nil } }
    let all = ColumnUses(spec, expressions: expressions)
    columns = allowed.filter { all.uses[$0] != nil }
    features = spec.features.filter { feature in
      reads(ColumnUses(feature, of: spec, expressions: expressions))
    }.map(\.name.value)
    ruleCount = spec.cohort.rules.count { rule in
      reads(ColumnUses(rule.value, of: spec, expressions: expressions))
    }
    isInLabel = reads(ColumnUses(spec.label, expressions: expressions))
  }
}
