import Diagnostics

// Findings about the content of a YAML document. H101 to H107 are about reading the file, H110 to
// H115 about syntax, and H120 and up about content.

extension Finding {
  static func emptyDocument(at span: SourceSpan) -> Finding {
    Finding(
      120, "this document is empty", at: span,
      hints: ["start with a key, such as `version: 1`"])
  }

  static func severalDocuments(at span: SourceSpan) -> Finding {
    Finding(
      121, "a second document starts here", at: span, label: "a file can have only one document",
      hints: ["remove this `---`, or move what follows to a separate file"])
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
        "fill in the template first, or quote text that starts with a bracket: `'{name}'`"
      ])
  }

  static func keyNull(_ text: String, at span: SourceSpan) -> Finding {
    text.isEmpty
      ? Finding(
        124, "a key is missing before `:`", at: span,
        hints: ["write the key before it, or quote the text if the `:` is part of it"])
      : Finding(
        124, "a key must be text, and `\(text)` means no value", at: span,
        hints: ["quote it, if that is its name: `'\(text)'`"])
  }

  static func unknownAlias(_ name: String, known: [String], at span: SourceSpan) -> Finding {
    let meant = Suggestion.closest(to: name, among: known)
    return Finding(
      125, "there is no anchor `&\(name.excerpt)` above this alias", at: span,
      label: meant.map { "did you mean `*\($0.excerpt)`?" },
      hints: ["quote it, if it is meant as text: `'*\(name.excerpt)'`"])
  }

  static func recursiveAlias(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      126, "the alias `*\(name.excerpt)` is inside the value that it repeats", at: span,
      hints: ["a value cannot contain itself: write it out"])
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
          : "remove it, or quote the text if the `!` is part of it"
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
      hints: ["no spec needs this: check how the file was written"])
  }

  static func tooManyValues(at span: SourceSpan) -> Finding {
    Finding(
      131, "the document has more than \(YAMLParser.maximumValues) values from here on",
      at: span, notes: ["the values of an alias count each time"],
      hints: ["keep data in a table and name the table here; use fewer aliases"])
  }

  static func tooManyFindings(at span: SourceSpan) -> Finding {
    Finding(
      132, "reading stopped here after \(YAMLParser.maximumFindings) findings", at: span,
      hints: ["fix those above first"])
  }

  static func tooManyDirectives(at span: SourceSpan) -> Finding {
    Finding(
      133, "more than 16 lines begin with `%TAG`", at: span,
      hints: ["remove them: only core tags such as `!!str` are known here"])
  }

  /// Returns a core tag in its usual short form, such as `!!str`.
  static func shortTag(_ tag: String) -> String {
    let prefix = "tag:yaml.org,2002:"
    return tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }
}

extension String {
  /// The text, or its first characters and `…` if it is too long for a message. Reads only those
  /// characters.
  var excerpt: String {
    let start = prefix(60)
    return start.endIndex == endIndex ? self : start.dropLast() + "…"
  }
}

