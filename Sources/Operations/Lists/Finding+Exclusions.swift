internal import Diagnostics

// Exclusion files: H815 to H818.
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
    _ file: SourceFile, line: Int, first: String, count: Int
  ) -> Finding {
    let what = count == 1 ? "the one key" : "none of the \(count.grouped) keys"
    return Finding(
      818, .warning,
      count == 1
        ? "\(what) of `\(file.name)` is of no entity" : "\(what) of `\(file.name)` is of an entity",
      at: SourceSpan(file: file, range: file.rangeOfLine(line - 1)),
      label: "such as `\(first)`", notes: ["the file keeps no one off the list"],
      hints: ["write the keys of the cohort's source, one a line, or name their field in a heading"]
    )
  }
}
