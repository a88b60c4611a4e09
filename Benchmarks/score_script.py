#!/usr/bin/env python3
"""`holdout score solidworks` as a script: DuckDB for the data, LightGBM for margins and contributions.

  python Benchmarks/score_script.py DATA MODEL --out FOLDER [--cutoff 2025-09-18] [--top-k 100]

DATA holds the demo data, MODEL a champion's files (models/prospects/solidworks). The list goes into
FOLDER/scores.duckdb, where it takes the place of the cutoff's rows, and into a Parquet file. Needs duckdb,
lightgbm and numpy of Benchmarks/requirements.txt. Left out: checks of data, model and spec.

--profile prints the seconds of each stage. --compare LIST.parquet holds Holdout's list against this one,
row by row, and exits 1 where they differ.
"""

import time

BEGAN = time.perf_counter()

import argparse
import datetime
import json
import os
import re
import resource
import sys

import duckdb
import lightgbm
import numpy as np
from solidworks_features import CATEGORIES, load, panel_sql

NAME, TABLE = "solidworks", "scores_prospects_solidworks"
GROUP = "cat_territory_standardized"
PUBLISHED = [
  "cat_territory_standardized", "cat_territory_name", "cat_region", "feat_account_age_days",
  "feat_contact_score", "feat_has_weblead", "feat_has_email", "feat_has_phone",
  "feat_has_cpe_history", "feat_has_hw_history", "feat_has_3dx_history",
]
REASONS = 3

# Where the value is missing or 0, and everywhere else.
SENTENCES = {
  "feat_account_age_days": ("no creation date", "created today", "created {value} days ago"),
  "feat_days_since_last_activity": ("never edited", "edited today", "edited {value} days ago"),
  "feat_contact_score": ("", "no way to make contact", "{value} of 3 ways to make contact"),
  "feat_known_competitor": ("", "no competitor known", "a competitor is known"),
  "feat_taxable": ("tax status unknown", "not taxable", "taxable"),
  "feat_strategic_account": ("not judged", "not a strategic account", "a strategic account"),
  "feat_activities_all": ("", "never contacted", "{value} activities so far"),
  "feat_activity_kinds": ("", "no contact in 180 days", "{value} kinds of contact in 180 days"),
  "feat_mean_minutes": ("no conversation in a year", "0 minutes a conversation", "{value} minutes a conversation"),
  "feat_largest_quote": ("no quote in a year", "a quote over nothing", "a quote over {value} in the last year"),
  "feat_days_since_last_contact": ("never contacted", "contacted today", "no contact in {value} days"),
  "cat_lead_source": ("", "", "lead source {value}"), "cat_terms_value": ("", "", "terms {value}"),
  "cat_stage": ("", "", "stage {value}"), "cat_status": ("", "", "status {value}"),
  "cat_territory_standardized": ("", "", "territory {value}"),
  "cat_territory_name": ("", "", "territory {value}"), "cat_region": ("", "", "region {value}"),
}
for part, words in {"email": "e-mail address", "phone": "phone number", "url": "web site", "weblead": "web lead"}.items():
  SENTENCES[f"feat_has_{part}"] = ("", f"no {words}", f"has a {words}")
for part, words in {"cpe": "CPE", "hw": "hardware", "3dx": "3DX"}.items():
  SENTENCES[f"feat_has_{part}_history"] = ("", f"has never bought {words}", f"has bought {words}")
  SENTENCES[f"feat_days_since_first_{part}"] = (
    f"has never bought {words}", f"first bought {words} today", f"first bought {words} {{value}} days ago")
for part in ["cad", "sim", "am", "electrical"]:
  SENTENCES[f"feat_named_account_{part}"] = ("not judged", "not a named account", f"a named account ({part})")
