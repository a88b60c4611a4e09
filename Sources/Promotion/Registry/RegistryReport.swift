public import Diagnostics

/// What a verification found in order, and what a crash left.
public struct RegistryReport: Sendable {
  /// A name of the registry.
  public struct Entry: Sendable {
    public let champion: RegistryRecord
    /// The public key that its record is signed with, 64 digits; nil where it is not signed.
    public let key: String?
    /// How many versions of the name were promoted, all of them with their files whole.
    public let versions: Int
  }

  /// The number of records.
  public let records: Int
  /// By name.
  public let entries: [Entry]
  public let warnings: [Finding]
}
