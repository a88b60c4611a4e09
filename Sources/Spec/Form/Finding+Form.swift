import Diagnostics
import YAML

// Findings about the form of a spec: H207 and H210 to H231.
extension Finding {
  static func blank(_ subject: String, _ kind: ValueKind, at span: SourceSpan) -> Finding {
    Finding(
      207, "\(subject) has no value", at: span, label: "expected \(kind.expectation)",
      hints: ["leave the key out, or write `null` to take away what was inherited"])
  }

  static func zeroCharacter(at span: SourceSpan) -> Finding {
    Finding(
      107, "the character U+0000 may not stand in a spec", at: span,
      label: "the engine and the file system would end the text there", hints: ["remove it"])
  }

  static func wrongType(
    _ subject: String, _ kind: ValueKind, _ node: Node
  ) -> Finding {
    var label: String?
    if let scalar = node.scalar, scalar.style == .plain, scalar.value != .null {
      if case .text = kind { label = "put it in quotes: \"\(scalar.text.shortened)\"" }
      if case .list = kind { label = "a list is written in brackets: [\(scalar.text.shortened)]" }
    }
    if case .list(.map, _) = kind, node.mapping != nil {
      label = "put `- ` in front, as in every item of a list"
    }
    return Finding(
      210, "\(subject) is \(kind.expectation), not \(node.kindInWords)", at: node.span,
      label: label)
  }

  static func outOfRange(_ subject: String, _ range: String, _ node: Node) -> Finding {
    Finding(
      211, "\(subject) must be \(range)", at: node.span,
      label: "`\(node.scalar?.text.shortened ?? "")` is outside")
  }

  static func missingKey(_ key: KeyDefinition, in subject: String, at span: SourceSpan) -> Finding {
    Finding(
      212, "`\(key.name)` is missing in \(subject.isEmpty ? "the spec" : "\(subject)")", at: span,
      label: subject.isEmpty ? nil : "needs `\(key.name)`",
      hints: ["`\(key.name)` is \(key.kind.expectation): \(key.summary.lowercasedStart)"])
  }

  static func notAWord(
    _ subject: String, _ text: Located<String>, _ words: [ValueKind.Word], _ kind: ValueKind
  ) -> Finding {
    let closest = Suggestion.closest(to: text.value, among: words.map(\.name))
    return Finding(
      213, "`\(text.value.shortened)` is not a value of \(subject)", at: text.span,
      label: closest.map { "did you mean `\($0)`?" },
      notes: ["expected \(kind.expectation)"])
  }

  static func badDate(_ subject: String, _ text: Located<String>) -> Finding {
    Finding(
      214, "\(subject) is not a day: `\(text.value.shortened)`", at: text.span,
      label: "expected year-month-day, such as `2025-09-30`")
  }

  static func badPeriod(_ subject: String, _ text: Located<String>) -> Finding {
    let mend = Period.guess(text.value)
    return Finding(
      215, "\(subject) is not a length of time: `\(text.value.shortened)`", at: text.span,
      label: mend.map { "did you mean `\($0)`?" } ?? "expected a count and a unit",
      notes: ["units: days, weeks, months, years"])
  }

  /// - Parameter kind: all that may stand there.
  static func badNegatives(_ subject: String, _ kind: ValueKind, _ node: Node) -> Finding {
    let text = node.scalar?.text ?? ""
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let rest = text.dropFirst(digits.count).trimmingPrefix(" ")
    var meant: String?
    if rest.first == "%" {
      if let percent = Double(digits), percent > 0, percent <= 100 { meant = "\(percent / 100)" }
    } else if rest.isEmpty || rest == ":1" || rest.hasPrefix("p"), let count = Int(digits),
      (1...999_999).contains(count)
    {
      meant = "\(count) per positive"
    }
    return Finding(
      226, "\(subject) is not a number of negatives: `\(text.shortened)`", at: node.span,
      label: meant.map { "did you mean `\($0)`?" },
      notes: ["expected \(kind.expectation): a share above 0 and at most 1"])
  }

  static func badColumn(_ subject: String, _ text: Located<String>) -> Finding {
    Finding(
      216, "\(subject) is a column written as `source.column`, not `\(text.value.shortened)`",
      at: text.span, label: "write the source's name, a dot and the column's name")
  }

