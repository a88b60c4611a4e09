"""Makes lightgbm.json and lightgbm_model.txt: rows, a model and its predictions by the reference; and
lightgbm_small.json: models of small trees on the same rows, with each way to take a value for missing.

Run once, in an environment with lightgbm==4.7.0 and numpy:

    python make_lightgbm_golden.py

lightgbm.json holds typed columns (null is missing; fractions are hexadecimal), category tables,
labels, weights, parameters, and what lightgbm's Python package makes of them.
"""

import json
import pathlib
import platform

import lightgbm
import numpy

ROWS = 3000
HERE = pathlib.Path(__file__).parent


def hexadecimal(values):
    return [float(value).hex() for value in values]


def typed_columns(random):
    """Columns as a panel stores them: (name, storage, values, category table or None)."""
    def with_missing(values, share):
        gone = random.random(ROWS) < share
        return [None if g else v for g, v in zip(gone, values.tolist())]

    active = (random.random(ROWS) < 0.3).astype(int)
    days = random.integers(0, 2000, ROWS)
    region = random.choice(12, ROWS, p=numpy.arange(12, 0, -1) / 78)
    industry = random.integers(0, 300, ROWS)
    amount = numpy.round(random.lognormal(3, 2, ROWS), 3)
    constant = numpy.full(ROWS, 7)
    return [
        ("is_active", "int8", with_missing(active, 0.02), None),
        ("days_since_quote", "int32", with_missing(days, 0.25), None),
        ("region", "int8", with_missing(region, 0.05),
         {"codes": [4, 1, 0, 3, 2, 5, 6, 0, 7, -1, 8], "missing": -1, "unseen": 0}),
        ("industry", "int16", with_missing(industry, 0.01),
         {"codes": [i + 1 for i in range(300)], "missing": 301, "unseen": 0}),
        ("amount", "double", with_missing(amount, 0.1), None),
        ("constant", "int16", constant.tolist(), None),
    ]


def matrix(columns):
    """The columns as the learner sees them."""
    result = numpy.empty((ROWS, len(columns)))
    for index, (_, _, values, table) in enumerate(columns):
        for row, value in enumerate(values):
            if table is None:
                number = value
            elif value is None:
                number = table["missing"]
            elif value < len(table["codes"]):
                number = table["codes"][value]
            else:
                number = table["unseen"]
            gone = number is None or (table is not None and number < 0)
            result[row, index] = numpy.nan if gone else number
    return result


def small_model(dataset_of, parameters, features):
    """A model with at most eight splits a tree, and what it says of the rows."""
    booster = lightgbm.train(parameters, dataset_of(parameters), num_boost_round=30)
    return {
        "model": booster.model_to_string(),
        "margins": hexadecimal(booster.predict(features[:1100], raw_score=True)),
        "contributions": hexadecimal(booster.predict(features[:50], pred_contrib=True).ravel()),
    }


def main():
    random = numpy.random.default_rng(20240229)
    columns = typed_columns(random)
    features = matrix(columns)
    filled = numpy.nan_to_num(features, nan=-1)
    signal = (
        1.2 * (filled[:, 0] == 1) - 0.002 * filled[:, 1] + 0.3 * (filled[:, 2] == 4)
        + 0.8 * (filled[:, 3] % 7 == 0) + 0.2 * numpy.log1p(filled[:, 4] + 1) - 1.5)
    labels = (random.random(ROWS) < 1 / (1 + numpy.exp(-signal))).astype(numpy.float32)
    positives = int(labels.sum())
    weights = numpy.where(
        labels > 0, ROWS / (2 * positives), ROWS / (2 * (ROWS - positives))).astype(numpy.float32)
    given = {
        "learning_rate": "0.1", "num_leaves": "15", "feature_fraction": "0.8",
        "bagging_fraction": "0.9", "bagging_freq": "2", "bin_construct_sample_cnt": "1000",
        "min_data_in_leaf": "10", "max_bin": "63",
    }
    fixed = {
        "objective": "binary", "deterministic": "true", "force_row_wise": "true",
        "verbosity": "0", "seed": "7", "num_threads": "2",
    }
    names = [name for name, _, _, _ in columns]
    categories = [index for index, column in enumerate(columns) if column[3] is not None]
    parameters = {**given, **fixed}

    def dataset_of(parameters):
        return lightgbm.Dataset(
            features, label=labels, weight=weights, feature_name=names,
            categorical_feature=categories, params=parameters)

    booster = lightgbm.train(parameters, dataset_of(parameters), num_boost_round=30)
    contributions = booster.predict(features[:50], pred_contrib=True)
    golden = {
        "versions": {
            "lightgbm": lightgbm.__version__, "numpy": numpy.__version__,
            "python": platform.python_version()},
        "columns": [
            {"name": name, "storage": storage, "category": table,
             "values": [None if v is None else float(v).hex() for v in values]
             if storage == "double" else values}
            for name, storage, values, table in columns],
        "labels": [int(label) for label in labels],
        "parameters": [{"name": name, "text": text} for name, text in given.items()],
        "seed": 7,
        "iterations": 30,
        "margins": hexadecimal(booster.predict(features, raw_score=True)),
        "contributions": hexadecimal(contributions.ravel()),
        "gain": hexadecimal(booster.feature_importance("gain")),
        "split": [int(count) for count in booster.feature_importance("split")],
    }
    variants = [{}, {"zero_as_missing": "true"}, {"use_missing": "false"}, {"num_leaves": "2"}]
    (HERE / "lightgbm_small.json").write_text(json.dumps([
        small_model(dataset_of, {**parameters, "num_leaves": "9", **variant}, features)
        for variant in variants]) + "\n")
    (HERE / "lightgbm.json").write_text(json.dumps(golden) + "\n")
    (HERE / "lightgbm_model.txt").write_text(booster.model_to_string())


if __name__ == "__main__":
    main()
