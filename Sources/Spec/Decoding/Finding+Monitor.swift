import Diagnostics

// Findings about monitoring: H293 and H294.
extension Finding {
  static func watchesNoFeature(
    _ name: Located<String>, _ key: String, known: [String]
  ) -> Finding {
    Finding(
      293, "`monitor.\(key)` names `\(name.value.shortened)`, which is not a chosen feature",
      at: name.span, label: suggestion(name.value, among: known))
  }

  static func groupsByNumber(_ name: Located<String>) -> Finding {
    Finding(
      294, "`monitor.groups` names `\(name.value)`, which is not a category", at: name.span,
      label: "only the levels of a category are groups")
  }
}

extension Explanation {
  static let monitorFindings: [Explanation] = [
    Explanation(
      293, "a monitor of an unknown feature",
      cause: """
        `monitor.ignore` and `monitor.groups` name features that the model uses, and it uses none \
        with this name. A feature to ignore would still raise alarms.
        """,
      example: .spec("monitor: {ignore: [«agee»]}"),
      fix: "Correct the name, or remove it."),
    Explanation(
      294, "groups that are no category",
      cause: """
        `monitor.groups` compares the levels of a category, such as a region. A number has no \
        levels.
        """,
      example: .spec("monitor: {groups: [«age»]}"),
      fix: "Name a category feature, or remove the name."),
  ]
}
