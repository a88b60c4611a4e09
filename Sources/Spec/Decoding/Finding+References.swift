import Diagnostics
import OrderedCollections
import YAML

// Findings about sources, columns and features: H217, H225, H232 to H242 and H252 to H255.
extension Finding {
  static func unknownSource(_ name: Located<String>, known: [String]) -> Finding {
    Finding(
      232, "there is no source `\(name.value)`", at: name.span,
      label: suggestion(name.value, among: known), notes: ["sources: \(known.listed)"])
  }

  static func unknownColumn(
    _ name: Located<String>, in source: SourceSpec, known: [String]
  ) -> Finding {
    Finding(
      233, "`\(source.name.value)` lists no column `\(name.value)`", at: name.span,
      label: suggestion(name.value, among: known),
      notes: [
        known.isEmpty
          ? "`\(source.name.value)` lists no columns" : "listed columns: \(known.listed)"
      ],
      hints: [
        "a column that is not listed under `sources.\(source.name.value).columns` "
          + "cannot be read"
      ])
  }

  static func unknownFeature(
    _ name: Located<String>, _ bare: String, candidates: [String]
  ) -> Finding {
    Finding(
      234, "there is no feature set or feature `\(bare)`", at: name.span,
      label: suggestion(bare, among: candidates), notes: ["known: \(candidates.listed)"])
  }

  static func unknownAddend(_ name: Located<String>, known: [String]) -> Finding {
    let windows = known.filter { $0.hasPrefix(name.value + "_") }
    return Finding(
      235, "there is no feature `\(name.value)` to add", at: name.span,
      label: suggestion(name.value, among: windows.isEmpty ? known : windows),
      notes: windows.isEmpty ? [] : ["its windows are features of their own: \(windows.listed)"])
  }

  static func sumOfItself(_ name: Located<String>) -> Finding {
    Finding(
      236, "a sum leads back to itself through `\(name.value)`", at: name.span,
      label: "on the circle, or leads to it")
  }

  static func addsCategory(_ name: Located<String>) -> Finding {
    Finding(
      237, "`\(name.value)` is a category, which cannot be added", at: name.span,
      label: "not a number")
  }

  static func addendNotChosen(_ name: Located<String>, of sum: Located<String>) -> Finding {
    Finding(
      237, "`\(sum.value)` adds `\(name.value)`, which is not among the chosen features",
      at: name.span, label: "not chosen",
      hints: ["choose it under `features`, or take away `\(sum.value)` too"])
  }

  static func duplicateFeature(_ name: Located<String>, other: Located<String>) -> Finding {
    Finding(
      238, "the feature `\(name.value)` is defined twice", at: name.span,
      label: "rename one of them",
      notes: ["`\(other.value)` is also defined at \(other.span.place)"])
  }

