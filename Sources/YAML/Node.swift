public import Diagnostics

/// A value of a YAML document that knows where it was written.
///
/// Aliases and merge keys are already resolved: an aliased node keeps the span of its anchor's text.
public struct Node: Sendable {
  public indirect enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping(Mapping)
  }

  public var content: Content
  /// From the node's first byte to its last (for block collections: to the end of the last child).
  public var span: SourceSpan

  public init(_ content: Content, at span: SourceSpan) {
    self.content = content
    self.span = span
  }
}

/// A key-value map in the order written; keys are unique.
public struct Mapping: Sendable {
  public struct Entry: Sendable {
    /// The key's text; keys that are not text-like scalars are findings.
    public var key: Located<String>
    public var value: Node
    public init(key: Located<String>, value: Node) {
      self.key = key
      self.value = value
    }
  }

  public var entries: [Entry]
  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// The value under a key, or nil. Cost: linear in the number of entries.
  public subscript(key: String) -> Node? {
    entries.first { $0.key.value == key }?.value
  }
}
