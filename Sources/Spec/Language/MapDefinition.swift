/// The definition of one map of the spec: its keys and their constraints.
public struct MapDefinition: Sendable {
  /// A rule about which keys occur together.
  public enum Constraint: Sendable {
    /// Exactly one of these keys occurs; `what` names their common meaning, such as `location`.
    case exactlyOne([String], what: String)
    /// The keys that occur belong to at most one of these groups.
    case oneGroup([[String]], what: String)
    /// Either all of these keys occur or none.
    case together([String])
    /// The key occurs only together with all of these.
    case needsAll(String, [String])
  }

  /// The map's name in other definitions and on the reference page.
  public let name: DefinitionName
  /// The meaning of the map, in one or two sentences.
  public let summary: String
  /// An example of the map as YAML.
  public let example: String
  /// The keys, in the order of the reference page.
  public let keys: [KeyDefinition]
  /// The rules about which keys occur together.
  public let constraints: [Constraint]
  /// Keys that the user chooses, in addition to `keys`; nil if there are none.
  public let others: Others?

  /// Keys of a map that the user chooses.
  public struct Others: Sendable {
    /// The form of the keys.
    public let style: ValueKind.NameStyle
    /// The kind of their values.
    public let kind: ValueKind
    /// Their meaning, in one line.
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

  /// Returns the definition of a key, or nil.
  public func key(_ name: String) -> KeyDefinition? { keys.first { $0.name == name } }

  /// Returns the kind of a key's value, for a defined key or one that the user chose.
  public func kind(of name: String) -> ValueKind? { key(name)?.kind ?? others?.kind }
}

/// The definition of one key of a map.
public struct KeyDefinition: Sendable {
  /// Whether the key must be written.
  public enum Presence: Sendable {
    /// The key is required.
    case required
    /// The key is optional and has no default.
    case optional
    /// The key has a default, which is filled in if it is not written.
    case `default`(DefaultValue)
  }

  /// The default value of a key.
  public enum DefaultValue: Sendable {
    /// A scalar as written in YAML.
    case scalar(String)
    /// A list of such scalars.
    case list([String])
    /// An empty map, whose own keys get their defaults in turn.
    case map
    /// An empty list.
    public static var nothing: DefaultValue { .list([]) }
  }

  /// The key as written.
  public let name: String
  /// The kind of its value.
  public let kind: ValueKind
  /// Whether it must be written.
  public let presence: Presence
  /// The key's name in earlier versions of the language; nil if it has not changed.
  public let formerly: String?
  /// The meaning of the key, in one line.
  public let summary: String
  /// The keys of which at least one must occur together with this one; empty if there is no such
  /// rule.
  public let beside: [String]

  /// Creates a key that is required or has a default.
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

  /// Creates an optional key.
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
  case day
  case source
  case validTo = "valid_to"
  case csv
  case column
  case contract
  case feature
  case categoryInput = "category_input"
  case eventWindow = "event_window"
  case cutoffs
  case trainCutoffs = "train_cutoffs"
  case calibrateCutoffs = "calibrate_cutoffs"
  case cohort
  case rule
  case membership
  case label
  case eventRows = "event_rows"
  case lookAhead = "look_ahead"
  case accept
  case audit
  case acceptedChecks = "accepted_checks"
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
  case monitor
  case gates
  case segmentGate = "segment_gate"
  case sweep
  case range
  case halving
  case project
  case connection
  case registry
}
