internal import Diagnostics
internal import YAML

/// Replaces keys of earlier versions of the language with the current ones, with a warning for
/// each.
///
/// Every file and argument is rewritten separately, before merging: a base that still writes
/// `settle` and a spec that writes `label_delay` then set the same key. Positions remain those of
/// the user's text.
struct FormerKeys {
  private(set) var findings: [Finding] = []

  /// Returns a tree with the current keys.
  ///
  /// The tree may be part of a map, or have the wrong shape in places; anything that no definition
  /// describes is unchanged.
  mutating func replaced(in node: Node, as kind: ValueKind) -> Node {
    var result = node
    switch (kind, node.content) {
    case (.map(let name), .mapping(let mapping)):
      let definition = SpecLanguage.definition(name)
      result.content = .mapping(
        Mapping(
          mapping.entries.map { entry in
            let isPath = name == .sweep && definition.key(entry.key.value) == nil
            let key =
              isPath
              ? sweptPath(entry.key) : today(entry.key, definition, beside: mapping)
            return Mapping.Entry(
              key: key,
              value: definition.kind(of: key.value).map { replaced(in: entry.value, as: $0) }
                ?? entry.value)
          }))
    case (.names(let value, _), .mapping(let mapping)), (.entry(let value), .mapping(let mapping)):
      result.content = .mapping(
        Mapping(
          mapping.entries.map {
            Mapping.Entry(key: $0.key, value: replaced(in: $0.value, as: value))
          }))
    case (.list(let item, _), .sequence(let items)):
      result.content = .sequence(items.map { replaced(in: $0, as: item) })
    case (.list(let item, _), .mapping(let mapping)):
      // `{append: [...]}` adds items of the same kind.
      result.content = .mapping(
        Mapping(
          mapping.entries.map { entry in
            let items = entry.value.sequence.map { $0.map { replaced(in: $0, as: item) } }
            return Mapping.Entry(
              key: entry.key,
              value: items.map { Node(.sequence($0), at: entry.value.span) } ?? entry.value)
          }))
    case (.either(let kinds), .mapping):
      if let kind = kinds.first(where: { $0.shape == .map }) {
        return replaced(in: node, as: kind)
      }
    case (.either(let kinds), .sequence):
      if let kind = kinds.first(where: { $0.shape == .list }) {
        return replaced(in: node, as: kind)
      }
    default: break
    }
    return result
  }

  /// Returns the path of an argument or a sweep with the current keys, and the kind of value at its
  /// end.
  mutating func replaced(
    in path: [Located<String>]
  ) -> (path: [Located<String>], kind: ValueKind?) {
    var kind: ValueKind? = .map(.experiment)
    var parts: [Located<String>] = []
    for part in path {
      guard let (key, next) = kind.flatMap({ step($0, part) }) else {
        parts.append(part)
        kind = nil
        continue
      }
      parts.append(key)
      kind = next
    }
    return (parts, kind)
  }

  /// Returns the path of a sweep, which is one key that contains dots.
  private mutating func sweptPath(_ key: Located<String>) -> Located<String> {
    let parts = key.value.split(separator: ".", omittingEmptySubsequences: false)
    let path = replaced(in: parts.map { Located(String($0), at: key.span) }).path
    return Located(path.map(\.value).joined(separator: "."), at: key.span)
  }

  private mutating func step(
    _ kind: ValueKind, _ part: Located<String>
  ) -> (Located<String>, ValueKind?)? {
    switch kind {
    case .map(let name):
      let definition = SpecLanguage.definition(name)
      let key = today(part, definition, beside: Mapping())
      return (key, definition.kind(of: key.value))
    case .names(let value, _), .entry(let value): return (part, value)
    case .list(let item, _): return (part, item)
    case .either(let kinds):
      let isIndex = Int(part.value) != nil
      return kinds.first { $0.shape == (isIndex ? .list : .map) }.flatMap { step($0, part) }
    default: return nil
    }
  }

  private mutating func today(
    _ key: Located<String>, _ definition: MapDefinition, beside mapping: Mapping
  ) -> Located<String> {
    guard definition.key(key.value) == nil,
      let current = definition.keys.first(where: { $0.formerly == key.value })
    else { return key }
    if let other = mapping.entries.first(where: { $0.key.value == current.name })?.key {
      findings.append(.twoNames(key, other))
      return key
    }
    findings.append(.formerKey(key, current.name))
    return Located(current.name, at: key.span)
  }
}

extension Finding {
  static func formerKey(_ key: Located<String>, _ name: String) -> Finding {
    Finding(
      208, .warning, "the key `\(key.value)` is called `\(name)` now", at: key.span,
      label: "write `\(name)`")
  }

  static func twoNames(_ key: Located<String>, _ other: Located<String>) -> Finding {
    Finding(
      208, "`\(key.value)` is an old name of `\(other.value)`, and both are written", at: key.span,
      label: "remove this one", notes: ["`\(other.value)` is written at \(other.span.place)"])
  }
}

extension Explanation {
  static let formerKeysFindings: [Explanation] = [
    Explanation(
      208, "a key by its old name",
      cause: """
        The key got another name, so that specs use the standard term of the field. Both names are read \
        while the language has this version; where a map has both, they would be the same key twice.
        """,
      example: .spec("label: {«settle»: 1 day}"),
      fix: "Write the new name.")
  ]
}
