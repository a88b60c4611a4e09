internal import Diagnostics

// Translates libyaml's errors into plain words.

extension Finding {
  /// Returns the finding for the problem that stopped the parse: what is wrong, where, and how to
  /// fix it.
  static func syntax(_ problem: SyntaxProblem, in file: SourceFile) -> Finding {
    let place = SyntaxPlace(problem, in: file)
    return unreadable(problem, place) ?? indentedByTab(problem, place)
      ?? unclosed(problem, place) ?? badEscape(problem, place) ?? badStart(problem, place)
      ?? badColon(problem, place) ?? misplaced(problem, place) ?? malformed(problem, place)
  }

  static func controlCharacter(_ character: String, at span: SourceSpan) -> Finding {
    Finding(
      107, "YAML does not allow the character \(character)", at: span,
      hints: ["remove it, or write it as an escape in double quotes"])
  }

  private static func unreadable(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    if problem.problem == "control characters are not allowed" {
      return controlCharacter(place.codeName, at: place.character)
    }
    guard problem.problem.contains("UTF-8 octet") || problem.problem.contains("Unicode character"),
      problem.context.isEmpty
    else { return nil }
    return invalidUTF8(at: place.character)
  }

  private static func indentedByTab(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    let kinds = [
      "found character that cannot start any token", "found a tab character",
      "did not find expected key", "did not find expected '-' indicator",
    ]
    guard let tab = place.indentationTab, kinds.contains(where: problem.problem.hasPrefix) else {
      return nil
    }
    return Finding(
      111, "a tab indents this line", at: tab, label: "YAML indents with spaces",
      hints: ["replace the tab with spaces, as in the lines around it"])
  }

  private static func unclosed(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    let isQuoted = problem.context == "while scanning a quoted scalar"
    if isQuoted, problem.problem == "found unexpected end of stream" {
      return Finding(
        112, "this quoted text is never closed", at: place.context, label: "opened here",
        hints: ["close it with the same quote; inside '...', write a quote as ''"])
    }
    if isQuoted, problem.problem == "found unexpected document indicator" {
      return Finding(
        112, "this quoted text is not closed before the document ends", at: place.context,
        label: "opened here", hints: ["close it with the same quote"],
        related: [Related("the document ends here", at: place.character)])
    }
    if problem.problem == "did not find expected node content", place.isAtEnd,
      let bracket = place.bracket
    {
      return neverClosed(bracket)
    }
    let kinds = [
      "did not find expected ',' or ']'": ("list", "]"),
      "did not find expected ',' or '}'": ("map", "}"),
    ]
    guard let (kind, bracket) = kinds[problem.problem] else { return nil }
    let isOnLaterLine = place.context.line < place.character.line
    if place.isAtEnd || isOnLaterLine {
      var finding = neverClosed(place.context)
      if isOnLaterLine, !place.isAtEnd {
        finding.related = [
          .init("close it, or add `,`, before this", at: place.character)
        ]
      }
      return finding
    }
    return Finding(
      112, "expected `,` or `\(bracket)` here", at: place.character,
      hints: [
        "separate items with `,` and close the \(kind) with `\(bracket)`",
        "quote text that contains `: `, `,`, `#`, or brackets",
      ], related: [Related("the \(kind) was opened here", at: place.context)])
  }

  private static func neverClosed(_ bracket: SourceSpan) -> Finding {
    let (kind, closing) = bracket.text == "[" ? ("list", "]") : ("map", "}")
    return Finding(
      112, "this \(kind) is never closed", at: bracket, label: "opened here",
      hints: ["close it with `\(closing)`"])
  }

  private static func badEscape(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    switch problem.problem {
    case "found unknown escape character":
      return Finding(
        113, "`\(place.backslashed)` is not an escape", at: place.escape,
        hints: ["double the backslash, or use single quotes, in which it is an ordinary character"])
    case "did not find expected hexdecimal number", "found invalid Unicode character escape code":
      return Finding(
        113, "this escape names no character", at: place.escape,
        hints: ["write 2 hexadecimal digits after `\\x`, 4 after `\\u`, or 8 after `\\U`"])
    default: return nil
    }
  }

