import Foundation
import HoldoutTestSupport
import Learning
import Testing

/// Whether Holdout's tables of LightGBM's parameters say what LightGBM does.
@Suite struct LearnerParameterTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  private var features: FeatureShape {
    let categories = golden.encodings.indices.filter { golden.encodings[$0].isCategory }
    return FeatureShape(names: golden.names, categories: Set(categories))
  }

  private func configuration(_ parameters: [(String, String)]) -> LearnerConfiguration {
    LearnerConfiguration(
      parameters: parameters.map { Parameter($0.0, $0.1) }, iterations: 6, seed: 42)
  }

  private func problems(_ parameters: [(String, String)]) -> [ParameterProblem] {
    configuration(parameters).problems(with: library, features: features)
  }

  /// The trees of a small model, and the slope of its logistic, without the list of its parameters.
  private func model(_ parameters: [(String, String)]) throws -> String {
    let configuration = configuration(parameters)
    let dataset = try golden.dataset(library, threads: 2, configuration: configuration)
    let booster = try Booster.train(on: dataset, configuration: configuration, threads: 2)
    return String(
      booster.modelText.prefix(
        upTo: try #require(
          booster.modelText.range(of: "\nparameters:")
        ).lowerBound))
  }

  /// A value other than the default for every parameter that may be set.
  private static let values: [String: String] = {
    let scalars = """
      num_leaves=7 max_depth=3 min_data_in_leaf=50 bagging_freq=1 bagging_seed=9 \
      feature_fraction_seed=9 extra_seed=9 max_drop=3 drop_seed=9 min_data_per_group=5 \
      max_cat_threshold=1 max_cat_to_onehot=64 top_k=5 max_bin=15 min_data_in_bin=50 \
      bin_construct_sample_cnt=200 data_random_seed=9 objective_seed=9 lambdarank_truncation_level=5 \
      metric_freq=2 multi_error_top_k=2 learning_rate=0.3 histogram_pool_size=1 \
      min_sum_hessian_in_leaf=20 bagging_fraction=0.5 pos_bagging_fraction=0.5 \
      neg_bagging_fraction=0.5 feature_fraction=0.5 feature_fraction_bynode=0.5 \
      max_delta_step=0.01 lambda_l1=5 lambda_l2=50 linear_lambda=1 min_gain_to_split=50 \
      drop_rate=0.5 skip_drop=0.1 top_rate=0.3 other_rate=0.2 cat_l2=100 cat_smooth=100 \
      monotone_penalty=2 refit_decay_rate=0.5 cegb_tradeoff=2 cegb_penalty_split=1 path_smooth=50 \
      sigmoid=2 alpha=0.5 fair_c=2 poisson_max_delta_step=0.5 tweedie_variance_power=1.2 \
      lambdarank_position_bias_regularization=1 bagging_by_query=true extra_trees=true \
      xgboost_dart_mode=true uniform_drop=true is_enable_sparse=false enable_bundle=false \
      use_missing=false zero_as_missing=true feature_pre_filter=false boost_from_average=false \
      reg_sqrt=true lambdarank_norm=false is_provide_training_metric=true boosting=dart \
      data_sample_strategy=goss monotone_constraints_method=intermediate monotone_constraints=1,1,0,0,1,0 \
      max_bin_by_feature=2,9,9,9,9,9 feature_contri=0.1,1,1,1,1,1 \
      cegb_penalty_feature_lazy=1,1,1,1,1,1 cegb_penalty_feature_coupled=0,900,0,0,0,0 \
      interaction_constraints=[0],[1,2],[3,4,5] label_gain=0,3 eval_at=3 auc_mu_weights=0
      """
    return Dictionary(
      uniqueKeysWithValues: scalars.split(separator: " ").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        return (parts[0], parts[1])
      })
  }()

  /// Parameters that are read and happen to change nothing here: there are few rows, the columns are
  /// dense, and nothing is drawn or stored in parts.
  private static let quietHere: Set<String> = [
    "bin_construct_sample_cnt", "data_random_seed", "histogram_pool_size", "is_enable_sparse",
    "enable_bundle", "feature_pre_filter", "max_cat_to_onehot", "max_cat_threshold",
    "boosting", "data_sample_strategy",
  ]

  @Test("Every parameter that may be set has a form, so that no version adds one unseen")
  func everyParameter() {
    let settable = library.parameterAliases.keys.filter { name in
      problems([(name, Self.values[name] ?? "1")]).allSatisfy {
        if case .reserved = $0 { false } else { true }
      }
    }
    #expect(settable.sorted() == Self.values.keys.sorted())
    for (name, text) in Self.values {
      let found = problems([(name, text)])
      #expect(!found.contains { $0.isFatal }, "\(name)")
    }
  }

  @Test(
    "A parameter alone is warned of exactly if it gives the same model as none",
    arguments: values.keys.sorted())
  func alone(name: String) throws {
    let text = try #require(Self.values[name])
    let isSame = try model([(name, text)]) == model([])
    let isWarned = !problems([(name, text)]).isEmpty
    if Self.quietHere.contains(name) {
      #expect(!isWarned)
    } else {
      #expect(isSame == isWarned, "\(problems([(name, text)]))")
    }
  }

  /// Parameters, and the company in which they count.
  private static let companies: [(names: String, company: [(String, String)])] = [
    ("bagging_fraction", [("subsample_freq", "1")]),
    ("pos_bagging_fraction neg_bagging_fraction", [("bagging_freq", "2")]),
    ("bagging_freq", [("bagging_fraction", "0.7")]),
    ("bagging_freq", [("neg_bagging_fraction", "0.7")]),
    ("bagging_seed", [("bagging_fraction", "0.7"), ("bagging_freq", "1")]),
    ("bagging_seed top_rate other_rate", [("boosting", "goss"), ("learning_rate", "0.5")]),
    ("top_rate other_rate", [("data_sample_strategy", "goss"), ("learning_rate", "0.5")]),
    ("feature_fraction_seed", [("feature_fraction", "0.5")]),
    ("feature_fraction_seed", [("colsample_bynode", "0.5")]),
    ("extra_seed", [("extra_trees", "true")]),
    (
      "drop_rate max_drop drop_seed xgboost_dart_mode",
      [("boosting", "dart"), ("skip_drop", "0"), ("drop_rate", "0.9")]
    ),
    ("skip_drop", [("boosting", "dart"), ("drop_rate", "0.9")]),
    ("monotone_penalty", [("mc", "1,1,0,0,1,0")]),
    ("cegb_tradeoff", [("cegb_penalty_split", "0.01")]),
    ("cegb_tradeoff", [("cegb_penalty_feature_coupled", "0,2,0,0,0,0")]),
    ("zero_as_missing", [("use_missing", "true")]),
  ]

  @Test(
    "In the right company a parameter is not warned of, and changes the model",
    arguments: companies.indices)
  func inCompany(index: Int) throws {
    let (names, company) = Self.companies[index]
    let plain = try model(company)
    for name in names.split(separator: " ").map(String.init) {
      let own = (name, try #require(Self.values[name]))
      let others = company.filter { library.canonicalName(of: $0.0) != name }
      #expect(problems(others + [own]).isEmpty, "\(problems(others + [own]))")
      let changed = try model(others + [own])
      #expect(changed != plain, "\(name)")
    }
  }

  @Test("In the wrong company it is warned of, and changes nothing")
  func inWrongCompany() throws {
    let forest = [("boosting", "rf"), ("bagging_fraction", "0.7"), ("bagging_freq", "1")]
    let (slow, quick) = (try model(forest), try model(forest + [("eta", "0.5")]))
    #expect(quick == slow)
    #expect(problems(forest + [("eta", "0.5")]).map(\.name) == ["eta"])
    let balanced = [("pos_bagging_fraction", "0.7"), ("bagging_freq", "1")]
    #expect(try model(balanced + [("bagging_fraction", "0.5")]) == model(balanced))
    #expect(
      problems(balanced + [("bagging_fraction", "0.5")]).map(\.name) == ["bagging_fraction"])
    let shallow = [("max_depth", "2")]
    #expect(try model(shallow + [("num_leaves", "8")]) == model(shallow + [("num_leaves", "4")]))
    #expect(problems(shallow + [("num_leaves", "8")]).map(\.name) == ["num_leaves"])
    #expect(problems(shallow + [("num_leaves", "4")]).isEmpty)
    let unused = [("use_missing", "false")]
    let (plain, zeros) = (try model(unused), try model(unused + [("zero_as_missing", "true")]))
    #expect(zeros == plain)
    #expect(problems(unused + [("zero_as_missing", "true")]).map(\.name) == ["zero_as_missing"])
    // No category: what is about categories changes nothing.
    let numbers = FeatureShape(names: ["a", "b"], categories: [])
    let found = configuration([("cat_l2", "1"), ("max_cat_threshold", "4")]).problems(
      with: library, features: numbers)
    #expect(found.map(\.name) == ["cat_l2", "max_cat_threshold"])
    #expect(configuration([("cat_l2", "1")]).problems(with: library).isEmpty)
    // Switched off, it is no loss.
    #expect(problems([("bagging_fraction", "1.0"), ("subsample_freq", "0")]).isEmpty)
  }

  @Test(
    "Values that LightGBM would misread are refused",
    arguments: [
      ("interaction_constraints", "[-1]"), ("interaction_constraints", "[0,1],[6]"),
      ("interaction_constraints", "[0,1"), ("interaction_constraints", "0,1"),
      ("interaction_constraints", "[]"), ("interaction_constraints", "[[0],[1]]"),
      ("interaction_constraints", "[0],,[1]"), ("interaction_constraints", "[0;1]"),
      ("interaction_constraints", "[99999999999999999999]"), ("interaction_constraints", "[0x1]"),
      ("interaction_constraints", "[0][1]"), ("interaction_constraints", "[1.0]"),
      ("monotone_constraints", "1"), ("monotone_constraints", "1,0,0,0,0,2"),
      ("monotone_constraints", "1,0,0,0,0,0,0"), ("mc", "0,0,0,0,,0"),
      ("monotonic_cst", "0,0,0,0,300,0"), ("monotone_constraints", "0,0,1,0,0,0"),
      ("feature_contri", "1,1,1,1,1,nan"), ("fc", "1,1,1,1,1,1e999"),
      ("feature_penalty", "1,1,1,1,1"), ("max_bin_by_feature", "1,9,9,9,9,9"),
      ("max_bin_by_feature", "9,9,9,9,9,-9"), ("max_bin_by_feature", "4294967300,9,9,9,9,9"),
      ("cegb_penalty_feature_lazy", "1"), ("cegb_penalty_feature_lazy", "1,1,1,1,1,inf"),
      ("cegb_penalty_feature_coupled", "1,1,1,1,1,0x1p3"), ("label_gain", "0,nan"),
      ("label_gain", "0,,1"), ("eval_at", "0"), ("ndcg_at", "1,4294967297"),
      ("auc_mu_weights", "a"), ("max_bin", "4294967297"), ("num_leaves", "1e300"),
      ("max_delta_step", "nan"), ("lambda_l2", "inf"), ("histogram_pool_size", "1e999"),
      ("mc_method", "advance"), ("mc_method", "advanced"), ("boosting", "gbtd"),
      ("max_depth", "2.5"),
    ])
  func misread(name: String, text: String) throws {
    let found = problems([(name, text)])
    #expect(found.contains { $0.isFatal }, "\(found)")
    #expect(throws: LearningError.self) {
      _ = try golden.dataset(library, threads: 1, configuration: configuration([(name, text)]))
    }
  }

  @Test(
    "Values that LightGBM reads as they are meant are taken",
    arguments: [
      ("interaction_constraints", "[0,1],[2,3,4],[5]"), ("interaction_constraints", "[0]"),
      ("monotone_constraints", "1,-1,0,0,+1,0"), ("feature_contri", "0,1e-3,1,.5,2.,1"),
      ("max_bin_by_feature", "2,3,4,5,65536,7"), ("label_gain", "0,1,3"), ("eval_at", "1,5"),
      ("auc_mu_weights", "0"), ("boosting", "GBDT"), ("num_leaves", "7"),
      ("monotone_constraints_method", "intermediate"),
    ])
  func taken(name: String, text: String) throws {
    let found = problems([(name, text)])
    #expect(!found.contains { $0.isFatal })
    _ = try model([(name, text)])
  }
}
