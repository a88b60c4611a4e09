import Diagnostics

// Findings about sweeps: H260 and H265 to H269.
extension Finding {
  static func unknownSweepPath(
    _ path: Located<String>, _ part: String, among names: [String]
  ) -> Finding {
    Finding(
      260, "`\(path.value.shortened)` leads to nothing that a sweep can try", at: path.span,
      label: Suggestion.closest(to: part, among: names).map {
        "did you mean `\($0)` for `\(part)`?"
      } ?? "`\(part.shortened)` is no key there")
  }

  static func notSwept(_ path: Located<String>, _ key: String) -> Finding {
    Finding(
      260, "`\(key)` cannot be swept", at: path.span, label: "it says which spec this is",
      hints: ["write a spec of its own for each"])
  }

  static func sweepTooLarge(_ count: Int, _ maximum: Int, at span: SourceSpan) -> Finding {
    Finding(
      265, "the sweep makes \(count >= 1_000_000_000 ? "over a billion" : "\(count)") runs",
      at: span, label: "at most \(maximum)",
      hints: ["add `random: N` to draw N of the combinations"])
  }

  static func tooManyAxes(_ count: Int, _ maximum: Int, at span: SourceSpan) -> Finding {
    Finding(
      265, "the sweep tries values at \(count) paths", at: span, label: "at most \(maximum)",
      hints: ["write several specs, or sweep what matters most first"])
  }

  static func sameMember(_ labels: [String], at span: SourceSpan) -> Finding {
    Finding(
      266, "two runs of the sweep would both be named `\(labels.joined(separator: ","))`",
      at: span, label: "leave one of the values out")
  }

  static func fewerMembers(_ count: Int, asked: Located<Int>) -> Finding {
    Finding(
      267, .warning,
      "only \(count) different combinations were found, and \(asked.value) are asked for",
      at: asked.span, label: "the values allow no more, or hardly more",
      hints: ["ask for fewer, or leave `random` out to run every combination of lists"])
  }

  static func rangeInGrid(_ path: Located<String>) -> Finding {
    Finding(
      268, "`\(path.value)` has a range, and nothing says how many values are drawn from it",
      at: path.span, label: "needs `random: N` beside it",
      hints: ["or list the values: `\(path.value): [1, 2, 3]`"])
  }

  static func emptyRange(_ low: Located<Double>, _ high: Located<Double>) -> Finding {
    Finding(
      269, "`from` must be below `to`", at: low.span, label: "`to` is \(high.span.text)")
  }

  static func logOfNothing(_ low: Located<Double>) -> Finding {
    Finding(
      269, "on a log scale `from` must be above 0", at: low.span,
      label: "a factor leads from nothing to nothing",
      hints: ["start at a small number, or leave `scale` out"])
  }
}

extension Explanation {
  static let sweepFindings: [Explanation] = [
    Explanation(
      260, "a sweep's path that leads to no key",
      cause: """
        The keys of `sweep` are paths of keys of the spec, such as `model.params.num_leaves`. A path \
        that leads nowhere would make runs that differ in name only.
        """,
      example: .spec("sweep: {«modle.seed»: [1, 2]}"),
      fix: "Write the path of a key of the spec; `name`, `extends` and `version` cannot be swept."),
    Explanation(
      265, "a sweep of too many runs",
      cause: """
        The number of combinations is the product of the lists' lengths, and grows quickly. More than \
        1,000 are taken for a mistake.
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
      266, "two runs of a sweep with one name",
      cause: """
        Each run is named by its values, with characters that a folder cannot have replaced by `_`. Two \
        values that are the same, or look the same after that, would share one folder of results.
        """,
      example: .spec("«sweep»: {model.seed: [1, 2, 2]}"),
      fix: "Leave one of the values out."),
    Explanation(
      267, "fewer combinations than asked for",
      cause: """
        `random: N` draws N different combinations. Where the values allow fewer, all that were found \
        are run.
        """,
      example: .spec(
        "sweep: {random: «20», model.params.num_leaves: {from: 3, to: 5}}"),
      fix:
        "Ask for fewer, widen the range, or leave `random` out to run every combination of lists."),
    Explanation(
      268, "a range in a sweep that is not random",
      cause: """
        A list is tried value by value; from a range values are drawn, and `random` says how many runs \
        are made of them.
        """,
      example: .spec("sweep: {«model.params.learning_rate»: {from: 0.01, to: 0.3}}"),
      fix: "Add `random: N` beside it, or list the values."),
    Explanation(
      269, "a range without numbers",
      cause: """
        `from` is the lowest number and `to` the highest. On a log scale both must be above 0, as every \
        factor is as likely.
        """,
      example: .spec(
        "sweep: {random: 5, model.params.learning_rate: {from: «0», to: 0.3, scale: log}}"),
      fix: "Start below `to`, and above 0 on a log scale."),
  ]
}
