public import Foundation

/// What a promotion or a rollback is to be recorded with.
public struct RegistryEntry: Sendable {
  public let by: String
  public let reason: String?
  /// Tells the moment, once the registry is locked: who waited longer is then never the earlier one.
  public let clock: @Sendable () -> Date
  public let git: GitState?
  /// What the record is signed with; nil leaves it unsigned.
  public let key: SigningKey?

  public init(
    by: String, reason: String?, clock: @escaping @Sendable () -> Date = { Date() }, git: GitState?,
    key: SigningKey?
  ) {
    self.by = by
    self.reason = reason
    self.clock = clock
    self.git = git
    self.key = key
  }
}
