/// The panel's rows of one cutoff, in the order of their entities.
public struct PanelBlock: Sendable {
  public let cutoff: Cutoff
  /// The number of each row's entity: its rank by key.
  public let entities: [Int32]
  /// 1 where the event falls into the label window, else 0; empty where no label was asked for.
  public let labels: [UInt8]
  public let features: FeatureBlock

  public var rowCount: Int { entities.count }
}
