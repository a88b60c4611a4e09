import Diagnostics
import YAML

/// Finds environment variables where none are read: anywhere in a spec.
enum EnvironmentUse {
  private static let opening = "${env:"

  static func findings(in node: Node) -> [Finding] {
    switch node.content {
    case .mapping(let mapping): return mapping.entries.flatMap { findings(in: $0.value) }
    case .sequence(let items): return items.flatMap(findings)
    case .scalar(let scalar):
      guard let found = scalar.text.firstRange(of: opening) else { return [] }
      let rest = scalar.text[found.lowerBound...]
      let end = rest.firstIndex(of: "}").map { rest.index(after: $0) } ?? rest.endIndex
      let utf8 = scalar.text.utf8
      let start = utf8.distance(from: utf8.startIndex, to: found.lowerBound)
      let length = utf8.distance(from: found.lowerBound, to: end)
      return [.variableOutsideConnection(at: scalar.span(ofContent: start..<start + length))]
    }
  }
}