extension Explanation {
  static let yamlFindings: [Explanation] = [
    Explanation(
      120, "a document without content",
      cause: """
        The file has only spaces or comments. Perhaps it was not saved, or everything is commented \
        out.
        """,
      example: .file("«»# name: renewals\n"),
      fix: "Write the spec; it starts with keys such as `version: 1` and `name: ...`."),
    Explanation(
      121, "a second document in the file",
      cause: """
        A line `---` below the first content starts a second document. A file has one spec; the \
        second would be silently ignored.
        """,
      example: .spec(
        """
        name: renewals_trade
        «---»
        name: renewals_retail
        """),
      fix: "Move the second document to a separate file, or remove the `---`."),
    Explanation(
      122, "a key that is given twice",
      cause: """
        A map cannot have a key twice. Many programs silently use the last one, so an earlier \
        setting would have no effect.
        """,
      example: .spec(
        """
        calibration: {method: isotonic}
        model: {seed: 7}
        «calibration»: {method: sigmoid}
        """),
      fix: "Keep one of them, with everything below it."),
    Explanation(
      123, "a key that is not text",
      cause: """
        A key that starts with a bracket is a list or a map in YAML, not a name. Often it is a \
        template's placeholder that was not filled in.
        """,
      example: .spec("«{description}»: Which customers will order again?"),
      fix: "Write the key as plain text; if the brackets are part of it, put it in quotes."),
    Explanation(
      124, "a key that is null",
      cause: """
        The key is `~` or empty. In YAML that is null, not a name.
        """,
      example: .spec("model: {params: {«~»: 31}}"),
      fix: "Write the key's name; if it is really called `~`, put it in quotes."),
    Explanation(
      125, "an alias without an anchor",
      cause: """
        `*name` repeats the value that `&name` marks further up in the same file, and there is no \
        such mark. Anchors in extended files do not count.
        """,
      example: .spec("features: «*account»"),
      fix: """
        Mark the value with `&name` before you repeat it, or correct the name. Text that starts \
        with `*` needs quotes.
        """),
    Explanation(
      126, "an alias inside its own value",
      cause: """
        The alias is inside the value that its anchor marks, so the value would contain itself.
        """,
      example: .spec("label: &label {event: customers.first_order, horizon: «*label»}"),
      fix:
        "Write out the value, or put the anchor on the smaller value that you want to repeat."),
    Explanation(
      127, "a merge of something other than a map",
      cause: """
        `<<` copies the keys of other maps of the file into this one, so its value is an alias of \
        a map or a list of such aliases. Text has no keys, and a path here does not include a file.
        """,
      example: .spec("<<: «shared.yaml»"),
      fix: "Write an alias, `<<: *shared`. To start from another file, use `extends`."),
    Explanation(
      128, "an unknown tag",
      cause: """
        A word with `!` in front is a tag, which says how to read the value. Only YAML's own tags \
        are known; `!include`, `!env`, and others belong to other programs.
        """,
      example: .spec("description: «!include» question.md"),
      fix: """
        Remove the tag and write the value. To start from another file, use `extends`; text that \
        starts with `!` needs quotes.
        """),
    Explanation(
      129, "a tag that the value does not fit",
      cause: """
        The tag says how to read the value, and the value cannot be read that way. Either the tag \
        or the value is wrong.
        """,
      example: .spec("description: !!int «renewals»"),
      fix: "Remove the tag, which is rarely needed, or write a value that fits it."),
    Explanation(
      130, "lists and maps nested too deeply",
      cause: """
        Lists and maps are nested more than 200 levels deep. No spec needs a tenth of that; a \
        program probably wrote the file in a loop.
        """,
      example: .commands(
        """
        printf '«[»%.0s' {1..201} > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Check the program that wrote the file."),
    Explanation(
      131, "too many values in one file",
      cause: """
        A file can have 100,000 values, including keys, and the values of an alias count each \
        time. More than that is data, or aliases of aliases that multiply.
        """,
      example: .commands(
        """
        { echo 'customers:'; yes -- '- «C1»' | head -n 100000; } > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Keep data in a table and name it as a source; use fewer aliases."),
    Explanation(
      132, "too many findings in one file",
      cause: """
        Reading stops after 100 findings in one file, which usually have one cause. The rest of \
        the file has not been checked.
        """,
      example: .commands(
        """
        yes -- '- !customer «C1»' | head -n 200 > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Fix the findings above this one, then check again."),
    Explanation(
      133, "too many `%TAG` lines",
      cause: """
        Each line that begins with `%TAG` defines a shorthand for tags. A spec needs none, because \
        YAML's own tags are written `!!str`, and the time to read these lines grows with the \
        square of their number.
        """,
      example: .commands(
        """
        yes '«%TAG» !shop! tag:example.org,2025:' | head -n 17 > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Remove these lines."),
  ]
}
