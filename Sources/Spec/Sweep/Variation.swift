import Diagnostics
import Randomness
import YAML

/// A value that distinguishes an experiment from its file: one of a sweep, or an argument.
struct Variation {
  /// The path as written, such as `model.params.num_leaves`.
  let path: String
  let value: Node

  /// The longest value that a name includes verbatim, and the longest name (`ModelName` accepts 200
  /// bytes).
  private static let longestValue = 40
  private static let longestName = 200

  /// The variation as an argument that reproduces it, with the value as YAML on one line.
  var argument: String { "\(path)=\(value.flowText)" }

  /// Returns the labels of variations in names, such as `num_leaves=15`, with only the last part of
  /// the path if it is unambiguous.
  static func labels(_ variations: [Variation]) -> [String] {
    func last(_ path: String) -> Substring? { path.split(separator: ".").last }
    return variations.map { variation in
      let isAmbiguous = variations.count { last($0.path) == last(variation.path) } > 1
      let key = isAmbiguous ? variation.path : String(last(variation.path) ?? "")
      return "\(key.plain)=\(value(of: variation.value))"
    }
  }

  /// Returns the name of an experiment that differs from another by variations.
  static func name(_ base: String, _ variations: [Variation]) -> String {
    guard !variations.isEmpty else { return base }
    // A name that already has variations continues the list.
    let start = base + (base.contains("@") ? "," : "@")
    let labels = labels(variations).joined(separator: ",")
    let name = start + labels
    // The shortened name uses only letters and digits, so invalid characters in the base name
    // remain an error of the spec.
    return name.utf8.count <= longestName
      ? name : "\(start)\(variations.count)_values_\(digest(labels))"
  }

  /// Returns the values that arguments give to keys that affect a run's results, in the order
  /// given; if a path occurs twice, the last value counts.
  ///
  /// `name` is excluded because it is only the experiment's name, and `sweep` because its values
  /// name its members. Keys that judge or use an existing run, such as `gates`, are excluded as
  /// well.
  static func all(of overrides: [Override]) -> [Variation] {
    let others = ["name", "version", "extends", "sweep"] + LoadedSpec.afterwards
    var variations: [Variation] = []
    for override in overrides {
      var findings: [Finding] = []
      guard let (path, value) = override.parsed(&findings), let first = path.first,
        !others.contains(first.value)
      else { continue }
      let variation = Variation(path: path.map(\.value).joined(separator: "."), value: value)
      if let index = variations.firstIndex(where: { $0.path == variation.path }) {
        variations[index] = variation
      } else {
        variations.append(variation)
      }
    }
    return variations
  }

  private static func value(of node: Node) -> String {
    if node.isNull { return "null" }
    let text = node.scalar == nil ? node.flowText : node.canonicalText
    let plain = text.plain
    if node.scalar != nil, plain.count <= longestValue { return plain }
    // A list or a long text is represented by its beginning and a hash of all of it.
    let words = plain.split(separator: "_").joined(separator: "_")
    return "\(words.prefix(24))_\(digest(text))"
  }

  private static func digest(_ text: String) -> String {
    let digits = String(SplitMix64.number(of: text), radix: 16)
    return String((String(repeating: "0", count: 16 - digits.count) + digits).suffix(8))
  }
}

extension String {
  /// The text in the form used for the name of a folder.
  fileprivate var plain: String {
    String(
      map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || ".-+_".contains(character) ? character : "_"
      })
  }
}

extension Node {
  /// The scalar's value in its canonical form: `7`, `7.0` and `0x7` are the same number.
  var canonicalText: String {
    switch scalar?.value {
    case .integer(let number): String(number)
    case .float(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    case .string(let text): text
    case .null, nil: ""
    }
  }

  /// The value as YAML on one line, in flow style.
  var flowText: String {
    switch content {
    case .scalar(let scalar):
      switch scalar.value {
      case .string(let text): JSONText.quoted(text)
      case .null: "null"
      default: scalar.text
      }
    case .sequence(let items): "[" + items.map(\.flowText).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      "{"
        + mapping.entries.map { "\(JSONText.quoted($0.key.value)): \($0.value.flowText)" }
        .joined(separator: ", ") + "}"
    }
  }

  /// Returns a spec with the name that variations give it.
  func renamed(by variations: [Variation]) -> Node {
    guard !variations.isEmpty else { return self }
    return setting("name") { name in
      guard let text = name.text else { return name }
      let scalar = Scalar(text: Variation.name(text.value, variations), style: .doubleQuoted)
      return Node(.scalar(scalar), at: name.span)
    }
  }
}
