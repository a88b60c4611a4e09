#!/usr/bin/env python3
"""experiments/solidworks.yaml as a script: what the same work costs with DuckDB, LightGBM and numpy.

  python Benchmarks/python_script.py PROJECT [--trees 100] [--threads 2] [--metrics metrics.json]

PROJECT is a folder with data/netsuite. It builds the panel, trains, calibrates, measures and draws
the bootstrap by account. Left out: checks of the data, embargoed cutoffs, segments, baselines,
results on disk. With --metrics it says how far its figures are from Holdout's, and exits 1 above
1e-6. Needs Benchmarks/requirements.txt.
"""

import argparse
import datetime
import json
import sys
import time

import duckdb
import lightgbm
import numpy as np
from metrics import EPSILON, bin_ends, groups, pooled
from sklearn.isotonic import IsotonicRegression
from solidworks_features import HORIZON, load, month_end, panel_sql

PARAMETERS = {
  "objective": "binary", "learning_rate": 0.05, "num_leaves": 7, "feature_fraction": 0.5,
  "min_sum_hessian_in_leaf": 50, "min_data_per_group": 5000, "max_cat_threshold": 8,
  "cat_smooth": 1000, "cat_l2": 200, "seed": 42, "deterministic": True, "force_row_wise": True,
  "verbosity": -1,
}
# Levels on fewer train rows share code 0.
CATEGORIES = {
  "cat_lead_source": 5000, "cat_terms_value": 50, "cat_stage": 50, "cat_status": 50,
  "cat_territory_standardized": 5000, "cat_territory_name": 5000, "cat_region": 50,
}
LAST = datetime.date(2025, 2, 28)
TRAIN, CALIBRATE, TEST = 24, 3, 3
LISTS = [("50", 50), ("100", 100), ("500", 500)]
PERCENTS = [("1_percent", 1), ("5_percent", 5), ("10_percent", 10)]
RESAMPLES = 500


def cutoffs():
  """Train, calibrate and test cutoffs; a horizon lies between one role and the next."""
  test = [month_end(LAST, -i) for i in reversed(range(TEST))]
  calibrate = [month_end(test[0], -HORIZON - i) for i in reversed(range(CALIBRATE))]
  train = [month_end(calibrate[0], -HORIZON - i) for i in reversed(range(TRAIN))]
  return train, calibrate, test


def load_codes(connection, data):
  """The tables with categories as codes in the order of their texts; returns the codes of `missing`."""
  codes = {}

  def encode(name, sql, relation):
    levels = [row[0] for row in connection.execute(
      f"SELECT DISTINCT level FROM (SELECT coalesce({sql}, 'missing') AS level FROM {relation} "
      "UNION ALL SELECT 'missing') ORDER BY level").fetchall()]
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT unnest(?))", [levels])
    codes[name] = levels.index("missing")
    return f"CAST(enum_code(CAST(coalesce({sql}, 'missing') AS {name})) AS SMALLINT)"

  load(connection, data, encode)
  return codes


def panel(connection, days, missing):
  """Entities, labels, features and the number of the cutoff, row by row."""
  blocks = []
  for number, day in enumerate(days):
    columns = connection.execute(panel_sql(day, missing)).fetchnumpy()
    entity, label = columns.pop("entity"), columns.pop("label")
    matrix = np.empty((len(label), len(columns)), order="F")
    for index, values in enumerate(columns.values()):
      matrix[:, index] = np.ma.filled(values.astype(np.float64), np.nan)
    blocks.append((entity, label, matrix, np.full(len(label), number)))
    names = list(columns)
  entity, label, matrix, cutoff = zip(*blocks)
  joined = np.empty((sum(map(len, label)), len(names)))
  np.concatenate(matrix, out=joined)
  return names, np.concatenate(entity), np.concatenate(label).astype(float), joined, np.concatenate(cutoff)


