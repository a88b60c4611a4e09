public import Diagnostics
internal import OrderedCollections
public import YAML

/// The outcome of loading one experiment of a spec file.
public struct LoadedSpec: Sendable {
  /// The experiment; nil exactly if `findings` has an error.
  public var spec: ExperimentSpec?
  /// The learner's settings; present even if other parts have errors.
  public var model: ModelSpec?
  /// The composed spec with all defaults and the parameters of a preset filled in, without `extends`
  /// and `sweep`; nil if it is not a map.
  public var resolved: Node?
  /// All findings, sorted by position.
  public var findings: [Finding]
  /// The arguments that distinguish this experiment from its file: values of a sweep and those
  /// given on the command line, if they affect its results. The file with these arguments gives
  /// this experiment.
  public var variations: [String] = []

  /// The resolved spec as self-contained YAML: loading it again gives the same experiment.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }

  /// The keys that judge or use an existing run and are not part of its identity.
  static let afterwards = ["gates", "score", "capacity", "retrain", "monitor"]

  /// The part of the spec that determines a run's results: runs with equal texts are equal.
  public var identityText: String? { identity.map(YAMLWriter.write) }

  /// The node that `identityText` is written from.
  var identity: Node? { Self.part(resolved, without: Self.afterwards) }

  /// The keys of `label` that only name something for people.
  private static let words = ["noun", "plural"]

  /// The identity without the days of which there is data, the name, and the accepted findings:
  /// experiments with equal texts have the same recipe, whenever they are run.
  public var recipeText: String? { recipe.map(YAMLWriter.write) }

  /// The node that `recipeText` is written from.
  var recipe: Node? {
    guard var node = resolved, case .mapping(var mapping) = node.content else { return nil }
    for index in mapping.entries.indices {
      switch mapping.entries[index].key.value {
      case "sources":
        mapping.entries[index].value.changeEach {
          $0.without("data_through").without("data_from")
        }
      // The learner does not depend on the order of its parameters.
      case "model": mapping.entries[index].value.change("params") { $0.sortedByKey }
      default: break
      }
    }
    node.content = .mapping(mapping)
    return Self.part(
      node,
      without: Self.afterwards + [
        "data_through", "as_of", "name", "description", "accept", "audit",
      ])
  }

  /// The part of the spec that determines the panel's contents: panels with equal texts are equal.
  public var panelText: String? {
    Self.part(
      resolved,
      without: [
        "name", "description", "accept", "audit", "model", "sample", "calibration",
        "evaluation",
      ] + Self.afterwards
    ).map(YAMLWriter.write)
  }

  /// Returns a node without some keys, with the others in the order of the language's definitions.
  private static func part(_ node: Node?, without keys: [String]) -> Node? {
    node.map { node in
      var part = keys.reduce(node) { $0.without($1) }
      part.change("label") { label in words.reduce(label) { $0.without($1) } }
      // Its values are among the parameters.
      part.change("model") { $0.without("preset") }
      return KeyOrder.ordered(part, as: .map(.experiment))
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

  /// The map with its keys sorted.
  fileprivate var sortedByKey: Node {
    guard let mapping else { return self }
    return Node(
      .mapping(Mapping(mapping.entries.sorted { $0.key.value < $1.key.value })), at: span)
  }
}

extension LoadedSpec {
  /// Returns the keys by which this recipe differs from another, with the values of both.
  ///
  /// Lists are compared as units. What `recipeText` leaves out is left out here, too.
  public func recipeDifferences(
    from other: LoadedSpec
  ) -> [(key: String, before: String, now: String)] {
    Self.differences(recipe, other.recipe)
  }

  /// Returns the keys by which this experiment's resolved spec differs from another's, except the
  /// name, with the values of both. Lists are compared as units.
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

/// The outcome of loading a spec file: its experiments and all findings.
public struct LoadedSpecFile: Sendable {
  /// The file's path as given.
  public var path: String
  /// One experiment, or one per combination of a sweep, named `NAME@num_leaves=15`, with the first
  /// path changing slowest; empty if the files cannot be composed.
  public var members: [LoadedSpec]
  /// How the members of a sweep are reduced before they are run; nil if they are not.
  public var halving: HalvingSpec?
  /// The composed spec with all defaults filled in, including its `sweep`; nil if the files could
  /// not be read or composed.
  public var resolved: Node?
  /// All findings of all members, without duplicates, sorted by position.
  public var findings: [Finding]

  /// The experiments; empty exactly if `findings` has an error.
  public var specs: [ExperimentSpec] { findings.hasErrors ? [] : members.compactMap(\.spec) }

  /// The experiment of a file that describes exactly one; nil for a sweep of several.
  public var spec: ExperimentSpec? { specs.count == 1 ? specs[0] : nil }

  /// The resolved spec as self-contained YAML: loading it again gives the same experiments.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }
}

/// One experiment, ready to run: the composed spec and the texts that identify it.
public struct ResolvedExperiment: Sendable {
  /// The decoded experiment.
  public let spec: ExperimentSpec
  /// `LoadedSpec.resolvedText`.
  public let text: String
  /// `LoadedSpec.identityText`.
  public let identityText: String
  /// The parts of `identityText`: each key with its value as YAML.
  public let parts: [(key: String, text: String)]
  /// `LoadedSpec.panelText`.
  public let panelText: String
  /// For each source, how its rows are read: its YAML without `data_through`, `data_from` and
  /// `expect`, and the spec's `day`.
  public let sourceTexts: [String: String]
  /// `LoadedSpec.variations`.
  public let variations: [String]
}

extension LoadedSpec {
  /// The experiment; nil exactly if `findings` has an error.
  public var experiment: ResolvedExperiment? {
    guard let spec, let text = resolvedText, let identityText, let panelText else { return nil }
    let sources = resolved?.mapping?["sources"]?.mapping?.entries ?? []
    let day = resolved?.mapping?["day"].map { "day:\n\(YAMLWriter.write($0))" } ?? ""
    return ResolvedExperiment(
      spec: spec, text: text, identityText: identityText,
      parts: (identity?.mapping?.entries ?? []).map { ($0.key.value, YAMLWriter.write($0.value)) },
      panelText: panelText,
      sourceTexts: Dictionary(
        sources.map { entry in
          let rows = ["data_through", "data_from", "expect"].reduce(entry.value) { $0.without($1) }
          return (entry.key.value, YAMLWriter.write(rows) + day)
        }, uniquingKeysWith: { first, _ in first }), variations: variations)
  }
}

/// Sorts the keys that the language defines into the order of its definitions, so that specs which
/// differ only in the order of those keys become the same text. Names chosen by the user keep their
/// written order, which determines the order of features.
enum KeyOrder {
  static func ordered(_ node: Node, as kind: ValueKind) -> Node {
    node.rewritten(as: kind) { mapping, definition, _ in
      let indices = Dictionary(
        uniqueKeysWithValues: definition.keys.enumerated().map { ($1.name, $0) })
      return mapping.entries.enumerated().sorted { left, right in
        let (own, other) = (indices[left.element.key.value], indices[right.element.key.value])
        return (own ?? .max, left.offset) < (other ?? .max, right.offset)
      }.map(\.element)
    }
  }
}
