"""Holdout's pooled metrics in numpy; docs/metrics.md has their formulas."""

import numpy as np
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

EPSILON = np.finfo(float).eps


def groups(scores, labels, weights=None):
  """Distinct scores, rising, with the weight and the positives of each."""
  weights = np.ones(len(scores)) if weights is None else weights
  distinct, place = np.unique(scores, return_inverse=True)
  return distinct, np.bincount(place, weights), np.bincount(place, weights * labels)


def bin_ends(weight, count=10):
  """The last group of each bin of about equal weight; tied scores stay together."""
  reached = np.cumsum(weight) * count / weight.sum()
  ends, after = [], 1.0
  for group, value in enumerate(reached):
    if value >= after or group == len(reached) - 1:
      ends.append(group)
      after = np.floor(value) + 1
  return np.array(ends)


def calibration_error(distinct, weight, positives):
  starts = np.concatenate([[0], bin_ends(weight)[:-1] + 1])
  gaps = np.add.reduceat(positives - weight * distinct, starts)
  return np.abs(gaps).sum() / weight.sum()


def recalibration(distinct, weight, positives, slope=True):
  """Newton's method for logit(y) ~ a + b logit(p); b = 1 without `slope`."""
  clipped = np.clip(distinct, EPSILON, 1 - EPSILON)
  logit = np.log(clipped) - np.log1p(-clipped)
  a, b = 0.0, 1.0
  for _ in range(100):
    p = 1 / (1 + np.exp(-(a + b * logit)))
    error, hessian = positives - weight * p, weight * p * (1 - p)
    if slope:
      matrix = [[hessian.sum(), hessian @ logit], [hessian @ logit, hessian @ logit**2]]
      step = np.linalg.solve(matrix, [error.sum(), error @ logit])
    else:
      step = np.array([error.sum() / hessian.sum(), 0])
    a, b = a + step[0], b + step[1]
    if np.abs(step).max() < 1e-13:
      break
  return a, b


def pooled(labels, margins, scores):
  """The headline of `test.pooled` in metrics.json."""
  table = groups(scores, labels)
  rate = labels.mean()
  brier = np.mean((scores - labels) ** 2)
  return {
    "roc_auc": roc_auc_score(labels, margins),
    "pr_auc": average_precision_score(labels, margins),
    "log_loss": log_loss(labels, scores),
    "brier": brier,
    "brier_skill": 1 - brier / (rate * (1 - rate)),
    "ece": calibration_error(*table),
    "calibration_intercept": recalibration(*table, slope=False)[0],
    "calibration_slope": recalibration(*table)[1],
    "observed_over_expected": labels.sum() / scores.sum(),
    "base_rate": rate,
  }
