import Diagnostics
import Spec
import Testing
import YAML

/// Texts that differ from a given one in the value of one key of the language each.
final class KeyVariants {
  /// The keys met so far, as `definition.key`.
  private(set) var visited: Set<String> = []

  struct Variant {
    let path: String
    let text: String
  }

  /// The text once for each value of a known key, with that value changed.
  func all(_ text: String, _ kind: ValueKind) throws -> [Variant] {
    var findings: [Finding] = []
    let file = SourceFile(name: "a.yaml", text: text)
    let root = YAMLValue(try #require(YAMLParser.parse(file, findings: &findings)))
    return changes(root, kind, path: "").map { path, value in
      Variant(path: path, text: YAMLWriter.write(value))
    }
  }

  private func changes(
    _ value: YAMLValue, _ kind: ValueKind, path: String
  ) -> [(path: String, value: YAMLValue)] {
    switch (kind, value) {
    case (.map(let name), .mapping(let entries)):
      let definition = SpecLanguage.definition(name)
      return changes(of: entries, path) { key in
        if definition.key(key) != nil { visited.insert("\(name).\(key)") }
        return definition.kind(of: key)
      }
    case (.names(let inner, _), .mapping(let entries)), (.entry(let inner), .mapping(let entries)):
      return changes(of: entries, path) { _ in inner }
    case (.list(let inner, _), .sequence(let items)):
      var all: [(String, YAMLValue)] = []
      for (index, item) in items.enumerated() {
        for change in changes(item, inner, path: "\(path).\(index)") {
          var changed = items
          changed[index] = change.value
          all.append((change.path, .sequence(changed)))
        }
      }
      return all
    case (.either(let kinds), _):
      for kind in kinds {
        let all = changes(value, kind, path: path)
        if !all.isEmpty { return all }
      }
      return []
    case (_, .scalar(let scalar)):
      return Self.other(scalar, kind).map { [(path, .scalar($0))] } ?? []
    default: return []
    }
  }

  private func changes(
    of entries: [YAMLValue.Entry], _ path: String, kind: (String) -> ValueKind?
  ) -> [(path: String, value: YAMLValue)] {
    var all: [(String, YAMLValue)] = []
    for (index, entry) in entries.enumerated() {
      guard let kind = kind(entry.key) else { continue }
      for change in changes(entry.value, kind, path: "\(path).\(entry.key)") {
        var changed = entries
        changed[index] = YAMLValue.Entry(entry.key, change.value)
        all.append((change.path, .mapping(changed)))
      }
    }
    return all
  }

  /// Another value of a kind; nil where the value is of another kind.
  private static func other(_ scalar: Scalar.Value, _ kind: ValueKind) -> Scalar.Value? {
    switch (kind, scalar) {
    case (.integer(let range), .integer(let number)):
      return .integer(range.contains(number + 1) ? number + 1 : number - 1)
    case (.number, .integer(let number)): return .integer(number + 1)
    case (.number, .float(let number)): return .float(number * 0.9)
    case (.words(let words), .string(let text)):
      guard words.contains(where: { $0.name == text }) else { return nil }
      return words.first { $0.name != text }.map { .string($0.name) } ?? .string(text + "x")
    case (.date, .string): return .string("2024-03-31")
    case (.period, .string): return .string("9 weeks")
    case (.share, .string): return .string("7 %")
    case (.boolean, .bool(let flag)): return .bool(!flag)
    case (.scalar, .integer(let number)): return .integer(number + 1)
    case (.sql, .string(let text)): return .string(text + " or 1 = 2")
    case (.text, .string(let text)), (.identifier, .string(let text)),
      (.column, .string(let text)), (.scalar, .string(let text)):
      return .string(text + "x")
    default: return nil
    }
  }
}
