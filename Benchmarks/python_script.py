#!/usr/bin/env python3
"""experiments/solidworks.yaml as a script, or the suite of specs over it: DuckDB, LightGBM, scikit-learn, numpy.

  python Benchmarks/python_script.py DATA [--spec NAME]... [--suite] [--trees 100] [--threads 2]
    [--jobs 1] [--profile stages.json] [--compare RESULTS]

DATA is a folder with the demo data. The script builds the panel, trains, calibrates, computes metrics and runs the
bootstrap by account. Work that specs share is done once: the tables, the panel, the category codes, the learner's dataset
of a feature set, the draws. --spec names some of the suite's twelve specs (suite.py), and --suite means all of them; the
default is `solidworks` alone. --jobs distributes the feature sets over that many processes, each with its share of the
threads. Not included: checks of the data, embargoed cutoffs, segments, baselines, results on disk.

--compare compares the point metrics with RESULTS/NAME/metrics.json of each spec and exits with 1 above 1e-6.
Needs Benchmarks/requirements.txt.
"""

import time

BEGAN = time.perf_counter()

import argparse
import datetime
import json
import multiprocessing
import sys

import duckdb
import lightgbm
import numpy as np
import pyarrow as pa
from lists_and_bootstrap import bootstrap, draw, top_lists
from metrics import pooled
from sklearn.isotonic import IsotonicRegression
from solidworks_features import FEATURES, HORIZON, SETS, load, month_end, panel_sql
from suite import SPECS

PARAMETERS = {
  "objective": "binary", "learning_rate": 0.05, "num_leaves": 7, "feature_fraction": 0.5,
  "min_sum_hessian_in_leaf": 50, "min_data_per_group": 5000, "max_cat_threshold": 8,
  "cat_smooth": 1000, "cat_l2": 200, "seed": 42, "deterministic": True, "force_row_wise": True,
  "verbosity": -1,
}
# Levels with fewer train rows share code 0.
CATEGORIES = {
  "cat_lead_source": 5000, "cat_terms_value": 50, "cat_stage": 50, "cat_status": 50,
  "cat_territory_standardized": 5000, "cat_territory_name": 5000, "cat_region": 50,
}
LAST = datetime.date(2025, 2, 28)
TRAIN, CALIBRATE, TEST = 24, 3, 3
RESAMPLES = 500
SOLIDWORKS = {"solidworks": (FEATURES, {})}


class Stages:
  """Seconds by stage, added up over specs."""

  def __init__(self):
    self.seconds = {}
    self.began = BEGAN

  def end(self, name):
    now = time.perf_counter()
    self.seconds[name] = self.seconds.get(name, 0) + now - self.began
    self.began = now


def cutoffs():
  """Train, calibrate and test cutoffs, with a horizon between one role and the next."""
  test = [month_end(LAST, -i) for i in reversed(range(TEST))]
  calibrate = [month_end(test[0], -HORIZON - i) for i in reversed(range(CALIBRATE))]
  train = [month_end(calibrate[0], -HORIZON - i) for i in reversed(range(TRAIN))]
  return train, calibrate, test


def load_codes(connection, data, activities):
  """The tables with categories as codes in the order of their texts; returns the codes of `missing`."""
  codes = {}

  def encode(name, sql, relation):
    levels = [row[0] for row in connection.execute(
      f"SELECT DISTINCT level FROM (SELECT coalesce({sql}, 'missing') AS level FROM {relation} "
      "UNION ALL SELECT 'missing') ORDER BY level").fetchall()]
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT unnest(?))", [levels])
    codes[name] = levels.index("missing")
    return f"CAST(enum_code(CAST(coalesce({sql}, 'missing') AS {name})) AS SMALLINT)"

  load(connection, data, encode, activities=activities)
  return codes


def panel(connection, days, missing, features):
  """Entity, label and features, one chunk per cutoff: Arrow columns in narrow types, never copied into one table."""
  return pa.concat_tables(
    connection.sql(panel_sql(day, missing, features)).to_arrow_table() for day in days)


def keep_levels(train, others):
  """Rare levels become 0, the others count from 1 in the order of their texts."""
  tables = [train, *others]
  for name, minimum in CATEGORIES.items():
    if name not in train.column_names:
      continue
    counts = np.bincount(train[name].to_numpy())
    kept = counts >= minimum
    # Levels that no train row has are 0 as well.
    codes = np.zeros(np.iinfo(np.int16).max + 1, np.int16)
    codes[:len(counts)] = np.where(kept, np.cumsum(kept), 0)
    place = train.column_names.index(name)
    tables = [table.set_column(place, name, pa.array(codes[table[name].to_numpy()])) for table in tables]
  return tables


def matrix(table, features):
  """Rows to predict, in the layout that the learner reads fastest."""
  rows = np.empty((table.num_rows, len(features)), order="F")
  for index, name in enumerate(features):
    rows[:, index] = table[name].to_numpy()
  return rows


class Panels:
  """Everything that all specs share."""

  def __init__(self, data, features, threads, stages):
    connection = duckdb.connect(config={"threads": threads})
    missing = load_codes(connection, data, not set(features).isdisjoint(SETS["engagement"]))
    stages.end("sources")
    train, calibrate, test = (panel(connection, days, missing, features) for days in cutoffs())
    self.train, self.calibrate, self.test = keep_levels(train, [calibrate, test])
    connection.close()
    self.train_label, self.calibrate_label, self.label = (
      table["label"].to_numpy().astype(np.float32) for table in (self.train, self.calibrate, self.test))
    self.label = self.label.astype(float)
    lengths = [chunk.num_rows for chunk in self.test.select(["label"]).to_batches()]
    self.cutoff = np.repeat(np.arange(len(lengths)), lengths)
    stages.end("panel")
    # All specs have the same accounts in their test rows, and the same draws.
    entities, self.account = np.unique(self.test["entity"].to_numpy(), return_inverse=True)
    self.drawn = draw(len(entities), RESAMPLES)
    stages.end("evaluating")


