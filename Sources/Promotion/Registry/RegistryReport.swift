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
  /// The last record; nil where there is none.
  public let head: RegistryHead?
  /// By name.
  public let entries: [Entry]
  public let warnings: [Finding]
}

/// A record of the registry by its number and the SHA-256 of its line: `3:9f2c...`.
///
/// Whoever keeps it elsewhere can tell later that the registry has lost nothing up to there.
public struct RegistryHead: Sendable, Equatable, CustomStringConvertible {
  /// From 1 on.
  public let sequence: Int
  /// 64 digits, of the line without its line break: what the next record has as `previous`.
  public let sha256: String

  init(sequence: Int, sha256: String) {
    self.sequence = sequence
    self.sha256 = sha256
  }

  /// Reads `N:SHA`; nil where it is anything else.
  public init?(_ text: String) {
    guard let match = text.wholeMatch(of: #/([1-9][0-9]{0,8}):([0-9a-fA-F]{64})/#),
      let sequence = Int(match.1)
    else { return nil }
    self.init(sequence: sequence, sha256: match.2.lowercased())
  }

  public var description: String { "\(sequence):\(sha256)" }
}
