public import Diagnostics

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
