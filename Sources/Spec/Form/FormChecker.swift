internal import Diagnostics
internal import YAML

/// Compares a composed spec with the language: keys, types, ranges, and combinations of keys.
///
/// It checks form only; the decoder checks what names refer to. After a check without errors, every
/// value can be read as its definition says.
struct FormChecker {
  private(set) var findings: [Finding] = []

  /// Checks a value.
  /// - Parameters:
  ///   - subject: the value's name in messages: a key in backticks, or an item of one.
  ///   - anchor: where to point if something is missing in the value: the key, if there is one.
  mutating func check(
    _ node: Node, as kind: ValueKind, subject: String, anchor: SourceSpan? = nil
  ) {
    guard findings.count <= SpecLoader.maximumFindings else { return }
    if let scalar = node.scalar, scalar.text.utf8.contains(0) {
      findings.append(.zeroCharacter(at: node.span))
      return
    }
    if node.isBlank {
      findings.append(.blank(subject, kind, at: anchor ?? node.span))
      return
    }
    switch kind {
    case .map(let name):
      checkMap(node, SpecLanguage.definition(name), subject: subject, anchor: anchor)
    case .names(let value, let style):
      checkNames(node, value, style, subject: subject)
    case .list(let item, let minimum):
      checkList(node, item, minimum, subject: subject)
    case .entry(let value):
      checkEntry(node, value, subject: subject)
    case .either(let kinds):
      checkEither(node, kinds, subject: subject, anchor: anchor)
    default:
      if let finding = ScalarCheck.finding(for: node, kind, subject: subject) {
        findings.append(finding)
      }
    }
  }

  private mutating func checkMap(
    _ node: Node, _ definition: MapDefinition, subject: String, anchor: SourceSpan?
  ) {
    guard let mapping = node.mapping else {
      findings.append(.wrongType(subject, .map(definition.name), node))
      return
    }
    let place = anchor ?? mapping.entries.first?.key.span ?? node.span
    let names = definition.keys.map(\.name)
    var hasUnknown = false
    for entry in mapping.entries {
      guard let kind = definition.kind(of: entry.key.value) else {
        hasUnknown = true
        guard findings.count <= SpecLoader.maximumFindings else { break }
        findings.append(.unknownKey(entry.key, allowed: names))
        continue
      }
      check(
        entry.value, as: kind, subject: "`\(entry.key.value.shortened)`", anchor: entry.key.span)
    }
    checkTogether(mapping, definition, subject: subject, at: place, hasUnknown: hasUnknown)
    for key in definition.keys where mapping[key.name] == nil {
      guard case .required = key.presence else { continue }
      // A misspelled key already has a finding; reporting it as missing would repeat it.
      if hasUnknown, mapping.isMisspelt(key.name, definition) { continue }
      findings.append(.missingKey(key, in: subject, at: place))
    }
  }

  private mutating func checkTogether(
    _ mapping: Mapping, _ definition: MapDefinition, subject: String, at place: SourceSpan,
    hasUnknown: Bool
  ) {
    for constraint in definition.constraints {
      switch constraint {
      case .exactlyOne(let keys, let what):
        let written = mapping.entries.filter { keys.contains($0.key.value) }.map(\.key)
        if written.count > 1 {
          findings.append(.severalOf(what, written, at: written[1].span))
        } else if written.isEmpty, !hasUnknown {
          findings.append(.noneOf(what, keys, in: subject, at: place))
          return
        }
      case .oneGroup(let groups, let what):
        let written = groups.compactMap { group in
          mapping.entries.first { group.contains($0.key.value) }?.key
        }
        if written.count > 1 {
          findings.append(.severalOf(what, written, at: written[1].span))
        }
      case .together(let keys):
        let written = mapping.entries.filter { keys.contains($0.key.value) }.map(\.key)
        if let first = written.first, let missing = keys.first(where: { mapping[$0] == nil }) {
          findings.append(.needs(first, [missing]))
        }
      case .needsAll(let key, let others):
        let written = mapping.entries.first { $0.key.value == key }?.key
        if let written, !hasUnknown, others.contains(where: { mapping[$0] == nil }) {
          findings.append(.needs(written, others, conjunction: "and"))
        }
      }
    }
    for entry in mapping.entries {
      guard let key = definition.key(entry.key.value), !key.beside.isEmpty, !hasUnknown,
        !key.beside.contains(where: { mapping[$0] != nil })
      else { continue }
      findings.append(.needs(entry.key, key.beside))
    }
  }

