#!/usr/bin/env python3
"""Compares a run on the demo data with the true probabilities, on the same test rows.

  python Benchmarks/truth.py results/solidworks/runs/RUN_ID data/netsuite/truth.parquet

Needs duckdb, numpy and scikit-learn (Benchmarks/requirements.txt). Exits with 1 if a bound is missed.
"""

import sys

import duckdb
from metrics import pooled

ROWS = """
  SELECT p.label, p.margin, p.score, t.probability
  FROM read_parquet(?) AS p LEFT JOIN read_parquet(?) AS t
    ON t.internalid = p.key AND t.cutoff = p.cutoff
  WHERE p.role = 'test' ORDER BY p.cutoff, p.key
"""

# Each metric, and the interval that it must lie in.
BOUNDS = [
  ("gap", -0.02, 0.02), ("ece", 0, 0.01), ("calibration_slope", 0.8, 1.2),
  ("observed_over_expected", 0.85, 1.15),
]


def main():
  if len(sys.argv) != 3:
    sys.exit(__doc__)
  run, truth = sys.argv[1:]
  rows = duckdb.execute(ROWS, [f"{run}/predictions.parquet", truth]).fetchnumpy()
  probability = rows["probability"]
  unmatched = int(getattr(probability, "mask", probability != probability).sum())
  if len(rows["label"]) == 0 or unmatched > 0:
    sys.exit(f"{len(rows['label'])} test rows, {unmatched} of them without a truth")
  label = rows["label"].astype(float)
  model = pooled(label, rows["margin"], rows["score"])
  true = pooled(label, probability, probability)
  model["gap"], true["gap"] = true["roc_auc"] - model["roc_auc"], 0.0
  print(f"{len(label):,} test rows, {int(label.sum()):,} positive")
  print(f"{'':24}{'model':>10}{'truth':>10}")
  for name in ["roc_auc", "gap", "pr_auc", *[name for name, _, _ in BOUNDS[1:]]]:
    print(f"{name:24}{model[name]:10.4f}{true[name]:10.4f}")
  missed = [name for name, low, high in BOUNDS if not low <= model[name] <= high]
  print("missed: " + ", ".join(missed) if missed else "within all bounds")
  sys.exit(1 if missed else 0)


if __name__ == "__main__":
  main()