for part in ["activities_30d", "activities_90d", "activities_365d", "calls_90d", "calls_365d", "meetings_90d",
             "meetings_365d", "quotes_90d", "quotes_365d", "minutes_90d", "minutes_365d"]:
  what, days = part.split("_")
  SENTENCES[f"feat_{part}"] = ("", f"no {what} in {days[:-1]} days", f"{{value}} {what} in {days[:-1]} days")

# +0.31 feat_days_since_last_contact = 210: no contact in 210 days
REASON = re.compile(r"(?P<sign>[+-])[\d.e+-]* ?(?P<feature>(?:feat|cat)_\w+) = (?P<rest>.*)", re.DOTALL)


def features(connection, day):
  """Entities, features by name and the texts of categories, which stand as codes among the features."""
  texts = {}
  for name in CATEGORIES:
    table = "customers" if name == "cat_lead_source" else "history"
    query = f"SELECT DISTINCT {name} FROM {table} UNION SELECT 'missing' ORDER BY 1"
    texts[name] = [row[0] for row in connection.execute(query).fetchall()]
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT unnest(?))", [texts[name]])
  codes = ", ".join(f"enum_code(CAST({name} AS {name})) AS {name}" for name in CATEGORIES)
  panel = panel_sql(day, dict.fromkeys(CATEGORIES, "'missing'"))
  columns = connection.execute(f"SELECT * EXCLUDE (label) REPLACE ({codes}) FROM ({panel})").fetchnumpy()
  return columns.pop("entity"), columns, texts


def learner_matrix(columns, names, texts, levels):
  """The features in the model's order; of a category's levels the learner knows its own, others are 0."""
  matrix = np.empty((len(columns[names[0]]), len(names)), order="F")
  for index, name in enumerate(names):
    values = columns[name]
    if name in levels:
      learned = {level: code for code, level in enumerate(levels[name]["levels"], 1)}
      values = np.array([learned.get(text, 0) for text in texts[name]])[values]
    matrix[:, index] = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
  return matrix


def calibrated(calibrator, margin):
  if calibrator["method"] != "isotonic":
    sys.exit(f"score_script: only isotonic calibration is written here, not {calibrator['method']}")
  return np.interp(margin, calibrator["margins"], calibrator["probabilities"])


def ranks(margin, group):
  """By falling margin, then by row: over all rows, and within each group."""
  order = np.argsort(-margin, kind="stable")
  everywhere, within = np.empty(len(order), np.int32), np.empty(len(order), np.int32)
  everywhere[order] = np.arange(1, len(order) + 1)
  grouped = order[np.argsort(group[order], kind="stable")]
  starts = np.flatnonzero(np.diff(group[grouped], prepend=-1))
  within[grouped] = np.arange(1, len(order) + 1) - np.repeat(starts, np.diff(starts, append=len(order)))
  return everywhere, within


def value_text(value):
  if value is None or value != value:
    return "missing"
  return value if isinstance(value, str) else f"{value:.15g}"


def reasons(contributions, names, matrix, columns, texts):
  """Per row the strongest contributions: signed, with the row's value and a sentence."""
  strongest = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :REASONS]
  said = np.empty(strongest.shape, dtype=object)
  for feature in np.unique(strongest):
    name = names[feature]
    missing, zero, other = SENTENCES[name]
    for row, place in zip(*np.nonzero(strongest == feature)):
      contribution = contributions[row, feature]
      if contribution == 0:
        continue
      value = texts[name][columns[name][row]] if name in texts else matrix[row, feature]
      sentence = missing if value != value else zero if value == 0 else other
      value = value_text(value)
      said[row, place] = f"{contribution:+.2f} {name} = {value}: {sentence.format(value=value)}"
  return said


