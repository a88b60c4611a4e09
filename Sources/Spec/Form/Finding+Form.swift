import Diagnostics
import YAML

// Findings about the form of a spec: H107, H207, H210 to H222, H224, H226 and H231.
extension Finding {
  static func blank(_ subject: String, _ kind: ValueKind, at span: SourceSpan) -> Finding {
    Finding(
      207, "\(subject) has no value", at: span, label: "expected \(kind.expectation)",
      hints: ["remove the key, or write `null` to remove the inherited value"])
  }

  static func zeroCharacter(at span: SourceSpan) -> Finding {
    Finding(
      107, "a spec cannot contain the character U+0000", at: span,
      label: "the engine and the file system would end the text there", hints: ["remove it"])
  }

  static func wrongType(
    _ subject: String, _ kind: ValueKind, _ node: Node
  ) -> Finding {
    var label: String?
    if let scalar = node.scalar, scalar.style == .plain, scalar.value != .null {
      if case .text = kind { label = "put it in quotes: \"\(scalar.text.shortened)\"" }
      if case .list = kind { label = "write a list in brackets: [\(scalar.text.shortened)]" }
    }
    if case .list(.map, _) = kind, node.mapping != nil {
      label = "start each list item with `- `"
    }
    return Finding(
      210, "\(subject) is \(kind.expectation), not \(node.kindInWords)", at: node.span,
      label: label)
  }

  static func outOfRange(_ subject: String, _ range: String, _ node: Node) -> Finding {
    Finding(
      211, "\(subject) must be \(range)", at: node.span,
      label: "`\(node.scalar?.text.shortened ?? "")` is out of range")
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
    let fix = Period.guess(text.value)
    return Finding(
      215, "\(subject) is not a length of time: `\(text.value.shortened)`", at: text.span,
      label: fix.map { "did you mean `\($0)`?" } ?? "expected a count and a unit",
      notes: ["units: days, weeks, months, years"])
  }

  /// Returns the finding for a malformed number of negatives.
  /// - Parameter kind: everything that is allowed there.
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
      "\(subject) is one name with \(isFeature ? "its expression" : "its value")"
    if let added = mapping.entries.first(where: { $0.key.span.file !== span.file })?.key {
      return Finding(
        219, message, at: added.span,
        label: "this overrides an item that has another name",
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
      220, "\(written.map { "`\($0.value)`" }.inWords("and")) exclude each other", at: span,
      label: "only one \(what) is allowed",
      notes: written.dropLast().map { "`\($0.value)` is written at \($0.span.place)" },
      hints: inherits ? ["`\(written[0].value): null` removes the inherited one"] : [])
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
      222, "`\(key.value)` has no effect here", at: key.span,
      label: "needs \(others.map { "`\($0)`" }.inWords(conjunction))")
  }

  static func sameButForCase(_ name: Located<String>, other: Located<String>) -> Finding {
    Finding(
      224, "`\(name.value)` and `\(other.value)` differ only in case", at: name.span,
      label: "SQL ignores case",
      notes: ["`\(other.value)` is written at \(other.span.place)"])
  }

  static func unknownKey(_ key: Located<String>, allowed: [String]) -> Finding {
    let closest = Suggestion.closest(to: key.value, among: allowed)
    return Finding(
      231, "unknown key `\(key.value.shortened)`", at: key.span,
      label: closest.map { "did you mean `\($0)`?" },
      notes: ["keys allowed here: \(allowed.joined(separator: ", "))"],
      hints: key.value.contains { "()'\"".contains($0) }
        ? ["text that contains `,` or `: ` needs quotes"] : [])
  }
}

extension SourceSpan {
  /// The position as `file:line`, for notes.
  var place: String { "\(file.name):\(line)" }
}

extension String {
  /// The text with a lower-case first letter and without a period, for use in the middle of a
  /// sentence.
  var lowercasedStart: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

extension Period {
  /// Returns the period that was probably meant by `90d`, `6months`, `6 mo` or a bare number.
  static func guess(_ text: String) -> Period? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 100_000 else { return nil }
    let rest = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
    if rest.isEmpty { return Period(count, .days) }
    return Unit.allCases.first { $0.rawValue.hasPrefix(rest) || rest.hasPrefix($0.singular) }
      .map { Period(count, $0) }
  }
}

