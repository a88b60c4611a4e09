extension MarkedCase {
  static let settings: [MarkedCase] = [
    MarkedCase("nothing to calibrate on", "cutoffs: {calibrate: «1»0}", 250),
    MarkedCase("nothing to calibrate", "cutoffs: {calibrate: 0}\ncalibration: {method: none}"),
    MarkedCase(
      "calibrated by none", "cutoffs: {calibrate: «1»2}\ncalibration: {method: none}", 251),
    MarkedCase("no embargo", "cutoffs: {embargo: «1»none}", 425),
    MarkedCase("a last cutoff that is immature", "cutoffs: {last: «1»2025-06-30}", 423),
    MarkedCase(
      "one day before it is mature", "cutoffs: {every: 1 month, last: «1»2025-06-19}", 423),
    MarkedCase("on the day it is mature", "cutoffs: {every: 1 month, last: 2025-06-18}"),
    MarkedCase(
      "immature for its settling time",
      "cutoffs: {every: 1 month, last: «1»2025-06-18}\nlabel: {settle: 1 day}", 423),
    MarkedCase(
      "immature as of an earlier day",
      "as_of: 2025-08-31\ncutoffs: {every: 1 month, last: «1»2025-06-18}", 423),
    MarkedCase("a last cutoff off the cadence", "cutoffs: {last: «1»2025-03-30}", 424),
    MarkedCase("a Tuesday among Mondays", "cutoffs: {every: monday, last: «1»2025-03-25}", 424),
    MarkedCase("a Monday among Mondays", "cutoffs: {every: monday, last: 2025-03-24}"),
    MarkedCase(
      "a month end among quarter ends", "cutoffs: {every: quarter_end, last: «1»2025-02-28}", 424),
    MarkedCase("as of the future", "as_of: «1»2025-09-19", 426),
    MarkedCase("segments by no category", "evaluation: {by: [region, «1»age]}", 252),
    MarkedCase("segments by nothing", "evaluation: {by: [«1»regoin]}", 252),
    MarkedCase("ranks by nothing", "score: {rank_by: [«1»territory]}", 252),
    MarkedCase("the objective", "model: {params: {«1»objective: binary}}", 510),
    MarkedCase("threads by an alias", "model: {params: {«1»n_jobs: 2}}", 510),
    MarkedCase("a second seed", "model: {params: {«1»random_state: 1}}", 510),
    MarkedCase(
      "deterministic, metric and files",
      "model: {params: {«1»deterministic: false, «2»metrics: auc, «3»output_model: x}}", 510, 510,
      510),
    MarkedCase(
      "weights twice", "model: {class_weight: balanced, params: {«1»is_unbalance: true}}", 511),
    MarkedCase("weights once", "model: {params: {scale_pos_weight: 3}}"),
    MarkedCase("bagging that does nothing", "model: {params: {«1»subsample: 0.8}}", 512),
    MarkedCase(
      "bagging that does nothing by 0",
      "model: {params: {«1»bagging_fraction: 0.8, bagging_freq: 0}}", 512),
    MarkedCase("bagging", "model: {params: {bagging_fraction: 0.8, subsample_freq: 1}}"),
    MarkedCase("a sweep", "sweep: {«1»model.params.num_leaves: [15, 31]}", 261),
    MarkedCase(
      "a sweep of a misspelt key", "sweep: {model.seed: [1, 2], «1»modle.seed: [1, 2]}", 260),
  ]
}