def keep_levels(names, train, others):
  """Rare levels become 0, the others count from 1 in the order of their texts."""
  for name, minimum in CATEGORIES.items():
    column = names.index(name)
    counts = np.bincount(train[:, column].astype(int))
    kept = counts >= minimum
    table = np.append(np.where(kept, np.cumsum(kept), 0), 0)
    for rows in [train, *others]:
      rows[:, column] = table[np.minimum(rows[:, column].astype(int), len(counts))]


def top_lists(labels, margins, weights=None):
  """Precision, recall and lift of a cutoff's top lists, as the mean over orders of ties."""
  weights = np.ones(len(labels)) if weights is None else weights
  _, weight, positive = groups(-margins, labels, weights)
  return list_metrics(weight, positive)


def list_metrics(weight, positive):
  ends, hits = np.cumsum(weight), np.cumsum(positive)
  rows, buyers = ends[-1], hits[-1]
  lengths = LISTS + [(name, int(np.ceil(rows * percent / 100))) for name, percent in PERCENTS]
  values = {}
  for name, length in lengths:
    length = min(length, rows)
    group = np.searchsorted(ends, length)
    above, before = (ends[group - 1], hits[group - 1]) if group else (0, 0)
    found = before + (length - above) * positive[group] / max(weight[group], 1)
    values[f"precision_at_{name}"] = found / length
    values[f"recall_at_{name}"] = found / buyers
    values[f"lift_at_{name}"] = found / length / (buyers / rows)
  return values


