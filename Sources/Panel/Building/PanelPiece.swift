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
