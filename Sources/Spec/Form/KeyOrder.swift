internal import Diagnostics
internal import YAML

/// Sorts the keys that the language defines into the order of its definitions, so that specs which
/// differ only in the order of those keys become the same text. Names chosen by the user keep their
/// written order, which determines the order of features.
enum KeyOrder {
  static func ordered(_ node: Node, as kind: ValueKind) -> Node {
    var result = node
    switch (kind, node.content) {
    case (.map(let name), .mapping(let mapping)):
      let definition = SpecLanguage.definition(name)
      let places = Dictionary(
        uniqueKeysWithValues: definition.keys.enumerated().map { ($1.name, $0) })
      let entries = mapping.entries.enumerated().sorted { left, right in
        let (own, other) = (places[left.element.key.value], places[right.element.key.value])
        return (own ?? .max, left.offset) < (other ?? .max, right.offset)
      }
      result.content = .mapping(
        Mapping(
          entries.map { _, entry in
            let kind = definition.kind(of: entry.key.value)
            return Mapping.Entry(
              key: entry.key, value: kind.map { ordered(entry.value, as: $0) } ?? entry.value)
          }))
    case (.names(let value, _), .mapping(let mapping)), (.entry(let value), .mapping(let mapping)):
      result.content = .mapping(
        Mapping(
          mapping.entries.map { Mapping.Entry(key: $0.key, value: ordered($0.value, as: value)) }))
    case (.list(let item, _), .sequence(let items)):
      result.content = .sequence(items.map { ordered($0, as: item) })
    case (.either(let kinds), .mapping):
      if let kind = kinds.first(where: { $0.shape == .map }) { return ordered(node, as: kind) }
    default: break
    }
    return result
  }
}