def bootstrap(entity, label, margin, score, cutoff, resamples=RESAMPLES, seed=42):
  """95 % intervals by account: every resample weighs all rows of an account alike."""
  generator = np.random.default_rng(seed)
  entities, account = np.unique(entity, return_inverse=True)

  def sums(values):
    return np.bincount(account, values, len(entities))

  clipped = np.clip(score, EPSILON, 1 - EPSILON)
  losses = sums(-np.log(np.where(label > 0, clipped, 1 - clipped)))
  per_entity = np.stack(
    [sums(np.ones(len(label))), sums(label), losses, sums((score - label) ** 2), sums(score)])
  # Rows in the order of margins, as groups of ties; one list of groups for each cutoff.
  order = np.argsort(-margin, kind="stable")
  by_margin, starts = account[order], np.flatnonzero(np.diff(-margin[order], prepend=-np.inf))
  hit = order[label[order] > 0]
  hit_group = np.searchsorted(starts, np.flatnonzero(label[order] > 0), side="right") - 1
  distinct, score_group = np.unique(score, return_inverse=True)
  logit = np.log(np.clip(distinct, EPSILON, 1 - EPSILON)) - np.log1p(-np.clip(distinct, EPSILON, 1 - EPSILON))
  first = np.concatenate([[0], bin_ends(np.bincount(score_group))[:-1] + 1])
  lists = []
  for number in np.unique(cutoff):
    rows = order[cutoff[order] == number]
    begin = np.flatnonzero(np.diff(-margin[rows], prepend=-np.inf))
    lists.append((account[rows], begin, label[rows]))

  draws = []
  for _ in range(resamples):
    drawn = np.bincount(generator.integers(0, len(entities), len(entities)), minlength=len(entities))
    n, positives, loss, square, expected = per_entity @ drawn
    weight = np.add.reduceat(drawn[by_margin], starts)
    positive = np.bincount(hit_group, drawn[account[hit]], len(starts))
    total, caught = np.cumsum(weight), np.cumsum(positive)
    negative = weight - positive
    pairs = negative @ (caught - positive / 2)
    rate = positives / n
    values = {
      "roc_auc": pairs / (positives * (n - positives)),
      "pr_auc": positive @ (caught / np.maximum(total, 1)) / positives,
      "log_loss": loss / n, "brier": square / n,
      "brier_skill": 1 - square / n / (rate * (1 - rate)),
      "observed_over_expected": positives / expected, "base_rate": rate,
    }
    score_weight = np.bincount(score_group, drawn[account], len(distinct))
    score_hits = np.bincount(score_group[hit], drawn[account[hit]], len(distinct))
    gaps = np.add.reduceat(score_hits - score_weight * distinct, first)
    values["ece"] = np.abs(gaps).sum() / n
    a, b = 0.0, 1.0
    for _ in range(25):
      p = 1 / (1 + np.exp(-(a + b * logit)))
      error, hessian = score_hits - score_weight * p, score_weight * p * (1 - p)
      cross = hessian @ logit
      step = np.linalg.solve(
        [[hessian.sum(), cross], [cross, hessian @ logit**2]], [error.sum(), error @ logit])
      a, b = a + step[0], b + step[1]
      if np.abs(step).max() < 1e-9:
        break
    values["calibration_slope"] = b
    cells = [
      list_metrics(np.add.reduceat(drawn[rows], begin), np.add.reduceat(drawn[rows] * hits, begin))
      for rows, begin, hits in lists]
    for name in cells[0]:
      values[name] = np.mean([cell[name] for cell in cells])
    draws.append(values)
  return {name: np.quantile([d[name] for d in draws], [0.025, 0.975]) for name in draws[0]}


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("project")
  parser.add_argument("--trees", type=int, default=100)
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--metrics", help="a metrics.json to compare with")
  options = parser.parse_args()
  began = time.perf_counter()

  def stage(name):
    nonlocal began
    now = time.perf_counter()
    print(f"{name:10}{now - began:8.2f} s", flush=True)
    began = now

  connection = duckdb.connect(config={"threads": options.threads})
  missing = load_codes(connection, f"{options.project}/data/netsuite")
  stage("sources")
  train, calibrate, test = cutoffs()
  names, _, train_label, train_rows, _ = panel(connection, train, missing)
  _, _, calibrate_label, calibrate_rows, _ = panel(connection, calibrate, missing)
  _, entity, label, rows, cutoff = panel(connection, test, missing)
  keep_levels(names, train_rows, [calibrate_rows, rows])
  connection.close()
  stage("panel")
  parameters = {**PARAMETERS, "num_threads": options.threads}
  dataset = lightgbm.Dataset(
    train_rows, train_label.astype(np.float32), feature_name=names,
    categorical_feature=list(CATEGORIES), params=parameters)
  dataset.construct()
  stage("binning")
  booster = lightgbm.train(parameters, dataset, options.trees)
  stage("training")
  calibrator = IsotonicRegression(out_of_bounds="clip").fit(
    booster.predict(calibrate_rows, raw_score=True), calibrate_label)
  margin = booster.predict(rows, raw_score=True)
  score = calibrator.predict(margin)
  stage("scoring")
  point = pooled(label, margin, score)
  each = [pooled(label[cutoff == n], margin[cutoff == n], score[cutoff == n]) for n in range(TEST)]
  lists = [top_lists(label[cutoff == n], margin[cutoff == n]) for n in range(TEST)]
  mean = {name: np.mean([values[name] for values in lists]) for name in lists[0]}
  intervals = bootstrap(entity, label, margin, score, cutoff)
  stage("evaluating")
  print(f"{len(train_label):,} train, {len(calibrate_label):,} calibrate, {len(label):,} test rows")
  for name, value in {**point, **mean}.items():
    low, high = intervals.get(name, (np.nan, np.nan))
    print(f"{name:24}{value:12.6f}{low:12.6f}{high:12.6f}")
  if options.metrics:
    with open(options.metrics) as file:
      found = json.load(file)["test"]
    pairs = [(found["pooled"][name], value) for name, value in point.items()]
    pairs += [(found["mean"][name], value) for name, value in mean.items()]
    for day, values in zip(test, each):
      pairs += [(found["cutoffs"][str(day)][name], value) for name, value in values.items()]
    worst = max(abs(left - right) for left, right in pairs)
    print(f"{len(pairs)} point metrics, largest difference from Holdout's {worst:.1e}")
    sys.exit(0 if worst <= 1e-6 else 1)


if __name__ == "__main__":
  main()
