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
  mutating func replaced(in node: Node, as kind: ValueKind) -> Node {
    node.rewritten(as: kind) { mapping, definition, _ in
      mapping.entries.map { entry in
        let isPath = definition.name == .sweep && definition.key(entry.key.value) == nil
        return Mapping.Entry(
          key: isPath ? sweptPath(entry.key) : today(entry.key, definition, beside: mapping),
          value: entry.value)
      }
    }
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
    switch kind.descended {
    case .map(let name):
      let definition = SpecLanguage.definition(name)
      let key = today(part, definition, beside: Mapping())
      return (key, definition.kind(of: key.value))
    case .names(let value, _), .entry(let value), .list(let value, _): return (part, value)
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
      208, .warning, "the key `\(key.value)` is now called `\(name)`", at: key.span,
      label: "write `\(name)`")
  }

  static func twoNames(_ key: Located<String>, _ other: Located<String>) -> Finding {
    Finding(
      208, "`\(key.value)` is an old name of `\(other.value)`, and both are given", at: key.span,
      label: "remove this one", notes: ["`\(other.value)` is written at \(other.span.place)"])
  }
}

extension Explanation {
  static let formerKeysFindings: [Explanation] = [
    Explanation(
      208, "a key by its old name",
      cause: """
        The key was renamed to the field's standard term. This version of the language accepts \
        both names, but a map cannot have both, because they are the same key.
        """,
      example: .spec("label: {«settle»: 1 day}"),
      fix: "Write the new name.")
  ]
}
