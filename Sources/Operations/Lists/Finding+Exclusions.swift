internal import Diagnostics
internal import Panel

// Exclusion files: H815 to H818, H857.
extension Finding {
  static func exclusionQuoteStaysOpen(_ quote: SourceSpan) -> Finding {
    Finding(
      815, "a quote in `\(quote.file.name)` is never closed", at: quote,
      label: "the rest of the file is in it",
      hints: ["close it, or write two of them where the text has one"])
  }

  static func exclusionsWithoutKey(_ first: SourceSpan, count: Int) -> Finding {
    let lines = count == 1 ? "a line" : "\(count.grouped) lines"
    return Finding(
      816, .warning, "\(lines) of `\(first.file.name)` without a key", at: first,
      label: count == 1 ? "excludes no one" : "the first one",
      hints: ["write the key in the first field, or name its field in a heading"])
  }

  static func noExclusions(_ file: SourceFile) -> Finding {
    Finding(
      817, .warning, "`\(file.name)` has no keys", at: file.start,
      hints: ["write one key a line, or take the file out of `capacity.exclude`"])
  }

  static func unknownExclusions(
    _ file: SourceFile, line: Int, first: String, count: Int, of total: Int, causes: [KeyLikeness]
  ) -> Finding {
    let place = SourceSpan(file: file, range: file.rangeOfLine(line - 1))
    let likely = causes.map(\.sentence)
    guard count < total else {
      return Finding(
        818, .warning,
        total == 1
          ? "the one key of `\(file.name)` is of no entity"
          : "none of the \(total.grouped) keys of `\(file.name)` is of an entity",
        at: place, label: "such as `\(first)`",
        notes: ["the file keeps no one off the list"] + likely,
        hints: [
          "write the keys of the cohort's source, one a line, or name their field in a heading"
        ])
    }
    return Finding(
      857, .warning,
      "\(count.grouped) of the \(total.grouped) keys of `\(file.name)` "
        + (count == 1 ? "is of no entity" : "are of no entity"),
      at: place, label: count == 1 ? "this one" : "the first one",
      notes: [
        count == 1 ? "it keeps no one off the list" : "they keep no one off the list"
      ] + likely,
      hints: [
        causes.isEmpty
          ? "correct them if they mean someone: a key may also be of an entity that was deleted"
          : "write them as the cohort's source does: whom they mean may be on the list"
      ])
  }
}

extension Explanation {
  /// A model in production with a list that excludes the keys in a file.
  private static func excluding(_ file: String) -> Example {
    .champion(
      "holdout score renewals",
      spec: Example.lists + "\ncapacity: {rows: 20, exclude: [do_not_call.csv]}",
      files: [("do_not_call.csv", file)])
  }

  static let exclusionsFindings: [Explanation] = [
    Explanation(
      815, "an exclusion file with an open quote",
      cause: """
        A field that starts with a quote ends at the next one, also some lines further down. Without \
        that one the rest of the file is a single field, and whoever stands in it would be called. \
        Nothing is written then.
        """,
      example: excluding("id,reason\nC1,«\"»asked us to stop\nC2,moved away\n"),
      fix: "Close the quote, or write two of them where the text itself has one."),
    Explanation(
      816, "a line of an exclusion file without a key",
      cause: """
        The line says something, but its key is blank, so that it keeps no one off the list. The key \
        is the first field, or the one that a heading on the first line names.
        """,
      example: excluding("C1,asked us to stop\n«,moved away»\n"),
      fix: "Write the key, name its field in a heading, or start the line with `#`."),
    Explanation(
      817, "an exclusion file without keys",
      cause: """
        The file is there and names no one: perhaps an export that failed, or a file that was cut off.
        """,
      example: excluding("«»# agreed with legal in May\n"),
      fix: "Write the file again, or take it out of `capacity.exclude`."),
    Explanation(
      818, "an exclusion file of unknown keys",
      cause: """
        None of the file's keys is that of an entity, in the cohort or outside. It may hold names, or \
        the keys of another system: the people whom it is about would be called.
        """,
      example: excluding("«anna@example.org»\nbert@example.org\n"),
      fix: "Write the keys of the cohort's source, one a line, or name their field in a heading."),
    Explanation(
      857, "keys of an exclusion file that no entity has",
      cause: """
        Some of the file's keys are those of entities and some are not. Such a key may be of an \
        account that was deleted; or it is written another way than the source writes it, and whoever \
        it means may be called. The note says how many would be an entity's key but for blanks, \
        invisible characters, case, leading zeros or the like.
        """,
      example: excluding("C1\n«c2»\nC3\n"),
      fix: "Write these keys as the cohort's source does, or take them out of the file."),
  ]
}
