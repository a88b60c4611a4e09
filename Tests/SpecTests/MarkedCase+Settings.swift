extension MarkedCase {
  static let settings: [MarkedCase] = [
    MarkedCase("a day that ends in the evening", "day: {ends_at: «1»18:00}", 278),
    MarkedCase("a day that ends after noon", "day: {ends_at: «1»12:01}", 278),
    MarkedCase("a day that ends at no time", "day: {ends_at: «1»six}", 278),
    MarkedCase("a day that ends at a time without minutes", "day: {ends_at: «1»\"6\"}", 278),
    MarkedCase(
      "a day of one's own",
      "day: {time_zone: America/New_York, ends_at: 6:00}\n"
        + "sources: {calls: {time_zone: UTC, columns: {sent: {type: date, time_of_day: ignored}}}}"),
    MarkedCase("nothing to calibrate on", "cutoffs: {calibrate: «1»0}", 250),
    MarkedCase("nothing to calibrate", "cutoffs: {calibrate: 0}\ncalibration: {method: none}"),
    MarkedCase(
      "calibrated by none", "cutoffs: {calibrate: «1»2}\ncalibration: {method: none}", 251),
    MarkedCase(
      "cross-fitted instead", "cutoffs: {calibrate: 0}\ncalibration: {fit: cross_fit, folds: 3}"),
    MarkedCase(
      "cross-fitted beside calibrate cutoffs",
      "cutoffs: {calibrate: «1»2}\ncalibration: {fit: cross_fit}", 281),
    MarkedCase(
      "cross-fitted for nothing",
      "cutoffs: {calibrate: 0}\ncalibration: {method: none, fit: «1»cross_fit}", 282),
    MarkedCase(
      "folds of no cross-fitting", "calibration: {fit: calibrate, «1»folds: 3}", 280),
    MarkedCase(
      "cross-fitted over one fold",
      "cutoffs: {calibrate: 0}\ncalibration: {fit: cross_fit, folds: «1»1}", 211),
    MarkedCase(
      "early stopping on every train cutoff",
      "cutoffs: {train: 3}\nmodel: {early_stopping: {rounds: 5, validation_cutoffs: «1»3}}", 283),
    MarkedCase(
      "early stopping on all train cutoffs but one",
      "cutoffs: {train: 3}\nmodel: {early_stopping: {rounds: 5, validation_cutoffs: 2}}"),
    MarkedCase(
      "early stopping after no round",
      "model: {early_stopping: {rounds: «1»0, validation_cutoffs: 1}}", 211),
    MarkedCase(
      "early stopping without rounds", "model: {«1»early_stopping: {validation_cutoffs: 1}}", 212),
    MarkedCase("a preset that does not exist", "model: {preset: «1»rare_event}", 213),
    MarkedCase(
      "a preset with a parameter of its own",
      "model: {preset: rare_events, params: {eta: 0.1}}"),
    MarkedCase(
      "a preset for a regression",
      "model: {learner: logistic, params: null, «1»preset: rare_events}", 528),
    MarkedCase(
      "no preset for a regression", "model: {learner: logistic, params: null, preset: none}"),
    MarkedCase("quantized in another word", "model: {quantized_gradients: «1»yes}", 210),
    MarkedCase("folds without a step", "cutoffs: {folds: «1»2}", 440),
    MarkedCase("a step without folds", "cutoffs: {«1»step: 1 month}", 222),
    MarkedCase("one fold and no step", "cutoffs: {folds: 1}"),
    MarkedCase("one fold and a short step", "cutoffs: {folds: 1, step: 1 day}"),
    MarkedCase("a step of 27 days", "cutoffs: {folds: 2, step: «1»27 days}", 441),
    MarkedCase("a step of 28 days", "cutoffs: {folds: 2, step: 28 days}"),
    MarkedCase(
      "a step of two months between quarters",
      "cutoffs: {every: quarter_end, folds: 2, step: «1»2 months}\nlabel: {horizon: 3 months}",
      441),
    MarkedCase(
      "calibrated on test", "cutoffs: {calibrate: 0}\ncalibration: {fit: «1»test}", 416),
    MarkedCase(
      "calibrate cutoffs beside test", "cutoffs: {calibrate: «1»2}\ncalibration: {fit: test}", 281),
    MarkedCase("no embargo", "cutoffs: {embargo: «1»none}", 425),
    MarkedCase("a last cutoff that is immature", "cutoffs: {last: «1»2025-06-30}", 423),
    MarkedCase(
      "one day before it is mature", "cutoffs: {every: 1 month, last: «1»2025-06-19}", 423),
    MarkedCase("on the day it is mature", "cutoffs: {every: 1 month, last: 2025-06-18}"),
    MarkedCase(
      "immature for its settling time",
      "cutoffs: {every: 1 month, last: «1»2025-06-18}\nlabel: {label_delay: 1 day}", 423),
    MarkedCase(
      "immature as of an earlier day",
      "as_of: 2025-08-31\ncutoffs: {every: 1 month, last: «1»2025-06-18}", 423),
    MarkedCase(
      "an immature last cutoff whose labels count",
      "cutoffs: {last: 2025-06-30}\nlabel: {immature: «1»negative}", 415),
    MarkedCase(
      "a last cutoff after the data",
      "cutoffs: {last: «1»2025-09-30}\nlabel: {immature: «2»negative}", 423, 415),
    MarkedCase("a last cutoff off the cadence", "cutoffs: {last: «1»2025-03-30}", 424),
    MarkedCase("a Tuesday among Mondays", "cutoffs: {every: monday, last: «1»2025-03-25}", 424),
    MarkedCase("a Monday among Mondays", "cutoffs: {every: monday, last: 2025-03-24}"),
    MarkedCase(
      "a month end among quarter ends", "cutoffs: {every: quarter_end, last: «1»2025-02-28}", 424),
    MarkedCase("listed cutoffs", "cutoffs: {every: [2024-03-31, 2024-06-11, 2024-12-01]}"),
    MarkedCase("a list of one cutoff", "cutoffs: {every: «1»[2024-03-31]}", 218),
    MarkedCase("a cutoff twice", "cutoffs: {every: [2024-03-31, «1»2024-03-31, 2024-06-30]}", 439),
    MarkedCase(
      "cutoffs in disorder", "cutoffs: {every: [2024-03-31, 2024-06-30, «1»2024-05-31]}", 439),
    MarkedCase(
      "train cutoffs in disorder",
      "cutoffs: {train: {every: [2024-06-30, «1»2024-05-31], count: 2}}", 439),
    MarkedCase("a cutoff in words", "cutoffs: {every: [2024-03-31, «1»tomorrow]}", 214),
    MarkedCase(
      "a last cutoff that is not listed",
      "cutoffs: {every: [2024-03-31, 2024-06-30], last: «1»2024-05-31}", 424),
    MarkedCase(
      "a last cutoff that is listed", "cutoffs: {every: [2024-03-31, 2024-06-30], last: 2024-06-30}"
    ),
    MarkedCase(
      "a listed last cutoff that is immature",
      "cutoffs: {every: [2024-06-30, 2025-08-31], last: «1»2025-08-31}", 423),
    MarkedCase(
      "windows between listed cutoffs",
      "cutoffs: {every: [2024-03-31, 2024-06-30], folds: 2, step: 1 day}\nlabel: {horizon: 1 week}"),
    MarkedCase(
      "grids of their own",
      "cutoffs: {train: {every: friday, count: 52}, calibrate: {every: 2 weeks, count: 4}}"),
    MarkedCase("train from a day on", "cutoffs: {train: {from: 2015-01-31}}"),
    MarkedCase(
      "train from a day on, on fridays", "cutoffs: {train: {every: friday, from: 2015-01-31}}"),
    MarkedCase(
      "train from a day on, and so many",
      "cutoffs: {train: {from: 2015-01-31, «1»count: 3}}", 220),
    MarkedCase("train without an extent", "cutoffs: {«1»train: {every: friday}}", 221),
    MarkedCase("calibrate without a count", "cutoffs: {«1»calibrate: {every: friday}}", 212),
    MarkedCase(
      "calibrate from a day on", "cutoffs: {calibrate: {count: 2, «1»from: 2024-01-31}}", 231),
    MarkedCase("train on no cutoff", "cutoffs: {train: {count: «1»0}}", 211),
    MarkedCase(
      "train on more cutoffs than a role can have",
      "cutoffs: {train: {every: 1 day, from: «1»1990-01-01}}", 211),
    MarkedCase(
      "calibrated by none, on fridays",
      "cutoffs: {calibrate: {every: friday, count: «1»2}}\ncalibration: {method: none}", 251),
    MarkedCase(
      "early stopping on every friday",
      "cutoffs: {train: {every: friday, count: 3}}\n"
        + "model: {early_stopping: {rounds: 5, validation_cutoffs: «1»3}}", 283),
    MarkedCase(
      "early stopping with train from a day on",
      "cutoffs: {train: {from: 2024-01-31}}\n"
        + "model: {early_stopping: {rounds: 5, validation_cutoffs: 3}}"),
    MarkedCase(
      "a sweep of the first day",
      "cutoffs: {train: {from: 2015-01-31}}\n"
        + "sweep: {cutoffs.train.from: [2015-01-31, 2020-01-31]}"),
    MarkedCase("as of the future", "as_of: «1»2025-09-19", 426),
    MarkedCase("clusters", "evaluation: {cluster: customers.segment}"),
    MarkedCase("clusters of numbers", "evaluation: {cluster: customers.employees}"),
    MarkedCase("clusters of a misspelt column", "evaluation: {cluster: customers.«1»segmnt}", 233),
    MarkedCase("clusters of no source", "evaluation: {cluster: «1»customer.segment}", 232),
    MarkedCase("clusters of a history", "evaluation: {cluster: «1»history.region}", 274),
    MarkedCase("clusters of events", "evaluation: {cluster: «1»calls.kind}", 274),
    MarkedCase("clusters of today", "evaluation: {cluster: «1»customers.status}", 275),
    MarkedCase("clusters of an event's day", "evaluation: {cluster: «1»customers.created}", 275),
    MarkedCase(
      "clusters of days",
      "sources: {customers: {columns: {due: {type: date, class: static}}}}\n"
        + "evaluation: {cluster: «1»customers.due}", 245),
    MarkedCase("clusters without a source", "evaluation: {cluster: «1»segment}", 216),
    MarkedCase("monotone", "model: {monotone: {age: increasing, calls_30d: decreasing}}"),
    MarkedCase("monotone for nothing", "model: {monotone: {«1»agee: increasing}}", 517),
    MarkedCase("monotone windows", "model: {monotone: {«1»calls: increasing}}", 517),
    MarkedCase("a monotone category", "model: {monotone: {«1»region: decreasing}}", 518),
    MarkedCase("monotone some way", "model: {monotone: {age: «1»up}}", 213),
    MarkedCase(
      "monotone but removed",
      "features: [account, engagement, -age]\nmodel: {monotone: {«1»age: increasing}}", 517),
    MarkedCase(
      "a logistic regression",
      "model: {learner: logistic, class_weight: balanced, seed: 7, trainer: auto, "
        + "quantized_gradients: false, params: {penalty: auto, knots: 4}}"),
    MarkedCase("a given penalty", "model: {learner: logistic, params: {penalty: 1e-3}}"),
    MarkedCase("a learner of another name", "model: {learner: «1»logistics}", 213),
    MarkedCase(
      "parameters of trees for a regression",
      "model: {learner: logistic, params: {«1»num_leaves: 7, «2»penalti: 3, penalty: 3}}", 526, 526),
    MarkedCase("no penalty", "model: {learner: logistic, params: {penalty: «1»0}}", 527),
    MarkedCase("a penalty below 0", "model: {learner: logistic, params: {penalty: «1»-2}}", 527),
    MarkedCase("a small penalty", "model: {learner: logistic, params: {penalty: «1»small}}", 527),
    MarkedCase("two penalties", "model: {learner: logistic, params: {penalty: «1»[1, 2]}}", 527),
    MarkedCase("two knots", "model: {learner: logistic, params: {knots: «1»2}}", 527),
    MarkedCase("eight knots", "model: {learner: logistic, params: {knots: «1»8}}", 527),
    MarkedCase("half a knot", "model: {learner: logistic, params: {knots: «1»4.5}}", 527),
    MarkedCase(
      "keys of trees for a regression",
      "model: {learner: logistic, «1»trainer: panel, «2»monotone: {age: increasing}, "
        + "«3»interactions: [[age, region]], «4»quantized_gradients: true, "
        + "«5»early_stopping: {rounds: 5, validation_cutoffs: 1}}", 528, 528, 528, 528, 528),
    MarkedCase(
      "a regression that must be better than itself",
      "model: {learner: logistic}\ngates: {better_than: [prior, «1»logistic]}", 625),
    MarkedCase(
      "a sweep of the penalty",
      "model: {learner: logistic}\nsweep: {model.params.penalty: [1, 10, auto]}"),
    MarkedCase("interactions", "model: {interactions: [[age, region], [age, has_email]]}"),
    MarkedCase(
      "interactions of a set", "model: {interactions: [[age, «1»engagement]]}", 517),
    MarkedCase("an interaction with itself", "model: {interactions: [[age, «1»age]]}", 225),
    MarkedCase("no interactions", "model: {interactions: «1»[]}", 218),
    MarkedCase("an interaction of nothing", "model: {interactions: [[age], «1»[]]}", 218),
    MarkedCase("interactions of one list", "model: {interactions: [«1»age]}", 210),
    MarkedCase(
      "segments by features of any kind",
      "evaluation: {segments: [region, age, has_email, calls_30d]}"),
    MarkedCase("segments by nothing", "evaluation: {segments: [«1»regoin]}", 252),
    MarkedCase("segments by a set", "evaluation: {segments: [«1»account]}", 252),
    MarkedCase(
      "segments by a feature that is removed",
      "features: [account, engagement, -region]\nevaluation: {segments: [«1»region]}", 252),
    MarkedCase(
      "segments by a column without its source", "evaluation: {segments: [«1»segment]}", 252),
    MarkedCase(
      "segments by columns",
      "evaluation: {segments: [customers.segment, customers.employees, history.inactive]}"),
    MarkedCase("segments of no source", "evaluation: {segments: [«1»customer.segment]}", 232),
    MarkedCase(
      "segments by a misspelt column", "evaluation: {segments: [customers.«1»segmnt]}", 233),
    MarkedCase("segments by events", "evaluation: {segments: [«1»calls.kind]}", 246),
    MarkedCase("segments by a day", "evaluation: {segments: [«1»history.moved]}", 245),
    MarkedCase("segments by the label", "evaluation: {segments: [«1»label.event]}", 245),
    MarkedCase("segments by today's value", "evaluation: {segments: [«1»customers.status]}", 410),
    MarkedCase(
      "segments by today's value, allowed",
      "look_ahead: {«1»allow: [customers.status], because: to try}\n"
        + "evaluation: {segments: [customers.status]}", 412),
    MarkedCase(
      "segments twice", "evaluation: {segments: [customers.segment, «1»customers.segment]}", 225),
    MarkedCase("segments by a phrase", "evaluation: {segments: [«1»\"the region\"]}", 210),
    MarkedCase(
      "segments of a source that nothing else reads",
      "sources: {others: {parquet: a, key: id, columns: {kind: {type: text, class: static}}}}\n"
        + "evaluation: {segments: [others.kind]}"),
    MarkedCase("ranks by nothing", "score: {rank_within: [«1»territory]}", 252),
    MarkedCase("ranks by a number", "score: {rank_within: [«1»age]}", 252),
    MarkedCase("an endless share", "evaluation: {top_percent: [1, «1».inf, «2»1e300]}", 211, 211),
    MarkedCase(
      "a sweep of a misspelt key", "sweep: {model.seed: [1, 2], «1»modle.seed: [1, 2]}", 260),
    MarkedCase("a sweep of a misspelt word", "sweep: {«1»randm: [3], model.seed: [1, 2]}", 260),
    MarkedCase(
      "a range without a number of draws", "sweep: {«1»model.seed: {from: 1, to: 9}}", 268),
    MarkedCase(
      "a range the wrong way round", "sweep: {random: 3, model.seed: {from: «1»9, to: 1}}", 269),
    MarkedCase(
      "a factor from nothing", "sweep: {random: 3, model.seed: {from: «1»0, to: 9, scale: log}}",
      269),
    MarkedCase(
      "a range without an end", "sweep: {random: 3, «1»model.seed: {from: 0}}", 212),
    MarkedCase(
      "more draws than values", "sweep: {random: «1»9, model.seed: {from: 1, to: 3}}", 267),
    MarkedCase("a seed of nothing", "sweep: {«1»seed: 3, model.seed: [1, 2]}", 222),
    MarkedCase(
      "windows with gaps", "cutoffs: {every: quarter_end}\nlabel: {horizon: «1»2 months}", 427),
    MarkedCase("windows that meet", "cutoffs: {every: quarter_end}\nlabel: {horizon: 3 months}"),
    MarkedCase("28 days after each month end", "label: {horizon: 28 days}"),
    MarkedCase("less than February", "label: {horizon: «1»27 days}", 427),
    MarkedCase(
      "an invalid placeholder",
      "score: {table: \"a_{name}\", parquet: \"x/«1»{date}/{cutoff}.parquet\"}", 254),
    MarkedCase("a cutoff in a table's name", "score: {table: \"a_«1»{cutoff}\"}", 254),
    MarkedCase("an environment variable", "description: a «1»${env:HOME} b", 271),
    MarkedCase(
      "an environment variable in SQL",
      "cohort: {where: [{sql: \"customers.segment = '«1»${env:SEGMENT}'\"}]}", 271),
  ]
}
