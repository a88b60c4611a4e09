import Diagnostics

/// Checks the learner's parameters against what Holdout itself decides.
///
/// Which parameters exist, and what values they take, the learner's own list says later.
enum LearnerCheck {
  /// Parameters that Holdout sets, with their aliases as LightGBM documents them, and the key of
  /// the spec that decides instead, if one does.
  private static let reserved: [(names: [String], key: String?)] = [
    (["objective", "objective_type", "app", "application", "loss"], "label"),
    (["num_threads", "num_thread", "nthread", "nthreads", "n_jobs"], nil),
    (["seed", "random_seed", "random_state"], "model.seed"),
    (["deterministic"], nil),
    (["metric", "metrics", "metric_types"], "evaluation"),
    (["num_class", "num_classes"], "label"),
    (["task", "task_type"], nil),
    (["config", "config_file"], nil),
    (["data", "train", "train_data", "train_data_file", "data_filename"], "sources"),
    (
      [
        "valid", "test", "valid_data", "valid_data_file", "test_data", "test_data_file",
        "valid_filenames",
      ], "cutoffs"
    ),
    (["input_model", "model_input", "model_in"], nil),
    (["output_model", "model_output", "model_out"], nil),
    (
      [
        "output_result", "predict_result", "prediction_result", "predict_name", "prediction_name",
        "pred_name", "name_pred",
      ], nil
    ),
    (["snapshot_freq", "save_period"], nil),
    (["save_binary", "is_save_binary", "is_save_binary_file"], nil),
    (
      [
        "categorical_feature", "cat_feature", "categorical_column", "cat_column",
        "categorical_features",
      ], "feature_sets"
    ),
    (["label_column", "label"], "label"),
    (["weight_column", "weight"], "model.class_weight"),
    (["group_column", "group", "group_id", "query_column", "query", "query_id"], nil),
    (["ignore_column", "ignore_feature", "blacklist"], "features"),
    (["header", "has_header"], nil),
    (["machines", "workers", "nodes", "num_machines", "num_machine"], nil),
  ]

  private static let imbalance = [
    "is_unbalance", "unbalance", "unbalanced_sets", "scale_pos_weight",
  ]
  private static let baggingFraction = ["bagging_fraction", "sub_row", "subsample", "bagging"]
  private static let baggingFrequency = ["bagging_freq", "subsample_freq"]

  static func findings(
    _ parameters: [ModelSpec.Parameter], classWeight: ModelSpec.ClassWeight, written: SourceSpan
  ) -> [Finding] {
    var findings: [Finding] = []
    for parameter in parameters {
      let name = parameter.name.value
      if let entry = reserved.first(where: { $0.names.contains(name) }) {
        findings.append(.setByHoldout(parameter.name, key: entry.key))
      }
      if imbalance.contains(name), classWeight != .none {
        findings.append(.weightsTwice(parameter.name, classWeight: written))
      }
    }
    if let fraction = parameters.first(where: { baggingFraction.contains($0.name.value) }),
      fraction.value.value != "1", frequency(parameters) == 0
    {
      findings.append(.baggingWithoutFrequency(fraction.name))
    }
    return findings
  }

  private static func frequency(_ parameters: [ModelSpec.Parameter]) -> Int {
    parameters.first { baggingFrequency.contains($0.name.value) }.flatMap { Int($0.value.value) }
      ?? 0
  }
}
