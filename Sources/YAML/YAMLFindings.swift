import Diagnostics

// Findings about the content of a YAML document. H101 to H107 are about reading the file, H110 to
// H115 about syntax, and H120 and up about content.

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
        The file holds blanks or comments only. A spec that says nothing is more likely a file \
        that was not saved or is commented out.
        """,
      example: .file("«»# name: renewals\n"),
      fix: "Write the spec; it begins with keys such as `version: 1` and `name: ...`."),
    Explanation(
      121, "a second document in the file",
      cause: """
        A line `---` below the first content begins a second document. One file is one spec; the \
        second would be left out in silence.
        """,
      example: .spec(
        """
        name: renewals_trade
        «---»
        name: renewals_retail
        """),
      fix: "Move the second document to a file of its own, or remove the `---`."),
    Explanation(
      122, "a key that is given twice",
      cause: """
        A map cannot hold a key twice. Many programs take the last without a word, so that a \
        setting further up would have no effect.
        """,
      example: .spec(
        """
        calibration: {method: isotonic}
        model: {seed: 7}
        «calibration»: {method: sigmoid}
        """),
      fix: "Keep one of them, with everything that belongs under it."),
    Explanation(
      123, "a key that is not text",
      cause: """
        A key that begins with a bracket is a list or a map to YAML, not a name. It often is a \
        template's placeholder that was never filled in.
        """,
      example: .spec("«{description}»: Which customers will order again?"),
      fix: "Write the key as plain text; if the brackets belong to it, put it in quotes."),
    Explanation(
      124, "a key that means nothing",
      cause: """
        `~` or nothing at all stands where a key is expected. To YAML that is not a name \
        but the absence of a value, so that nothing could ever ask for it.
        """,
      example: .spec("model: {params: {«~»: 31}}"),
      fix: "Write the key's name; if it is really called `~`, put it in quotes."),
    Explanation(
      125, "an alias without an anchor",
      cause: """
        `*name` repeats what `&name` marks further up in the same file, and nothing there is so \
        marked. Anchors of files that are extended do not count.
        """,
      example: .spec("features: «*account»"),
      fix: """
        Mark the value with `&name` before it is repeated, or correct the name. Text that begins \
        with `*` needs quotes.
        """),
    Explanation(
      126, "an alias inside what it repeats",
      cause: """
        The alias stands within the value that its anchor marks. The value would hold itself, and \
        would never end.
        """,
      example: .spec("label: &label {event: customers.first_order, horizon: «*label»}"),
      fix:
        "Write out what is meant, or put the anchor on the smaller value that is to be repeated."),
    Explanation(
      127, "a merge of something other than a map",
      cause: """
        `<<` pours the keys of other maps of the file into this one, so its value is an alias of a \
        map or a list of such. Text has no keys; a path here includes no file.
        """,
      example: .spec("<<: «shared.yaml»"),
      fix: "Give an alias, `<<: *shared`. To start from another file use `extends`."),
    Explanation(
      128, "an unknown tag",
      cause: """
        A word with `!` in front is a tag, which tells how to read the value. Only YAML's own are \
        known; `!include`, `!env` and others are inventions of other programs and would do nothing \
        here.
        """,
      example: .spec("description: «!include» question.md"),
      fix: """
        Remove the tag and write the value. To build on another file use `extends`; text that \
        begins with `!` needs quotes.
        """),
    Explanation(
      129, "a tag that the value does not fit",
      cause: """
        The tag says how the value is to be read, and the value cannot be read so. One of the two \
        is wrong, and which is not for the program to decide.
        """,
      example: .spec("description: !!int «renewals»"),
      fix: "Remove the tag, which is hardly ever needed, or write a value that fits it."),
    Explanation(
      130, "lists and maps nested too deeply",
      cause: """
        Lists and maps lie in each other more than 200 levels deep. No spec needs a tenth of that: \
        a program has probably written the file in a loop.
        """,
      example: .commands(
        """
        printf '«[»%.0s' {1..201} > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Check what made the file."),
    Explanation(
      131, "too many values in one file",
      cause: """
        A file may hold 100,000 values, keys included, and what an alias repeats counts each time. \
        More than that is data, or aliases of aliases that multiply.
        """,
      example: .commands(
        """
        { echo 'customers:'; yes -- '- «C1»' | head -n 100000; } > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Keep data in a table and name it as a source; repeat less with aliases."),
    Explanation(
      132, "too many findings in one file",
      cause: """
        After 100 findings in one file reading stops: more would help nobody, and they usually \
        have one cause. What stands below has not been looked at.
        """,
      example: .commands(
        """
        yes -- '- !customer «C1»' | head -n 200 > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Mend the findings above this one, then check again."),
    Explanation(
      133, "too many `%TAG` lines",
      cause: """
        Each line that begins with `%TAG` defines a shorthand for tags. A spec needs none, as \
        YAML's own tags are written `!!str`; and the time to read them grows with the square of \
        their number.
        """,
      example: .commands(
        """
        yes '«%TAG» !shop! tag:example.org,2025:' | head -n 17 > spec.yaml
        holdout check --offline spec.yaml
        """),
      fix: "Remove these lines."),
  ]
}
