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
