import Diagnostics

// Findings about sweeps: H260 and H265 to H269.
extension Finding {
  static func unknownSweepPath(
    _ path: Located<String>, _ part: String, among names: [String]
  ) -> Finding {
    Finding(
      260, "`\(path.value.shortened)` is not a key that a sweep can vary", at: path.span,
      label: Suggestion.closest(to: part, among: names).map {
        "did you mean `\($0)` for `\(part)`?"
      } ?? "`\(part.shortened)` is not a key there")
  }

  static func notSwept(_ path: Located<String>, _ key: String) -> Finding {
    Finding(
      260, "`\(key)` cannot be swept", at: path.span, label: "it identifies the spec",
      hints: ["write a separate spec for each"])
  }

  static func sweepTooLarge(_ count: Int, _ maximum: Int, at span: SourceSpan) -> Finding {
    Finding(
      265, "the sweep makes \(count >= 1_000_000_000 ? "over a billion" : "\(count)") runs",
      at: span, label: "at most \(maximum)",
      hints: ["add `random: N` to draw N of the combinations"])
  }

  static func tooManyAxes(_ count: Int, _ maximum: Int, at span: SourceSpan) -> Finding {
    Finding(
      265, "the sweep varies \(count) keys", at: span, label: "at most \(maximum)",
      hints: ["write several specs, or sweep the most important keys first"])
  }

  static func sameMember(_ labels: [String], at span: SourceSpan) -> Finding {
    Finding(
      266, "two runs of the sweep would both be named `\(labels.joined(separator: ","))`",
      at: span, label: "remove one of the values")
  }

  static func fewerMembers(_ count: Int, asked: Located<Int>) -> Finding {
    Finding(
      267, .warning,
      "only \(count) of \(asked.value) requested combinations were found",
      at: asked.span, label: "the values allow few or no others",
      hints: ["lower `random`, or remove it to run every combination of lists"])
  }

  static func rangeInGrid(_ path: Located<String>) -> Finding {
    Finding(
      268, "`\(path.value)` has a range, but the number of draws is not set",
      at: path.span, label: "needs `random: N` next to it",
      hints: ["or list the values: `\(path.value): [1, 2, 3]`"])
  }

  static func emptyRange(_ low: Located<Double>, _ high: Located<Double>) -> Finding {
    Finding(
      269, "`from` must be below `to`", at: low.span, label: "`to` is \(high.span.text)")
  }

  static func logOfNothing(_ low: Located<Double>) -> Finding {
    Finding(
      269, "on a log scale `from` must be above 0", at: low.span,
      label: "0 has no logarithm",
      hints: ["start at a small number, or remove `scale`"])
  }
}

extension Explanation {
  static let sweepFindings: [Explanation] = [
    Explanation(
      260, "an unknown key in a sweep",
      cause: """
        The keys of `sweep` are paths of keys of the spec, such as `model.params.num_leaves`. A \
        wrong path would make runs that differ only in name.
        """,
      example: .spec("sweep: {«modle.seed»: [1, 2]}"),
      fix: "Write the path of a key of the spec; `name`, `extends` and `version` cannot be swept."),
    Explanation(
      265, "a sweep of too many runs",
      cause: """
        The number of combinations is the product of the lists' lengths and grows quickly. More \
        than 1,000 are treated as a mistake.
        """,
      example: .spec(
        """
        «sweep»:
          model.seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
          model.params.num_leaves: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
          model.params.max_depth: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        """),
      fix: "Shorten the lists, or add `random: N` to draw N of the combinations."),
    Explanation(
      266, "two runs of a sweep with the same name",
      cause: """
        Each run is named by its values; characters that a folder name cannot have become `_`. Two \
        values that are equal, or become equal, would share one results folder.
        """,
      example: .spec("«sweep»: {model.seed: [1, 2, 2]}"),
      fix: "Remove one of the values."),
    Explanation(
      267, "fewer combinations than requested",
      cause: """
        `random: N` draws N different combinations. If the values allow fewer, all combinations \
        found are run.
        """,
      example: .spec(
        "sweep: {random: «20», model.params.num_leaves: {from: 3, to: 5}}"),
      fix:
        "Lower `random`, widen the range, or remove `random` to run every combination of lists."),
    Explanation(
      268, "a range in a sweep that is not random",
      cause: """
        Every value of a list is tried. Values of a range are drawn at random, and `random` is the \
        number of runs.
        """,
      example: .spec("sweep: {«model.params.learning_rate»: {from: 0.01, to: 0.3}}"),
      fix: "Add `random: N` next to it, or list the values."),
    Explanation(
      269, "an empty range",
      cause: """
        `from` is the lowest number and `to` the highest. On a log scale, both must be above 0.
        """,
      example: .spec(
        "sweep: {random: 5, model.params.learning_rate: {from: «0», to: 0.3, scale: log}}"),
      fix: "Set `from` below `to`, and above 0 on a log scale."),
  ]
}
