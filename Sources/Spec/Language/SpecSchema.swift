import YAML

/// The language as a JSON Schema (draft 7), generated from the definitions that the decoder uses.
///
/// Editors use it to check and complete specs. It covers form only; `holdout check` reports what
/// names refer to and what the data contains.
public enum SpecSchema {
  /// The document that a schema describes.
  public enum Use: Sendable {
    /// A spec file as written. It may extend others, so any key may be missing, `null` removes an
    /// inherited value, and `append` adds to a list.
    case file
    /// A spec composed from all its files and arguments.
    case composed
    /// The project file, holdout.yaml.
    case project
  }

  /// Returns the schema as JSON, ending with a newline.
  public static func json(_ use: Use) -> String { JSONWriter.write(value(use)) }

  private static func value(_ use: Use) -> YAMLValue {
    var writer = SchemaWriter()
    let root = use == .project ? DefinitionName.project : .experiment
    let top = writer.reference(to: root, isWhole: use != .file)
    let title =
      switch use {
      case .file: "A Holdout spec"
      case .composed: "A Holdout spec, composed"
      case .project: "The Holdout project file, holdout.yaml"
      }
    return .map([
      ("$schema", .string("http://json-schema.org/draft-07/schema#")), ("title", .string(title)),
      ("allOf", .sequence([top])), ("definitions", .mapping(writer.finished())),
    ])
  }
}

/// Writes each definition once, in the order of first reference.
private struct SchemaWriter {
  private var definitions: [(name: String, value: YAMLValue)] = []
  private var queue: [(name: DefinitionName, isWhole: Bool)] = []
  private var known: Set<String> = []

  /// Returns a reference to a map's schema and schedules the schema for output.
  /// - Parameter isWhole: whether the map must be complete. Maps in lists must be, because they
  ///   replace inherited ones; others may be completed by the extended files.
  mutating func reference(to name: DefinitionName, isWhole: Bool) -> YAMLValue {
    let printed = isWhole ? name.rawValue : "part_of_\(name.rawValue)"
    if known.insert(printed).inserted { queue.append((name, isWhole)) }
    return .map([("$ref", .string("#/definitions/\(printed)"))])
  }

  /// Returns every referenced definition, in the order of first reference.
  mutating func finished() -> [YAMLValue.Entry] {
    var entries: [YAMLValue.Entry] = []
    while !queue.isEmpty {
      let (name, isWhole) = queue.removeFirst()
      let printed = isWhole ? name.rawValue : "part_of_\(name.rawValue)"
      entries.append(.init(printed, schema(SpecLanguage.definition(name), isWhole: isWhole)))
    }
    return entries
  }

  private mutating func schema(_ definition: MapDefinition, isWhole: Bool) -> YAMLValue {
    var schema: [(String, YAMLValue)] = [
      ("type", .string("object")), ("description", .string(definition.summary)),
    ]
    var properties: [(String, YAMLValue)] = []
    for key in definition.keys {
      var own = mayBeNull(self.schema(key.kind, isWhole: isWhole), isWhole)
      own = own.adding([("description", .string(key.summary))])
      if let value = key.defaultValue { own = own.adding([("default", value)]) }
      properties.append((key.name, own))
    }
    schema.append(("properties", .map(properties)))
    if let others = definition.others {
      let own = mayBeNull(self.schema(others.kind, isWhole: isWhole), isWhole)
      let described = own.adding([("description", .string(others.summary))])
      schema.append(("additionalProperties", described))
    } else {
      schema.append(("additionalProperties", .bool(false)))
    }
    if isWhole {
      let required = definition.keys.filter { $0.isRequired }.map { YAMLValue.string($0.name) }
      if !required.isEmpty { schema.append(("required", .sequence(required))) }
      schema += constraints(of: definition)
    }
    return .map(schema)
  }

  /// Returns the rules about which keys occur together.
  private func constraints(of definition: MapDefinition) -> [(String, YAMLValue)] {
    var all: [YAMLValue] = []
    var needs: [(String, YAMLValue)] = []
    for constraint in definition.constraints {
      switch constraint {
      case .exactlyOne(let keys, _): all.append(.map([("oneOf", .sequence(keys.map(has)))]))
      case .oneGroup(let groups, _):
        for (index, group) in groups.enumerated() {
          for other in groups[(index + 1)...] {
            all.append(.map([("not", .map([("allOf", .sequence([any(group), any(other)]))]))]))
          }
        }
      case .together(let keys):
        needs += keys.map { key in
          (key, .sequence(keys.filter { $0 != key }.map { .string($0) }))
        }
      case .needsAll(let key, let others):
        needs.append((key, .sequence(others.map { .string($0) })))
      }
    }
    for key in definition.keys where !key.beside.isEmpty {
      needs = needs.filter { $0.0 != key.name } + [(key.name, any(key.beside))]
    }
    return (all.isEmpty ? [] : [("allOf", .sequence(all))])
      + (needs.isEmpty ? [] : [("dependencies", .map(needs))])
  }

  private func has(_ key: String) -> YAMLValue { .map([("required", .sequence([.string(key)]))]) }
  private func any(_ keys: [String]) -> YAMLValue { .map([("anyOf", .sequence(keys.map(has)))]) }

  private func mayBeNull(_ schema: YAMLValue, _ isWhole: Bool) -> YAMLValue {
    isWhole ? schema : .map([("anyOf", .sequence([schema, .map([("type", .string("null"))])]))])
  }

  // MARK: Kinds

