#!/usr/bin/env python3
"""The train rows of a panel as the learner sees them, and its parameters, for bare_lightgbm.

  python Benchmarks/matrix.py panel.parquet RUN_FOLDER OUT_FOLDER

Writes rows.txt, rows.f64, labels.f32 (with weights, if the spec has class weights) and
parameters.txt. Needs duckdb, lightgbm and numpy (Benchmarks/requirements.txt).
"""

import json
import re
import sys

import duckdb
import lightgbm
import numpy as np

# Parameters that the bare program sets itself, and parameters that do not affect the model.
SKIPPED = {"num_iterations", "num_threads", "categorical_feature", "verbosity", "metric"}


def main():
  if len(sys.argv) != 4:
    sys.exit(__doc__)
  panel, run, out = sys.argv[1:]
  with open(f"{run}/category_levels.json") as file:
    categories = json.load(file)
  parameters = lightgbm.Booster(model_file=f"{run}/model.txt").params
  with open(f"{run}/spec.yaml") as file:
    weight = re.search(r"^\s*class_weight: *\W?(\w+)", file.read(), re.MULTILINE)

  connection = duckdb.connect()
  described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [panel]).fetchall()
  names = [row[0] for row in described if row[0] not in ("key", "cutoff", "role", "label")]
  for index, name in enumerate(n for n in names if n in categories):
    connection.execute(f"CREATE TABLE levels_{index} (level VARCHAR, code DOUBLE)")
    pairs = [(level, code) for code, level in enumerate(categories[name]["levels"], 1)]
    connection.executemany(f"INSERT INTO levels_{index} VALUES (?, ?)", pairs)

  # A level that is not kept is 0; a missing value gets the level for missing values.
  columns, joins = [], []
  for name in names:
    if name not in categories:
      columns.append(f'CAST("{name}" AS DOUBLE) AS "{name}"')
      continue
    table = f"levels_{len(joins)}"
    missing = categories[name].get("missing")
    text = f'"{name}"'
    if missing is not None:
      quoted = missing.replace("'", "''")
      text = f"coalesce({text}, '{quoted}')"
    joins.append(f"LEFT JOIN {table} ON {table}.level = {text}")
    columns.append(
      f'CASE WHEN {text} IS NOT NULL THEN coalesce({table}.code, 0) END AS "{name}"')
  days = [day for day, in connection.execute(
    f"SELECT DISTINCT cutoff FROM read_parquet('{panel}') WHERE role = 'train' ORDER BY cutoff").fetchall()]
  labels = []
  # One cutoff at a time, so that the complete matrix is never in memory.
  with open(f"{out}/rows.f64", "wb") as file:
    for day in days:
      rows = connection.execute(
        f"SELECT label, {', '.join(columns)} FROM read_parquet('{panel}') {' '.join(joins)} "
        "WHERE role = 'train' AND cutoff = ? ORDER BY key", [day]).fetchnumpy()
      labels.append(rows["label"].astype(np.float32))
      matrix = np.empty((len(labels[-1]), len(names)))
      for index, name in enumerate(names):
        matrix[:, index] = np.ma.filled(rows.pop(name).astype(np.float64), np.nan)
      matrix.tofile(file)
  labels = np.concatenate(labels)
  with open(f"{out}/labels.f32", "wb") as file:
    labels.tofile(file)
    if weight and weight[1] == "balanced":
      positives = labels.sum(dtype=np.float64)
      heavy, light = (np.float32(len(labels) / (2 * n)) for n in (positives, len(labels) - positives))
      np.where(labels > 0, heavy, light).tofile(file)
    elif weight and weight[1] != "none":
      sys.exit("only `class_weight: balanced` and `none` are known here")
  places = [str(index) for index, name in enumerate(names) if name in categories]
  with open(f"{out}/rows.txt", "w") as file:
    file.write(f"{len(labels)} {len(names)} {' '.join(places)}\n")
  with open(f"{out}/parameters.txt", "w") as file:
    file.write(" ".join(f"{name}={value}" for name, value in parameters.items()
                        if name not in SKIPPED and value not in ("", [])))


if __name__ == "__main__":
  main()
