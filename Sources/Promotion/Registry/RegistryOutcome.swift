public import Diagnostics

/// What became of a promotion or a rollback.
public struct RegistryOutcome: Sendable {
  public enum Result: Sendable {
    /// It was done, with this record.
    case recorded(RegistryRecord)
    /// The run was champion already; nothing was written.
    case isChampion(runId: String)
    /// Another run has become champion since the gates were held against the run; nothing was written.
    case championChanged
  }

  public let result: Result
  /// What a crash before had left, and was mended.
  public let warnings: [Finding]

  public init(result: Result, warnings: [Finding]) {
    self.result = result
    self.warnings = warnings
  }

  /// The record that was written; nil where none was.
  public var record: RegistryRecord? {
    if case .recorded(let record) = result { record } else { nil }
  }
}
