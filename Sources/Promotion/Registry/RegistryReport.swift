public import Diagnostics

/// The result of a verification that passed, and what a crash left.
public struct RegistryReport: Sendable {
  /// A name of the registry.
  public struct Entry: Sendable {
    public let champion: RegistryRecord
    /// The public key that its record is signed with, 64 digits; nil if it is not signed.
    public let key: String?
    /// The number of promoted versions of the name; the files of all are intact.
    public let versions: Int
  }

  /// The number of records.
  public let records: Int
  /// The last record; nil if there is none.
  public let head: RegistryHead?
  /// By name.
  public let entries: [Entry]
  public let warnings: [Finding]
}

/// A record of the registry by its number and the SHA-256 of its line: `3:9f2c...`.
///
/// Anyone who keeps a copy elsewhere can prove later that the registry has lost nothing up to it.
public struct RegistryHead: Sendable, Equatable, CustomStringConvertible {
  /// Counted from 1.
  public let sequence: Int
  /// 64 digits, for the line without its line break; the next record holds it as `previous`.
  public let sha256: String

  init(sequence: Int, sha256: String) {
    self.sequence = sequence
    self.sha256 = sha256
  }

  /// Reads `N:SHA`; nil for anything else.
  public init?(_ text: String) {
    guard let match = text.wholeMatch(of: #/([1-9][0-9]{0,8}):([0-9a-fA-F]{64})/#),
      let sequence = Int(match.1)
    else { return nil }
    self.init(sequence: sequence, sha256: match.2.lowercased())
  }

  public var description: String { "\(sequence):\(sha256)" }
}
