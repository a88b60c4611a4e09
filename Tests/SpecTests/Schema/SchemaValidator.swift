import Diagnostics
import YAML

/// Validates values against a JSON Schema, as far as Holdout's schemas go (draft 7).
///
/// Independent of the printer: it knows JSON Schema's words and nothing of Holdout's language. A word
/// that it does not know is recorded, so that no part of a schema goes unchecked in silence.
final class SchemaValidator {
  private let root: YAMLValue
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]
  private(set) var unknownWords: Set<String> = []

  init(_ json: String) throws {
    var findings: [Finding] = []
    let node = YAMLParser.parse(SourceFile(name: "schema.json", text: json), findings: &findings)
    guard let node else { throw FindingsError(findings) }
    root = YAMLValue(node)
  }

  /// Whether the schema accepts a value.
  func accepts(_ value: YAMLValue) -> Bool { accepts(value, root) }

  private func accepts(_ value: YAMLValue, _ schema: YAMLValue) -> Bool {
    if case .scalar(.bool(let verdict)) = schema { return verdict }
    guard let words = schema.entries else { return false }
    return words.allSatisfy { holds($0.key, $0.value, value, schema) }
  }

  private func holds(
    _ word: String, _ rule: YAMLValue, _ value: YAMLValue, _ schema: YAMLValue
  ) -> Bool {
    switch word {
    case "$ref": return accepts(value, target(of: rule.text ?? ""))
    case "type":
      let types = rule.items?.compactMap(\.text) ?? [rule.text ?? ""]
      return types.contains { value.isOfType($0) }
    case "enum": return rule.items?.contains(value) ?? false
    case "pattern": return value.text.map { matches($0, rule.text ?? "") } ?? true
    case "allOf": return (rule.items ?? []).allSatisfy { accepts(value, $0) }
    case "anyOf": return (rule.items ?? []).contains { accepts(value, $0) }
    case "oneOf": return (rule.items ?? []).count { accepts(value, $0) } == 1
    case "not": return !accepts(value, rule)
    case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
      guard let number = value.number, let end = rule.number else { return true }
      return switch word {
      case "minimum": number >= end
      case "maximum": number <= end
      case "exclusiveMinimum": number > end
      default: number < end
      }
    case "$schema", "title", "description", "default", "enumDescriptions", "definitions":
      return true
    default: return holdsOfCollection(word, rule, value, schema)
    }
  }

  private func holdsOfCollection(
    _ word: String, _ rule: YAMLValue, _ value: YAMLValue, _ schema: YAMLValue
  ) -> Bool {
    switch word {
    case "items": return value.items?.allSatisfy { accepts($0, rule) } ?? true
    case "minItems": return value.items.map { Double($0.count) >= rule.number ?? 0 } ?? true
    case "properties":
      return value.entries?.allSatisfy { entry in
        rule.entry(entry.key).map { accepts(entry.value, $0) } ?? true
      } ?? true
    case "additionalProperties":
      let known = Set(schema.entry("properties")?.entries?.map(\.key) ?? [])
      return value.entries?.allSatisfy { known.contains($0.key) || accepts($0.value, rule) } ?? true
    case "propertyNames":
      return value.entries?.allSatisfy { accepts(.string($0.key), rule) } ?? true
    case "minProperties": return value.entries.map { Double($0.count) >= rule.number ?? 0 } ?? true
    case "maxProperties": return value.entries.map { Double($0.count) <= rule.number ?? 0 } ?? true
    case "required":
      return (rule.items ?? []).compactMap(\.text).allSatisfy {
        value.entries == nil || value.entry($0) != nil
      }
    case "dependencies":
      return (rule.entries ?? []).allSatisfy { need in
        guard value.entry(need.key) != nil else { return true }
        guard let names = need.value.items else { return accepts(value, need.value) }
        return names.compactMap(\.text).allSatisfy { value.entry($0) != nil }
      }
    default:
      unknownWords.insert(word)
      return true
    }
  }

  private func target(of reference: String) -> YAMLValue {
    reference.split(separator: "/").dropFirst().reduce(root) { value, part in
      value.entry(String(part)) ?? .scalar(.bool(false))
    }
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    if patterns[pattern] == nil { patterns[pattern] = try? Regex(pattern) }
    return patterns[pattern].map { text.firstMatch(of: $0) != nil } ?? false
  }
}

extension YAMLValue {
  fileprivate var text: String? { if case .scalar(.string(let text)) = self { text } else { nil } }
  fileprivate var items: [YAMLValue]? { if case .sequence(let items) = self { items } else { nil } }
  fileprivate var entries: [Entry]? { if case .mapping(let own) = self { own } else { nil } }

  fileprivate func entry(_ key: String) -> YAMLValue? { entries?.first { $0.key == key }?.value }

  fileprivate var number: Double? {
    switch self {
    case .scalar(.integer(let number)): Double(number)
    case .scalar(.float(let number)): number
    default: nil
    }
  }

  /// Whether a value has a JSON type; a YAML float is no integer even when it is whole.
  fileprivate func isOfType(_ type: String) -> Bool {
    switch (self, type) {
    case (.mapping, "object"), (.sequence, "array"), (.scalar(.string), "string"),
      (.scalar(.bool), "boolean"), (.scalar(.null), "null"), (.scalar(.integer), "integer"),
      (.scalar(.integer), "number"), (.scalar(.float), "number"):
      true
    default: false
    }
  }
}
