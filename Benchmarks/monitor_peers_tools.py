"""The work of NannyML and of Evidently in monitor_peers, which starts it with a Python that has the tool:

  monitor_peers_tools.py nannyml|evidently FOLDER HEALTHY EVERY FAULTY_WEEK FAULT...

Reads FOLDER/HEALTHY.parquet, whose first nine weeks are the reference, FOLDER/FAULT.parquet, and the scores of both.
Prints JSON: per method the columns with an alarm in each healthy week and in the first week of each fault, the
dataset's alarm if the method has one, and seconds. Of every EVERY weeks, Evidently reads the last two. Only the
healthy weeks are timed, without reading files and importing.
"""

import importlib.metadata
import json
import sys
import time
import warnings

import pandas

warnings.filterwarnings("ignore")
REFERENCE_WEEKS = 9


def main():
  tool, folder, healthy, every, faulty_week, *faults = sys.argv[1:]
  frame, features = read(folder, healthy)
  weeks = sorted(frame.cutoff.unique())
  reference = frame[frame.cutoff <= weeks[REFERENCE_WEEKS - 1]]
  data = {"reference": reference, "every": int(every), "healthy": frame[frame.cutoff > weeks[REFERENCE_WEEKS - 1]],
    "faults": {fault: read(folder, fault)[0] for fault in faults}}
  # What is drawn or logged on the way does not belong to the JSON.
  out, sys.stdout = sys.stdout, sys.stderr
  methods = {"nannyml": nannyml, "evidently": evidently}[tool](data, features, faulty_week)
  json.dump({"version": importlib.metadata.version(tool), "methods": methods}, out)


def read(folder, name):
  panel = pandas.read_parquet(f"{folder}/{name}.parquet")
  scores = pandas.read_parquet(f"{folder}/{name}.scores.parquet")[["key", "cutoff", "score"]]
  panel = panel[panel.role == "test"].merge(scores, on=["key", "cutoff"])
  features = [name for name in panel.columns if name not in ("key", "cutoff", "role", "label", "score")]
  for column in features:
    if not pandas.api.types.is_numeric_dtype(panel[column]):
      # The learner reads a missing category as this level. NannyML would leave missing rows out.
      panel[column] = panel[column].fillna("missing").astype(object)
  panel["cutoff"] = pandas.to_datetime(panel.cutoff)
  return panel, features


def timed(work):
  wall, cpu = time.monotonic(), time.process_time()
  result = work()
  return result, {"wall": round(time.monotonic() - wall, 1), "cpu": round(time.process_time() - cpu, 1)}


def nannyml(data, features, faulty_week):
  import nannyml as nml

  chunks = {"timestamp_column_name": "cutoff", "chunk_period": "W"}

  def measure(calculator, calculate):
    """The alerts per week: {week: [names]} of healthy weeks and {fault: [names]}."""

    def work():
      fitted = calculator.fit(data["reference"])
      return fitted, alerts(calculate(fitted, data["healthy"]))

    (fitted, healthy), seconds = timed(work)
    faults = {fault: alerts(calculate(fitted, frame))[faulty_week] for fault, frame in data["faults"].items()}
    return {"healthy": healthy, "faults": faults, "dataset": None, "seconds": seconds}

  def alerts(result):
    table = result.filter(period="analysis").to_df()
    columns = [name for name in table.columns if name[-1] == "alert"]
    start = next(name for name in table.columns if name[-1] == "start_date")
    found = {}
    for _, row in table.iterrows():
      # Chunks of the period W begin on Mondays and hold one Thursday.
      thursday = (pandas.Timestamp(row[start]).normalize() + pandas.Timedelta(days=3)).date()
      # An alert without a value, such as that of a column with no rows, is none.
      found[str(thursday)] = [str(name[0]) for name in columns if pandas.notna(row[name]) and row[name]]
    return found

  drift = lambda fitted, frame: fitted.calculate(frame)
  univariate = measure(nml.UnivariateDriftCalculator(column_names=features, **chunks), drift)
  multivariate = measure(nml.DataReconstructionDriftCalculator(column_names=features, **chunks), drift)
  estimated = measure(nml.CBPE(metrics=["roc_auc", "average_precision"], y_pred_proba="score", y_true="label",
    problem_type="classification_binary", **chunks), lambda fitted, frame: fitted.estimate(frame))
  multivariate["dataset"] = {week: bool(names) for week, names in multivariate["healthy"].items()}
  return {"univariate": univariate, "data reconstruction": multivariate, "CBPE": estimated}


def evidently(data, features, faulty_week):
  from evidently import DataDefinition, Dataset, Report
  from evidently.presets import DataDriftPreset

  numbers = [name for name in features if pandas.api.types.is_numeric_dtype(data["reference"][name])]
  categories = [name for name in features if name not in numbers]
  definition = DataDefinition(numerical_columns=numbers, categorical_columns=categories)
  weeks = sorted(data["healthy"].cutoff.unique())
  by_week = {week: data["healthy"][data["healthy"].cutoff == week] for week in weeks}
  at_fault = weeks.index(pandas.Timestamp(faulty_week))
  last = data["reference"].cutoff.max()

  def drifted(current, reference):
    """The columns that drift, and whether the dataset does."""
    sets = [Dataset.from_pandas(frame[features], data_definition=definition) for frame in (current, reference)]
    report = Report([DataDriftPreset()], include_tests=True).run(*sets)
    columns, dataset = [], None
    for test in report.dict()["tests"]:
      failed = str(getattr(test["status"], "value", test["status"])).upper().endswith("FAIL")
      metric = test["metric_config"]["params"]
      if "column" in metric:
        columns += [metric["column"]] if failed else []
      else:
        dataset = failed
    assert dataset is not None, "the report has no test of the dataset"
    return columns, dataset

  def measure(reference_of):
    def work():
      return {str(pandas.Timestamp(week).date()): drifted(by_week[week], reference_of(position))
        for position, week in enumerate(weeks) if (position - at_fault) % data["every"] in (0, data["every"] - 1)}

    healthy, seconds = timed(work)
    faults = {fault: drifted(frame, reference_of(at_fault))[0] for fault, frame in data["faults"].items()}
    return {"healthy": {week: found[0] for week, found in healthy.items()}, "faults": faults,
      "dataset": {week: found[1] for week, found in healthy.items()}, "seconds": seconds}

  def week_before(position):
    return by_week[weeks[position - 1]] if position else data["reference"][data["reference"].cutoff == last]

  return {"against the test period": measure(lambda position: data["reference"]),
    "against the week before": measure(week_before)}


if __name__ == "__main__":
  main()
