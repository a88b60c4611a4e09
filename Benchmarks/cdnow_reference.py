#!/usr/bin/env python3
"""experiments/cdnow.yaml without calibration, with only numpy, LightGBM and scikit-learn.

  python Benchmarks/cdnow_reference.py [data/cdnow/CDNOW_master.txt] [--metrics metrics.json]

Reads the text file itself, computes rows, labels and features independently, trains on the eight month
ends 1997-03 to 1997-10 and tests on the three up to 1998-03. With --metrics it compares its figures with
those of the run

  holdout run experiments/cdnow.yaml cutoffs.train=8 cutoffs.calibrate=0 calibration.method=none

and exits with 1 if any count differs, or an area by more than 1e-6. Needs Benchmarks/requirements.txt.
"""

import argparse
import datetime
import json
import sys

import lightgbm
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

# LightGBM's defaults; the other settings make the run repeatable.
PARAMETERS = {
  "objective": "binary", "seed": 42, "deterministic": True, "force_row_wise": True,
  "num_threads": 1, "verbosity": -1,
}
TREES = 100
TRAIN = ["1997-03-31", "1997-04-30", "1997-05-31", "1997-06-30", "1997-07-31", "1997-08-31",
         "1997-09-30", "1997-10-31"]
TEST = ["1998-01-31", "1998-02-28", "1998-03-31"]
HORIZON = 90


def number(day):
  return datetime.date.fromisoformat(day).toordinal()


def read(path):
  """Customer, day, CDs and dollars of each purchase, by customer and day."""
  with open(path) as file:
    rows = [line.split() for line in file][1:]
  rows = sorted((r[0], number(f"{r[1][:4]}-{r[1][4:6]}-{r[1][6:]}"), int(r[2]), float(r[3])) for r in rows)
  names, customer = np.unique([row[0] for row in rows], return_inverse=True)
  day, cds, dollars = (np.array([row[i] for row in rows]) for i in (1, 2, 3))
  return len(names), customer, day, cds, dollars


def panel(purchases, cutoff):
  """One row for each customer with a purchase by the cutoff: features, recency and label."""
  count, customer, day, cds, dollars = purchases

  def total(chosen, values=None):
    return np.bincount(customer[chosen], None if values is None else values[chosen], count)

  def within(days):
    return (day <= cutoff) & (day > cutoff - days)

  known = day <= cutoff
  first, last, largest = np.full(count, 10**9), np.zeros(count, int), np.full(count, -np.inf)
  np.minimum.at(first, customer, day)
  np.maximum.at(last, customer[known], day[known])
  np.maximum.at(largest, customer[known], dollars[known])
  features = {
    "days_since_last_purchase": cutoff - last,
    "days_since_first_purchase": cutoff - first,
    "purchases_30d": total(within(30)), "purchases_90d": total(within(90)),
    "purchases_180d": total(within(180)), "purchases_all": total(known),
    "dollars_30d": total(within(30), dollars), "dollars_90d": total(within(90), dollars),
    "dollars_180d": total(within(180), dollars), "dollars_all": total(known, dollars),
    "mean_dollars": total(known, dollars) / np.maximum(total(known), 1),
    "largest_dollars": largest,
    "cds_90d": total(within(90), cds), "cds_all": total(known, cds),
  }
  label = total((day > cutoff) & (day <= cutoff + HORIZON)) > 0
  here = first <= cutoff
  matrix = np.column_stack([values[here].astype(float) for values in features.values()])
  return list(features), matrix, label[here].astype(float)


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("file", nargs="?", default="data/cdnow/CDNOW_master.txt")
  parser.add_argument("--metrics", help="a metrics.json to compare with")
  options = parser.parse_args()

  purchases = read(options.file)
  print(f"{len(purchases[1]):,} purchases of {purchases[0]:,} customers")

  def role(days):
    names, rows, labels = zip(*(panel(purchases, number(day)) for day in days))
    return names[0], np.concatenate(rows), np.concatenate(labels)

  names, train, train_label = role(TRAIN)
  _, test, label = role(TEST)
  dataset = lightgbm.Dataset(train, train_label, feature_name=names, params=PARAMETERS)
  margin = lightgbm.train(PARAMETERS, dataset, TREES).predict(test, raw_score=True)

  recency = test[:, 0]
  found = {
    "rows": len(label), "positives": int(label.sum()), "base_rate": label.mean(),
    "roc_auc": roc_auc_score(label, margin), "pr_auc": average_precision_score(label, margin),
  }
  print(f"train {len(train_label):,} rows, {int(train_label.sum()):,} positives")
  print(f"test  {found['rows']:,} rows, {found['positives']:,} positives, base rate {found['base_rate']:.6f}")
  print(f"LightGBM          ROC AUC {found['roc_auc']:.6f}   average precision {found['pr_auc']:.6f}")
  print(f"recency alone     ROC AUC {roc_auc_score(label, -recency):.6f}   "
        f"average precision {average_precision_score(label, -recency):.6f}")

  if options.metrics:
    with open(options.metrics) as file:
      document = json.load(file)["test"]["pooled"]
    worst = {name: abs(document[name] - value) for name, value in found.items()}
    print("from Holdout's   " + ", ".join(f"{name} {gap:.1e}" for name, gap in worst.items()))
    exact = worst["rows"] == worst["positives"] == worst["base_rate"] == 0
    sys.exit(0 if exact and max(worst.values()) <= 1e-6 else 1)


if __name__ == "__main__":
  main()
