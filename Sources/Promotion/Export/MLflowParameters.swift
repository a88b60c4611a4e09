internal import YAML

/// A resolved spec as MLflow's flat parameters.
enum MLflowParameters {
  /// A path of the spec and what stands there, as text.
  typealias Parameter = (path: String, value: String)

  /// One parameter per value, under the path that overrides on the command line use: `a.b.c`.
  ///
  /// A list of named things (`- age: {...}`) goes by their names, so that a feature put in between
  /// does not rename those after it. Any other list is one parameter, as JSON.
  static func flat(_ value: YAMLValue) -> [Parameter] { flat(value, at: "") }

  private static func flat(_ value: YAMLValue, at path: String) -> [Parameter] {
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      return entries.flatMap { flat($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .sequence(let items):
      if let named = named(items) { return flat(.mapping(named), at: path) }
      return [(path, json(value))]
    case .scalar(.string(let text)): return [(path, text)]
    case .scalar, .mapping: return [(path, json(value))]
    }
  }

  /// The entries of a list of one-entry maps whose keys differ; nil for any other list.
  private static func named(_ items: [YAMLValue]) -> [YAMLValue.Entry]? {
    var entries: [YAMLValue.Entry] = []
    for item in items {
      guard case .mapping(let map) = item, map.count == 1 else { return nil }
      entries.append(map[0])
    }
    let isUnique = Set(entries.map(\.key)).count == entries.count
    return !entries.isEmpty && isUnique ? entries : nil
  }

  private static func json(_ value: YAMLValue) -> String {
    var text = JSONWriter.write(value)
    text.removeLast()
    return text
  }
}
