import Diagnostics
import OrderedCollections
import YAML

// Findings about sources, columns and features: H217, H225, H232 to H234, H238 to H242, H252 to H256
// and H437.
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

  static func emptyWindow(_ from: Located<Period>, to: Located<Period>) -> Finding {
    Finding(
      256, "the window from \(from.value) to \(to.value) before the cutoff is empty", at: from.span,
      label: "not before `to`",
      hints: ["`from` is the beginning, and so the longer time before the cutoff"])
  }

  static func countOfNone(_ least: Located<Int>, _ most: Located<Int>) -> Finding {
    Finding(
      437, "no number of events is at least \(least.value) and at most \(most.value)",
      at: least.span, label: "`at_most` is \(most.value)",
      hints: ["with `at_least` equal to `at_most`, the number must be exactly that"])
  }

  static func countOfAll(_ least: Located<Int>) -> Finding {
    Finding(
      437, "every entity has at least 0 events", at: least.span, label: "the rule never fails",
      hints: ["write `at_least: 1` for entities with events, `at_most: 0` for those without"])
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
      label: "rename it", notes: ["reserved names: key, cutoff, role, label"])
  }

  static func reservedConnection(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` is reserved by the engine and cannot name a connection", at: name.span,
      label: "rename it")
  }

  static func reservedSource(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` is reserved and cannot name a source", at: name.span,
      label: "rename it",
      notes: ["`label.event` is the label's column, and `cutoff` is the cutoff's day in SQL"])
  }

  static func reservedColumn(_ name: Located<String>) -> Finding {
    Finding(
      239, "`\(name.value)` is reserved in SQL and cannot name a column",
      at: name.span, label: "give it another name here",
      hints: ["`another_name: {type: ..., from: \(name.value)}` reads it under that name"])
  }

  static func nothingToTakeAway(_ name: Located<String>, _ bare: String) -> Finding {
    Finding(
      240, "`\(bare)` is removed but was not chosen before", at: name.span,
      label: "nothing to remove",
      hints: ["remove a feature after it is chosen"])
  }

  static func nothingReads(_ column: Located<ColumnReference>) -> Finding {
    Finding(
      240, "no feature chosen before reads `\(column.value)`", at: column.span,
      label: "nothing to remove", hints: ["remove a feature after it is chosen"])
  }

  static func labelHasNoColumn(at span: SourceSpan, event: SourceSpan) -> Finding {
    Finding(
      253, "`label.event` means a column, and this label reads rows", at: span,
      label: "name a column instead", notes: ["the label's rows are named at \(event.place)"])
  }

  static func unusedSet(_ name: Located<String>) -> Finding {
    Finding(
      255, .warning, "no feature of the set `\(name.value)` is chosen", at: name.span,
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
      241, "no feature is left", at: span,
      label: "nothing is chosen, or everything is removed again",
      hints: ["name a feature or a set with features"])
  }

  static func unusedSource(_ name: Located<String>) -> Finding {
    Finding(
      242, .warning, "nothing reads the source `\(name.value)`", at: name.span,
      label: "it is not loaded")
  }

  static func notACategory(
    _ name: Located<String>, isFeature: Bool, _ categories: [String]
  ) -> Finding {
    Finding(
      252,
      isFeature
        ? "`score.rank_within` needs a category, and `\(name.value)` is not one"
        : "`score.rank_within` names `\(name.value)`, which is not a chosen feature",
      at: name.span, label: suggestion(name.value, among: categories),
      notes: [
        categories.isEmpty
          ? "no category feature is chosen" : "chosen categories: \(categories.listed)"
      ])
  }

  /// - Parameters:
  ///   - features: the names of the chosen features.
  ///   - columns: the columns with this name that can be segments.
  static func segmentOfNothing(
    _ name: Located<String>, features: [String], columns: [ColumnReference]
  ) -> Finding {
    Finding(
      252, "`evaluation.segments` names `\(name.value)`, which is not a chosen feature",
      at: name.span,
      label: suggestion(name.value, among: features)
        ?? columns.first.map { "did you mean `\($0)`?" },
      notes: ["chosen features: \(features.listed)"],
      hints: ["a source's column, which need not be a feature, is written `source.column`"])
  }

  static func unknownPlaceholder(
    _ text: String, known: [String], at span: SourceSpan
  ) -> Finding {
    Finding(
      254, "`\(text.shortened)` is not a placeholder here", at: span,
      label: suggestion(text, among: known), notes: ["placeholders here: \(known.listed)"])
  }

  static func repeated(_ key: String, _ node: Node) -> Finding {
    Finding(
      225, "`\(node.scalar?.text ?? "")` appears twice in `\(key)`", at: node.span,
      label: "remove one")
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
      225, "a repeated item",
      cause: """
        The same number appears twice in a list of sizes or shares, so one metric would be \
        reported twice. Probably another number was meant.
        """,
      example: .spec("evaluation: {top_k: [50, 100, «50»]}"),
      fix: "Remove one, or write the number that was meant."),
    Explanation(
      232, "unknown source",
      cause: """
        A feature, rule, label, or contract names a source that `sources` does not declare.
        """,
      example: .spec("label: {event: «customer».first_order}"),
      fix: "Write the name of a declared source, or declare this one under `sources`."),
    Explanation(
      233, "unknown column",
      cause: """
        A column can be read only if its source lists it, because the list says when its values \
        became known. A column read straight from the table could bring today's value into the past.
        """,
      example: .spec("feature_sets: {contact: [has_phone: {present: history.«phone»}]}"),
      fix: """
        Correct the name, or list the column under the source's `columns` with its type and, if \
        the source has one row per key, its class.
        """),
    Explanation(
      234, "unknown feature or feature set",
      cause: """
        `features` names something that `feature_sets` does not define. Ignoring it would leave \
        the model without the features that were meant.
        """,
      example: .spec("features: [account, «engagment»]"),
      fix: """
        Write the name of a set or of a single feature. A feature with a list of windows has one \
        name per window, such as `calls_30d`.
        """),
    Explanation(
      256, "a window that ends before it begins",
      cause: """
        `within: {from: ..., to: ...}` takes the events in (cutoff - from, cutoff - to], so `from` must \
        be the longer time.
        """,
      example: .spec(
        """
        feature_sets: {more: [calls: {count: calls, within: {from: «30 days», to: 90 days}}]}
        """),
      fix: "Swap the two: `within: {from: 90 days, to: 30 days}`."),
    Explanation(
      437, "a count that excludes all entities, or none",
      cause: """
        `{count: s, at_least: m, at_most: n}` is met by entities with m to n events. No entity has \
        a number of events from 2 to 1, and every entity has at least 0, so such a rule decides \
        nothing.
        """,
      example: .spec("cohort: {where: [{count: calls, at_least: «2», at_most: 1}]}"),
      fix: """
        Swap the two numbers, or correct one. `at_least: 1` means any events, and `at_most: 0` \
        means none.
        """),
    Explanation(
      238, "feature defined twice",
      cause: """
        A feature's name is its column in the panel, so it must be unique across all sets, \
        ignoring case.
        """,
      example: .spec("feature_sets: {moves: [«age»: {days_since: history.moved}]}"),
      fix: """
        Rename one of the two. To replace the features of an inherited set, write that set again \
        under its own name.
        """),
    Explanation(
      239, "reserved name",
      cause: """
        Some names are reserved: every panel has the columns `key`, `cutoff`, `role`, and `label`, \
        and SQL uses `cutoff` and `entity`. A feature, source, or column cannot have such a name.
        """,
      example: .spec("feature_sets: {extra: [«role»: {category: customers.segment}]}"),
      fix: """
        Rename the feature or source. List a table's column under another name with `from`.
        """),
    Explanation(
      240, "nothing to remove",
      cause: """
        `-name` removes a set or feature listed before it in `features`, and `-source.column` \
        removes every feature before it that reads the column. If nothing is removed, the feature \
        may be chosen later and end up in the model.
        """,
      example: .spec("features: [«-has_email», account]"),
      fix: "Write it after the set that contains the feature, correct its name, or remove it."),
    Explanation(
      241, "no feature left",
      cause: """
        `features` removes everything that it chooses, or the sets it chooses are empty. A model \
        needs at least one feature.
        """,
      example: .spec("features: [account, «-account»]"),
      fix: "Choose at least one feature that is not removed."),
    Explanation(
      242, "unused source",
      cause: """
        No feature, rule, label, or contract reads the source, so its data are neither loaded nor \
        checked. Perhaps a reference to it was forgotten.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet, key: id, time: day}}"),
      fix: "Read the source in a feature, rule, or label, or remove it."),
    Explanation(
      252, "segments or ranks of something that is not chosen",
      cause: """
        `evaluation.segments` divides the test rows by chosen features, or by columns, which are \
        written `source.column`. `score.rank_within` uses the levels of chosen category features: a \
        number has no levels. A feature that is not chosen is not computed.
        """,
      example: .spec("evaluation: {segments: [«regoin»]}"),
      fix: """
        Name a feature that `features` chooses, a category for `rank_within`, or a column for \
        `segments`. Or remove the name.
        """),
    Explanation(
      253, "`label.event` where the label reads rows",
      cause: """
        `label.event` means the date column that the label reads, so that rules and features can \
        refer to it. A label that reads the rows of an event source has no such column.
        """,
      example: .spec(
        "label: {event: {source: calls}}\ncohort: {where: [{not: {happened: «label.event»}}]}"),
      fix: "Name a column, or write the rule differently."),
    Explanation(
      254, "an unknown placeholder",
      cause: """
        The only placeholders are `{name}` in `score.table` and `score.parquet`, `{cutoff}` in a \
        path, and `{value}` in the sentences of reasons. Anything else in braces would be left \
        unchanged.
        """,
      example: .spec("score: {parquet: \"scores/«{date}».parquet\"}"),
      fix: "Write one of the placeholders that the note lists."),
    Explanation(
      255, "a feature that nothing chooses",
      cause: """
        The spec's own file defines a feature or set that `features` does not choose. It is not \
        computed. Often the set was meant to be chosen. Sets inherited from a base are not reported.
        """,
      example: .spec("feature_sets: {«more»: [{moved: {days_since: history.moved}}]}"),
      fix: "Choose it under `features`, or remove it."),
  ]
}
