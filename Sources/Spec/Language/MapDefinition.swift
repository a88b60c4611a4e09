/// One map of the spec: its keys and how they go together.
public struct MapDefinition: Sendable {
  /// A rule about which keys stand together.
  public enum Constraint: Sendable {
    /// Exactly one of these keys stands; `what` names what they say, such as `location`.
    case exactlyOne([String], what: String)
    /// Keys of at most one of these groups stand.
    case oneGroup([[String]], what: String)
    /// All of these keys stand, or none.
    case together([String])
    /// The key stands only where all of these do.
    case needsAll(String, [String])
  }

  /// What other definitions and the reference page call the map.
  public let name: DefinitionName
  /// What the map says, in one or two sentences.
  public let summary: String
  /// An example of the map as YAML.
  public let example: String
  /// The keys, in the order of the reference page.
  public let keys: [KeyDefinition]
  /// How keys go together.
  public let constraints: [Constraint]
  /// What may stand under keys that the user chooses, beside those of `keys`; nil: there are none.
  public let others: Others?

  /// Keys of a map that the user chooses.
  public struct Others: Sendable {
    /// What the keys look like.
    public let style: ValueKind.NameStyle
    /// What may stand as their value.
    public let kind: ValueKind
    /// What they mean, in one line.
    public let summary: String
  }

  init(
    _ name: DefinitionName, _ summary: String, example: String, keys: [KeyDefinition],
    others: Others? = nil, constraints: [Constraint] = []
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.keys = keys
    self.others = others
    self.constraints = constraints
  }

  /// The definition of a key, or nil.
  public func key(_ name: String) -> KeyDefinition? { keys.first { $0.name == name } }

  /// What may stand under a key, one of the definition's own or one that the user chose.
  public func kind(of name: String) -> ValueKind? { key(name)?.kind ?? others?.kind }
}
