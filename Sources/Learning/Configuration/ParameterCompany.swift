internal import Foundation

/// Parameters that have no effect unless other parameters accompany them.
///
/// The table records when LightGBM 4.7 reads each parameter, according to its source code. It
/// includes those that it never reads when training a binary model.
struct ParameterCompany: Sendable {
  /// The condition under which parameters are read.
  enum Condition: Sendable {
    /// Another parameter's number is above 0.
    case positive(String)
    /// Another parameter's number is below 1.
    case belowOne(String)
    /// Another parameter is `true`.
    case isTrue(String)
    /// Another parameter is given, with any value.
    case given(String)
    /// The trees are grown in one of these ways: values of `boosting` and `data_sample_strategy`.
    case way(Set<String>)
    /// The trees are grown in none of these ways.
    case notWay(Set<String>)
    /// `num_leaves` is at most what `max_depth` allows.
    case leavesFit
    /// A feature is categorical.
    case hasCategories
    case all([Condition])
    case any([Condition])
    case noneOf([Condition])
    /// Never.
    case never
  }

  /// The parameters, by LightGBM's canonical names.
  let names: Set<String>
  let condition: Condition
  /// What is missing, as it follows `does nothing`: ``without `bagging_freq` ``.
  let without: String
  /// How to make the parameter effective.
  let hint: String

  private init(_ names: String, _ condition: Condition, _ without: String, _ hint: String) {
    self.names = Set(names.split(separator: " ").map(String.init))
    self.condition = condition
    self.without = without
    self.hint = hint
  }

  /// Values that disable a parameter, so it does not matter that it has no effect.
  private static let off: [String: Double] = [
    "bagging_fraction": 1, "pos_bagging_fraction": 1, "neg_bagging_fraction": 1, "bagging_freq": 0,
    "zero_as_missing": 0, "linear_lambda": 0, "bagging_by_query": 0, "monotone_penalty": 0,
    "reg_sqrt": 0, "is_provide_training_metric": 0, "lambdarank_position_bias_regularization": 0,
    "xgboost_dart_mode": 0, "uniform_drop": 0,
  ]

  private static let dart: Set<String> = ["dart"]
  private static let goss: Set<String> = ["goss"]
  private static let forest: Set<String> = ["rf", "random_forest"]
  private static let fractions: Condition = .any([
    .belowOne("bagging_fraction"), .belowOne("pos_bagging_fraction"),
    .belowOne("neg_bagging_fraction"),
  ])
  private static let bagging: Condition = .all([.positive("bagging_freq"), fractions])
  private static let ranking = "as the label is binary and not a ranking"

