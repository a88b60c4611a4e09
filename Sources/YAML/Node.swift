public import Diagnostics

/// A value of a YAML document that knows where it was written.
///
/// Aliases and merge keys are already resolved: an aliased node keeps the span of its anchor's text.
public struct Node: Sendable {
  /// What the node holds.
  public indirect enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping(Mapping)
  }

  /// What the node holds.
  public var content: Content
  /// From the node's first byte to its last (for block collections: to the end of the last child).
  ///
  /// An anchor or a tag in front is not part of it.
  public var span: SourceSpan

  /// Makes a node written at a place.
  public init(_ content: Content, at span: SourceSpan) {
    self.content = content
    self.span = span
  }

  /// The scalar, or nil for a list or a map.
  public var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The items of a list, or nil for anything else.
  public var sequence: [Node]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The map, or nil for anything else.
  public var mapping: Mapping? {
    if case .mapping(let mapping) = content { mapping } else { nil }
  }

  /// Whether the node says `null`, `~` or nothing at all.
  public var isNull: Bool { scalar?.value == .null }

  /// What the node is in a person's words, for messages such as "expected a list, found text".
  public var kindName: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a map"
    case .scalar(let scalar): scalar.value.kindName
    }
  }
}
