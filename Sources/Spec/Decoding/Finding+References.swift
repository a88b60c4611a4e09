import Diagnostics
import OrderedCollections
import YAML

// Findings about sources, columns and features: H217, H225 and H232 to H255.
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
