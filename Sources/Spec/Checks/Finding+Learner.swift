import Diagnostics

// Findings about the learner's parameters: H510 to H512.
extension Finding {
  static func setByHoldout(_ name: Located<String>, key: String?) -> Finding {
    Finding(
      510, "`\(name.value)` is set by Holdout itself", at: name.span,
      label: key.map { "`\($0)` decides it" } ?? "leave it out")
  }

  static func weightsTwice(_ name: Located<String>, classWeight: SourceSpan) -> Finding {
    Finding(
      511, "`\(name.value)` weighs positives, and so does `class_weight`", at: name.span,
      label: "leave one out", notes: ["`class_weight` is written at \(classWeight.place)"])
  }

  static func baggingWithoutFrequency(_ name: Located<String>) -> Finding {
    Finding(
      512, .warning, "`\(name.value)` does nothing without `bagging_freq`", at: name.span,
      label: "no bagging takes place", hints: ["add `bagging_freq: 1`"])
  }
}