  static func reservedName(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` is a column of every panel and cannot name a feature", at: name.span,
      label: "rename it", notes: ["taken names: key, cutoff, role, label"])
  }

  static func reservedConnection(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` is taken in the engine and cannot name a connection", at: name.span,
      label: "rename it")
  }

  static func reservedSource(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` has a meaning of its own and cannot name a source", at: name.span,
      label: "rename it",
      notes: ["`label.event` is the label's column, and `cutoff` the day in SQL"])
  }

  static func reservedColumn(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` has a meaning of its own in SQL and cannot name a column",
      at: name.span, label: "give it another name here",
      hints: ["`another_name: {type: ..., from: \(name.value)}` reads it under that name"])
  }

  static func nothingToTakeAway(_ name: Located<String>, _ bare: String) -> Finding {
    Finding(
      240, "`\(bare)` is taken away but was not chosen before", at: name.span,
      label: "nothing to take away",
      hints: ["what is taken away stands after what is chosen"])
  }

  static func nothingReads(_ column: Located<ColumnReference>) -> Finding {
    Finding(
      240, "no feature chosen before reads `\(column.value)`", at: column.span,
      label: "nothing to take away", hints: ["what is taken away stands after what is chosen"])
  }

  static func labelHasNoColumn(at span: SourceSpan, event: SourceSpan) -> Finding {
    Finding(
      253, "`label.event` stands for a column, and this label reads rows", at: span,
      label: "name a column instead", notes: ["`label.event` is written at \(event.place)"])
  }

  static func unusedSet(_ name: Located<String>) -> Finding {
    Finding(
      255, .warning, "nothing of the feature set `\(name.value)` is chosen", at: name.span,
      label: "its features are not computed",
      hints: ["choose it under `features`, or remove it"])
  }

  static func unusedFeature(_ name: Located<String>) -> Finding {
    Finding(
      255, .warning, "the feature `\(name.value)` is not chosen", at: name.span,
      label: "it is not computed", hints: ["choose it under `features`, or remove it"])
  }

  static func noFeatures(at span: SourceSpan) -> Finding {
    Finding(
      241, "no feature is left", at: span, label: "nothing is chosen, or the last is taken away",
      hints: ["name a set that holds features, or a feature"])
  }

  static func unusedSource(_ name: Located<String>) -> Finding {
    Finding(
      242, .warning, "nothing reads the source `\(name.value)`", at: name.span,
      label: "it is not loaded")
  }

  static func notACategory(
    _ name: Located<String>, _ key: String, isFeature: Bool, _ categories: [String]
  ) -> Finding {
    Finding(
      252,
      isFeature
        ? "`\(key)` goes by categories, and `\(name.value)` is none"
        : "`\(key)` names `\(name.value)`, which is not a chosen feature",
      at: name.span, label: suggestion(name.value, among: categories),
      notes: [
        categories.isEmpty
          ? "no category feature is chosen" : "chosen categories: \(categories.listed)"
      ])
  }

  static func unknownPlaceholder(
    _ text: String, known: [String], at span: SourceSpan
  ) -> Finding {
    Finding(
      254, "`\(text.shortened)` is not filled in", at: span,
      label: suggestion(text, among: known), notes: ["filled in here: \(known.listed)"])
  }

  static func repeated(_ key: String, _ node: Node) -> Finding {
    Finding(
      225, "`\(node.scalar?.text ?? "")` stands twice in `\(key)`", at: node.span,
      label: "leave one out")
  }

  static func unsafeName(_ name: Located<String>) -> Finding {
    Finding(
      217, "`\(name.value.shortened)` cannot name a folder of results", at: name.span,
      label: "letters, digits, `.`, `_` and `-`, starting with a letter or digit, at most 200")
  }

  static func suggestion(_ word: String, among words: [String]) -> String? {
    Suggestion.closest(to: word, among: words).map { "did you mean `\($0)`?" }
  }
}

