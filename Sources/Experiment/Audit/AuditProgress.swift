/// How far an audit is.
public struct AuditProgress: Sendable {
  /// What is being done: `preparing`, then the checks by their ids.
  public let stage: String
  /// Steps of the stage that are done, and how many there are; 0 of 0 where it has no steps.
  public let done: Int
  public let total: Int
}
