"""Makes logistic.json: coefficients of scikit-learn's LogisticRegression on fixed design matrices.

    python3 -m venv venv && venv/bin/pip install scikit-learn numpy
    venv/bin/python Tests/LearningTests/Golden/make_logistic_golden.py

The numbers of the matrices have few digits, so that the file has them exactly.
"""
import json
import pathlib
import platform

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression


def case(name, seed, rows, columns, rate, penalty, correlated=False, scales=None):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, columns))
    if correlated:
        matrix[:, 1:] = 0.95 * matrix[:, :1] + 0.3 * matrix[:, 1:]
    if scales is not None:
        matrix = matrix * np.array(scales)
    matrix = np.round(matrix, 3)
    weights = random.normal(size=columns) / (1 if scales is None else np.array(scales))
    margins = matrix @ weights + np.log(rate / (1 - rate))
    labels = (random.random(rows) < 1 / (1 + np.exp(-margins))).astype(int)
    model = LogisticRegression(
        C=1 / penalty, solver="newton-cholesky", tol=1e-13, max_iter=10_000)
    model.fit(matrix, labels)
    return {
        "name": name, "penalty": penalty, "columns": matrix.T.tolist(), "labels": labels.tolist(),
        "intercept": float(model.intercept_[0]), "coefficients": model.coef_[0].tolist(),
    }


cases = [
    case("independent columns", 1, 400, 6, 0.3, 1.0),
    case("correlated columns", 2, 300, 8, 0.4, 0.1, correlated=True),
    case("rare positives", 3, 1500, 5, 0.02, 10.0),
    case("almost no penalty", 4, 500, 4, 0.5, 1e-4),
    case("a large penalty", 5, 300, 10, 0.2, 1000.0),
    case("columns of different scales", 6, 400, 4, 0.3, 1.0, scales=[1000, 1, 0.01, 30]),
]
result = {
    "versions": {
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "cases": cases,
}
path = pathlib.Path(__file__).parent / "logistic.json"
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
