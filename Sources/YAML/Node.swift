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

/// A key-value map in the order written; keys are unique.
public struct Mapping: Sendable {
  /// One key and its value.
  public struct Entry: Sendable {
    /// The key's text; keys that are not text-like scalars are findings.
    public var key: Located<String>
    /// The value under the key.
    public var value: Node

    /// Makes an entry.
    public init(key: Located<String>, value: Node) {
      self.key = key
      self.value = value
    }
  }

  /// The entries in the order written; entries of a merge stand where its `<<` was.
  public var entries: [Entry]

  /// Makes a map of entries, whose keys must differ.
  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// The value under a key, or nil. Cost: linear in the number of entries.
  public subscript(key: String) -> Node? {
    entries.first { $0.key.value == key }?.value
  }

  /// The keys' texts in the order written.
  public var keys: [String] { entries.map(\.key.value) }
}
