import Diagnostics
import YAML

/// Fills in the default value of every key that a spec leaves out.
///
/// A default has the position of the map that it belongs to.
enum DefaultFiller {
  static func filled(_ node: Node, as kind: ValueKind) -> Node {
    node.rewritten(as: kind) { mapping, definition, span in
      mapping.entries
        + definition.keys.compactMap { key in
          guard mapping[key.name] == nil, case .default(let value) = key.presence else {
            return nil
          }
          return Mapping.Entry(
            key: Located(key.name, at: span), value: Self.node(value, at: span))
        }
    } verbatim: { scalar in
      // Quote the value, so that it stays verbatim however the resolved spec is written.
      scalar.value == .null ? scalar : Scalar(text: scalar.text, style: .doubleQuoted)
    }
  }

  private static func node(_ value: KeyDefinition.DefaultValue, at span: SourceSpan) -> Node {
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
