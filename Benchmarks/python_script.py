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
LAST, HORIZON = datetime.date(2025, 2, 28), 6
TRAIN, CALIBRATE, TEST = 24, 3, 3
LISTS = [("50", 50), ("100", 100), ("500", 500)]
PERCENTS = [("1_percent", 1), ("5_percent", 5), ("10_percent", 10)]
RESAMPLES = 500


def month_end(day, months):
  """The last day of the month so many months later."""
  month = day.year * 12 + day.month - 1 + months + 1
  return datetime.date(month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def cutoffs():
  """Train, calibrate and test cutoffs; a horizon lies between one role and the next."""
  test = [month_end(LAST, -i) for i in reversed(range(TEST))]
  calibrate = [month_end(test[0], -HORIZON - i) for i in reversed(range(CALIBRATE))]
  train = [month_end(calibrate[0], -HORIZON - i) for i in reversed(range(TRAIN))]
  return train, calibrate, test


def text(column):
  return f"nullif(trim({column}), '')"


def field(column):
  """The value of {"value": "Prospect"}, or the text itself."""
  inner = text(f"json_extract_string({column}, '$.value')")
  return f"CASE WHEN json_valid({column}) AND ltrim({column}) LIKE '{{%' THEN {inner} ELSE {text(column)} END"


def flag(column):
  return (f"CASE WHEN lower({text(column)}) IN ('1', '1.0', 't', 'true', 'y', 'yes') THEN 1 "
          f"WHEN lower({text(column)}) IN ('0', '0.0', 'f', 'false', 'n', 'no') THEN 0 END")


def key(column="internalid"):
  return f"regexp_replace(trim({column}), '[.]0$', '')"


FLAGS = {
  "feat_taxable": "ns_taxable", "feat_named_account_cad": "ns_cad_named_account",
  "feat_named_account_sim": "ns_sim_named_account", "feat_named_account_am": "ns_am_named_account",
  "feat_named_account_electrical": "ns_electrical_named_account",
  "feat_strategic_account": "ns_strategic_account",
}
HISTORY = {
  "cat_terms_value": text("ns_terms_value"), "cat_stage": field("ns_stage_value"),
  "cat_status": field("ns_entity_status_value"),
  "cat_territory_standardized": text("ns_standardized_territory"),
  "cat_territory_name": text("ns_territory_name"), "cat_region": text("ns_region"),
}


def load(connection, data):
  """Typed tables, keyed by entity number; categories as codes in the order of their texts."""
  codes = {}

  def encode(name, query):
    levels = [row[0] for row in connection.execute(
      f"SELECT DISTINCT level FROM (SELECT coalesce({query[0]}, 'missing') AS level FROM {query[1]} "
      "UNION ALL SELECT 'missing') ORDER BY level").fetchall()]
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT unnest(?))", [levels])
    codes[name] = levels.index("missing")
    return f"CAST(enum_code(CAST(coalesce({query[0]}, 'missing') AS {name})) AS SMALLINT) AS {name}"

  connection.execute(f"ATTACH '{data}/netsuite.duckdb' AS curated (READ_ONLY)")
  source = "coalesce(nullif(trim(ns_lead_source_name), ''), nullif(trim(ns_lead_source), ''))"
  created = text("ns_date_created")
  connection.execute(f"""
    CREATE TABLE customers AS
    SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS entity, key,
      coalesce(CAST(try_cast({created} AS TIMESTAMPTZ) AS DATE),
        CAST(try_strptime({created}, ['%m/%d/%Y', '%m/%d/%Y %I:%M %p']) AS DATE)) AS created,
      ns_first_cre_date AS cre, ns_first_cpe_date AS cpe, ns_first_hw_date AS hw,
      ns_first_3dx_date AS dx, {encode('cat_lead_source', (source, 'curated.dim_ns_customer'))}
    FROM (SELECT *, {key()} AS key FROM curated.dim_ns_customer
      QUALIFY row_number() OVER (PARTITION BY key ORDER BY ns_last_modified DESC NULLS LAST) = 1)
    ORDER BY entity""")
  file = f"'{data}/dim_ns_customer_history.parquet'"
  presence = ", ".join(
    f"CAST({text('ns_' + name)} IS NOT NULL AS TINYINT) AS {name}"
    for name in ["email", "phone", "url", "weblead", "known_competitor"])
  flags = ", ".join(f"CAST({flag(column)} AS TINYINT) AS {name}" for name, column in FLAGS.items())
  levels = ", ".join(encode(name, (sql, file)) for name, sql in HISTORY.items())
  connection.execute(f"""
    CREATE TABLE history AS
    SELECT entity, valid_from, valid_to, CAST(ns_last_modified AS DATE) AS modified,
      {flag('ns_is_inactive')} AS inactive, {presence}, {flags}, {levels}
    FROM {file} AS h JOIN customers ON customers.key = {key('h.internalid')} ORDER BY entity""")
  connection.execute(f"""
    CREATE TABLE activities AS
    SELECT entity, activity_date AS day, CAST(logged_at AS DATE) AS known, kind, minutes, amount
    FROM '{data}/activities.parquet' AS a JOIN customers ON customers.key = {key('a.internalid')}
    ORDER BY day""")
  return codes


