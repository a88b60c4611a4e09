import Diagnostics
import YAML

extension FeatureConstraints {
  /// Reads the constraints of `model`, whose form has been checked.
  init(_ fields: Fields) {
    monotone = (fields.fields("monotone")?.mapping.entries ?? []).compactMap { entry in
      entry.value.text.flatMap { Direction(rawValue: $0.value) }.map {
        Monotone(feature: entry.key, direction: $0)
      }
    }
    interactions = fields.items("interactions").map { group in
      (group.sequence ?? []).compactMap(\.text)
    }
  }
}

extension SpecDecoder {
  /// Checks that constraints name chosen features, and directions only numbers.
  mutating func checkConstraints(features: [FeatureSpec]) {
    guard let fields = root.fields("model") else { return }
    let constraints = FeatureConstraints(fields)
    let known = features.map(\.name.value)
    let categories = Set(features.filter(\.expression.isCategory).map(\.name.value))
    for name in constraints.monotone.map(\.feature) {
      if !known.contains(name.value) {
        findings.append(.constrainsNothing(name, "model.monotone", known: known))
      } else if categories.contains(name.value) {
        findings.append(.monotoneCategory(name))
      }
    }
    for group in fields.items("interactions") {
      var seen: Set<String> = []
      for item in group.sequence ?? [] {
        guard let name = item.text else { continue }
        if !known.contains(name.value) {
          findings.append(.constrainsNothing(name, "model.interactions", known: known))
        } else if !seen.insert(name.value).inserted {
          findings.append(.repeated("interactions", item))
        }
      }
    }
  }
}

// Findings about the constraints of features: H517 and H518.
extension Finding {
  static func constrainsNothing(
    _ name: Located<String>, _ key: String, known: [String]
  ) -> Finding {
    Finding(
      517, "`\(key)` names `\(name.value)`, which is not a chosen feature", at: name.span,
      label: suggestion(name.value, among: known), notes: ["chosen features: \(known.listed)"],
      hints: ["a set is not a feature, and each window is a feature of its own"])
  }

  static func monotoneCategory(_ name: Located<String>) -> Finding {
    Finding(
      518, "`\(name.value)` is a category, which has no direction", at: name.span,
      label: "not a number", hints: ["leave it out"])
  }
}

extension Explanation {
  static let constraintFindings: [Explanation] = [
    Explanation(
      517, "a constraint on a feature that is not chosen",
      cause: """
        `model.monotone` and `model.interactions` name features that the model uses. Ignoring an \
        unknown name would train a model without the constraint that was meant.
        """,
      example: .spec("model: {monotone: {«calls»: increasing}}"),
      fix: """
        Write the name of a chosen feature. A feature with a list of windows has one name per \
        window, such as `calls_30d`.
        """),
    Explanation(
      518, "a direction for a category",
      cause: """
        `model.monotone` says in which direction the margin may move as a value rises. The levels \
        of a category have no order.
        """,
      example: .spec("model: {monotone: {«region»: increasing}}"),
      fix: "Remove the category from `monotone`."),
  ]
}
