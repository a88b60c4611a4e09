import Diagnostics

// What can be wrong with a YAML document's meaning. H101-H107 are about reading the file, H110-H115
// about syntax, H120 and up about what the document says.

extension Finding {
  static func emptyDocument(at span: SourceSpan) -> Finding {
    Finding(
      120, "this document says nothing", at: span,
      hints: ["begin with a key, such as `version: 1`"])
  }

  static func severalDocuments(at span: SourceSpan) -> Finding {
    Finding(
      121, "a second document begins here", at: span, label: "one file holds one document",
      hints: ["remove this `---`, or move what follows to a file of its own"])
  }

  static func duplicateKey(_ key: String, at span: SourceSpan, first: SourceSpan) -> Finding {
    Finding(
      122, "the key `\(key.excerpt)` is given twice", at: span, label: "given again here",
      hints: ["remove one of them"], related: [Related("given first here", at: first)])
  }

  static func duplicateMerge(at span: SourceSpan, first: SourceSpan) -> Finding {
    Finding(
      122, "the key `<<` is given twice", at: span, label: "given again here",
      hints: ["merge several maps with one list: `<<: [*first, *second]`"],
      related: [Related("given first here", at: first)])
  }

  static func keyNotText(_ kind: String, at span: SourceSpan) -> Finding {
    Finding(
      123, "a key must be text, not \(kind)", at: span,
      hints: [
        "fill in the template first, or quote text that begins with a bracket: `'{name}'`"
      ])
  }

  static func keyNull(_ text: String, at span: SourceSpan) -> Finding {
    text.isEmpty
      ? Finding(
        124, "a key is missing before `:`", at: span,
        hints: ["write the key in front, or quote the text if the `:` belongs to it"])
      : Finding(
        124, "a key must be text, and `\(text)` stands for no value", at: span,
        hints: ["quote it, if that is its name: `'\(text)'`"])
  }

  static func unknownAlias(_ name: String, known: [String], at span: SourceSpan) -> Finding {
    let meant = Suggestion.closest(to: name, among: known)
    return Finding(
      125, "no anchor `&\(name.excerpt)` stands above this alias", at: span,
      label: meant.map { "did you mean `*\($0.excerpt)`?" },
      hints: ["quote it, if it is meant as text: `'*\(name.excerpt)'`"])
  }

  static func recursiveAlias(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      126, "the alias `*\(name.excerpt)` stands inside what it repeats", at: span,
      hints: ["a value cannot hold itself: write out what is meant"])
  }

  static func mergeOfNonMap(_ kind: String, at span: SourceSpan) -> Finding {
    Finding(
      127, "`<<` merges maps, but this is \(kind)", at: span,
      hints: [
        "name a map or a list of maps: `<<: *base` or `<<: [*base, *more]`",
        "to start from another file, write `extends: FILE`",
      ])
  }

  static func unknownTag(_ tag: String, at span: SourceSpan) -> Finding {
    Finding(
      128, "the tag `\(tag.excerpt)` is not known", at: span,
      notes: ["known tags: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map"],
      hints: [
        tag.hasPrefix("!include")
          ? "to start from another file, write `extends: FILE`"
          : "remove it, or quote the text if the `!` belongs to it"
      ])
  }

  static func tagMismatch(tag: String, found: String, at span: SourceSpan) -> Finding {
    Finding(
      129, "`\(tag)` does not fit \(found.excerpt)", at: span,
      hints: ["remove the tag, or write a value that fits it"])
  }

  static func nestingTooDeep(at span: SourceSpan) -> Finding {
    Finding(
      130, "lists and maps nest more than \(YAMLParser.maximumDepth) levels deep here", at: span,
      hints: ["no spec needs this: check how the file was made"])
  }

  static func tooManyValues(at span: SourceSpan) -> Finding {
    Finding(
      131, "the document holds more than \(YAMLParser.maximumValues) values from here on",
      at: span, notes: ["what an alias repeats counts each time"],
      hints: ["keep data in a table and name it here; repeat less with aliases"])
  }

  static func tooManyFindings(at span: SourceSpan) -> Finding {
    Finding(
      132, "reading stopped here after \(YAMLParser.maximumFindings) findings", at: span,
      hints: ["mend those above first"])
  }

  static func tooManyDirectives(at span: SourceSpan) -> Finding {
    Finding(
      133, "more than 16 lines begin with `%TAG`", at: span,
      hints: ["remove them: only core tags such as `!!str` are known here"])
  }

  /// A core tag as people write it.
  static func shortTag(_ tag: String) -> String {
    let prefix = "tag:yaml.org,2002:"
    return tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }
}

extension String {
  /// The text, or its beginning where it is too long for a message; reads no more than that.
  var excerpt: String {
    let start = prefix(60)
    return start.endIndex == endIndex ? self : start.dropLast() + "…"
  }
}