  private static func badStart(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    switch (problem.problem, problem.context) {
    case ("found character that cannot start any token", _):
      return Finding(
        114, "text cannot begin with `\(place.character.text)`", at: place.character,
        hints: ["put the text in quotes"])
    case (_, "while scanning an alias"):
      return Finding(
        114, "`*` starts an alias, whose name can have letters, digits, `_`, and `-`",
        at: place.context,
        hints: ["put the text in quotes if it is not an alias: `'\(place.contextWord.text)'`"])
    case (_, "while scanning an anchor"):
      return Finding(
        114, "`&` starts an anchor, whose name can have letters, digits, `_`, and `-`",
        at: place.context, hints: ["put the text in quotes if it is not an anchor"])
    case ("found undefined tag handle", _):
      return unknownTag(place.contextWord.text, at: place.contextWord)
    case (_, let context) where context.contains("tag"):
      return Finding(
        114, "`!` starts a tag, and this one is malformed", at: place.context,
        hints: ["put the text in quotes if it is not a tag"])
    case (_, let context) where context.contains("directive"):
      return Finding(
        114, "`%` at the start of a line starts a directive, and this is not one",
        at: place.context, hints: ["indent or quote the text, or remove the line"])
    default: return nil
    }
  }

  private static func badColon(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    switch problem.problem {
    case "mapping values are not allowed in this context", "found unexpected ':'":
      return Finding(
        115, "a `:` is not allowed here", at: place.character,
        hints: [
          "put the text in quotes if the `:` is part of it",
          "if this line is a key, indent it like the other keys",
        ])
    case "could not find expected ':'":
      return Finding(
        115, "expected `:` after this key", at: place.contextLine,
        hints: ["write `key: value`, or indent the line if it continues the text above"])
    default: return nil
    }
  }

  private static func misplaced(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding? {
    switch problem.problem {
    case "did not find expected key" where place.character.text == ":",
      "did not find expected node content" where place.character.text == ":":
      return keyNull("", at: place.character)
    case "did not find expected key":
      return Finding(
        110, "expected a key of the map here", at: place.character,
        hints: [
          "give every key of a map the same indentation: this map's keys start in column "
            + "\(place.context.column)",
          "only a comment can follow a value in quotes or brackets",
        ], related: [Related("the map starts here", at: place.context)])
    case "did not find expected '-' indicator":
      return Finding(
        110, "expected `-` and an item of the list here", at: place.character,
        hints: ["give every item of a list the same indentation; keys do not go between items"],
        related: [Related("the list starts here", at: place.context)])
    case "block sequence entries are not allowed in this context":
      return Finding(
        110, "a list item cannot start here", at: place.character,
        hints: ["start the list on a new line, or write it as `[a, b]`"])
    case "mapping keys are not allowed in this context":
      return Finding(
        110, "a key cannot start here", at: place.character,
        hints: ["put the text in quotes if the `?` is part of it"])
    case "did not find expected node content":
      return Finding(
        110, "expected a value here", at: place.character,
        hints: ["remove an extra `,`, or quote text that starts with this character"])
    case "did not find expected <document start>":
      return Finding(
        110, "this is not part of the value above", at: place.character,
        hints: ["a file has one value: give all its keys the same indentation"])
    default: return nil
    }
  }

  private static func malformed(_ problem: SyntaxProblem, _ place: SyntaxPlace) -> Finding {
    if problem.context == "while scanning a block scalar" {
      return Finding(
        110, "only `-`, `+`, and a digit from 1 to 9 can follow `|` or `>`", at: place.character,
        hints: ["start the text on the next line"],
        related: [Related("the text was opened here", at: place.context)])
    }
    return Finding(
      110, "this cannot be read as YAML", at: place.character,
      notes: ["libyaml says: \(problem.context) \(problem.problem)"],
      hints: ["put text with special characters in quotes, and check the indentation"])
  }
}

/// The source positions related to a syntax problem.
struct SyntaxPlace {
  private let file: SourceFile
  private let offset: Int
  private let contextOffset: Int
  private let openBracket: Int?

  init(_ problem: SyntaxProblem, in file: SourceFile) {
    self.file = file
    openBracket = problem.openBracket
    offset = min(problem.offset, file.bytes.count)
    contextOffset = min(problem.contextOffset ?? problem.offset, file.bytes.count)
  }

  /// The character that stopped the parse; empty at the end of a line.
  var character: SourceSpan { span(from: offset) }

  /// The first character of the construct being read.
  var context: SourceSpan { span(from: contextOffset) }

  /// The first word of the construct being read.
  var contextWord: SourceSpan {
    let line = file.rangeOfLine(file.line(at: contextOffset))
    let rest = file.bytes[contextOffset..<max(contextOffset, line.upperBound)]
    let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
    return SourceSpan(file: file, range: contextOffset..<word.endIndex)
  }

  /// The innermost open bracket.
  var bracket: SourceSpan? { openBracket.map { span(from: $0) } }

  /// The line from the start of the construct being read, without trailing blanks.
  var contextLine: SourceSpan {
    var end = file.rangeOfLine(file.line(at: contextOffset)).upperBound
    while end > contextOffset + 1, [0x20, 0x09].contains(file.bytes[end - 1]) { end -= 1 }
    return SourceSpan(file: file, range: contextOffset..<max(contextOffset, end))
  }

