public import Diagnostics
public import OrderedCollections

/// Findings about the data that an experiment accepts, each with the reason.
///
/// What is accepted stays a caveat of the results; gates let it pass.
public struct AcceptSpec: Sendable {
  /// The findings that may be accepted: label events that end early, a source that has fallen silent.
  public static let ids = [417, 811].map { Finding.ID($0).description }

  /// By the finding's id, `H417`.
  public var reasons: OrderedDictionary<String, Located<String>>

  public init(_ reasons: OrderedDictionary<String, Located<String>> = [:]) {
    self.reasons = reasons
  }

  /// Why a finding is accepted; nil where it is not.
  public func reason(for finding: Finding) -> String? { reasons[finding.id.description]?.value }

  /// The argument that accepts a finding, for a spec as it is loaded.
  public static func argument(_ id: String, because reason: String) -> String {
    "accept.\(id)=\(JSONText.quoted(reason))"
  }
}
