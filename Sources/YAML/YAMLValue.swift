import Diagnostics

/// A YAML value without positions and styles: the tree that `YAMLWriter` writes.
public indirect enum YAMLValue: Equatable, Sendable {
  case scalar(Scalar.Value)
  case sequence([YAMLValue])
  /// A map. Keys are unique; their order is kept and matters for equality.
  case mapping([Entry])

  /// One key and its value.
  public struct Entry: Equatable, Sendable {
    /// The key's text.
    public var key: String
    /// The value under the key.
    public var value: YAMLValue

    /// Creates an entry.
    public init(_ key: String, _ value: YAMLValue) {
      self.key = key
      self.value = value
    }
  }

  /// Creates the value of a node.
  public init(_ node: Node) {
    switch node.content {
    case .scalar(let scalar): self = .scalar(scalar.value)
    case .sequence(let items): self = .sequence(items.map(YAMLValue.init))
    case .mapping(let mapping):
      self = .mapping(mapping.entries.map { Entry($0.key.value, YAMLValue($0.value)) })
    }
  }

  /// Returns a string value.
  public static func string(_ text: String) -> YAMLValue { .scalar(.string(text)) }
  /// Returns an integer value.
  public static func integer(_ number: Int) -> YAMLValue { .scalar(.integer(number)) }
  /// Returns a float value.
  public static func float(_ number: Double) -> YAMLValue { .scalar(.float(number)) }
  /// Returns a Boolean value.
  public static func bool(_ flag: Bool) -> YAMLValue { .scalar(.bool(flag)) }
  /// The null value.
  public static var null: YAMLValue { .scalar(.null) }
}
