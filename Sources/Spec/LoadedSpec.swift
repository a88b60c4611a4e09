public import Diagnostics
internal import OrderedCollections
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

extension LoadedSpec {
  /// The keys by which this recipe differs from another, and what stands there on either side.
  ///
  /// Lists are compared as a whole. What `recipeText` leaves out is left out here, too.
  public func recipeDifferences(
    from other: LoadedSpec
  ) -> [(key: String, before: String, now: String)] {
    Self.differences(recipe, other.recipe)
  }

  /// The keys by which this experiment's resolved spec differs from another's, its name apart, and what
  /// stands there on either side; lists are compared as a whole.
  public func differences(
    from other: LoadedSpec
  ) -> [(key: String, before: String, now: String)] {
    Self.differences(resolved?.without("name"), other.resolved?.without("name"))
  }

  private static func differences(
    _ node: Node?, _ other: Node?
  ) -> [(key: String, before: String, now: String)] {
    let before = other.map { leaves($0, under: "") } ?? [:]
    let now = node.map { leaves($0, under: "") } ?? [:]
    let keys = OrderedSet(before.keys).union(now.keys)
    return keys.compactMap { key in
      before[key] == now[key] ? nil : (key, before[key] ?? "-", now[key] ?? "-")
    }
  }

  private static func leaves(_ node: Node, under path: String) -> OrderedDictionary<String, String>
  {
    guard let mapping = node.mapping else { return [path: inline(node)] }
    var leaves: OrderedDictionary<String, String> = [:]
    for entry in mapping.entries {
      let key = path.isEmpty ? entry.key.value : "\(path).\(entry.key.value)"
      leaves.merge(Self.leaves(entry.value, under: key)) { first, _ in first }
    }
    return leaves
  }

  private static func inline(_ node: Node) -> String {
    switch node.content {
    case .scalar(let scalar): scalar.text
    case .sequence(let items): "[" + items.map(inline).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      "{"
        + mapping.entries.map { "\($0.key.value): \(inline($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }
}

/// What became of a spec file: the experiments it describes, and everything found on the way.
public struct LoadedSpecFile: Sendable {
  /// The file's path as given.
  public var path: String
  /// One experiment, or one per combination of a sweep, the first path changing slowest, named
  /// `NAME@num_leaves=15`; none when the files cannot be composed.
  public var members: [LoadedSpec]
  /// How the members of a sweep are thinned out before they are run; nil: they are not.
  public var halving: HalvingSpec?
  /// The composed spec with every default filled in, its `sweep` included; nil when the files could
  /// not be read or composed.
  public var resolved: Node?
  /// Everything found in any member, each once, sorted by place.
  public var findings: [Finding]

  /// The experiments; empty exactly when `findings` has an error.
  public var specs: [ExperimentSpec] { findings.hasErrors ? [] : members.compactMap(\.spec) }

  /// The experiment of a file that describes one; nil for a sweep of several.
  public var spec: ExperimentSpec? { specs.count == 1 ? specs[0] : nil }

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiments.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }
}

/// One experiment, ready to run: what a spec file says when it is composed, and the texts that it can be
/// told from others by.
public struct ResolvedExperiment: Sendable {
  public let spec: ExperimentSpec
  /// `LoadedSpec.resolvedText`.
  public let text: String
  /// `LoadedSpec.identityText`.
  public let identityText: String
  /// `identityText` in parts: its keys, each with what it says as YAML.
  public let parts: [(key: String, text: String)]
  /// `LoadedSpec.panelText`.
  public let panelText: String
  /// By source: how its rows are read, as YAML, without how far they reach and what they promise.
  public let sourceTexts: [String: String]
  /// `LoadedSpec.variations`.
  public let variations: [String]
}

extension LoadedSpec {
  /// The experiment; nil exactly when `findings` has an error.
  public var experiment: ResolvedExperiment? {
    guard let spec, let text = resolvedText, let identityText, let panelText else { return nil }
    let sources = resolved?.mapping?["sources"]?.mapping?.entries ?? []
    return ResolvedExperiment(
      spec: spec, text: text, identityText: identityText,
      parts: (identity?.mapping?.entries ?? []).map { ($0.key.value, YAMLWriter.write($0.value)) },
      panelText: panelText,
      sourceTexts: Dictionary(
        sources.map { entry in
          (entry.key.value, YAMLWriter.write(entry.value.without("data_through").without("expect")))
        }, uniquingKeysWith: { first, _ in first }), variations: variations)
  }
}