  private mutating func schema(_ kind: ValueKind, isWhole: Bool) -> YAMLValue {
    switch kind {
    case .text, .sql: return .map([("type", .string("string"))])
    case .identifier: return pattern(Pattern.identifier)
    case .date: return pattern(Pattern.date)
    case .period(let minimum): return pattern(minimum == 0 ? Pattern.anyPeriod : Pattern.period)
    case .perPositive: return pattern(Pattern.perPositive)
    case .column: return pattern(Pattern.column)
    case .boolean: return .map([("type", .string("boolean"))])
    case .scalar, .verbatim:
      return .map([("type", .sequence(["string", "number", "boolean"].map { .string($0) }))])
    case .integer(let range):
      return .map([
        ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
        ("maximum", .integer(range.upperBound)),
      ])
    case .number(let range): return .map([("type", .string("number"))] + bounds(range))
    case .share:
      let number = YAMLValue.map([("type", .string("number"))] + bounds(.share))
      return .map([("anyOf", .sequence([number, pattern(Pattern.percent)]))])
    case .words(let words):
      return .map([
        ("enum", .sequence(words.map { .string($0.name) })),
        ("enumDescriptions", .sequence(words.map { .string($0.summary) })),
      ])
    case .either(let kinds):
      return .map([("anyOf", .sequence(kinds.map { schema($0, isWhole: isWhole) }))])
    case .map(let name): return reference(to: name, isWhole: isWhole)
    case .list(let item, let minimum): return list(item, minimum, isWhole: isWhole)
    case .entry(let value):
      return .map([
        ("type", .string("object")), ("minProperties", .integer(1)),
        ("maxProperties", .integer(1)), ("propertyNames", pattern(Pattern.identifier)),
        ("additionalProperties", schema(value, isWhole: true)),
      ])
    case .names(let value, let style):
      let names: [(String, YAMLValue)] =
        switch style {
        case .identifier: [("propertyNames", pattern(Pattern.identifier))]
        case .sourceKey: [("propertyNames", pattern(Pattern.sourceKey))]
        case .parameter, .metric, .text, .path: []
        }
      let own = mayBeNull(schema(value, isWhole: isWhole), isWhole)
      return .map([("type", .string("object"))] + names + [("additionalProperties", own)])
    }
  }

  private mutating func list(_ item: ValueKind, _ minimum: Int, isWhole: Bool) -> YAMLValue {
    // A list replaces the inherited one, so its items are complete.
    let array = YAMLValue.map([
      ("type", .string("array")), ("items", schema(item, isWhole: true)),
      ("minItems", .integer(minimum)),
    ])
    if isWhole { return array }
    let added = YAMLValue.map([
      ("type", .string("object")), ("properties", .map([("append", array)])),
      ("required", .sequence([.string("append")])), ("additionalProperties", .bool(false)),
    ])
    return .map([("anyOf", .sequence([array, added]))])
  }

  private func pattern(_ pattern: String) -> YAMLValue {
    .map([("type", .string("string")), ("pattern", .string(pattern))])
  }

  private func bounds(_ range: NumberRange) -> [(String, YAMLValue)] {
    var bounds: [(String, YAMLValue)] = []
    switch range.low {
    case .included(let end): bounds.append(("minimum", .float(end)))
    case .excluded(let end): bounds.append(("exclusiveMinimum", .float(end)))
    case .open: break
    }
    switch range.high {
    case .included(let end): bounds.append(("maximum", .float(end)))
    case .excluded(let end): bounds.append(("exclusiveMaximum", .float(end)))
    case .open: break
    }
    return bounds
  }

  /// Regular expressions for the texts of each kind.
  private enum Pattern {
    static let identifier = "^[A-Za-z_][A-Za-z0-9_]{0,99}$"
    static let column = "^[A-Za-z_][A-Za-z0-9_]{0,99}\\.[A-Za-z_][A-Za-z0-9_]{0,99}$"
    static let sourceKey = "^[A-Za-z_][A-Za-z0-9_]{0,99}\\..+$"
    static let date = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    static let percent = "^ *(0*[1-9][0-9]?(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*) *%$"
    static let perPositive = "^ *0*[1-9][0-9]{0,5} +per +positive *$"
    private static let units = "(days?|weeks?|months?|years?)"
    static let anyPeriod = "^ *[0-9]+ +\(units) *$"
    static let period = "^ *0*[1-9][0-9]* +\(units) *$"
  }
}

extension KeyDefinition {
  fileprivate var isRequired: Bool { if case .required = presence { true } else { false } }

  /// The default as a value.
  fileprivate var defaultValue: YAMLValue? {
    func scalar(_ text: String) -> YAMLValue {
      .scalar(Scalar(text: text, style: .plain).value)
    }
    return switch presence {
    case .default(.scalar(let text)): scalar(text)
    case .default(.list(let texts)): .sequence(texts.map(scalar))
    case .default(.map): .mapping([])
    case .required, .optional: nil
    }
  }
}

extension YAMLValue {
  fileprivate static func map(_ entries: [(String, YAMLValue)]) -> YAMLValue {
    .mapping(entries.map { Entry($0.0, $0.1) })
  }

  /// Returns a map with more keys. In draft 7 a reference must be the only key, so it moves into
  /// `allOf`.
  fileprivate func adding(_ entries: [(String, YAMLValue)]) -> YAMLValue {
    guard case .mapping(let own) = self else { return self }
    let isReference = own.contains { $0.key == "$ref" }
    let base = isReference ? [Entry("allOf", .sequence([self]))] : own
    return .mapping(base + entries.map { Entry($0.0, $0.1) })
  }
}
