import Diagnostics
import YAML

// Findings about the form of a spec: H107, H207, H210 to H222, H224, H226 and H231.
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
        A key with nothing behind it is usually an accident: the lines below are not indented, or \
        are commented out. Taken as `null` it would remove what was inherited in silence.
        """,
      example: .spec("«cohort»:"),
      fix: """
        Write the value, indented below the key, or remove the key. To take an inherited value \
        away write `null`.
        """),
    Explanation(
      210, "a value of the wrong type",
      cause: """
        The key takes another type of value: a list, a map, a number or a text. Converting it by \
        guess could change what the experiment means.
        """,
      example: .spec("features: «account»"),
      fix: "Write a value of the type named; text that looks like a number needs quotes."),
    Explanation(
      211, "a value that is out of range",
      cause: """
        The value has the right type, but no meaning at this size: no cutoff to learn from, a \
        share above 1, a window of 0 days.
        """,
      example: .spec("evaluation: {intervals: {level: «95»}}"),
      fix: "Choose a value in the range named, and check its unit: shares are written as `0.95`."),
    Explanation(
      212, "a required key is missing",
      cause: """
        The key has no default, because any default would be a guess about your data or your \
        question. It was left out, or a `null` has taken it away.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet}}"),
      fix: "Add the key; the finding says what it means."),
    Explanation(
      213, "not one of the possible words",
      cause: """
        The key takes one of a few words, and this is none of them. Nothing is taken in its place: \
        a misspelt setting would otherwise be another experiment.
        """,
      example: .spec("calibration: {method: «isotonc»}"),
      fix: "Write one of the words in the note."),
    Explanation(
      214, "not a day",
      cause: """
        A day is written as year-month-day and must exist in the calendar. Other orders are \
        refused, since `03/04/2025` is a day in March or in April.
        """,
      example: .spec("cutoffs: {last: «06/30/2025»}"),
      fix: "Write it like `2025-06-30`."),
    Explanation(
      215, "not a length of time",
      cause: """
        A length of time is a whole count, a space and a unit. A number alone has no unit, and \
        `6m` could be minutes or months.
        """,
      example: .spec("label: {horizon: «90d»}"),
      fix: "Write a count and one of `days`, `weeks`, `months` or `years`: `90 days`."),
    Explanation(
      216, "not a column",
      cause: """
        A column is named with its source, `source.column`, because several sources may have \
        columns of the same name.
        """,
      example: .spec("label: {event: «first_order»}"),
      fix: "Write the source's name in front: `customers.first_order`."),
    Explanation(
      217, "a name that cannot be used",
      cause: """
        Names of sources, columns, feature sets and features become names in SQL and columns of \
        the panel. They have letters without accents, digits and `_`, do not begin with a digit, \
        and are 100 characters long at most.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «has-email»: {present: history.email}
        """),
      fix: """
        Rename it, with `_` for blanks and hyphens. A column whose name in the table differs has \
        that name in `from`.
        """),
    Explanation(
      218, "too few items",
      cause: """
        The list is empty, or shorter than it has to be to mean anything: a model without \
        features, a rule without alternatives.
        """,
      example: .spec("features: «[]»"),
      fix: "Add what is missing. If the whole key is not wanted and may be left out, remove it."),
    Explanation(
      219, "a list item that is not one name with its expression",
      cause: """
        Each item of a feature set is a feature's name with its expression below it. Here the \
        expression is indented no further than the name, or a second name stands in the same item.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - has_email:
              «present»: history.email
        """),
      fix: "Indent the expression further than the name, and begin each feature with `- `."),
    Explanation(
      220, "keys that exclude each other",
      cause: """
        Only one of these keys can be meant, and which one is not for the program to decide. Often \
        one of them is inherited and the other was meant to replace it.
        """,
      example: .spec("sources: {calls: {«csv»: data/calls.csv}}"),
      fix: "Remove one of them; an inherited one is taken away with `null`, as in `parquet: null`."
    ),
    Explanation(
      221, "the key that everything depends on is missing",
      cause: """
        Exactly one of several keys has to say what this is: a feature's expression, a source's \
        location, a rule, a connection's database. There are only options that go with it, or \
        nothing.
        """,
      example: .spec(
        """
        feature_sets:
          contact:
            - «recent_calls»: {within: 30 days}
        """),
      fix: "Add one of the keys in the note, for a count of events `count: calls`."),
    Explanation(
      222, "a key that says nothing without another",
      cause: """
        The key has a meaning only beside another one, which is not there. It would have no \
        effect, though it looks as if it had.
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
        SQL does not tell upper and lower case apart, so both names would mean the same. Often an \
        inherited name was meant to be replaced but is written differently there.
        """,
      example: .spec("sources: {customers: {columns: {«Size»: {type: integer, class: static}}}}"),
      fix: """
        Write the name as it is written elsewhere to replace that one, or choose another name.
        """),
    Explanation(
      226, "not a number of negatives",
      cause: """
        How many negatives a sample keeps is said for each positive, as in `20 per positive`, or as a \
        share of all of them, a number above 0 and at most 1. Percent signs are not read, and a bare \
        20 could be meant either way.
        """,
      example: .spec("sample: {negatives: «20»}"),
      fix: "Write `20 per positive`, or the share: `0.05` keeps one negative in twenty."),
    Explanation(
      231, "unknown key",
      cause: """
        The language has no such key at this place. A key that is not understood would mean \
        nothing, and the default it was meant to replace would be used in silence.
        """,
      example: .spec("label: {event: customers.first_order, «horizont»: 1 month}"),
      fix: "Write the key that was meant; the note lists those allowed there."),
  ]
}