  /// Whether only blanks and line breaks follow.
  var isAtEnd: Bool {
    file.bytes[offset...].allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// The tab in the indentation of the line that stopped the parse.
  var indentationTab: SourceSpan? {
    let line = file.rangeOfLine(file.line(at: offset))
    let indentation = file.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }
    guard let tab = indentation.firstIndex(of: 0x09) else { return nil }
    return SourceSpan(file: file, range: tab..<tab + 1)
  }

  /// The escape that stopped the parse, starting at its backslash.
  var escape: SourceSpan {
    let line = file.rangeOfLine(file.line(at: offset))
    let before = file.bytes[line.lowerBound..<min(offset + 1, line.upperBound)]
    guard let backslash = before.lastIndex(of: UInt8(ascii: "\\")) else { return character }
    let last = span(from: max(offset, backslash + 1))
    return SourceSpan(file: file, range: backslash..<last.range.upperBound)
  }

  /// The backslash and the character after it.
  var backslashed: String { String(escape.text.prefix(2)) }

  /// The character's code point in Unicode notation, such as `U+0007`.
  var codeName: String {
    let digits = String(character.text.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func span(from start: Int) -> SourceSpan {
    var end = start
    if end < file.bytes.count, LineBreak.length(in: file.bytes, at: end) == 0 {
      end += 1
      while end < file.bytes.count, file.bytes[end] & 0xC0 == 0x80 { end += 1 }
    }
    return SourceSpan(file: file, range: start..<end)
  }
}

/// A libyaml error: its own words and the two positions it reports.
struct SyntaxProblem {
  /// libyaml's problem, such as `did not find expected key`.
  var problem: String
  /// libyaml's context, such as `while parsing a block mapping`; empty if there is none.
  var context: String
  /// The byte offset of the problem.
  var offset: Int
  /// The byte offset of the context: the start of the construct being read.
  var contextOffset: Int?
  /// The byte offset of the innermost open bracket.
  var openBracket: Int?
}

extension Explanation {
  static let syntaxFindings: [Explanation] = [
    Explanation(
      107, "a control character",
      cause: """
        YAML forbids most control characters. They are invisible in an editor and often come with \
        text pasted from a word processor or a terminal.
        """,
      example: .commands(
        """
        printf 'name: renewals«\\v»of trade\\n' > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: """
        Remove the character. If it is meant, write it in double quotes as an escape, such as \
        `"\\v"`.
        """),
    Explanation(
      110, "something in the wrong place",
      cause: """
        This does not fit in the list or map around it. Often a line is indented differently from \
        the lines around it, or text follows a value in quotes.
        """,
      example: .spec(
        """
        cutoffs:
            train: 12
          «t»est: 3
        """),
      fix: """
        Give all keys of a map, and all items of a list, the same indentation. Put all of a text \
        in quotes, or none of it.
        """),
    Explanation(
      111, "a tab as indentation",
      cause: """
        YAML indents only with spaces, because the width of a tab depends on the editor.
        """,
      example: .spec(
        """
        cutoffs:
        «\t»train: 12
        """),
      fix: "Replace tabs at the start of lines with spaces, and set your editor to do so."),
    Explanation(
      112, "a quote or bracket that is not closed",
      cause: """
        The text in quotes, the list in `[ ]`, or the map in `{ }` that starts here has no end, so \
        everything below would be part of it.
        """,
      example: .spec("features: «[»account, engagement"),
      fix: "Close it. Text within brackets that contains `,`, `#`, `: `, or a bracket needs quotes."
    ),
    Explanation(
      113, "an escape that does not exist",
      cause: """
        In double quotes, a backslash starts an escape, such as `\\n` for a new line, and this is \
        not one. It is often part of a regular expression or a Windows path.
        """,
      example: .spec("description: \"accounts that match «\\d»+\""),
      fix:
        "Use single quotes, in which a backslash is an ordinary character, or double the backslash."
    ),
    Explanation(
      114, "a character that text cannot start with",
      cause: """
        `%`, `@`, a backquote, `*`, `&` and `!` have a special meaning at the start of a YAML \
        value. This one is reserved or starts something malformed.
        """,
      example: .spec(
        """
        sources:
          customers:
            columns:
              created: {type: date, class: event, formats: [«%»m/%d/%Y]}
        """),
      fix: "Put the text in quotes: `\"%m/%d/%Y\"`."),
    Explanation(
      115, "a misplaced or missing colon",
      cause: """
        A colon followed by a space ends a key, and no key can end here; or a line of a map has no \
        colon. Usually text contains a colon, or a key is indented too far.
        """,
      example: .spec("description: Who renews«:» trade or retail?"),
      fix: """
        Put text that contains a colon in quotes. Write keys as `key: value`, indented like the \
        other keys.
        """),
  ]
}
