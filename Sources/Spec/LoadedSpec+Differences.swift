import Diagnostics
import OrderedCollections
import YAML

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