  private mutating func checkNames(
    _ node: Node, _ value: ValueKind, _ style: ValueKind.NameStyle, subject: String
  ) {
    guard let mapping = node.mapping else {
      findings.append(.wrongType(subject, .names(value, style), node))
      return
    }
    var seen: [String: Located<String>] = [:]
    for entry in mapping.entries {
      if case .identifier = style {
        checkName(entry.key)
        if let other = seen.updateValue(entry.key, forKey: entry.key.value.lowercased()) {
          findings.append(.sameButForCase(entry.key, other: other))
        }
      } else if case .sourceKey = style, ColumnReference(keyOf: entry.key.value) == nil {
        findings.append(.badColumn("a key of \(subject)", entry.key))
      }
      check(entry.value, as: value, subject: "`\(entry.key.value)`", anchor: entry.key.span)
    }
  }

  private mutating func checkList(
    _ node: Node, _ item: ValueKind, _ minimum: Int, subject: String
  ) {
    guard let items = node.sequence else {
      findings.append(.wrongType(subject, .list(item), node))
      return
    }
    if items.count < minimum {
      findings.append(.tooShort(subject, minimum: minimum, at: node.span))
    }
    for element in items { check(element, as: item, subject: subject.asItem) }
  }

  private mutating func checkEntry(_ node: Node, _ value: ValueKind, subject: String) {
    guard let mapping = node.mapping else {
      findings.append(.wrongType(subject, .entry(value), node))
      return
    }
    guard mapping.entries.count == 1, let entry = mapping.entries.first else {
      findings.append(.notOneEntry(subject, mapping, value, at: node.span))
      return
    }
    checkName(entry.key)
    check(entry.value, as: value, subject: "`\(entry.key.value)`", anchor: entry.key.span)
  }

  private mutating func checkName(_ name: Located<String>) {
    if !name.value.isIdentifier { findings.append(.badName(name)) }
  }

  private mutating func checkEither(
    _ node: Node, _ kinds: [ValueKind], subject: String, anchor: SourceSpan?
  ) {
    let shape: ValueKind.Shape =
      switch node.content {
      case .scalar: .scalar
      case .sequence: .list
      case .mapping: .map
      }
    let fitting = kinds.filter { $0.shape == shape }
    if fitting.isEmpty {
      findings.append(.wrongType(subject, .either(kinds), node))
    } else if fitting.count == 1 {
      check(node, as: fitting[0], subject: subject, anchor: anchor)
    } else if let finding = ScalarCheck.finding(for: node, anyOf: fitting, subject: subject) {
      findings.append(finding)
    }
  }
}

extension String {
  /// The phrase for an item of what this text names, unless it already is such a phrase.
  fileprivate var asItem: String { hasPrefix("an item of ") ? self : "an item of \(self)" }
}

extension Mapping {
  /// Returns whether an unknown key of the map is probably a misspelling of this one.
  fileprivate func isMisspelt(_ name: String, _ definition: MapDefinition) -> Bool {
    entries.prefix(SpecLoader.maximumFindings).contains { entry in
      definition.key(entry.key.value) == nil
        && Suggestion.closest(to: entry.key.value, among: definition.keys.map(\.name)) == name
    }
  }
}

/// Compares a scalar with what its definition expects.
enum ScalarCheck {
  /// Returns what is wrong with a value, or nil.
  static func finding(for node: Node, _ kind: ValueKind, subject: String) -> Finding? {
    guard node.scalar != nil else { return .wrongType(subject, kind, node) }
    return switch kind {
    case .text, .sql: node.text == nil ? .wrongType(subject, kind, node) : nil
    case .scalar, .verbatim: node.anyText == nil ? .wrongType(subject, kind, node) : nil
    case .boolean: node.boolean != nil ? nil : .wrongType(subject, kind, node)
    case .identifier: identifier(node, subject)
    case .integer(let range): integer(node, range, subject)
    case .number(let range): number(node.number, node, range, subject, kind)
    case .share: number(node.share, node, .share, subject, kind)
    case .words(let words): word(node, words, subject)
    case .date: date(node, subject)
    case .period(let minimum): period(node, minimum, subject)
    case .perPositive: node.perPositive == nil ? .badNegatives(subject, kind, node) : nil
    case .column: column(node, subject)
    case .list, .map, .names, .entry, .either: .wrongType(subject, kind, node)
    }
  }

