/// One key of a map of the spec.
public struct KeyDefinition: Sendable {
  /// Whether the key must be written.
  public enum Presence: Sendable {
    /// It must.
    case required
    /// It need not, and has no standard value.
    case optional
    /// Filled in where it is not written.
    case standard(StandardValue)
  }

  /// The value of a key that is not written.
  public enum StandardValue: Sendable {
    /// A scalar as written in YAML.
    case scalar(String)
    /// A list of such scalars.
    case list([String])
    /// An empty map, whose own keys are filled in in turn.
    case map
    /// An empty list.
    public static var nothing: StandardValue { .list([]) }
  }

  /// The key as written.
  public let name: String
  /// What may stand as its value.
  public let kind: ValueKind
  /// Whether it must be written.
  public let presence: Presence
  /// What the key means, in one line.
  public let summary: String
  /// The keys of which one must stand beside this one; empty: it may stand anywhere in its map.
  public let beside: [String]

  /// A key that must be written or has a standard value.
  init(_ name: String, _ kind: ValueKind, _ presence: Presence, _ summary: String) {
    self.name = name
    self.kind = kind
    self.presence = presence
    self.summary = summary
    self.beside = []
  }

  /// An optional key.
  init(_ name: String, _ kind: ValueKind, beside: [String] = [], _ summary: String) {
    self.name = name
    self.kind = kind
    self.presence = .optional
    self.summary = summary
    self.beside = beside
  }
}
