public import Diagnostics
public import Experiment

/// What has been promoted.
public struct Registry: Sendable {
  public init(project: Project) {}

  /// The champion of a name; nil when nothing was ever promoted under it.
  public func champion(of name: String) throws(FindingsError) -> PromotedModel? { nil }
}
