import Diagnostics
import YAML

// `learner: logistic`: its parameters, and the keys of `model` that only trees have.

extension SpecDecoder {
  /// Whether the spec's learner is the logistic regression.
  var learnsLogistic: Bool {
    root.fields("model")?.text("learner")?.value == ModelSpec.Learner.logisticWord
  }

  /// Decodes the learner with the parameters that Holdout itself reads.
  mutating func decodeLearner(
    _ fields: Fields, _ parameters: [ModelSpec.Parameter]
  ) -> ModelSpec.Learner? {
    guard let word = fields.text("learner") else { return nil }
    guard word.value == ModelSpec.Learner.logisticWord else { return .lightgbm }
    checkKeysOfTrees(fields)
    var logistic = LogisticSpec()
    for parameter in parameters {
      let text = parameter.value.value
      switch parameter.name.value {
      case "penalty":
        if text == "auto" { continue }
        guard let penalty = Double(text), penalty > 0, penalty.isFinite else {
          findings.append(.logisticValue(parameter))
          continue
        }
        logistic.penalty = penalty
      case "knots":
        guard let knots = Int(text), LogisticSpec.knotRange.contains(knots) else {
          findings.append(.logisticValue(parameter))
          continue
        }
        logistic.knots = knots
      default: findings.append(.unknownLogisticParameter(parameter.name))
      }
    }
    return .logistic(logistic)
  }

  private mutating func checkKeysOfTrees(_ fields: Fields) {
    for key in ModelSpec.KeyOfTrees.allCases {
      guard let name = fields.key(key.rawValue) else { continue }
      // What the defaults say is no wish.
      switch key {
      case .preset where fields.text(key.rawValue)?.value == ModelPreset.none.rawValue: continue
      case .trainer where fields.text(key.rawValue)?.value == "auto": continue
      case .quantizedGradients where fields[key.rawValue]?.boolean != true: continue
      default: findings.append(.keyOfTrees(key, name))
      }
    }
  }
}

extension ModelSpec {
  /// The keys of `model` that only LightGBM's trees have.
  enum KeyOfTrees: String, CaseIterable {
    case preset
    case trainer
    case monotone
    case interactions
    case quantizedGradients = "quantized_gradients"
    case earlyStopping = "early_stopping"
  }
}

// Findings about the logistic regression: H526 to H528.
extension Finding {
  static func unknownLogisticParameter(_ name: Located<String>) -> Finding {
    Finding(
      526, "the logistic regression has no parameter `\(name.value)`", at: name.span,
      label: suggestion(name.value, among: LogisticSpec.parameters),
      notes: ["`learner: logistic` has \(LogisticSpec.parameters.listed)"],
      hints: [
        "remove it; parameters of trees belong to `learner: lightgbm`",
        "`params: null` removes all that a base spec sets",
      ])
  }

  static func logisticValue(_ parameter: ModelSpec.Parameter) -> Finding {
    let range = LogisticSpec.knotRange
    let isKnots = parameter.name.value == "knots"
    return Finding(
      527, "`\(parameter.name.value)` cannot be `\(parameter.value.value)`",
      at: parameter.value.span,
      label: isKnots
        ? "not a whole number from \(range.lowerBound) to \(range.upperBound)"
        : "neither `auto` nor a number above 0",
      hints: [isKnots ? "5 is the default" : "`auto` chooses it out of fold"])
  }

  static func keyOfTrees(_ key: ModelSpec.KeyOfTrees, _ name: Located<String>) -> Finding {
    let reason =
      switch key {
      case .preset: "is values of parameters of trees"
      case .trainer: "chooses what grows trees, and a regression has none"
      case .monotone: "a spline has no direction that it must keep"
      case .interactions: "a regression combines no features"
      case .quantizedGradients: "rounds the gradients of trees"
      case .earlyStopping: "finds a number of trees; here the penalty is chosen out of fold"
      }
    return Finding(
      528, "`\(name.value)` belongs to trees, and the learner is `logistic`", at: name.span,
      label: reason, hints: ["remove it, or write `learner: lightgbm`"])
  }
}

extension Explanation {
  static let logisticLearnerFindings: [Explanation] = [
    Explanation(
      526, "unknown parameter of the logistic regression",
      cause: """
        `learner: logistic` has two parameters: `penalty` and `knots`. Those of LightGBM's trees mean \
        nothing to it, and ignoring them would hide that.
        """,
      example: .spec("model: {learner: logistic, params: {«num_iterations»: 5}}"),
      fix: "Remove the parameter, or write `learner: lightgbm`."),
    Explanation(
      527, "impossible parameter of the logistic regression",
      cause: """
        `penalty` is `auto` or a number above 0: without a penalty, the coefficients of columns that \
        tell the classes apart would have no end. `knots` is a whole number from 3 to 7.
        """,
      example: .spec(
        "model: {learner: logistic, params: {num_iterations: null, penalty: «0»}}"),
      fix: "Write `penalty: auto`, or a small number such as 0.01."),
    Explanation(
      528, "key of trees for a logistic regression",
      cause: """
        `preset`, `trainer`, `monotone`, `interactions`, `quantized_gradients`, and `early_stopping` \
        say how trees are grown. A logistic regression has no trees. Ignoring a constraint would train a model \
        without what was meant.
        """,
      example: .spec(
        "model: {learner: logistic, params: null, «monotone»: {size: increasing}}"),
      fix: "Remove the key, or write `learner: lightgbm`."),
  ]
}
