import Diagnostics
import YAML

extension Node {
  /// Whether no value is written where one was expected: `key:` with nothing after it.
  var isBlank: Bool {
    guard let scalar else { return false }
    return scalar.style == .plain && scalar.tag == nil && scalar.text.isEmpty
  }

  /// Whether the value is `null` or `~`, which removes an inherited value.
  var takesAway: Bool { isNull && !isBlank }

  /// The text and its position; nil for anything that YAML does not read as text.
  var text: Located<String>? {
    guard case .string(let text) = scalar?.value else { return nil }
    return Located(text, at: span)
  }

  /// Any scalar except null, as written.
  var anyText: Located<String>? {
    guard let scalar, scalar.value != .null else { return nil }
    return Located(scalar.text, at: span)
  }

  var boolean: Bool? { if case .bool(let value) = scalar?.value { value } else { nil } }

  var integer: Located<Int>? {
    guard case .integer(let value) = scalar?.value else { return nil }
    return Located(value, at: span)
  }

  var number: Located<Double>? {
    switch scalar?.value {
    case .integer(let value): Located(Double(value), at: span)
    case .float(let value): Located(value, at: span)
    default: nil
    }
  }

  /// A number, or a percentage such as `5 %` as a share of 1.
  var share: Located<Double>? {
    if let number { return number }
    guard let text, text.value.last == "%" else { return nil }
    let words = text.value.dropLast().split(separator: " ")
    guard words.count == 1, words[0].first != ".", words[0].last != ".",
      words[0].allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let percent = Double(words[0])
    else { return nil }
    return Located(percent / 100, at: text.span)
  }

  var date: Located<CalendarDate>? {
    text.flatMap { text in CalendarDate(text.value).map { Located($0, at: span) } }
  }

  var period: Located<Period>? {
    text.flatMap { text in Period(text.value).map { Located($0, at: span) } }
  }

  /// The count of `20 per positive`, from 1 to 999,999.
  var perPositive: Located<Int>? {
    guard let text else { return nil }
    let words = text.value.split(separator: " ")
    guard words.count == 3, words[1...] == ["per", "positive"],
      words[0].allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(words[0]),
      (1...999_999).contains(count)
    else { return nil }
    return Located(count, at: text.span)
  }

  var column: Located<ColumnReference>? {
    text.flatMap { text in ColumnReference(text.value).map { Located($0, at: span) } }
  }

  /// The kind of the value, in words.
  var kindInWords: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a map"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: return "nothing"
      case .bool: return "`\(scalar.text)`"
      case .integer, .float: return "the number `\(scalar.text)`"
      case .string: return "the text `\(scalar.text.shortened)`"
      }
    }
  }
}

extension String {
  /// The first 40 characters of the first line, for a message.
  package var shortened: String {
    // Read only what is shown, because texts may be long and messages many.
    let start = prefix(41).prefix { !$0.isNewline }
    return start.endIndex == endIndex && start.count <= 40 ? self : start.prefix(39) + "…"
  }

  /// Whether this is a name that is also valid in SQL.
  var isIdentifier: Bool {
    guard let first = utf8.first, !(48...57).contains(first) else { return false }
    return utf8.count <= 100
      && utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 95
      }
  }
}

extension ColumnReference {
  /// Parses `source.column`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(\.isIdentifier) else { return nil }
    self.init(source: parts[0], column: parts[1])
  }
}

extension ColumnReference {
  /// Parses `source.key`; nil for anything else. A key may have any name, because it need not be
  /// listed.
  init?(keyOf text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, String(parts[0]).isIdentifier, !parts[1].isEmpty else { return nil }
    self.init(source: String(parts[0]), column: String(parts[1]))
  }
}

extension Node {
  /// Returns the tree with every map that the language describes rewritten, from the root down.
  ///
  /// The tree may be part of a map, or have the wrong shape in places; anything that no definition
  /// describes is unchanged.
  /// - Parameters:
  ///   - map: returns the entries of a map, whose values are rewritten after it.
  ///   - verbatim: returns a scalar that stays as written.
  func rewritten(
    as kind: ValueKind, map: (Mapping, MapDefinition, SourceSpan) -> [Mapping.Entry],
    verbatim: (Scalar) -> Scalar = { $0 }
  ) -> Node {
    func entries(
      _ entries: [Mapping.Entry], _ kind: (Mapping.Entry) -> ValueKind?
    ) -> Content {
      .mapping(
        Mapping(
          entries.map { entry in
            let value = kind(entry).map {
              entry.value.rewritten(as: $0, map: map, verbatim: verbatim)
            }
            return Mapping.Entry(key: entry.key, value: value ?? entry.value)
          }))
    }
    var result = self
    switch (kind, content) {
    case (.map(let name), .mapping(let mapping)):
      let definition = SpecLanguage.definition(name)
      result.content = entries(map(mapping, definition, span)) { definition.kind(of: $0.key.value) }
    case (.names(let value, _), .mapping(let mapping)), (.entry(let value), .mapping(let mapping)):
      result.content = entries(mapping.entries) { _ in value }
    case (.list(let item, _), .sequence(let items)):
      result.content = .sequence(
        items.map { $0.rewritten(as: item, map: map, verbatim: verbatim) })
    case (.list, .mapping(let mapping)):
      // `{append: [...]}` adds items of the same kind.
      result.content = entries(mapping.entries) { _ in kind }
    case (.verbatim, .scalar(let scalar)):
      result.content = .scalar(verbatim(scalar))
    case (.either(let kinds), .mapping):
      if let kind = kinds.first(where: { $0.shape == .map }) {
        return rewritten(as: kind, map: map, verbatim: verbatim)
      }
    default: break
    }
    return result
  }
}

extension Node {
  /// Returns a map with one of its values changed.
  func setting(_ key: String, _ change: (Node) -> Node) -> Node {
    guard let mapping else { return self }
    let entries = mapping.entries.map { entry in
      entry.key.value == key ? Mapping.Entry(key: entry.key, value: change(entry.value)) : entry
    }
    return Node(.mapping(Mapping(entries)), at: span)
  }
}
