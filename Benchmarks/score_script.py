#!/usr/bin/env python3
"""`holdout score solidworks` as a script: DuckDB for the data, LightGBM for margins and contributions.

  python Benchmarks/score_script.py DATA MODEL --out FOLDER [--cutoff 2025-09-18] [--top-k 100]

DATA has the demo data, MODEL a champion's files (models/solidworks). Its spec.yaml
says what is published, and in which words. The list goes into FOLDER/scores.duckdb, where it replaces
the cutoff's rows, and into a Parquet file. Needs duckdb, lightgbm, numpy and pyyaml from
Benchmarks/requirements.txt. Not included: checks of data, model and spec.

--profile prints the seconds of each stage. --compare LIST.parquet compares Holdout's list with this one,
row by row, and exits with 1 if they differ.
"""

import time

BEGAN = time.perf_counter()

import argparse
import datetime
import fnmatch
import json
import math
import os
import resource
import sys

import duckdb
import lightgbm
import numpy as np
import yaml
from solidworks_features import CATEGORIES, load, panel_sql

NAME, TABLE = "solidworks", "scores_prospects_solidworks"


def features(connection, day):
  """Entities, features by name, and the texts of the categories, which are codes among the features."""
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
  """The features in the model's order; category levels that the learner does not know are 0."""
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
  """Ranks by descending margin, then by row: over all rows, and within each group."""
  order = np.argsort(-margin, kind="stable")
  everywhere, within = np.empty(len(order), np.int32), np.empty(len(order), np.int32)
  everywhere[order] = np.arange(1, len(order) + 1)
  grouped = order[np.argsort(group[order], kind="stable")]
  starts = np.flatnonzero(np.diff(group[grouped], prepend=-1))
  within[grouped] = np.arange(1, len(order) + 1) - np.repeat(starts, np.diff(starts, append=len(order)))
  return everywhere, within


def short(value):
  """A number with at most two decimals."""
  if value == int(value):
    return str(int(value))
  hundredths = math.floor(abs(value) * 100 + 0.5)
  text = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") if hundredths else f"{abs(value):.1g}"
  return text if value > 0 else "-" + text


def sentence(words, contribution, value):
  """The first sentence that exists and fits; for a missing value, one that does not print it."""
  turn = words.get("raises" if contribution > 0 else "lowers")
  if value is None:
    found = [words.get("missing"), turn, words.get("otherwise")]
    return next((text for text in found if text and "{value}" not in text), None)
  exact = {0: "zero", 1: "one"}.get(value) if not isinstance(value, str) else None
  return words.get(exact) or turn or words.get("otherwise")


def reasons(contributions, names, matrix, columns, texts, settings):
  """The strongest contributions of each row: signed, in words, with the feature and the row's value."""
  hidden = [index for index, name in enumerate(names)
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in settings.get("hidden", []))]
  size = np.abs(contributions)
  size[:, hidden] = 0
  strongest = np.argsort(-size, axis=1, kind="stable")[:, :settings["reasons"]]
  said = np.empty(strongest.shape, dtype=object)
  for feature in np.unique(strongest):
    name = names[feature]
    words = settings.get("sentences", {}).get(name, {})
    words = {"otherwise": words} if isinstance(words, str) else words
    for row, place in zip(*np.nonzero(strongest == feature)):
      contribution = contributions[row, feature]
      if size[row, feature] == 0:
        continue
      if name in texts:
        value = texts[name][columns[name][row]]
        value = shown = None if value == "missing" else value
      else:
        value = None if np.isnan(matrix[row, feature]) else matrix[row, feature]
        shown = None if value is None else short(value)
      fact = f"{name} missing" if value is None else f"{name}={shown}"
      text = sentence(words, contribution, value)
      sign = "+" if contribution > 0 else "-"
      said[row, place] = f"{sign} {fact}"
      if text:
        said[row, place] = f"{sign} {text.replace('{value}', shown or '')} [{fact}]"
  return said


def write(connection, out, day, rows):
  """Both sinks: the cutoff's rows in the database in one transaction, then the file, written under a temporary name."""
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


def compare(file, theirs, sums):
  """Prints the comparison with Holdout's list, and returns whether everything agrees."""
  fine = True

  def told(what, differ, note=""):
    nonlocal fine
    fine = fine and not differ
    print(f"{'FAIL' if differ else 'ok  '}  {what}{': ' + note if note else ''}")

  connection = duckdb.connect()
  sides = [connection.sql(f"FROM '{path}' ORDER BY customer_id") for path in (file, theirs)]
  names = [side.columns for side in sides]
  ours, holdouts = (dict(zip(side.columns, zip(*side.fetchall()))) for side in sides)
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
    if name in absent or name in ("margin", "score", "scored_at"):
      continue
    wrong = [pair for pair in zip(ours[name], holdouts[name]) if pair[0] != pair[1]]
    example = "{!r}, Holdout {!r}".format(*wrong[0]) if wrong else ""
    told(name, wrong, f"{len(wrong):,} rows differ; {example}" if wrong else "")
  return fine


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
      cpu = time.process_time()
      print(f"{name:14}{now - began:8.2f} s{cpu:8.2f} s CPU so far{peak:8,} MB peak", flush=True)
    began = now

  def document(name):
    """One of the model's JSON files."""
    with open(f"{options.model}/{name}") as file:
      return json.load(file)

  stage("imports")
  with open(f"{options.model}/spec.yaml") as file:
    settings = yaml.load(file, yaml.CSafeLoader)["score"]
  group = settings["rank_within"][0]
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
  rank_global, rank_territory = ranks(margin, columns[group])
  kept = np.flatnonzero(rank_territory <= (options.top_k or len(margin)))
  kept = kept[np.argsort(rank_global[kept])]
  columns = {name: values[kept] for name, values in columns.items()}
  stage("ranks")
  matrix = np.ascontiguousarray(matrix[kept])
  contributions = booster.predict(matrix, pred_contrib=True, num_threads=options.threads)
  sums = np.abs(contributions.sum(axis=1) - margin[kept]).max(initial=0)
  stage("contributions")
  said = reasons(contributions[:, :-1], names, matrix, columns, texts, settings)
  stage("reasons")
  keys = connection.execute("SELECT key FROM customers ORDER BY entity").fetchnumpy()["key"]
  rows = {
    "customer_id": np.asarray(keys[entity[kept]], dtype=object),
    "cutoff_date": np.full(len(kept), np.datetime64(options.cutoff, "s")),
    "score": score[kept], "rank_global": rank_global[kept], "rank_territory": rank_territory[kept],
  }
  for name in [name for name in settings["columns"] if name in columns]:
    rows[name] = np.array(texts[name], dtype=object)[columns[name]] if name in texts else columns[name]
  for place in range(settings["reasons"]):
    rows[f"reason_{place + 1}"] = said[:, place]
  rows["margin"] = margin[kept]
  rows["run_id"] = np.full(len(kept), document("run.json")["run_id"], dtype=object)
  now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
  rows["scored_at"] = np.full(len(kept), np.datetime64(now, "us"))
  rows["model"] = np.full(len(kept), NAME, dtype=object)
  file = write(connection, options.out, options.cutoff, rows)
  connection.close()
  stage("writing")
  print(f"{len(margin):,} accounts scored, {len(kept):,} of {len(np.unique(columns[group])):,} territories "
        f"written to {file}")
  if options.compare:
    sys.exit(0 if compare(file, options.compare, sums) else 1)


if __name__ == "__main__":
  main()
