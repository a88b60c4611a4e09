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
  /// What the key was called in earlier versions of the language; nil: it has its first name.
  public let formerly: String?
  /// What the key means, in one line.
  public let summary: String
  /// The keys of which one must stand beside this one; empty: it may stand anywhere in its map.
  public let beside: [String]

  /// A key that must be written or has a standard value.
  init(
    _ name: String, _ kind: ValueKind, _ presence: Presence, formerly: String? = nil,
    _ summary: String
  ) {
    self.name = name
    self.formerly = formerly
    self.kind = kind
    self.presence = presence
    self.summary = summary
    self.beside = []
  }

  /// An optional key.
  init(
    _ name: String, _ kind: ValueKind, beside: [String] = [], formerly: String? = nil,
    _ summary: String
  ) {
    self.name = name
    self.formerly = formerly
    self.kind = kind
    self.presence = .optional
    self.summary = summary
    self.beside = beside
  }
}

/// The names of the maps of the spec, in the order of the reference page.
public enum DefinitionName: String, CaseIterable, Sendable {
  case experiment
  case source
  case validTo = "valid_to"
  case csv
  case column
  case contract
  case feature
  case categoryInput = "category_input"
  case cutoffs
  case cohort
  case rule
  case membership
  case label
  case eventRows = "event_rows"
  case lookAhead = "look_ahead"
  case accept
  case model
  case earlyStopping = "early_stopping"
  case sample
  case calibration
  case evaluation
  case intervals
  case score
  case sentences
  case capacity
  case retrain
  case gates
  case sweep
  case range
  case halving
  case project
  case connection
  case registry
}
