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
