public import Diagnostics

/// The `current` columns that may be read although they know the future, and why.
///
/// The results of such an experiment carry it: they are not what to expect in use.
public struct LookAheadSpec: Sendable {
  /// The `allow` list.
  public var span: SourceSpan
  public var allowed: [Located<ColumnReference>]
  public var reason: String

  /// Whether a column may be read.
  public func allows(_ column: ColumnReference) -> Bool { allowed.contains { $0.value == column } }
}
