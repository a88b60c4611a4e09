/// Starting values of LightGBM's parameters for a kind of outcome, chosen with `model.preset`.
///
/// LightGBM's defaults suit tables of independent rows with many positives. A panel of rare events
/// has few positive entities, each in several rows. A parameter that the spec sets, under any of its
/// names, wins over the preset's value.
public enum ModelPreset: String, CaseIterable, Sendable {
  /// Fewer than about one row in twenty is positive.
  case rareEvents = "rare_events"
  /// Both outcomes are common.
  case balanced
  /// The learner's own defaults.
  case none

  /// The learner whose parameters these are.
  public static let learner = "lightgbm"

  /// A parameter with its value in a preset.
  public struct Parameter: Sendable {
    /// LightGBM's own name for it.
    public let name: String
    /// The value as a spec writes it.
    public let text: String

    fileprivate init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
  }

  /// The preset's parameters; empty for `none`.
  public var parameters: [Parameter] {
    switch self {
    case .rareEvents:
      [
        Parameter("learning_rate", "0.05"), Parameter("num_iterations", "100"),
        Parameter("num_leaves", "7"), Parameter("min_sum_hessian_in_leaf", "20"),
        Parameter("feature_fraction", "0.5"), Parameter("lambda_l2", "1"),
        Parameter("cat_smooth", "300"), Parameter("cat_l2", "100"),
        Parameter("max_cat_threshold", "8"), Parameter("min_data_per_group", "1000"),
      ]
    case .balanced:
      [
        Parameter("learning_rate", "0.05"), Parameter("num_iterations", "200"),
        Parameter("num_leaves", "7"), Parameter("min_sum_hessian_in_leaf", "20"),
        Parameter("feature_fraction", "0.5"), Parameter("lambda_l2", "1"),
        Parameter("cat_smooth", "100"),
      ]
    case .none: []
    }
  }

  /// Returns the preset's value of a parameter by LightGBM's own name for it.
  public func text(of name: String) -> String? { parameters.first { $0.name == name }?.text }

  /// LightGBM's other names for the parameters that a preset sets.
  package static let aliases: [String: Set<String>] = [
    "num_iterations": [
      "num_iteration", "n_iter", "num_tree", "num_trees", "num_round", "num_rounds", "nrounds",
      "num_boost_round", "n_estimators", "max_iter",
    ],
    "learning_rate": ["shrinkage_rate", "eta"],
    "num_leaves": ["num_leaf", "max_leaves", "max_leaf", "max_leaf_nodes"],
    "min_sum_hessian_in_leaf": [
      "min_sum_hessian_per_leaf", "min_sum_hessian", "min_hessian", "min_child_weight",
    ],
    "feature_fraction": ["sub_feature", "colsample_bytree"],
    "lambda_l2": ["reg_lambda", "lambda", "l2_regularization"],
  ]

  /// Returns the parameters that none of some written names sets.
  func parameters(beside written: [String]) -> [Parameter] {
    parameters.filter { parameter in
      let names = (Self.aliases[parameter.name] ?? []).union([parameter.name])
      return names.isDisjoint(with: written)
    }
  }
}
