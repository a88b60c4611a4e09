#!/usr/bin/env python3
"""The twelve specs of the suite: four feature sets by three settings of the learner.

  python Benchmarks/suite.py FOLDER [TREES]            writes them as YAML, one file each, over ../solidworks.yaml
  python Benchmarks/suite.py --halves FOLDER [TREES]   the same for all features, every other one, and the rest
"""

import os
import sys

from solidworks_features import FEATURES, SETS

# A feature set as written in the specs, and the resulting features.
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
# Every other feature, and the rest. The sum feature is in neither, because it needs its parts.
PARTS = [name for name in FEATURES if name != "feat_contact_score"]
HALVES = {"whole": PARTS, "even": PARTS[::2], "odd": PARTS[1::2]}
HALVES = {half: (f"[{', '.join(names)}]", names) for half, names in HALVES.items()}
SPECS = {
  f"{features}_{settings}": (FEATURE_SETS[features][1], SETTINGS[settings])
  for features in FEATURE_SETS for settings in SETTINGS
}


def spec(features, settings, chosen, trees):
  """A spec's YAML; `chosen` lists its features, unless they are inherited."""
  lines = [
    f"# {features} features, {settings} settings",
    "version: 1", f"name: {features}_{settings}", "extends: ../solidworks.yaml",
    # No segments, because the script has none, and no scoring.
    "evaluation: {segments: []}", "score: null",
    "model:", "  params:", f"    num_iterations: {trees}",
    *[f"    {name}: {value}" for name, value in SETTINGS[settings].items()],
  ]
  if chosen:
    lines.append(f"features: {chosen}")
  return "\n".join(lines) + "\n"


def write(folder, sets, trees):
  os.makedirs(folder, exist_ok=True)
  for features, (chosen, _) in sets.items():
    for settings in SETTINGS:
      with open(f"{folder}/{features}_{settings}.yaml", "w") as file:
        file.write(spec(features, settings, chosen, trees))


if __name__ == "__main__":
  arguments = [word for word in sys.argv[1:] if word != "--halves"]
  if len(arguments) not in (1, 2):
    sys.exit(__doc__)
  write(arguments[0], HALVES if "--halves" in sys.argv else FEATURE_SETS, int((arguments + [100])[1]))