def write(connection, out, day, rows):
  """Both sinks: the cutoff's rows in the database in one transaction, then the file, beside and renamed."""
  os.makedirs(out, exist_ok=True)
  file = f"{out}/{NAME}_prospect_scores_{day}.parquet"
  connection.register("numpy_rows", rows)
  connection.execute(f"""
    CREATE TEMP TABLE list AS
    SELECT * REPLACE (CAST(cutoff_date AS DATE) AS cutoff_date, CAST(scored_at AS TIMESTAMP) AS scored_at)
    FROM numpy_rows ORDER BY rank_global""")
  connection.execute(f"ATTACH '{out}/scores.duckdb' AS sink")
  connection.execute("BEGIN")
  connection.execute(f"CREATE TABLE IF NOT EXISTS sink.{TABLE} AS FROM list LIMIT 0")
  connection.execute(f"DELETE FROM sink.{TABLE} WHERE cutoff_date = ? AND model = ?", [day, NAME])
  connection.execute(f"INSERT INTO sink.{TABLE} BY NAME FROM list")
  connection.execute("COMMIT")
  connection.execute(f"COPY (FROM list ORDER BY rank_global) TO '{file}.tmp' (FORMAT parquet)")
  os.replace(f"{file}.tmp", file)
  connection.execute("DETACH sink")
  return file


def close(left, right, tolerance):
  """Equal text, or numbers that are as good as equal; a number printed short is."""
  if left == right:
    return True
  try:
    return abs(float(left) - float(right)) <= tolerance * max(1, abs(float(left)))
  except (TypeError, ValueError):
    return False


def compare(file, theirs, sums):
  """Prints what was held against Holdout's list, and says whether all of it agrees."""
  fine = True

  def told(what, differ, note=""):
    nonlocal fine
    fine = fine and not differ
    print(f"{'ok  ' if not differ else 'FAIL'}  {what}{': ' + note if note else ''}")

  connection = duckdb.connect()
  sides = [connection.execute(f"FROM '{path}' ORDER BY customer_id") for path in (file, theirs)]
  names = [[column[0] for column in side.description] for side in sides]
  ours, holdouts = (dict(zip(columns, zip(*side.fetchall()))) for columns, side in zip(names, sides))
  absent = [name for name in names[0] if name not in holdouts]
  told(f"columns of {len(names[0])}", absent or names[0] != names[1][:len(names[0])],
       f"without {', '.join(absent)}" if absent else "in their order")
  same = ours["customer_id"] == holdouts["customer_id"]
  told(f"keys of {len(ours['customer_id']):,} rows", not same, "the same" if same else
       f"{len(set(ours['customer_id']) ^ set(holdouts['customer_id']))} only on one side, "
       f"{len(holdouts['customer_id']):,} rows in Holdout's list")
  if not same:
    return False
  told("contributions of a row sum to its margin", sums > 1e-9, f"largest difference {sums:.1e}")
  for name, tolerance in {"margin": 0, "score": 1e-12}.items():
    worst = np.abs(np.subtract(ours[name], holdouts[name])).max()
    told(name, not worst <= tolerance, f"largest difference {worst:.1e}")
  for name in names[0]:
    if name in absent or name in ("margin", "score", "scored_at") or name.startswith("reason_"):
      continue
    differ = sum(left != right and not (left is not None and close(left, right, 0))
                 for left, right in zip(ours[name], holdouts[name]))
    told(name, differ, f"{differ:,} rows differ" if differ else "")
  for name in [f"reason_{place}" for place in range(1, REASONS + 1)]:
    if name in absent:
      continue
    wrong, example = 0, ""
    for left, right in zip(ours[name], holdouts[name]):
      if not same_reason(left, right):
        wrong, example = wrong + 1, example or f"; {left!r}, Holdout {right!r}"
    told(f"{name}: sign, feature and value", wrong, f"{wrong:,} rows differ{example}" if wrong else "")
  return fine


