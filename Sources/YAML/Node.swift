public import Diagnostics

/// A value of a YAML document together with its position in the source.
///
/// Aliases and merge keys are already resolved. An aliased node keeps the span of its anchor's
/// text.
public struct Node: Sendable {
  /// The kinds of value that a node can hold.
  public indirect enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping(Mapping)
  }

  /// The node's value.
  public var content: Content
  /// The bytes of the node, excluding an anchor or a tag in front of it.
  ///
  /// A block collection ends where its last child ends.
  public var span: SourceSpan

  /// Creates a node with its position in the source.
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

  /// Whether the node is `null`, `~` or empty.
  public var isNull: Bool { scalar?.value == .null }

  /// The kind of the node in everyday words, for messages such as "expected a list, found text".
  public var kindName: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a map"
    case .scalar(let scalar): scalar.value.kindName
    }
  }
}

/// A key-value map in the order written; keys are unique.
public struct Mapping: Sendable {
  /// One key and its value.
  public struct Entry: Sendable {
    /// The key's text. Keys that are not scalars, or that are null, are reported as findings
    /// instead.
    public var key: Located<String>
    /// The value under the key.
    public var value: Node

    /// Creates an entry.
    public init(key: Located<String>, value: Node) {
      self.key = key
      self.value = value
    }
  }

  /// The entries in the order written. Entries from a merge are where its `<<` was.
  public var entries: [Entry]

  /// Creates a map from entries, whose keys must be unique.
  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// Returns the value under a key, or nil. Cost: linear in the number of entries.
  public subscript(key: String) -> Node? {
    entries.first { $0.key.value == key }?.value
  }

  /// The keys in the order written.
  public var keys: [String] { entries.map(\.key.value) }
}
