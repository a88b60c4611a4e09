"""Holdout's pooled metrics in numpy; docs/metrics.md has their formulas."""

import numpy as np
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

EPSILON = np.finfo(float).eps


def groups(scores, labels, weights=None):
  """Distinct scores in ascending order, with the weight and the positives of each."""
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


def recalibration(distinct, weight, positives, slope=True, start=(0.0, 1.0)):
  """logit(y) ~ a + b logit(p) by Newton's method; b = 1 without `slope`.

  `weight` and `positives` may have one column per resample. A step that lowers the likelihood is halved.
  """
  clipped = np.clip(distinct, EPSILON, 1 - EPSILON)
  logit = (np.log(clipped) - np.log1p(-clipped))[:, None]
  weight, positives = (np.reshape(values, (len(distinct), -1)) for values in (weight, positives))

  def loss(a, b):
    z = a + b * logit
    return (weight * np.logaddexp(0, z) - positives * z).sum(axis=0)

  a, b = (np.full(weight.shape[1], float(value)) for value in start)
  reached = loss(a, b)
  for _ in range(100):
    p = 0.5 * (1 + np.tanh(0.5 * (a + b * logit)))
    error, hessian = positives - weight * p, weight * p * (1 - p)
    e, h = error.sum(axis=0), hessian.sum(axis=0)
    if slope:
      ex, hx = (error * logit).sum(axis=0), (hessian * logit).sum(axis=0)
      hxx = (hessian * logit**2).sum(axis=0)
      up, along = np.array([hxx * e - hx * ex, h * ex - hx * e]) / (h * hxx - hx**2)
    else:
      up, along = e / h, np.zeros_like(b)
    share = np.ones_like(a)
    for _ in range(30):
      new = loss(a + share * up, b + share * along)
      worse = ~(new <= reached + 1e-12 * np.abs(reached))
      if not worse.any():
        break
      share[worse] /= 2
    a, b, reached = a + share * up, b + share * along, new
    if max(np.abs(up).max(), np.abs(along).max()) < 1e-10:
      break
  return a, b


def pooled(labels, margins, scores):
  """The headline metrics of `test.pooled` in metrics.json."""
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
    "calibration_intercept": recalibration(*table, slope=False)[0][0],
    "calibration_slope": recalibration(*table)[1][0],
    "observed_over_expected": labels.sum() / scores.sum(),
    "base_rate": rate,
  }
