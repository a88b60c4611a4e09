import Diagnostics
import YAML

/// Compares a scalar with what its definition expects.
enum ScalarCheck {
  /// What is wrong with a value, or nil.
  static func finding(for node: Node, _ kind: ValueKind, subject: String) -> Finding? {
    guard node.scalar != nil else { return .wrongType(subject, kind, node) }
    return switch kind {
    case .text, .sql: node.text == nil ? .wrongType(subject, kind, node) : nil
    case .scalar, .verbatim: node.anyText == nil ? .wrongType(subject, kind, node) : nil
    case .boolean: node.boolean != nil ? nil : .wrongType(subject, kind, node)
    case .identifier: identifier(node, subject)
    case .integer(let range): integer(node, range, subject)
    case .number(let range): number(node, range, subject)
    case .words(let words): word(node, words, subject)
    case .date: date(node, subject)
    case .period(let minimum): period(node, minimum, subject)
    case .perPositive: node.perPositive == nil ? .badNegatives(subject, kind, node) : nil
    case .column: column(node, subject)
    case .list, .map, .names, .entry, .either: .wrongType(subject, kind, node)
    }
  }

  /// What is wrong with a value that may be of any of several kinds, or nil.
  ///
  /// The finding is that of the kind the value looks like.
  static func finding(for node: Node, anyOf kinds: [ValueKind], subject: String) -> Finding? {
    let findings = kinds.map { ($0, finding(for: node, $0, subject: subject)) }
    if findings.contains(where: { $0.1 == nil }) { return nil }
    let looksLikeNumber = node.number != nil
    // A bare number where a period may stand lacks its unit.
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

  private static func number(_ node: Node, _ range: NumberRange, _ subject: String) -> Finding? {
    guard let value = node.number else { return .wrongType(subject, .number(range), node) }
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
  /// `at least 1`, `1`, `from 0 to 20`; a billion is as good as no limit.
  var inWords: String {
    if lowerBound == upperBound { return "\(lowerBound)" }
    return upperBound == 1_000_000_000
      ? "at least \(lowerBound)" : "from \(lowerBound) to \(upperBound)"
  }
}