  /// All entries. The first one that names a parameter and whose condition is false gives the
  /// reason.
  static let all: [ParameterCompany] = [
    ParameterCompany(
      "bagging_fraction pos_bagging_fraction neg_bagging_fraction", .notWay(goss),
      "with `goss`, which samples rows itself", "leave it out"),
    ParameterCompany(
      "bagging_fraction pos_bagging_fraction neg_bagging_fraction", .positive("bagging_freq"),
      "without `bagging_freq`", "add `bagging_freq: 1`"),
    ParameterCompany(
      "bagging_fraction",
      .noneOf([.belowOne("pos_bagging_fraction"), .belowOne("neg_bagging_fraction")]),
      "next to `pos_bagging_fraction` or `neg_bagging_fraction`", "leave it out"),
    ParameterCompany(
      "num_leaves", .leavesFit, "beyond the leaves that `max_depth` allows, 2 to its power",
      "lower it, raise `max_depth`, or leave one of them out"),
    ParameterCompany(
      "bagging_freq", fractions, "without a `bagging_fraction` below 1",
      "add a fraction, such as `bagging_fraction: 0.8`"),
    ParameterCompany(
      "bagging_seed", .any([bagging, .way(goss)]), "where no rows are sampled",
      "add `bagging_freq: 1` with a `bagging_fraction` below 1, or leave it out"),
    ParameterCompany(
      "feature_fraction_seed",
      .any([.belowOne("feature_fraction"), .belowOne("feature_fraction_bynode")]),
      "where no features are sampled", "add `feature_fraction: 0.8`, or leave it out"),
    ParameterCompany(
      "extra_seed", .isTrue("extra_trees"), "without `extra_trees`", "add `extra_trees: true`"),
    ParameterCompany(
      "drop_rate max_drop skip_drop xgboost_dart_mode uniform_drop drop_seed", .way(dart),
      "without `boosting: dart`", "add `boosting: dart`, or leave it out"),
    ParameterCompany(
      "top_rate other_rate", .way(goss), "without `data_sample_strategy: goss`",
      "add `data_sample_strategy: goss`, or leave it out"),
    ParameterCompany(
      "learning_rate", .notWay(forest), "with `boosting: rf`, whose trees count alike",
      "leave it out"),
    ParameterCompany(
      "cat_l2 cat_smooth max_cat_threshold max_cat_to_onehot min_data_per_group", .hasCategories,
      "without a feature that holds categories", "leave it out"),
    ParameterCompany(
      "monotone_constraints_method monotone_penalty", .given("monotone_constraints"),
      "without `monotone_constraints`", "add `monotone_constraints`, or leave it out"),
    ParameterCompany(
      "cegb_tradeoff",
      .any([
        .positive("cegb_penalty_split"), .given("cegb_penalty_feature_lazy"),
        .given("cegb_penalty_feature_coupled"),
      ]), "without a `cegb_penalty_...`", "add one of the penalties, or leave it out"),
    ParameterCompany(
      "zero_as_missing", .isTrue("use_missing"), "with `use_missing: false`",
      "leave one of them out"),
    ParameterCompany(
      "linear_lambda", .never, "as leaves are constants", "leave it out"),
    ParameterCompany(
      "refit_decay_rate", .never, "as trees are never refitted", "leave it out"),
    ParameterCompany(
      "top_k", .never, "as trees are grown on one machine", "leave it out"),
    ParameterCompany(
      "bagging_by_query label_gain lambdarank_truncation_level lambdarank_norm objective_seed "
        + "lambdarank_position_bias_regularization", .never, ranking, "leave it out"),
    ParameterCompany(
      "reg_sqrt alpha fair_c poisson_max_delta_step tweedie_variance_power", .never,
      "as the label is binary and not a number", "leave it out"),
    ParameterCompany(
      "metric_freq is_provide_training_metric eval_at multi_error_top_k auc_mu_weights", .never,
      "as Holdout measures models itself", "leave it out"),
  ]

  /// Returns why a parameter has no effect; nil if it may have one.
  /// - Parameters:
  ///   - name: its canonical LightGBM name.
  ///   - values: the given values, by canonical LightGBM name.
  ///   - hasCategories: whether a feature is categorical; nil if unknown.
  static func missing(
    for name: String, among values: [String: String], hasCategories: Bool?
  ) -> ParameterCompany? {
    guard let text = values[name], off[name] == nil || number(text) != off[name] else { return nil }
    return all.first { entry in
      entry.names.contains(name) && !entry.condition.holds(values, hasCategories)
    }
  }

  /// Parses a number, with 1 and 0 for the words that LightGBM reads as true and false.
  fileprivate static func number(_ text: String) -> Double? {
    switch text {
    case "true", "+": 1
    case "false", "-": 0
    default: Double(text)
    }
  }
}

extension ParameterCompany.Condition {
  /// Returns whether the condition holds; true if a value is not a number or is unknown.
  fileprivate func holds(_ values: [String: String], _ hasCategories: Bool?) -> Bool {
    func number(_ name: String, default standard: Double) -> Double? {
      guard let text = values[name] else { return standard }
      return ParameterCompany.number(text)
    }
    let ways = [values["boosting"] ?? "gbdt", values["data_sample_strategy"] ?? "bagging"].map {
      $0.lowercased()
    }
    switch self {
    case .positive(let name): return number(name, default: 0).map { $0 > 0 } ?? true
    case .belowOne(let name): return number(name, default: 1).map { $0 < 1 } ?? true
    case .isTrue(let name):
      return number(name, default: name == "use_missing" ? 1 : 0).map { $0 != 0 } ?? true
    case .given(let name): return values[name] != nil
    case .way(let meant): return ways.contains(where: meant.contains)
    case .notWay(let meant): return !ways.contains(where: meant.contains)
    case .leavesFit:
      guard let depth = number("max_depth", default: -1),
        let leaves = number("num_leaves", default: 31)
      else { return true }
      return depth <= 0 || leaves <= exp2(depth)
    case .hasCategories: return hasCategories ?? true
    case .all(let parts): return parts.allSatisfy { $0.holds(values, hasCategories) }
    case .any(let parts): return parts.contains { $0.holds(values, hasCategories) }
    case .noneOf(let parts): return !parts.contains { $0.holds(values, hasCategories) }
    case .never: return false
    }
  }
}
