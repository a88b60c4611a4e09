internal import Diagnostics
internal import YAML

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