  static func badName(_ name: Located<String>) -> Finding {
    Finding(
      217, "`\(name.value.shortened)` cannot be a name", at: name.span,
      label: name.value.utf8.count > 100
        ? "at most 100 characters"
        : "only unaccented letters, digits and `_`, not starting with a digit")
  }

  static func tooShort(_ subject: String, minimum: Int, at span: SourceSpan) -> Finding {
    Finding(
      218, "\(subject) needs at least \(minimum == 1 ? "one item" : "\(minimum) items")",
      at: span)
  }

  static func notOneEntry(
    _ subject: String, _ mapping: Mapping, _ value: ValueKind, at span: SourceSpan
  ) -> Finding {
    let isFeature = if case .map(.feature) = value { true } else { false }
    let message =
      "\(subject) is one name with \(isFeature ? "its expression" : "what it stands for")"
    if let added = mapping.entries.first(where: { $0.key.span.file !== span.file })?.key {
      return Finding(
        219, message, at: added.span,
        label: "laid over an item that has another name",
        notes: ["the item is written at \(mapping.entries[0].key.span.place)"],
        hints: ["`{append: [...]}` adds an item to a list"])
    }
    let isFlat = mapping.entries.first?.value.isBlank ?? false
    let place = mapping.entries.dropFirst().first?.key.span ?? span
    return Finding(
      219, message, at: place,
      label: isFlat
        ? "indent this further, so that it belongs to `\(mapping.entries[0].key.value)`"
        : "start a new item with `- ` here",
      hints: [
        isFeature
          ? "for example `- feat_age: {days_since: customers.created}`"
          : "for example `- owner: customers.rep_name`"
      ])
  }

  static func severalOf(_ what: String, _ written: [Located<String>], at span: SourceSpan)
    -> Finding
  {
    let inherits = written[0].span.file !== written[1].span.file
    return Finding(
      220, "\(written.map { "`\($0.value)`" }.inWords("and")) cannot stand together", at: span,
      label: "only one \(what) is possible",
      notes: written.dropLast().map { "`\($0.value)` is written at \($0.span.place)" },
      hints: inherits ? ["`\(written[0].value): null` takes away what was inherited"] : [])
  }

  static func noneOf(_ what: String, _ keys: [String], in subject: String, at span: SourceSpan)
    -> Finding
  {
    Finding(
      221, "\(subject) has no \(what)", at: span, label: "needs one",
      notes: ["one of: \(keys.joined(separator: ", "))"])
  }

  static func needs(
    _ key: Located<String>, _ others: [String], conjunction: String = "or"
  ) -> Finding {
    Finding(
      222, "`\(key.value)` says nothing here", at: key.span,
      label: "only beside \(others.map { "`\($0)`" }.inWords(conjunction))")
  }

  static func sameButForCase(_ name: Located<String>, other: Located<String>) -> Finding {
    Finding(
      224, "`\(name.value)` and `\(other.value)` differ only in case", at: name.span,
      label: "SQL does not tell them apart",
      notes: ["`\(other.value)` is written at \(other.span.place)"])
  }

  static func unknownKey(_ key: Located<String>, allowed: [String]) -> Finding {
    let closest = Suggestion.closest(to: key.value, among: allowed)
    return Finding(
      231, "unknown key `\(key.value.shortened)`", at: key.span,
      label: closest.map { "did you mean `\($0)`?" },
      notes: ["keys allowed here: \(allowed.joined(separator: ", "))"],
      hints: key.value.contains { "()'\"".contains($0) }
        ? ["text that holds `,` or `: ` needs quotes around it"] : [])
  }
}

extension SourceSpan {
  /// `file:line`, for notes.
  var place: String { "\(file.name):\(line)" }
}

extension String {
  /// With a lower-case first letter, to go on in the middle of a sentence; without a full stop.
  var lowercasedStart: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

extension Period {
  /// The period that was probably meant by `90d`, `6months`, `6 mo` or a bare number.
  static func guess(_ text: String) -> Period? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 100_000 else { return nil }
    let rest = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
    if rest.isEmpty { return Period(count, .days) }
    return Unit.allCases.first { $0.rawValue.hasPrefix(rest) || rest.hasPrefix($0.singular) }
      .map { Period(count, $0) }
  }
}