  /// Returns what is wrong with a value that may be of any of several kinds, or nil.
  ///
  /// The finding is that of the kind that the value resembles.
  static func finding(for node: Node, anyOf kinds: [ValueKind], subject: String) -> Finding? {
    let findings = kinds.map { ($0, finding(for: node, $0, subject: subject)) }
    if findings.contains(where: { $0.1 == nil }) { return nil }
    let looksLikeNumber = node.number != nil
    // A bare number where a period is allowed lacks its unit.
    if looksLikeNumber, let written = node.anyText, kinds.contains(where: \.isPeriod),
      !kinds.contains(where: \.isNumber)
    {
      return .badPeriod(subject, written)
    }
    if kinds.contains(where: \.isPerPositive) {
      return .badNegatives(subject, .either(kinds), node)
    }
    let startsWithDigit = node.text?.value.utf8.first.map { (48...57).contains($0) } ?? false
    for (kind, finding) in findings {
      switch kind {
      case .number where looksLikeNumber, .integer where looksLikeNumber: return finding
      case .period where startsWithDigit, .date where startsWithDigit: return finding
      default: continue
      }
    }
    let words: [ValueKind.Word] = kinds.flatMap { kind -> [ValueKind.Word] in
      if case .words(let words) = kind { words } else { [] }
    }
    if let text = node.text, !startsWithDigit, !words.isEmpty {
      return .notAWord(subject, text, words, .either(kinds))
    }
    return .wrongType(subject, .either(kinds), node)
  }

  private static func identifier(_ node: Node, _ subject: String) -> Finding? {
    guard let text = node.text else { return .wrongType(subject, .identifier, node) }
    return text.value.isIdentifier ? nil : .badName(text)
  }

  private static func integer(
    _ node: Node, _ range: ClosedRange<Int>, _ subject: String
  ) -> Finding? {
    guard let value = node.integer else { return .wrongType(subject, .integer(range), node) }
    return range.contains(value.value) ? nil : .outOfRange(subject, range.inWords, node)
  }

  private static func number(
    _ value: Located<Double>?, _ node: Node, _ range: NumberRange, _ subject: String,
    _ kind: ValueKind
  ) -> Finding? {
    guard let value else { return .wrongType(subject, kind, node) }
    return range.contains(value.value) ? nil : .outOfRange(subject, range.description, node)
  }

  private static func word(
    _ node: Node, _ words: [ValueKind.Word], _ subject: String
  ) -> Finding? {
    guard let text = node.text else { return .wrongType(subject, .words(words), node) }
    return words.contains { $0.name == text.value }
      ? nil : .notAWord(subject, text, words, .words(words))
  }

  private static func date(_ node: Node, _ subject: String) -> Finding? {
    guard let text = node.text else { return .wrongType(subject, .date, node) }
    return CalendarDate(text.value) == nil ? .badDate(subject, text) : nil
  }

  private static func period(_ node: Node, _ minimum: Int, _ subject: String) -> Finding? {
    guard let written = node.anyText else {
      return .wrongType(subject, .period(minimum: minimum), node)
    }
    guard let period = Period(written.value) else { return .badPeriod(subject, written) }
    return period.count >= minimum
      ? nil : .outOfRange(subject, "at least \(Period(minimum, period.unit))", node)
  }

  private static func column(_ node: Node, _ subject: String) -> Finding? {
    guard let text = node.text else { return .wrongType(subject, .column, node) }
    return ColumnReference(text.value) == nil ? .badColumn(subject, text) : nil
  }
}

extension ValueKind {
  fileprivate var isPerPositive: Bool { if case .perPositive = self { true } else { false } }
  fileprivate var isPeriod: Bool { if case .period = self { true } else { false } }
  fileprivate var isNumber: Bool {
    switch self {
    case .number, .integer, .scalar, .verbatim: true
    default: false
    }
  }
}

extension ClosedRange<Int> {
  /// The range in words: `at least 1`, `1`, `from 0 to 20`. An upper bound of a billion means no
  /// limit.
  var inWords: String {
    if lowerBound == upperBound { return "\(lowerBound)" }
    return upperBound == 1_000_000_000
      ? "at least \(lowerBound)" : "from \(lowerBound) to \(upperBound)"
  }
}