def panel_sql(day, missing):
  day, end = f"DATE '{day}'", f"DATE '{month_end(day, HORIZON)}'"
  happened = ", ".join(
    f"CAST(coalesce({c} <= {day}, false) AS TINYINT) AS feat_has_{n}_history"
    for n, c in [("cpe", "cpe"), ("hw", "hw"), ("3dx", "dx")])
  since = ", ".join(
    f"CASE WHEN {c} <= {day} THEN {day} - {c} END AS feat_days_since_first_{n}"
    for n, c in [("cpe", "cpe"), ("hw", "hw"), ("3dx", "dx")])
  presence = ", ".join(
    f"coalesce({n}, 0) AS feat_has_{n}" for n in ["email", "phone", "url", "weblead"])
  categories = ", ".join(
    "cat_lead_source" if n == "cat_lead_source" else f"coalesce({n}, {missing[n]}) AS {n}"
    for n in CATEGORIES)

  def within(days, value="count(*)", where="true"):
    return f"{value} FILTER (WHERE day > {day} - {days} AND {where})"

  meetings = "kind IN ('meeting', 'demo')"
  recent = {
    "activities_30d": within(30), "activities_90d": within(90), "activities_365d": "count(*)",
    "calls_90d": within(90, where="kind = 'call'"), "calls_365d": within(365, where="kind = 'call'"),
    "meetings_90d": within(90, where=meetings), "meetings_365d": within(365, where=meetings),
    "quotes_90d": within(90, where="kind = 'quote'"),
    "quotes_365d": within(365, where="kind = 'quote'"),
    "activity_kinds": within(180, "count(DISTINCT kind)"),
    "minutes_90d": within(90, "sum(minutes)"), "minutes_365d": "sum(minutes)",
    "mean_minutes": "sum(minutes) / nullif(count(minutes), 0)", "largest_quote": "max(amount)",
  }
  kept = {"mean_minutes", "largest_quote"}   # null without rows; all others are 0
  activities = [
    name if name in kept else f"coalesce({name}, 0)" for name in recent]
  named = [f"{sql} AS feat_{name}" for sql, name in zip(activities, recent)]
  named.insert(3, "coalesce(activities_all, 0) AS feat_activities_all")
  return f"""
    WITH recent AS (
      SELECT entity, {', '.join(f'{sql} AS {name}' for name, sql in recent.items())}
      FROM activities WHERE day > {day} - 365 AND day <= {day} AND known <= {day} GROUP BY entity),
    ever AS (
      SELECT entity, count(*) AS activities_all, {day} - max(day) AS since
      FROM activities WHERE day <= {day} AND known <= {day} GROUP BY entity)
    SELECT entity, CAST(coalesce(cre > {day} AND cre <= {end}, false) AS TINYINT) AS label,
      {day} - created AS feat_account_age_days, {day} - modified AS feat_days_since_last_activity,
      {presence}, coalesce(email + phone + url, 0) AS feat_contact_score, {happened}, {since},
      feat_taxable, coalesce(known_competitor, 0) AS feat_known_competitor,
      {', '.join(name for name in FLAGS if name != 'feat_taxable')}, {categories},
      {', '.join(named)}, since AS feat_days_since_last_contact
    FROM customers
    LEFT JOIN (SELECT * FROM history WHERE valid_from <= {day}
      AND (valid_to IS NULL OR valid_to > {day})) AS history USING (entity)
    LEFT JOIN recent USING (entity) LEFT JOIN ever USING (entity)
    WHERE created <= {day} AND NOT coalesce(cre <= {day}, false) AND coalesce(inactive, 0) = 0
    ORDER BY entity"""


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
  missing = load(connection, f"{options.project}/data/netsuite")
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
