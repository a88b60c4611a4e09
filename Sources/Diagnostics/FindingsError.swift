/// Thrown when findings of severity error leave no way on; carries all that were collected.
public struct FindingsError: Error {
  /// Everything that was found, warnings too.
  public let findings: [Finding]

  /// Makes an error of all that was found.
  public init(_ findings: [Finding]) { self.findings = findings }

  /// Makes an error of a single finding.
  public init(_ finding: Finding) { self.findings = [finding] }
}
