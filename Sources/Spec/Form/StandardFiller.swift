import Diagnostics
import YAML

/// Fills in the default value of every key that a spec leaves out.
///
/// A default has the position of the map that it belongs to.
enum StandardFiller {
  static func filled(_ node: Node, as kind: ValueKind) -> Node {
    var result = node
    switch (kind, node.content) {
    case (.map(let name), .mapping(let mapping)):
      result.content = .mapping(filled(mapping, SpecLanguage.definition(name), at: node.span))
    case (.names(let value, _), .mapping(let mapping)), (.entry(let value), .mapping(let mapping)):
      result.content = .mapping(
        Mapping(
          mapping.entries.map { Mapping.Entry(key: $0.key, value: filled($0.value, as: value)) }))
    case (.list(let item, _), .sequence(let items)):
      result.content = .sequence(items.map { filled($0, as: item) })
    case (.verbatim, .scalar(let scalar)) where scalar.value != .null:
      // Quote the value, so that it stays verbatim however the resolved spec is written.
      result.content = .scalar(Scalar(text: scalar.text, style: .doubleQuoted))
    case (.either(let kinds), .mapping):
      if let kind = kinds.first(where: { $0.shape == .map }) { return filled(node, as: kind) }
    default: break
    }
    return result
  }

  private static func filled(
    _ mapping: Mapping, _ definition: MapDefinition, at span: SourceSpan
  ) -> Mapping {
    var entries = mapping.entries.map { entry in
      Mapping.Entry(
        key: entry.key,
        value: definition.kind(of: entry.key.value).map { filled(entry.value, as: $0) }
          ?? entry.value)
    }
    for key in definition.keys where mapping[key.name] == nil {
      guard case .standard(let value) = key.presence else { continue }
      entries.append(
        Mapping.Entry(
          key: Located(key.name, at: span),
          value: filled(node(value, at: span), as: key.kind)))
    }
    return Mapping(entries)
  }

  private static func node(_ value: KeyDefinition.StandardValue, at span: SourceSpan) -> Node {
    func scalar(_ text: String) -> Node {
      Node(.scalar(Scalar(text: text, style: .plain)), at: span)
    }
    return switch value {
    case .scalar(let text): scalar(text)
    case .list(let texts): Node(.sequence(texts.map(scalar)), at: span)
    case .map: Node(.mapping(Mapping()), at: span)
    }
  }
}