def same_reason(left, right):
  """Whether two reasons tell of the same feature, in the same direction, with the same value."""
  if left is None or right is None:
    return left is right
  left, right = REASON.match(left), REASON.match(right)
  if not (left and right) or left["sign"] != right["sign"] or left["feature"] != right["feature"]:
    return False
  # A category's text may hold a colon itself, so that the value ends at the last one that fits.
  value = left["rest"][:left["rest"].rindex(": ")]
  return right["rest"].startswith(value + ": ") or close(value, right["rest"].split(": ")[0], 0.005)


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("data", help="the folder with netsuite.duckdb and the Parquet files")
  parser.add_argument("model", help="the folder with model.txt, calibrator.json and category_levels.json")
  parser.add_argument("--out", required=True, help="the folder that the list goes to")
  parser.add_argument("--cutoff", type=datetime.date.fromisoformat, default=datetime.date(2025, 9, 18))
  parser.add_argument("--top-k", type=int, help="the best of each territory; else all")
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--profile", action="store_true", help="print the seconds of each stage")
  parser.add_argument("--compare", help="Holdout's list, a Parquet file")
  options = parser.parse_args()
  began = BEGAN

  def stage(name):
    nonlocal began
    now = time.perf_counter()
    if options.profile:
      peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
      print(f"{name:14}{now - began:8.2f} s{time.process_time():8.2f} s CPU so far{peak:8,} MB peak", flush=True)
    began = now

  def document(name):
    with open(f"{options.model}/{name}") as file:
      return json.load(file)

  stage("imports")
  connection = duckdb.connect(config={"threads": options.threads})
  load(connection, options.data, lambda name, sql, relation: f"coalesce({sql}, 'missing')", options.cutoff)
  stage("sources")
  entity, columns, texts = features(connection, options.cutoff)
  stage("features")
  booster = lightgbm.Booster(model_file=f"{options.model}/model.txt")
  names = booster.feature_name()
  matrix = learner_matrix(columns, names, texts, document("category_levels.json"))
  stage("matrix")
  margin = booster.predict(matrix, raw_score=True, num_threads=options.threads)
  score = calibrated(document("calibrator.json"), margin)
  stage("margins")
  rank_global, rank_territory = ranks(margin, columns[GROUP])
  kept = np.flatnonzero(rank_territory <= (options.top_k or len(margin)))
  kept = kept[np.argsort(rank_global[kept])]
  columns = {name: values[kept] for name, values in columns.items()}
  stage("ranks")
  matrix = np.ascontiguousarray(matrix[kept])
  contributions = booster.predict(matrix, pred_contrib=True, num_threads=options.threads)
  sums = np.abs(contributions.sum(axis=1) - margin[kept]).max(initial=0)
  stage("contributions")
  said = reasons(contributions[:, :-1], names, matrix, columns, texts)
  stage("reasons")
  keys = connection.execute("SELECT key FROM customers ORDER BY entity").fetchnumpy()["key"]
  rows = {
    "customer_id": np.asarray(keys[entity[kept]], dtype=object),
    "cutoff_date": np.full(len(kept), np.datetime64(options.cutoff, "s")),
    "score": score[kept], "rank_global": rank_global[kept], "rank_territory": rank_territory[kept],
  }
  for name in PUBLISHED:
    rows[name] = np.array(texts[name], dtype=object)[columns[name]] if name in texts else columns[name]
  for place in range(REASONS):
    rows[f"reason_{place + 1}"] = said[:, place]
  rows["margin"] = margin[kept]
  rows["run_id"] = np.full(len(kept), document("run.json")["run_id"], dtype=object)
  rows["scored_at"] = np.full(len(kept), np.datetime64(datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None), "us"))
  rows["model"] = np.full(len(kept), NAME, dtype=object)
  file = write(connection, options.out, options.cutoff, rows)
  connection.close()
  stage("writing")
  print(f"{len(margin):,} accounts scored, {len(kept):,} of {len(np.unique(columns[GROUP])):,} territories written to {file}")
  if options.compare:
    sys.exit(0 if compare(file, options.compare, sums) else 1)


if __name__ == "__main__":
  main()