extension Explanation {
  static let referencesFindings: [Explanation] = [
    Explanation(
      225, "an item that stands twice",
      cause: """
        The same number stands twice in a list of lengths or shares, so that the same metric would \
        be reported twice under one name. Probably another number was meant.
        """,
      example: .spec("evaluation: {top_k: [50, 100, «50»]}"),
      fix: "Leave one out, or write the number that was meant."),
    Explanation(
      232, "unknown source",
      cause: """
        A feature, rule, label or contract names a source that `sources` does not declare, so \
        there is nothing to read.
        """,
      example: .spec("label: {event: «customer».first_order}"),
      fix: "Write the name of a declared source, or declare this one under `sources`."),
    Explanation(
      233, "unknown column",
      cause: """
        A column can be read only if its source lists it. What a column may know at a cutoff is \
        said there; a column taken straight from the table could bring today's value into the \
        past.
        """,
      example: .spec("feature_sets: {contact: [has_phone: {present: history.«phone»}]}"),
      fix: """
        Correct the name, or list the column under the source's `columns` with its type and, where \
        the source has one row per key, its class.
        """),
    Explanation(
      234, "unknown feature or feature set",
      cause: """
        `features` names something that `feature_sets` does not define. Passed over in silence, it \
        would leave the model without columns that were meant to be there.
        """,
      example: .spec("features: [account, «engagment»]"),
      fix: """
        Write the name of a set or of a single feature. A feature with a list of windows goes by \
        the names of its windows, such as `calls_30d`.
        """),
    Explanation(
      235, "unknown feature in a sum",
      cause: """
        A sum adds a feature that no set defines. A feature with a list of windows is one feature \
        for each window, and none has the plain name.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «calls»]}]}"),
      fix: """
        Write the names of features that exist, with their windows: `calls_30d`, `calls_all`.
        """),
    Explanation(
      236, "a sum that contains itself",
      cause: """
        A sum of features adds itself, directly or through other sums, so its value cannot be \
        computed.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «activity»]}]}"),
      fix: "Take one of the features on the circle out of its sum."),
    Explanation(
      237, "a feature that cannot be added",
      cause: """
        A sum adds columns of numbers of the panel. A category has levels and no number, and a \
        feature that is not chosen is no column.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «region»]}]}"),
      fix: """
        Take the category out of the sum. Choose every other feature that is added under \
        `features`, or take the sum away there too.
        """),
    Explanation(
      238, "feature defined twice",
      cause: """
        A feature's name is its column in the panel and is unique over all sets, without regard to \
        case. Of two features with one name, it could not be told which the model uses.
        """,
      example: .spec("feature_sets: {moves: [«age»: {days_since: history.moved}]}"),
      fix: """
        Rename one of the two. To replace the features of an inherited set, write that set anew \
        under its own name.
        """),
    Explanation(
      239, "reserved name",
      cause: """
        Some names have a meaning of their own: every panel has the columns `key`, `cutoff`, \
        `role` and `label`, and SQL knows `cutoff` and `entity`. A feature, source or column of \
        such a name would be taken for that.
        """,
      example: .spec("feature_sets: {extra: [«role»: {category: customers.segment}]}"),
      fix: """
        Rename the feature or source. A column of a table can be listed under another name with \
        `from`.
        """),
    Explanation(
      240, "nothing to take away",
      cause: """
        `-name` takes away a set or feature that stands before it in `features`, and \
        `-source.column` every feature before it that reads the column. Where that is none, the \
        feature may be chosen further on and be in the model after all.
        """,
      example: .spec("features: [«-has_email», account]"),
      fix: "Write it behind the set that contains the feature, correct its name, or drop it."),
    Explanation(
      241, "no feature left",
      cause: """
        Everything that `features` chooses is taken away again, or the sets it chooses are empty. \
        A model needs at least one column.
        """,
      example: .spec("features: [account, «-account»]"),
      fix: "Choose at least one feature that is not taken away."),
    Explanation(
      242, "unused source",
      cause: """
        No feature, rule, label or contract reads the source, so its data are neither loaded nor \
        checked. It is a warning, because a reference to it may have been forgotten.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet, key: id, time: day}}"),
      fix: "Read the source in a feature, rule or label, or take it out."),
    Explanation(
      252, "segments that are not a chosen category",
      cause: """
        `evaluation.segments` and `score.rank_within` go by the levels of category features. A number has no \
        levels, and a feature that is not chosen is not in the panel.
        """,
      example: .spec("evaluation: {segments: [«size»]}"),
      fix: "Name a category feature that `features` chooses, or leave the name out."),
    Explanation(
      253, "`label.event` where the label reads rows",
      cause: """
        `label.event` stands for the date column that the label reads, so that rules and features can \
        name it before it is known. A label that reads the rows of an event source has no such column.
        """,
      example: .spec(
        "label: {event: {source: calls}}\ncohort: {where: [{not: {happened: «label.event»}}]}"),
      fix: "Name a column, or write the rule in another way."),
    Explanation(
      254, "a placeholder that is not filled in",
      cause: """
        In `score.table` and `score.parquet` only `{name}` and, in a path, `{cutoff}` are filled in, \
        and in the sentences of reasons `{value}`. Anything else in braces would be taken as it stands.
        """,
      example: .spec("score: {parquet: \"scores/«{date}».parquet\"}"),
      fix: "Write one of the placeholders that the note lists."),
    Explanation(
      255, "a feature that nothing chooses",
      cause: """
        The spec's own file defines a feature or a whole set that `features` does not name. It is not \
        computed; often the set was meant to be chosen. Sets inherited from a base need not be.
        """,
      example: .spec("feature_sets: {«more»: [{moved: {days_since: history.moved}}]}"),
      fix: "Choose it under `features`, or remove it."),
  ]
}