extension Explanation {
  static let formFindings: [Explanation] = [
    Explanation(
      207, "a key without a value",
      cause: """
        A key without a value is usually an accident: the lines below are not indented, or are \
        commented out. Reading it as `null` would silently remove the inherited value.
        """,
      example: .spec("«cohort»:"),
      fix: """
        Write the value, indented below the key, or remove the key. To remove an inherited value, \
        write `null`.
        """),
    Explanation(
      210, "a value of the wrong type",
      cause: """
        The key needs another type of value: a list, a map, a number, or text. Guessing a \
        conversion could change what the experiment means.
        """,
      example: .spec("features: «account»"),
      fix: "Write a value of the type in the message; text that looks like a number needs quotes."),
    Explanation(
      211, "a value that is out of range",
      cause: """
        The value has the right type but is too large or too small: no train cutoff, a share above \
        1, a window of 0 days.
        """,
      example: .spec("evaluation: {intervals: {level: «95»}}"),
      fix:
        "Write a value in the range in the message, and check its unit: shares are written as "
        + "`0.95`."
    ),
    Explanation(
      212, "a required key is missing",
      cause: """
        The key has no default, because any default would be a guess about your data or your \
        question. It was left out, or a `null` removed it.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet}}"),
      fix: "Add the key; the hint says what it means."),
    Explanation(
      213, "not one of the allowed values",
      cause: """
        The key takes one of a few values, and this is not one of them. No default replaces it: \
        with a misspelled setting, it would be a different experiment.
        """,
      example: .spec("calibration: {method: «isotonc»}"),
      fix: "Write one of the values in the note."),
    Explanation(
      214, "not a day",
      cause: """
        A day is written as year-month-day and must exist. Other orders are rejected, because \
        `03/04/2025` could be in March or in April.
        """,
      example: .spec("cutoffs: {last: «06/30/2025»}"),
      fix: "Write it like `2025-06-30`."),
    Explanation(
      215, "not a length of time",
      cause: """
        A length of time is a whole number, a space, and a unit. A number alone has no unit, and \
        `6m` could mean minutes or months.
        """,
      example: .spec("label: {horizon: «90d»}"),
      fix: "Write a number and one of `days`, `weeks`, `months`, or `years`: `90 days`."),
    Explanation(
      216, "not a column",
      cause: """
        A column is named with its source, `source.column`, because several sources can have \
        columns with the same name.
        """,
      example: .spec("label: {event: «first_order»}"),
      fix: "Write the source's name in front: `customers.first_order`."),
    Explanation(
      217, "a name that cannot be used",
      cause: """
        Names of sources, columns, feature sets, and features are used in SQL and as columns of \
        the panel. They contain unaccented letters, digits, and `_`, do not start with a digit, \
        and have at most 100 characters.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «has-email»: {present: history.email}
        """),
      fix: """
        Rename it, with `_` for spaces and hyphens. If the column has another name in the table, \
        write that name in `from`.
        """),
    Explanation(
      218, "too few items",
      cause: """
        The list is empty or too short: a model without features, a rule without alternatives.
        """,
      example: .spec("features: «[]»"),
      fix: "Add the missing items, or remove the key if it is optional."),
    Explanation(
      219, "a list item that is not one name with its expression",
      cause: """
        Each item of a feature set is a feature's name with its expression below it. Here the \
        expression is not indented further than the name, or the item has a second name.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - has_email:
              «present»: history.email
        """),
      fix: "Indent the expression further than the name, and start each feature with `- `."),
    Explanation(
      220, "keys that exclude each other",
      cause: """
        Only one of these keys can apply, and Holdout does not choose. Often one is inherited and \
        the other was meant to replace it.
        """,
      example: .spec("sources: {calls: {«csv»: data/calls.csv}}"),
      fix: "Remove one of them. To remove an inherited one, write `null`: `parquet: null`."
    ),
    Explanation(
      221, "the main key is missing",
      cause: """
        Exactly one of several keys says what this is: a feature's expression, a source's \
        location, a rule, a connection's database. Only its options are here, or nothing.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «recent_calls»: {within: 30 days}
        """),
      fix: "Add one of the keys in the note, such as `count: calls` for a count of events."),
    Explanation(
      222, "a key that needs another key",
      cause: """
        The key has an effect only together with another key, which is missing.
        """,
      example: .spec(
        """
        feature_sets:
          account:
            - size: {value: customers.size, «missing»: none}
        """),
      fix: "Add the key it belongs to, or remove this one."),
    Explanation(
      224, "names that differ only in case",
      cause: """
        SQL ignores case, so both names would mean the same. Often an inherited name was meant to \
        be replaced but is spelled differently.
        """,
      example: .spec("sources: {customers: {columns: {«Size»: {type: integer, class: static}}}}"),
      fix: """
        Spell the name exactly like the inherited one to replace it, or choose another name.
        """),
    Explanation(
      226, "not a number of negatives",
      cause: """
        The number of negatives in a sample is given per positive, as in `20 per positive`, or as \
        a share of all negatives, above 0 and at most 1. Percent signs are not allowed, and 20 \
        alone could mean either.
        """,
      example: .spec("sample: {negatives: «20»}"),
      fix: "Write `20 per positive`, or the share: `0.05` keeps one negative in twenty."),
    Explanation(
      231, "unknown key",
      cause: """
        The spec language has no such key here. Ignoring it would silently use the default that it \
        was meant to replace.
        """,
      example: .spec("label: {event: customers.first_order, «horizont»: 1 month}"),
      fix: "Write the key that was meant; the note lists those allowed there."),
  ]
}
