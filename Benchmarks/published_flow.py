#!/usr/bin/env python3
"""The published flow as an independent script, which experiments/solidworks_published.yaml must reproduce.

  python Benchmarks/published_flow.py [data/netsuite/dim_ns_customer.parquet] [--out FILE]
                                      [--threads 2] [--panel panel.parquet] [--metrics metrics.json]

One snapshot, 24 month ends, today's status, stage and territory at all of them, incomplete labels,
and a calibrator tested on the rows it was fitted on: all of this is intended. The script shares
no code and no SQL with Holdout. It writes the metrics as JSON to stdout or to --out. With --panel (from
`holdout panel`) and --metrics (from `holdout run`) it prints the differences from Holdout instead, and exits
with 1 if a row, a label, a value or a count differs, or a metric by more than 1e-9. (With
so few positives, one tree less changes a metric by only 1e-6.) Needs
Benchmarks/requirements.txt.

Raw metrics rank by margin and use the learner's own probability. Calibrated metrics use the
isotonic probability for both, as published, so rows on one plateau are tied.
"""

import argparse
import datetime
import json
import re
import sys

import lightgbm
import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

DATA_THROUGH = datetime.date(2025, 9, 18)
CUTOFFS, VALIDATION, HORIZON_MONTHS = 24, 3, 6
PARAMETERS = {
  "objective": "binary", "learning_rate": 0.05, "num_leaves": 31, "feature_fraction": 0.8,
  "bagging_fraction": 0.8, "bagging_freq": 0, "seed": 42,
  # Makes a model the same on any number of threads; Holdout sets these itself.
  "deterministic": True, "force_row_wise": True, "verbosity": -1,
}
TREES = 400
DAY = np.timedelta64(1, "D")
# The value of {"value":"Customer"}. With a space after the colon it does not match: as published.
JSON_VALUE = re.compile(r'value":"([^"]*)"')


# Calendar


