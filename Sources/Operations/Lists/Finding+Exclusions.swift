internal import Diagnostics
internal import Panel

// Exclusion files: H815 to H818, H857.
extension Finding {
  static func exclusionQuoteStaysOpen(_ quote: SourceSpan) -> Finding {
    Finding(
      815, "a quote in `\(quote.file.name)` is never closed", at: quote,
      label: "the rest of the file is inside it",
      hints: ["close it, or double each quote inside text"])
  }

  static func exclusionsWithoutKey(_ first: SourceSpan, count: Int) -> Finding {
    let lines = count == 1 ? "a line" : "\(count.grouped) lines"
    return Finding(
      816, .warning, "\(lines) of `\(first.file.name)` without a key", at: first,
      label: count == 1 ? "excludes no one" : "the first one",
      hints: ["write the key in the first field, or name its field in a header"])
  }

  static func noExclusions(_ file: SourceFile) -> Finding {
    Finding(
      817, .warning, "`\(file.name)` has no keys", at: file.start,
      hints: ["write one key per line, or remove the file from `capacity.exclude`"])
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
          ? "the only key of `\(file.name)` belongs to no entity"
          : "none of the \(total.grouped) keys of `\(file.name)` belongs to an entity",
        at: place, label: "such as `\(first)`",
        notes: ["the file excludes no one"] + likely,
        hints: [
          "write the keys of the cohort's source, one per line, or name their field in a header"
        ])
    }
    return Finding(
      857, .warning,
      "\(count.grouped) of the \(total.grouped) keys of `\(file.name)` "
        + (count == 1 ? "belongs to no entity" : "belong to no entity"),
      at: place, label: count == 1 ? "this one" : "the first one",
      notes: [
        count == 1 ? "it excludes no one" : "they exclude no one"
      ] + likely,
      hints: [
        causes.isEmpty
          ? "correct them if they mean someone: a key may also belong to a deleted entity"
          : "write them as the cohort's source does: the entities they mean may be on the list"
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
        A field that starts with a quote ends at the next quote, even several lines later. Without \
        it, the rest of the file is one field, and everyone in it would stay on the list. No list \
        is written.
        """,
      example: excluding("id,reason\nC1,«\"»asked us to stop\nC2,moved away\n"),
      fix: "Close the quote, or double each quote inside text."),
    Explanation(
      816, "a line of an exclusion file without a key",
      cause: """
        The line has text but no key, so it excludes no one. The key is the first field, or the \
        field that a header on the first line names.
        """,
      example: excluding("C1,asked us to stop\n«,moved away»\n"),
      fix: "Write the key, name its field in a header, or start the line with `#`."),
    Explanation(
      817, "an exclusion file without keys",
      cause: """
        The file exists but has no keys: perhaps an export failed, or the file was cut off.
        """,
      example: excluding("«»# agreed with legal in May\n"),
      fix: "Write the file again, or remove it from `capacity.exclude`."),
    Explanation(
      818, "an exclusion file of unknown keys",
      cause: """
        None of the file's keys belongs to an entity, in the cohort or outside. It may contain \
        names, or the keys of another system. The people it means would stay on the list.
        """,
      example: excluding("«anna@example.org»\nbert@example.org\n"),
      fix: "Write the keys of the cohort's source, one per line, or name their field in a header."),
    Explanation(
      857, "keys of an exclusion file that no entity has",
      cause: """
        Some of the file's keys belong to no entity. Such a key may belong to a deleted account, \
        or it is written differently from the source, and the account it means may stay on the \
        list. The note says how many match an entity's key except for spaces, invisible \
        characters, case, leading zeros, or the like.
        """,
      example: excluding("C1\n«c2»\nC3\n"),
      fix: "Write these keys as the cohort's source does, or remove them from the file."),
  ]
}
