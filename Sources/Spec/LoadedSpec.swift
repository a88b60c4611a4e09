public import Diagnostics
public import YAML

/// What became of one experiment of a spec file.
public struct LoadedSpec: Sendable {
  /// The experiment; nil exactly when `findings` has an error.
  public var spec: ExperimentSpec?
  /// The learner's settings; there also when something else is wrong.
  public var model: ModelSpec?
  /// The composed spec with every default filled in, without `extends` and `sweep`; nil when it is no
  /// map at all.
  public var resolved: Node?
  /// Everything found, sorted by place.
  public var findings: [Finding]
  /// What sets it apart from its file, as arguments: values of a sweep and those given on the command line,
  /// as far as they decide its results. The file with these arguments is this experiment.
  public var variations: [String] = []

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiment.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }

  /// The keys that judge or use a run that is there already, and are no part of what it is made of.
  static let afterwards = ["gates", "score", "capacity", "retrain"]

  /// The part of it that decides a run's results: equal texts, equal runs.
  public var identityText: String? { identity.map(YAMLWriter.write) }

  /// What `identityText` is of.
  var identity: Node? { Self.part(resolved, without: Self.afterwards) }

  /// The same without the days that the data reach to, what it is called and what it accepts of its data:
  /// equal texts, equal recipes, run at any time.
  public var recipeText: String? { recipe.map(YAMLWriter.write) }

  /// What `recipeText` is of.
  var recipe: Node? {
    guard var node = resolved, case .mapping(var mapping) = node.content else { return nil }
    for index in mapping.entries.indices {
      switch mapping.entries[index].key.value {
      case "sources": mapping.entries[index].value.changeEach { $0.without("data_through") }
      // The learner takes its parameters in any order.
      case "model": mapping.entries[index].value.change("params") { $0.sortedByKey }
      default: break
      }
    }
    node.content = .mapping(mapping)
    return Self.part(
      node,
      without: Self.afterwards + ["data_through", "as_of", "name", "description", "accept"])
  }

  /// The part of it that decides what the panel holds: equal texts, equal panels.
  public var panelText: String? {
    Self.part(
      resolved,
      without: [
        "name", "description", "accept", "model", "sample", "calibration", "evaluation",
      ] + Self.afterwards
    ).map(YAMLWriter.write)
  }

  /// Without some keys, and with the others in the order of the language's definitions.
  private static func part(_ node: Node?, without keys: [String]) -> Node? {
    node.map { node in
      KeyOrder.ordered(keys.reduce(node) { $0.without($1) }, as: .map(.experiment))
    }
  }
}

extension Node {
  /// Changes every value of a map.
  fileprivate mutating func changeEach(_ change: (Node) -> Node) {
    guard case .mapping(var mapping) = content else { return }
    for index in mapping.entries.indices {
      mapping.entries[index].value = change(mapping.entries[index].value)
    }
    content = .mapping(mapping)
  }

  /// Changes one value of a map.
  fileprivate mutating func change(_ key: String, _ change: (Node) -> Node) {
    guard case .mapping(var mapping) = content else { return }
    for index in mapping.entries.indices where mapping.entries[index].key.value == key {
      mapping.entries[index].value = change(mapping.entries[index].value)
    }
    content = .mapping(mapping)
  }

  /// A map with its keys sorted.
  fileprivate var sortedByKey: Node {
    guard let mapping else { return self }
    return Node(
      .mapping(Mapping(mapping.entries.sorted { $0.key.value < $1.key.value })), at: span)
  }
}
