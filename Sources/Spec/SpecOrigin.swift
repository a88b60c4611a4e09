import Diagnostics
public import YAML

/// One value of a resolved spec and where it comes from.
public struct SpecOrigin: Hashable, Sendable {
  /// The path through keys and positions, `sources.customers.key`.
  public var path: String
  /// The value in one line of YAML.
  public var value: String
  /// `experiments/bases/netsuite.yaml:14`, `argument 3:1`, or `default`.
  public var place: String

  /// Every value of a resolved spec in its order; empty lists and maps count as values.
  public static func all(of resolved: Node) -> [SpecOrigin] {
    var origins: [SpecOrigin] = []
    collect(resolved, path: [], isDefault: false, into: &origins)
    return origins
  }

  /// A resolved spec as YAML with the origin of each value behind it, as a comment.
  public static func text(of resolved: Node) -> String {
    YAMLWriter.write(resolved, comments: all(of: resolved).map(\.place))
  }

  private static func collect(
    _ node: Node, path: [String], isDefault: Bool, into origins: inout [SpecOrigin]
  ) {
    switch node.content {
    case .mapping(let mapping) where !mapping.entries.isEmpty:
      for entry in mapping.entries {
        // A key and its value stand at the same place only where both were filled in.
        let isFilled = entry.key.span.range == entry.value.span.range
        collect(
          entry.value, path: path + [entry.key.value], isDefault: isFilled,
          into: &origins)
      }
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        collect(item, path: path + [String(index)], isDefault: isDefault, into: &origins)
      }
    default:
      let value = YAMLWriter.write(node).split(separator: "\n").joined(separator: " ")
      origins.append(
        SpecOrigin(
          path: path.joined(separator: "."), value: value,
          place: isDefault ? "default" : node.span.place))
    }
  }
}
