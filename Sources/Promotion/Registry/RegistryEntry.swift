public import Foundation

/// What a promotion or a rollback is to be recorded with.
public struct RegistryEntry: Sendable {
  public let by: String
  public let reason: String?
  /// The moment; the registry keeps whole seconds.
  public let at: Date
  public let git: GitState?
  /// What the record is signed with; nil leaves it unsigned.
  public let key: SigningKey?

  public init(by: String, reason: String?, at: Date, git: GitState?, key: SigningKey?) {
    self.by = by
    self.reason = reason
    self.at = at
    self.git = git
    self.key = key
  }
}
