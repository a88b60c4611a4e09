public import Diagnostics

/// What became of a promotion or a rollback.
public struct RegistryOutcome: Sendable {
  /// The record that was written; nil where the run was champion already.
  public let record: RegistryRecord?
  /// What a crash before had left, and what was done about it.
  public let warnings: [Finding]
}
