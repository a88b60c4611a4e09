import Diagnostics
import YAML

/// Merges one tree of values into another.
///
/// Maps are merged key by key; anything else is replaced. `{append: [...]}` adds to an inherited
/// list, and `null` removes the inherited value. Every node keeps its source position.
enum Merge {
  private static let append = "append"

  /// Returns a node merged onto a base.
  static func merged(_ node: Node, onto base: Node, findings: inout [Finding]) -> Node {
    if let (key, items) = additions(node) {
      guard let inherited = base.sequence else {
        findings.append(.appendToNothing(key, found: base.kindName))
        return base
      }
      return Node(.sequence(inherited + items), at: node.span)
    }
    guard let over = node.mapping, let under = base.mapping else { return node }
    var entries = under.entries
    var indices = Dictionary(
      entries.enumerated().map { ($1.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in over.entries {
      guard let index = indices[entry.key.value] else {
        indices[entry.key.value] = entries.count
        entries.append(entry)
        continue
      }
      // Keep a `null` until the end, because a later layer may replace it.
      let value = merged(entry.value, onto: entries[index].value, findings: &findings)
      entries[index] = Mapping.Entry(key: entry.key, value: value)
    }
    return Node(.mapping(Mapping(entries)), at: node.span)
  }

  /// Returns the tree with one value set, or nil with a finding if the path leads nowhere.
  static func setting(
    _ node: Node, _ path: ArraySlice<Located<String>>, to value: Node, findings: inout [Finding]
  ) -> Node? {
    guard let part = path.first else { return merged(value, onto: node, findings: &findings) }
    let rest = path.dropFirst()
    switch node.content {
    case .mapping(let mapping):
      var entries = mapping.entries
      if let index = entries.firstIndex(where: { $0.key.value == part.value }) {
        let old = entries[index].value
        guard let new = setting(old, rest, to: value, findings: &findings) else { return nil }
        // Nodes along the path keep their positions; only the value that is set gets a new one.
        let key = rest.isEmpty ? part : entries[index].key
        entries[index] = Mapping.Entry(key: key, value: new)
      } else {
        entries.append(Mapping.Entry(key: part, value: nested(value, under: rest)))
      }
      return Node(.mapping(Mapping(entries)), at: node.span)
    case .sequence(var items):
      guard let index = Int(part.value), items.indices.contains(index) else {
        findings.append(.noSuchItem(part, count: items.count))
        return nil
      }
      guard let new = setting(items[index], rest, to: value, findings: &findings) else {
        return nil
      }
      items[index] = new
      return Node(.sequence(items), at: node.span)
    case .scalar:
      // Treat a blank value like a map that does not exist yet.
      if node.isNull { return nested(value, under: path) }
      findings.append(.pathThroughScalar(part, node))
      return nil
    }
  }

  /// Drops removed values and reports additions to lists that do not exist.
  static func finished(_ node: Node, findings: inout [Finding]) -> Node {
    if let (key, items) = additions(node) {
      findings.append(.appendToNothing(key, found: nil))
      return Node(.sequence(items), at: node.span)
    }
    switch node.content {
    case .scalar: return node
    case .sequence(let items):
      return Node(.sequence(items.map { finished($0, findings: &findings) }), at: node.span)
    case .mapping(let mapping):
      var entries: [Mapping.Entry] = []
      for entry in mapping.entries where !entry.value.takesAway {
        entries.append(
          Mapping.Entry(key: entry.key, value: finished(entry.value, findings: &findings)))
      }
      return Node(.mapping(Mapping(entries)), at: node.span)
    }
  }

  private static func nested(_ value: Node, under path: ArraySlice<Located<String>>) -> Node {
    path.reversed().reduce(value) { inner, part in
      Node(.mapping(Mapping([Mapping.Entry(key: part, value: inner)])), at: part.span)
    }
  }

  /// Returns the items of `{append: [...]}`; nil for anything else.
  private static func additions(_ node: Node) -> (key: Located<String>, items: [Node])? {
    guard let entries = node.mapping?.entries, entries.count == 1,
      entries[0].key.value == append, let items = entries[0].value.sequence
    else { return nil }
    return (entries[0].key, items)
  }
}
