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
