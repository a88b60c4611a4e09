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

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiment.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }

  /// The keys that judge or use a run that is there already, and are no part of what it is made of.
  private static let afterwards = ["gates", "score", "capacity", "retrain"]

  /// The part of it that decides a run's results: equal texts, equal runs.
  public var identityText: String? { identity.map(YAMLWriter.write) }

  /// What `identityText` is of.
  var identity: Node? { Self.part(resolved, without: Self.afterwards) }

  /// The same without the days that the data reach to: equal texts, equal recipes, run at any time.
  public var recipeText: String? { recipe.map(YAMLWriter.write) }

  /// What `recipeText` is of.
  var recipe: Node? {
    guard var node = resolved, case .mapping(var mapping) = node.content else { return nil }
    if let place = mapping.entries.firstIndex(where: { $0.key.value == "sources" }),
      case .mapping(var sources) = mapping.entries[place].value.content
    {
      for index in sources.entries.indices {
        sources.entries[index].value = sources.entries[index].value.without("data_through")
      }
      mapping.entries[place].value.content = .mapping(sources)
    }
    node.content = .mapping(mapping)
    return (Self.afterwards + ["data_through", "as_of"]).reduce(node) { $0.without($1) }
  }

  /// The part of it that decides what the panel holds: equal texts, equal panels.
  public var panelText: String? {
    Self.part(
      resolved,
      without: ["name", "description", "model", "sample", "calibration", "evaluation"]
        + Self.afterwards
    ).map(YAMLWriter.write)
  }

  /// Without some keys, and with the others in the order of the language's definitions.
  private static func part(_ node: Node?, without keys: [String]) -> Node? {
    node.map { node in
      KeyOrder.ordered(keys.reduce(node) { $0.without($1) }, as: .map(.experiment))
    }
  }
}
