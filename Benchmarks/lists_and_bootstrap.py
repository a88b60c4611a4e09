"""Top lists and the bootstrap by entity, in numpy: all resamples at once.

A resample gives every entity a weight, the number of times it was drawn. A metric needs only sums of weights
over rows. A sparse matrix of row groups by entities, times the matrix of weights, gives these sums
for all resamples. The products are exact: integers below 2^24 in single precision.
"""

import numpy as np
from metrics import EPSILON, bin_ends, recalibration
from scipy.sparse import csr_matrix

LISTS = [("50", 50), ("100", 100), ("500", 500)]
PERCENTS = [("1_percent", 1), ("5_percent", 5), ("10_percent", 10)]


def list_metrics(weight, positive, rows, buyers):
  """Precision, recall and lift of top lists, one column per resample: the mean over orders of ties.

  `weight` and `positive` describe groups of tied rows, best first. They may end after the longest list.
  """
  ends, hits = np.cumsum(weight, axis=0, dtype=float), np.cumsum(positive, axis=0, dtype=float)
  column = np.arange(ends.shape[1])
  lengths = LISTS + [(name, np.ceil(rows * percent / 100)) for name, percent in PERCENTS]
  values = {}
  for name, length in lengths:
    length = np.minimum(length, rows)
    if (ends[-1] < length).any():
      return None
    group = (ends < length).sum(axis=0)
    before = np.maximum(group - 1, 0)
    above = np.where(group > 0, ends[before, column], 0)
    found = np.where(group > 0, hits[before, column], 0)
    found = found + (length - above) * positive[group, column] / np.maximum(weight[group, column], 1)
    values[f"precision_at_{name}"] = found / length
    values[f"recall_at_{name}"] = found / buyers
    values[f"lift_at_{name}"] = found / length / (buyers / rows)
  return values


def top_lists(labels, margins):
  """The lists of one cutoff's rows."""
  distinct, place = np.unique(-margins, return_inverse=True)
  weight, positive = np.bincount(place), np.bincount(place, labels)
  values = list_metrics(weight[:, None], positive[:, None], np.array([len(labels)]), np.array([labels.sum()]))
  return {name: value[0] for name, value in values.items()}


def draw(entities, resamples, seed=42):
  """How often each entity (row) is drawn in each resample (column)."""
  generator = np.random.default_rng(seed)
  drawn = np.empty((resamples, entities), np.float32)
  for row in drawn:
    row[:] = np.bincount(generator.integers(0, entities, entities), minlength=entities)
  return np.ascontiguousarray(drawn.T)


def sums(group, account, groups, drawn, values=None):
  """The drawn weight of the rows, or of their values, per group and resample."""
  values = np.ones(len(group), drawn.dtype) if values is None else values
  return csr_matrix((values, (group, account)), shape=(groups, len(drawn))) @ drawn


def ranking(account, label, margin, drawn):
  """ROC AUC and average precision: only groups of ties with a positive, and the rows between them, need weights."""
  order = np.argsort(-margin, kind="stable")
  tied = np.cumsum(np.diff(-margin[order], prepend=-np.inf) != 0) - 1
  hit = label[order] > 0
  has_hit = np.zeros(tied[-1] + 1, int)
  has_hit[tied[hit]] = 1
  hit_groups = has_hit.sum()
  # Even index: the rows between two groups with positives. Odd index: such a group.
  segment = (2 * (np.cumsum(has_hit) - has_hit) + has_hit)[tied]
  weight = sums(segment, account[order], 2 * hit_groups + 1, drawn).astype(float)
  positive = sums(segment[hit] // 2, account[order][hit], hit_groups, drawn).astype(float)
  total, caught = np.cumsum(weight, axis=0)[1::2], np.cumsum(positive, axis=0)
  n, positives = weight.sum(axis=0), caught[-1]
  below = (n - positives) - (total - caught)
  pairs = (positive * (below + (weight[1::2] - positive) / 2)).sum(axis=0)
  return {
    "roc_auc": pairs / (positives * (n - positives)),
    "pr_auc": (positive * (caught / np.maximum(total, 1))).sum(axis=0) / positives,
  }


def calibration(account, label, score, drawn):
  """Expected calibration error, intercept and slope."""
  distinct, group = np.unique(score, return_inverse=True)
  hit = label > 0
  weight = sums(group, account, len(distinct), drawn).astype(float)
  positive = sums(group[hit], account[hit], len(distinct), drawn).astype(float)
  first = np.concatenate([[0], bin_ends(np.bincount(group))[:-1] + 1])
  gaps = np.add.reduceat(positive - weight * distinct[:, None], first)
  values = {"ece": np.abs(gaps).sum(axis=0) / weight.sum(axis=0)}
  # Resamples are close to the original rows.
  rows, hits = np.bincount(group), np.bincount(group, label)
  for name, slope in {"calibration_intercept": False, "calibration_slope": True}.items():
    start = recalibration(distinct, rows, hits, slope)
    line = recalibration(distinct, weight, positive, slope, (start[0][0], start[1][0]))
    values[name] = line[1] if slope else line[0]
  return values


def lists(account, label, margin, cutoff, drawn):
  """The mean over cutoffs of their lists' metrics."""
  found = []
  for number in np.unique(cutoff):
    rows = np.flatnonzero(cutoff == number)
    order = rows[np.argsort(-margin[rows], kind="stable")]
    tied = np.cumsum(np.diff(-margin[order], prepend=-np.inf) != 0) - 1
    n = sums(np.zeros(len(rows), int), account[rows], 1, drawn)[0].astype(float)
    hit = order[label[order] > 0]
    buyers = sums(np.zeros(len(hit), int), account[hit], 1, drawn)[0].astype(float)
    # In nearly every resample, the longest list ends within one and a half times its length in the original rows.
    for last in [min(len(rows) - 1, int(1.5 * max(500, 0.1 * len(rows)))), len(rows) - 1]:
      inside = np.flatnonzero(tied <= tied[last])
      groups = tied[last] + 1
      weight = sums(tied[inside], account[order[inside]], groups, drawn)
      hits = inside[label[order[inside]] > 0]
      positive = sums(tied[hits], account[order[hits]], groups, drawn)
      values = list_metrics(weight, positive, n, buyers)
      if values:
        break
    found.append(values)
  return {name: np.mean([values[name] for values in found], axis=0) for name in found[0]}


def bootstrap(account, label, margin, score, cutoff, drawn):
  """95 % intervals by account: a resample gives all rows of an account the same weight."""
  entities = len(drawn)
  clipped = np.clip(score, EPSILON, 1 - EPSILON)
  losses = -np.log(np.where(label > 0, clipped, 1 - clipped))
  by_entity = np.stack([np.bincount(account, values, entities) for values in (
    np.ones(len(label)), label, losses, (score - label) ** 2, score)])
  n, positives, loss, square, expected = by_entity @ drawn
  rate = positives / n
  values = {
    "log_loss": loss / n, "brier": square / n, "brier_skill": 1 - square / n / (rate * (1 - rate)),
    "observed_over_expected": positives / expected, "base_rate": rate,
    **ranking(account, label, margin, drawn), **calibration(account, label, score, drawn),
    **lists(account, label, margin, cutoff, drawn),
  }
  return {name: np.nanquantile(drawn_values, [0.025, 0.975]) for name, drawn_values in values.items()}
