public import Diagnostics

/// The champion of a name: what production scores with, verified against the registry.
public struct PromotedModel: Sendable {
  /// The name it was promoted as.
  public let name: String
  public let runId: String
  /// The folder of its artifact, whose files have the hashes that the registry says.
  public let folder: String
  /// The record that made it champion.
  public let record: RegistryRecord
  /// What a crash left in the registry, and was passed over.
  public let warnings: [Finding]
}