def month_end(year, month):
  """The last day of a month; month 0 is the December before."""
  year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
  following = datetime.date(year + month // 12, month % 12 + 1, 1)
  return following - datetime.timedelta(days=1)


def plus_months(day, months):
  """The same day of a later month, or the last day of that month, like dateutil's relativedelta."""
  end = month_end(day.year, day.month + months)
  return end.replace(day=min(day.day, end.day))


def cutoffs():
  """The month ends up to the last complete month before the data end."""
  tomorrow = DATA_THROUGH + datetime.timedelta(days=1)
  return [month_end(tomorrow.year, tomorrow.month - 1 - back) for back in reversed(range(CUTOFFS))]


# Columns


def text(column):
  """Trimmed text; null and blank are None."""
  trimmed = column.str.strip(" ")
  return trimmed.where(column.notna() & (trimmed != ""), None).astype(object)


def flag(column):
  """1, 0 or NaN."""
  values = {**dict.fromkeys(["1", "1.0", "t", "true", "y", "yes"], 1.0),
            **dict.fromkeys(["0", "0.0", "f", "false", "n", "no"], 0.0)}
  return text(column).str.lower().map(values).to_numpy(float)


def json_value(column):
  """The value inside JSON text, or the text itself; null is ''."""
  def read(value):
    if value is None or pd.isna(value):
      return ""
    found = JSON_VALUE.search(value)
    return found.group(1) if found else value
  return column.map(read)


def day_of(stamp):
  """The day of a timestamp in any of the table's formats, in UTC if it has an offset."""
  if stamp is None:
    return None
  try:
    moment = datetime.datetime.fromisoformat(stamp)
  except ValueError:
    written = "%m/%d/%Y %I:%M %p" if " " in stamp else "%m/%d/%Y"
    moment = datetime.datetime.strptime(stamp, written)
  if moment.tzinfo:
    moment = moment.astimezone(datetime.timezone.utc)
  return moment.date()


def days(column):
  """Numpy days, NaT for null."""
  return column.to_numpy("datetime64[D]")


def read(path):
  """The table with one row per account: the duplicate edited last."""
  table = pd.read_parquet(path)
  columns = list(table.columns)
  table["key"] = table["internalid"].str.strip(" ").str.replace(r"\.0$", "", regex=True)
  # Remaining ties are broken by the other columns, in their order, later values first.
  order = list(dict.fromkeys(["ns_last_modified"] + columns))
  table = table.sort_values(["key"] + order, ascending=[True] + [False] * len(order),
                            na_position="last", kind="stable")
  return table.drop_duplicates("key").reset_index(drop=True)


def prepare(table):
  """Everything that does not depend on a cutoff: keys, days, and the columns with today's values."""
  known = {"key": table["key"].to_numpy(), "modified": days(table["ns_last_modified"])}
  created = pd.Series([day_of(stamp) for stamp in text(table["ns_date_created"])], dtype=object)
  known["created"] = np.array([np.datetime64(d, "D") for d in created.where(created.notna(), None)],
                              "datetime64[D]")
  for division in ["cre", "cpe", "hw", "3dx"]:
    known[division] = days(table[f"ns_first_{division}_date"])

  stage = table["ns_stage_value"].where(table["ns_stage_value"].notna(), table["ns_stage"])
  customer = (stage.str.lower().str.contains("customer").fillna(False)
              | table["ns_entity_status_value"].str.lower().str.contains("customer").fillna(False))
  known["prospect"] = ~customer.to_numpy(bool) & (flag(table["ns_is_inactive"]) != 1)

  present = {name: text(table[f"ns_{name}"]).notna().to_numpy(float)
             for name in ["email", "phone", "url", "weblead"]}
  named = {name: flag(table[f"ns_{name}_named_account"]) for name in ["cad", "sim", "am", "electrical"]}
  source = text(table["ns_lead_source_name"])
  categories = {
    "cat_lead_source": source.where(source.notna(), text(table["ns_lead_source"])),
    "cat_terms_value": text(table["ns_terms_value"]),
    "cat_stage": json_value(table["ns_stage_value"]),
    "cat_status": json_value(table["ns_entity_status_value"]),
    "cat_territory_standardized": text(table["ns_standardized_territory"]),
    "cat_territory_name": text(table["ns_territory_name"]),
    "cat_region": text(table["ns_region"]),
  }
  categories = {name: column.where(column.notna(), "missing") for name, column in categories.items()}
  known["today"] = {"present": present, "taxable": flag(table["ns_taxable"]), "named": named,
                    "competitor": table["ns_known_competitor"].notna().to_numpy(float),
                    "categories": categories}
  return known


# Panel


def since(days, day, where=None):
  """Whole days up to the cutoff; NaN without a date, or where `where` is false."""
  gap = (day - days) / DAY
  return gap if where is None else np.where(where, gap, np.nan)


def panel_at(known, cutoff):
  """The cohort of one cutoff: key, cutoff, label and the 26 features in their published order."""
  day = np.datetime64(cutoff, "D")
  end = np.datetime64(plus_months(cutoff, HORIZON_MONTHS), "D")
  today, present = known["today"], known["today"]["present"]
  happened = {name: known[name] <= day for name in ["cre", "cpe", "hw", "3dx"]}   # NaT: False
  rows = known["prospect"] & ~happened["cre"]
  columns = {
    "key": known["key"],
    "cutoff": np.full(len(rows), day),
    "label": (known["cre"] > day) & (known["cre"] <= end),
    "feat_account_age_days": since(known["created"], day),
    "feat_days_since_last_activity": since(known["modified"], day),
    "feat_has_email": present["email"],
    "feat_has_phone": present["phone"],
    "feat_has_url": present["url"],
    "feat_has_weblead": present["weblead"],
    "feat_contact_score": present["email"] + present["phone"] + present["url"],
    "feat_has_cpe_history": happened["cpe"].astype(float),
    "feat_has_hw_history": happened["hw"].astype(float),
    "feat_has_3dx_history": happened["3dx"].astype(float),
    "feat_days_since_first_cpe": since(known["cpe"], day, happened["cpe"]),
    "feat_days_since_first_hw": since(known["hw"], day, happened["hw"]),
    "feat_days_since_first_3dx": since(known["3dx"], day, happened["3dx"]),
    "feat_taxable": today["taxable"],
    "feat_known_competitor": today["competitor"],
    "feat_named_account_cad": today["named"]["cad"],
    "feat_named_account_sim": today["named"]["sim"],
    "feat_named_account_am": today["named"]["am"],
    "feat_named_account_electrical": today["named"]["electrical"],
    **today["categories"],
  }
  return pd.DataFrame({name: np.asarray(column)[rows] for name, column in columns.items()})


def encode(train, validation):
  """Categories as codes: the levels of the train rows by their text, from 1; any other is 0."""
  names = list(train.columns[3:])
  matrices = [np.empty((len(rows), len(names))) for rows in (train, validation)]
  for index, name in enumerate(names):
    if name.startswith("cat_"):
      levels = sorted(train[name].unique(), key=lambda level: level.encode())
      codes = {level: code for code, level in enumerate(levels, 1)}
    for matrix, rows in zip(matrices, (train, validation)):
      column = rows[name]
      matrix[:, index] = column.map(codes).fillna(0) if name.startswith("cat_") else column
  return names, *matrices


# Metrics


def auc(labels, ranking):
  """None if there is no pair to rank."""
  return roc_auc_score(labels, ranking) if 0 < labels.sum() < len(labels) else None


def precision(labels, ranking):
  return average_precision_score(labels, ranking) if labels.sum() > 0 else None


def measure(labels, margin, probability, calibrated):
  def losses(score):
    return {"brier": brier_score_loss(labels, score), "log_loss": log_loss(labels, score, labels=[0, 1])}

  return {
    "rows": len(labels), "positives": int(labels.sum()),
    "raw": {"roc_auc": auc(labels, margin), "pr_auc": precision(labels, margin), **losses(probability)},
    "calibrated": {"roc_auc": auc(labels, calibrated), "pr_auc": precision(labels, calibrated),
                   **losses(calibrated)},
  }


def same_panel(ours, theirs):
  """Prints how many cells differ from Holdout's panel, before nulls are filled."""
  names = [name for name in ours.columns if name not in ("key", "cutoff")]
  if list(theirs.columns) != ["key", "cutoff", "role", *names]:
    print(f"panel: the columns differ: {list(theirs.columns)}")
    return False
  theirs = theirs.assign(cutoff=pd.to_datetime(theirs["cutoff"]))
  both = ours.assign(cutoff=pd.to_datetime(ours["cutoff"])).merge(
    theirs, on=["key", "cutoff"], how="outer", suffixes=("", " theirs"), indicator=True)
  alone = int((both["_merge"] != "both").sum())
  wrong = {}
  for name in names:
    left, right = both[name], both[name + " theirs"]
    if name.startswith("cat_"):
      left = left.where(~left.isin(["", "missing"]), None)
    else:
      left, right = left.astype(float), right.astype(float)
    differ = int(((left != right) & ~(left.isna() & right.isna())).sum())
    if differ:
      wrong[name] = differ
  print(f"panel: {len(ours):,} rows, {alone} only on one side, {len(names)} columns, "
        f"{sum(wrong.values())} cells differ" + "".join(f"; {name}: {n}" for name, n in wrong.items()))
  return not alone and not wrong


def differences(found, document):
  """Our counts and metrics with Holdout's, by name."""
  pairs = {
    "train rows": (found["train"]["rows"], document["rows"]["train"]),
    "train positives": (found["train"]["positives"], document["positives"]["train"]),
    "test rows": (found["validation"]["rows"], document["rows"]["test"]),
    "test positives": (found["validation"]["positives"], document["positives"]["test"]),
  }
  cells = [("pooled", found["validation"], document["test"]["pooled"])]
  cells += [(day, cell, document["test"]["cutoffs"][day]) for day, cell in found["cutoffs"].items()]
  for where, ours, theirs in cells:
    for name in ["rows", "positives"]:
      pairs[f"{where} {name}"] = (ours[name], theirs[name])
    # Holdout's headline metrics (not in `raw` or `calibrated`) rank by margin and use the calibrated score.
    places = {("raw", name): theirs.get("raw", {}).get(name)
              for name in ["roc_auc", "pr_auc", "brier", "log_loss"]}
    if "calibrated" in theirs:
      places |= {("calibrated", name): theirs["calibrated"].get(name) for name in ["roc_auc", "pr_auc"]}
      places |= {("calibrated", name): theirs.get(name) for name in ["brier", "log_loss"]}
    for (side, name), value in places.items():
      if value is not None and ours[side][name] is not None:
        pairs[f"{where} {side} {name}"] = (ours[side][name], value)
  return pairs


def agree(pairs):
  """Prints what was compared, and says whether all of it agrees."""
  counts = {name: pair for name, pair in pairs.items() if isinstance(pair[0], int)}
  wrong = {name: pair for name, pair in counts.items() if pair[0] != pair[1]}
  print(f"{len(counts)} counts, {len(wrong)} differ" + "".join(
    f"; {name}: {ours}, Holdout {theirs}" for name, (ours, theirs) in wrong.items()))
  fine = not wrong
  for side in ["raw", "calibrated"]:
    gaps = {name: abs(a - b) for name, (a, b) in pairs.items() if f" {side} " in name}
    worst = max(gaps, key=gaps.get, default=None)
    if worst is None:
      print(f"{side}: nothing to compare")
    else:
      print(f"{len(gaps)} {side} metrics, largest difference {gaps[worst]:.1e} ({worst})")
    fine = fine and worst is not None and gaps[worst] <= 1e-9
  return fine


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
  parser.add_argument("file", nargs="?", default="data/netsuite/dim_ns_customer.parquet")
  parser.add_argument("--out", help="write the JSON here instead of stdout")
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--panel", help="a panel of Holdout's to compare with")
  parser.add_argument("--metrics", help="a metrics.json of Holdout's to compare with")
  options = parser.parse_args()

  known = prepare(read(options.file))
  days = cutoffs()
  blocks = [panel_at(known, day) for day in days]
  fine = options.panel is None or same_panel(pd.concat(blocks), pd.read_parquet(options.panel))
  train = pd.concat(blocks[:-VALIDATION], ignore_index=True)
  validation = pd.concat(blocks[-VALIDATION:], ignore_index=True)
  names, train_rows, rows = encode(train, validation)

  train_label = train["label"].to_numpy(np.float32)
  positives = float(train_label.sum())
  if positives == 0:
    sys.exit("no train row is positive")
  weights = np.where(train_label > 0, np.float32(len(train_label) / (2 * positives)),
                     np.float32(len(train_label) / (2 * (len(train_label) - positives))))
  parameters = {**PARAMETERS, "num_threads": options.threads}
  dataset = lightgbm.Dataset(
    train_rows, train_label, weight=weights, feature_name=names,
    categorical_feature=[name for name in names if name.startswith("cat_")], params=parameters)
  booster = lightgbm.train(parameters, dataset, TREES)

  label = validation["label"].to_numpy(float)
  margin, probability = booster.predict(rows, raw_score=True), booster.predict(rows)
  calibrated = IsotonicRegression(out_of_bounds="clip").fit(margin, label).predict(margin)
  cutoff = validation["cutoff"].to_numpy("datetime64[D]").astype(str)
  gain = dict(zip(names, booster.feature_importance("gain").tolist()))
  found = {
    "train": {"rows": len(train), "positives": int(positives),
              "cutoffs": {str(d): {"rows": len(b), "positives": int(b["label"].sum())}
                          for d, b in zip(days[:-VALIDATION], blocks)}},
    "validation": measure(label, margin, probability, calibrated),
    "cutoffs": {day: measure(label[cutoff == day], margin[cutoff == day], probability[cutoff == day],
                             calibrated[cutoff == day])
                for day in np.unique(cutoff).tolist()},
    "gain": dict(sorted(gain.items(), key=lambda item: (-item[1], item[0]))),
  }
  document = json.dumps(found, indent=2)
  if options.out:
    with open(options.out, "w") as file:
      file.write(document + "\n")
  elif not options.metrics and not options.panel:
    print(document)

  if options.metrics:
    with open(options.metrics) as file:
      fine = agree(differences(found, json.load(file))) and fine
  sys.exit(0 if fine else 1)


if __name__ == "__main__":
  main()