def evaluate(panels, margin, score):
  label, cutoff = panels.label, panels.cutoff
  each = [cutoff == number for number in np.unique(cutoff)]
  found = [top_lists(label[rows], margin[rows]) for rows in each]
  return {
    "pooled": pooled(label, margin, score),
    "cutoffs": [pooled(label[rows], margin[rows], score[rows]) for rows in each],
    "mean": {name: np.mean([values[name] for values in found]) for name in found[0]},
    "interval": bootstrap(panels.account, label, margin, score, cutoff, panels.drawn),
  }


def run_set(panels, features, settings, trees, threads, stages):
  """The specs of one feature set: they share the dataset and the rows to predict."""
  parameters = {**PARAMETERS, "num_threads": threads}
  dataset = lightgbm.Dataset(
    panels.train.select(features), panels.train_label, params=parameters,
    categorical_feature=[name for name in features if name in CATEGORIES])
  dataset.construct()
  stages.end("binning")
  calibrate_rows, rows = matrix(panels.calibrate, features), matrix(panels.test, features)
  stages.end("scoring")
  found = {}
  for name, changed in settings.items():
    booster = lightgbm.train({**parameters, **changed}, dataset, trees)
    stages.end("training")
    calibrator = IsotonicRegression(out_of_bounds="clip").fit(
      booster.predict(calibrate_rows, raw_score=True), panels.calibrate_label)
    margin = booster.predict(rows, raw_score=True)
    score = calibrator.predict(margin).astype(float)
    stages.end("scoring")
    found[name] = evaluate(panels, margin, score)
    stages.end("evaluating")
  return found


def run(panels, specs, trees, threads, jobs, stages):
  """All specs, feature set by feature set, in parallel with --jobs."""
  sets = {}
  for name, (features, changed) in specs.items():
    sets.setdefault(tuple(features), {})[name] = changed
  if jobs == 1:
    parts = [run_set(panels, list(features), settings, trees, threads, stages)
             for features, settings in sets.items()]
  else:
    global work   # forked processes share the panels here without a copy

    def work(item):
      own = Stages()
      own.began = time.perf_counter()
      return run_set(panels, list(item[0]), item[1], trees, max(1, threads // jobs), own), own.seconds

    with multiprocessing.get_context("fork").Pool(jobs) as pool:
      answers = list(pool.imap(forked, sets.items()))
    parts = [part for part, _ in answers]
    for _, seconds in answers:
      for name, value in seconds.items():
        stages.seconds[name] = stages.seconds.get(name, 0) + value
  return {name: found for part in parts for name, found in part.items()}


def forked(item):
  return work(item)


def compare(found, results):
  """Prints the differences from Holdout's point metrics, and from its interval ends in units of interval width."""
  worst, apart, count = 0.0, 0.0, 0
  for name, values in found.items():
    with open(f"{results}/{name}/metrics.json") as file:
      document = json.load(file)["test"]
    test = cutoffs()[2]
    pairs = [(document["pooled"][metric], value) for metric, value in values["pooled"].items()]
    pairs += [(document["mean"][metric], value) for metric, value in values["mean"].items()]
    for day, each in zip(test, values["cutoffs"]):
      pairs += [(document["cutoffs"][str(day)][metric], value) for metric, value in each.items()]
    gap = max(abs(left - right) for left, right in pairs)
    if not gap <= 1e-6:
      print(f"FAIL  {name}: a point metric is {gap:.1e} from Holdout's")
    worst, count = max(worst, gap), count + len(pairs)
    for metric, (low, high) in values["interval"].items():
      theirs = document["interval"][metric]
      width = max(theirs["high"] - theirs["low"], 1e-12)
      apart = max(apart, abs(low - theirs["low"]) / width, abs(high - theirs["high"]) / width)
  print(f"metrics:  {count} point metrics of {len(found)} specs, largest difference from Holdout's {worst:.1e}; "
        f"ends of intervals at most {apart:.2f} of a width apart")
  return worst <= 1e-6


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("data")
  parser.add_argument("--spec", action="append", default=[])
  parser.add_argument("--suite", action="store_true")
  parser.add_argument("--trees", type=int, default=100)
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--jobs", type=int, default=1)
  parser.add_argument("--profile", help="append the seconds by stage here, a line of JSON")
  parser.add_argument("--compare", help="a results folder of Holdout's")
  options = parser.parse_args()
  stages = Stages()
  stages.end("imports")

  specs = SPECS if options.suite else {name: SPECS[name] for name in options.spec} or SOLIDWORKS
  used = {name for features, _ in specs.values() for name in features}
  panels = Panels(options.data, [name for name in FEATURES if name in used], options.threads, stages)
  found = run(panels, specs, options.trees, options.threads, options.jobs, stages)
  for name, values in found.items():
    figures = "  ".join(
      f"{metric} {values['pooled'][metric]:.4f} ({values['interval'][metric][0]:.4f} to "
      f"{values['interval'][metric][1]:.4f})" for metric in ["roc_auc", "pr_auc", "log_loss"])
    print(f"{name:22}{figures}")
  print(f"rows:     {len(panels.train_label):,} train, {len(panels.calibrate_label):,} calibrate, "
        f"{len(panels.label):,} test; {len(used)} features")
  if options.profile:
    with open(options.profile, "a") as file:
      file.write(json.dumps(stages.seconds) + "\n")
  sys.exit(0 if options.compare is None or compare(found, options.compare) else 1)


if __name__ == "__main__":
  main()
