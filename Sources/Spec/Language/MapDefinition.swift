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
  }

  public let name: DefinitionName
  /// What the map says, in one or two sentences.
  public let summary: String
  /// An example of the map as YAML.
  public let example: String
  public let keys: [KeyDefinition]
  public let constraints: [Constraint]

  init(
    _ name: DefinitionName, _ summary: String, example: String, keys: [KeyDefinition],
    constraints: [Constraint] = []
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.keys = keys
    self.constraints = constraints
  }

  /// The definition of a key, or nil.
  public func key(_ name: String) -> KeyDefinition? { keys.first { $0.name == name } }
}

/// The names of the maps of the spec, in the order of the reference page.
public enum DefinitionName: String, CaseIterable, Sendable {
  case experiment
  case source
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
  case model
  case calibration
  case evaluation
  case intervals
  case score
  case project
  case connection
}
