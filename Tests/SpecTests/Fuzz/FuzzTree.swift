import YAML

/// Walks over the values of a tree in the order of the text; 0 is the tree itself.
extension YAMLValue {
  /// The values in it, itself included.
  var nodeCount: Int {
    switch self {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.nodeCount }
    case .mapping(let entries): entries.reduce(1) { $0 + $1.value.nodeCount }
    }
  }

  /// The tree with one of its values changed; the key it stands under is handed on, if it has one.
  func changing(
    _ index: Int, _ change: (String?, YAMLValue) -> YAMLValue
  ) -> YAMLValue {
    var left = index
    return changed(&left, key: nil, change)
  }

  private func changed(
    _ left: inout Int, key: String?, _ change: (String?, YAMLValue) -> YAMLValue
  ) -> YAMLValue {
    guard left >= 0 else { return self }
    left -= 1
    if left < 0 { return change(key, self) }
    switch self {
    case .scalar: return self
    case .sequence(var items):
      for index in items.indices {
        items[index] = items[index].changed(&left, key: key, change)
      }
      return .sequence(items)
    case .mapping(var entries):
      for index in entries.indices {
        entries[index].value = entries[index].value.changed(&left, key: entries[index].key, change)
      }
      return .mapping(entries)
    }
  }

  /// The value at an index.
  func node(_ index: Int) -> YAMLValue {
    var found = self
    _ = changing(index) { _, value in
      found = value
      return value
    }
    return found
  }

  /// The value in one line of YAML.
  var flowText: String {
    switch self {
    case .scalar(.string(let text)):
      let special = text.contains { "[]{},:#\n".contains($0) }
      let isLong = text.count > 60
      return special || isLong ? Self.quoted(text) : Self.line(self)
    case .scalar: return Self.line(self)
    case .sequence(let items): return "[" + items.map(\.flowText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      let texts = entries.map { "\(YAMLValue.string($0.key).flowText): \($0.value.flowText)" }
      return "{" + texts.joined(separator: ", ") + "}"
    }
  }

  private static func line(_ value: YAMLValue) -> String {
    String(YAMLWriter.write(value).dropLast())
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "''").replacing("\n", with: " ") + "'"
  }
}
