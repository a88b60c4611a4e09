"""Makes the golden files that stand beside reference_vectors.json.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python make_vectors.py EVALUATION_VECTORS_FOLDER LEARNING_GOLDEN_FOLDER

Writes evaluation_vectors.json (metrics, calibration curves, logistic recalibration) into the first
folder and CalibrationVectors.json (isotonic regression, sigmoid, prior) into the second. The
versions of the libraries are recorded in both.
"""

import json
import pathlib
import platform
import sys

import numpy
import scipy
import sklearn
from scipy.optimize import brentq, root
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

VERSIONS = {
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "sklearn": sklearn.__version__,
}


def logistic_line(x, targets, weights):
    """Maximum-likelihood intercept and slope, as the root of the gradient."""

    def gradient(line):
        residual = weights * (targets - expit(line[0] + line[1] * x))
        return numpy.array([residual.sum(), (residual * x).sum()])

    def jacobian(line):
        p = expit(line[0] + line[1] * x)
        v = weights * p * (1 - p)
        return -numpy.array([[v.sum(), (v * x).sum()], [(v * x).sum(), (v * x * x).sum()]])

    solution = root(gradient, [0.0, 0.0], jac=jacobian, tol=1e-14)
    line = solution.x
    for _ in range(3):  # Newton steps at the root remove what the solver's tolerance left.
        line = line - numpy.linalg.solve(jacobian(line), gradient(line))
    assert numpy.abs(gradient(line)).max() < 1e-9
    return line.tolist()


def shift_to(offset, targets, weights):
    """The intercept with the predictor as an offset."""
    return brentq(
        lambda a: (weights * (targets - expit(a + offset))).sum(), -60, 60, xtol=1e-15, rtol=1e-15
    )


def column(values):
    return None if values is None else [float(v) for v in values]


def drawn(random, count, decimals, base, weighted):
    margins = random.normal(base, 1.5, count)
    margins = numpy.round(margins, decimals) if decimals is not None else margins
    labels = (random.random(count) < expit(0.3 + 0.8 * margins)).astype(int)
    weights = random.integers(1, 5, count).astype(float) if weighted else None
    return margins, labels, weights


def evaluation(random):
    cases = []
    for count, decimals, base, weighted in [
        (60, 1, 0, False),
        (300, 1, -2, True),
        (500, 2, -4, False),
        (600, None, -3, True),
    ]:
        margins, y, w = drawn(random, count, decimals, base, weighted)
        p = expit(margins)
        ones = numpy.ones(count) if w is None else w
        curves = []
        for strategy in ["uniform", "quantile"]:
            for bins in [3, 7, 10]:
                true, predicted = calibration_curve(y, p, n_bins=bins, strategy=strategy)
                curves.append({"n_bins": bins, "strategy": strategy, "prob_true": column(true),
                               "prob_pred": column(predicted)})
        cases.append({
            "y": y.tolist(), "p": column(p), "w": column(w),
            "roc_auc": roc_auc_score(y, p, sample_weight=w),
            "ap": average_precision_score(y, p, sample_weight=w),
            "brier": brier_score_loss(y, p, sample_weight=w),
            "log_loss": log_loss(y, p, sample_weight=w),
            "line": logistic_line(logit(p), y, ones), "intercept": shift_to(logit(p), y, ones),
            "calibration_curve": curves,
        })
    return {"versions": VERSIONS, "cases": cases}


def learning(random, reference):
    isotonic, logistic = [], []
    for count, decimals, base, weighted, increasing in [
        (200, 1, 0, False, True),
        (500, 1, -3, True, True),
        (800, None, -4, False, True),
        (300, 2, 0, True, False),
        (300, None, 0, False, "auto"),
    ]:
        margins, y, w = drawn(random, count, decimals, base, weighted)
        if increasing is not True:
            y = 1 - y
        fit = IsotonicRegression(increasing=increasing, out_of_bounds="clip", y_min=0, y_max=1)
        fit.fit(margins, y, sample_weight=w)
        query = numpy.linspace(margins.min() - 1, margins.max() + 1, 41)
        isotonic.append({
            "name": f"drawn_{count}", "x": column(margins), "y": column(y), "w": column(w),
            "increasing": increasing, "X_thresholds": column(fit.X_thresholds_),
            "y_thresholds": column(fit.y_thresholds_), "query": column(query),
            "pred": column(fit.predict(query)),
        })
    for count, decimals, base, weighted in [(100, 1, 0, False), (600, 2, -3, True),
                                            (1000, None, -4, False)]:
        margins, y, w = drawn(random, count, decimals, base, weighted)
        ones = numpy.ones(count) if w is None else w
        positives, negatives = (ones * y).sum(), (ones * (1 - y)).sum()
        targets = numpy.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
        logistic.append({
            "margins": column(margins), "labels": y.tolist(), "weights": column(w),
            "sigmoid": logistic_line(margins, targets, ones),
            "prior": shift_to(margins, y, ones),
        })
    return {"versions": VERSIONS, "isotonic": reference["isotonic"], "isotonic_drawn": isotonic,
            "logistic": logistic}


def main():
    vectors, golden = map(pathlib.Path, sys.argv[1:3])
    reference = json.loads((vectors / "reference_vectors.json").read_text())
    random = numpy.random.default_rng(20240229)
    (vectors / "evaluation_vectors.json").write_text(json.dumps(evaluation(random)) + "\n")
    (golden / "CalibrationVectors.json").write_text(
        json.dumps(learning(random, reference)) + "\n")


main()
