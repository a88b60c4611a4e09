import Diagnostics
import YAML

/// Lays one tree of values over another.
///
/// Maps merge key by key; everything else replaces. `{append: [...]}` over a list adds to it, and
/// `null` takes the inherited value away. Every node keeps the place it was written at.
enum Merge {
  private static let append = "append"

  /// A node laid over another.
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
    var places = Dictionary(
      entries.enumerated().map { ($1.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in over.entries {
      guard let index = places[entry.key.value] else {
        places[entry.key.value] = entries.count
        entries.append(entry)
        continue
      }
      // A `null` stays until the end: a later layer may put something in its place.
      let value = merged(entry.value, onto: entries[index].value, findings: &findings)
      entries[index] = Mapping.Entry(key: entry.key, value: value)
    }
    return Node(.mapping(Mapping(entries)), at: node.span)
  }

  /// The tree with one value set; nil with a finding when the path leads nowhere.
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
        // What lies on the way keeps its own place; only the value set has a new one.
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
      // A blank value is as good as a map that is not there yet.
      if node.isNull { return nested(value, under: path) }
      findings.append(.pathThroughScalar(part, node))
      return nil
    }
  }

  /// Drops what is taken away, and reports additions to nothing.
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

  /// The items of `{append: [...]}`; nil for anything else.
  private static func additions(_ node: Node) -> (key: Located<String>, items: [Node])? {
    guard let entries = node.mapping?.entries, entries.count == 1,
      entries[0].key.value == append, let items = entries[0].value.sequence
    else { return nil }
    return (entries[0].key, items)
  }
}
