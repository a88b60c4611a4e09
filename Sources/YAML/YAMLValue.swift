import Diagnostics

/// What a YAML text says, without places and styles: the tree that `YAMLWriter` writes.
public indirect enum YAMLValue: Equatable, Sendable {
  case scalar(Scalar.Value)
  case sequence([YAMLValue])
  /// Keys differ from each other; their order is kept and counts for equality.
  case mapping([Entry])

  /// One key and its value.
  public struct Entry: Equatable, Sendable {
    /// The key's text.
    public var key: String
    /// The value under the key.
    public var value: YAMLValue

    /// Makes an entry.
    public init(_ key: String, _ value: YAMLValue) {
      self.key = key
      self.value = value
    }
  }

  /// What a node says.
  public init(_ node: Node) {
    switch node.content {
    case .scalar(let scalar): self = .scalar(scalar.value)
    case .sequence(let items): self = .sequence(items.map(YAMLValue.init))
    case .mapping(let mapping):
      self = .mapping(mapping.entries.map { Entry($0.key.value, YAMLValue($0.value)) })
    }
  }

  /// Text.
  public static func string(_ text: String) -> YAMLValue { .scalar(.string(text)) }
  /// A whole number.
  public static func integer(_ number: Int) -> YAMLValue { .scalar(.integer(number)) }
  /// A number.
  public static func float(_ number: Double) -> YAMLValue { .scalar(.float(number)) }
  /// True or false.
  public static func bool(_ flag: Bool) -> YAMLValue { .scalar(.bool(flag)) }
  /// Nothing.
  public static var null: YAMLValue { .scalar(.null) }
}
