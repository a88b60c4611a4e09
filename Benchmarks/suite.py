#!/usr/bin/env python3
"""The twelve specs of the suite: four feature sets by three settings of the learner.

  python Benchmarks/suite.py FOLDER         writes them as YAML, one file each, over ../solidworks.yaml
"""

import os
import sys

from solidworks_features import FEATURES, SETS

# A feature set as the specs say it, and the features that it comes to.
TERRITORIES = ["cat_territory_standardized", "cat_territory_name"]
FEATURE_SETS = {
  "all": (None, FEATURES),
  "no_territory": (
    f"{{append: [{', '.join(f'-{name}' for name in TERRITORIES)}]}}",
    [name for name in FEATURES if name not in TERRITORIES]),
  "no_engagement": (
    "[account, cross_division, profile, pipeline, territory, -label.event]",
    [name for name in FEATURES if name not in SETS["engagement"]]),
  "short": (
    "[account, pipeline, engagement, -feat_has_weblead]",
    [name for name in SETS["account"] + SETS["pipeline"] + SETS["engagement"] if name != "feat_has_weblead"]),
}
SETTINGS = {
  "base": {},
  "leaves": {"num_leaves": 15, "learning_rate": 0.03},
  "fast": {"learning_rate": 0.1, "feature_fraction": 0.8},
}
SPECS = {
  f"{features}_{settings}": (FEATURE_SETS[features][1], SETTINGS[settings])
  for features in FEATURE_SETS for settings in SETTINGS
}


def spec(features, settings, trees):
  """A spec's YAML."""
  lines = [
    f"# {features} features, {settings} settings",
    "version: 1", f"name: {features}_{settings}", "extends: ../solidworks.yaml",
    # The script measures no segments either, and nothing is scored.
    "evaluation: {by: []}", "score: null",
    "model:", "  params:", f"    num_iterations: {trees}",
    *[f"    {name}: {value}" for name, value in SETTINGS[settings].items()],
  ]
  chosen = FEATURE_SETS[features][0]
  if chosen:
    lines.append(f"features: {chosen}")
  return "\n".join(lines) + "\n"


def write(folder, trees):
  os.makedirs(folder, exist_ok=True)
  for features in FEATURE_SETS:
    for settings in SETTINGS:
      with open(f"{folder}/{features}_{settings}.yaml", "w") as file:
        file.write(spec(features, settings, trees))


if __name__ == "__main__":
  if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
  write(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 100)
