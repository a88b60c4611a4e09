internal import Foundation

/// Rows grouped by equal score, from the highest score to the lowest.
///
/// Every metric here that uses one list of scores is a function of these groups: the weight of each
/// distinct score and how much of it is positive. Ties are therefore explicit, and the order of the
/// rows cannot matter.
///
/// ```swift
/// let groups = ScoreGroups(labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8])
/// groups.areaUnderROC  // 0.75
/// ```
///
/// Creating it costs one sort, or none if the scores are already descending; each metric is one
/// pass.
public struct ScoreGroups: Sendable, Equatable {
  /// The distinct scores, descending.
  public let scores: [Double]
  /// The weight of the rows with that score; without row weights, their number.
  public let weights: [Double]
  /// The weight of the positive rows with that score.
  public let positives: [Double]
  /// The weight of all rows.
  public let totalWeight: Double
  /// The weight of all positive rows.
  public let totalPositives: Double

  /// Groups rows by equal score. Rows with a weight of zero are ignored.
  ///
  /// The columns must have equal lengths, labels must be 0 or 1, and weights must not be negative.
  /// A score that is NaN is a programmer error.
  public init(labels: [UInt8], scores: [Double], weights: [Double]? = nil) {
    precondition(labels.count == scores.count, "labels and scores differ in length")
    precondition(weights.map { $0.count == labels.count } ?? true, "weights differ in length")
    var builder = Builder()
    if zip(scores, scores.dropFirst()).allSatisfy({ $0 >= $1 }) {
      for row in labels.indices {
        builder.add(score: scores[row], label: labels[row], weight: weights?[row] ?? 1)
      }
    } else {
      precondition(scores.allSatisfy { !$0.isNaN }, "a score is not a number")
      var rows = labels.indices.map { (scores[$0], weights?[$0] ?? 1, labels[$0]) }
      rows.sort { $0 > $1 }
      for (score, weight, label) in rows {
        builder.add(score: score, label: label, weight: weight)
      }
    }
    self.init(scores: builder.scores, weights: builder.weights, positives: builder.positives)
  }

  private init(scores: [Double], weights: [Double], positives: [Double]) {
    self.scores = scores
    self.weights = weights
    self.positives = positives
    var weight = CompensatedSum()
    for term in weights { weight.add(term) }
    var positive = CompensatedSum()
    for term in positives { positive.add(term) }
    self.totalWeight = weight.value
    self.totalPositives = positive.value
  }

  /// The weight of all negative rows.
  public var totalNegatives: Double { totalWeight - totalPositives }

  /// Whether both classes are present; most metrics are undefined otherwise.
  public var hasBothClasses: Bool { totalPositives > 0 && totalNegatives > 0 }

  /// The share of positives; nil if there are no rows.
  public var baseRate: Double? { totalWeight > 0 ? totalPositives / totalWeight : nil }

  private struct Builder {
    var scores: [Double] = []
    var weights: [Double] = []
    var positives: [Double] = []

    mutating func add(score: Double, label: UInt8, weight: Double) {
      precondition(weight >= 0, "a weight is negative")
      guard weight > 0 else { return }
      let positive = label == 1 ? weight : 0
      if let last = scores.last, last == score {
        weights[weights.count - 1] += weight
        positives[positives.count - 1] += positive
      } else {
        scores.append(score)
        weights.append(weight)
        positives.append(positive)
      }
    }
  }
}

extension ScoreGroups {
  /// Returns the list of the highest-ranked rows; nil if there are no rows. Weights must be whole
  /// numbers.
  public func topList(_ size: TopListSize) -> TopList? {
    guard totalWeight > 0 else { return nil }
    let length = Double(size.length(rows: Int(totalWeight)))
    var rowsAbove = 0.0
    var positivesAbove = 0.0
    var group = 0
    while rowsAbove + weights[group] < length {
      rowsAbove += weights[group]
      positivesAbove += positives[group]
      group += 1
    }
    let open = length - rowsAbove
    return TopList(
      length: length,
      hits: positivesAbove + open * (positives[group] / weights[group]),
      mostHits: positivesAbove + min(open, positives[group]),
      fewestHits: positivesAbove + max(0, open - (weights[group] - positives[group])),
      rows: totalWeight, positives: totalPositives)
  }

  /// Returns the points of a gains curve: the share of all positives among the first rows, for each
  /// percentage of the rows; empty if there are no positives.
  public func gains(atPercents percents: [Double]) -> [(percent: Double, recall: Double)] {
    percents.compactMap { percent in
      guard let list = topList(.percent(percent)), let recall = list.recall(list.hits) else {
        return nil
      }
      return (percent, recall)
    }
  }
}

extension ScoreGroups {
  /// Returns the expected calibration error over bins of equal weight; nil if there are no rows.
  ///
  /// Σ over bins of (n_b / n) |observed rate - mean score| (Naeini, Cooper and Hauskrecht, 2015),
  /// over `CalibrationBins` of these rows unless other bins are given.
  public func expectedCalibrationError(bins: CalibrationBins? = nil) -> Double? {
    guard totalWeight > 0 else { return nil }
    let bins = bins ?? CalibrationBins(self)
    var sum = CompensatedSum()
    for bin in bins.reliability(of: self) { sum.add(abs(bin.positives - bin.expected)) }
    return sum.value / totalWeight
  }

  /// The intercept of a logistic recalibration with its slope fixed at 1 ("calibration in the
  /// large"); nil unless both classes are present.
  ///
  /// It is the a that solves Σ logistic(a + logit p) = Σ y (Cox, 1958; Steyerberg, 2009). It is 0
  /// for calibrated scores and above 0 if the scores are too low.
  public var calibrationIntercept: Double? {
    recalibrationCells.intercept(startingAt: 0)
  }

  /// The slope b of the logistic recalibration logit(y) ~ a + b logit(p), with a and b fitted
  /// together by maximum likelihood; nil if no finite optimum exists.
  ///
  /// It is 1 for calibrated scores, below 1 if they are too extreme, and above 1 if they are not
  /// extreme enough (Cox, 1958). There is no finite optimum with one class, one distinct score, or
  /// classes that the scores separate. Logits are taken with p kept one machine epsilon away from 0
  /// and 1.
  public var calibrationSlope: Double? {
    recalibrationCells.line(startingAt: (intercept: 0, slope: 1))?.slope
  }

  private var recalibrationCells: LogisticCells {
    LogisticCells(
      predictor: scores.map(Logistic.logOdds), weights: weights, positives: positives)
  }
}

extension ScoreGroups {
  /// The area under the ROC curve: the probability that a positive row scores above a negative one,
  /// with ties counting one half; nil unless both classes are present.
  ///
  /// (Σ over positives of the negatives below + ½ of the negatives tied) / (positives × negatives):
  /// Mann and Whitney (1947); as an area: Hanley and McNeil (1982).
  public var areaUnderROC: Double? {
    guard hasBothClasses else { return nil }
    var pairsWon = CompensatedSum()
    var negativesAbove = 0.0
    for group in scores.indices {
      let negatives = weights[group] - positives[group]
      if positives[group] > 0 {
        let below = totalNegatives - negativesAbove - negatives
        pairsWon.add(positives[group] * (below + 0.5 * negatives))
      }
      negativesAbove += negatives
    }
    return pairsWon.value / (totalPositives * totalNegatives)
  }

  /// Average precision, the area under the stepwise precision-recall curve; nil if there are no
  /// positives.
  ///
  /// Σ (R_n - R_(n-1)) P_n over the distinct scores from high to low, without interpolation, as
  /// defined by scikit-learn. Tied rows enter together; a random order gives the base rate.
  public var averagePrecision: Double? {
    guard totalPositives > 0 else { return nil }
    var sum = CompensatedSum()
    var weightAbove = 0.0
    var positivesAbove = 0.0
    for group in scores.indices {
      weightAbove += weights[group]
      positivesAbove += positives[group]
      if positives[group] > 0 { sum.add(positives[group] * (positivesAbove / weightAbove)) }
    }
    return sum.value / totalPositives
  }
}

/// The positives among the first rows of a ranking, independent of the order of tied rows.
///
/// If the end of the list splits a group of ties, chance decides which of them are on the list.
/// `hits` is the exact mean over all orders of the ties, which is the mean of a hypergeometric
/// distribution: positives above + (length - rows above) × share of positives among the tied rows.
/// `mostHits` and `fewestHits` are the extremes over those orders.
public struct TopList: Sendable, Equatable {
  /// The number of rows on the list.
  public let length: Double
  /// The mean number of positives on the list over all orders of ties.
  public let hits: Double
  /// The number of positives on the list under the best order of ties.
  public let mostHits: Double
  /// The number of positives on the list under the worst order of ties.
  public let fewestHits: Double
  /// The number of ranked rows.
  public let rows: Double
  /// The number of positives among the ranked rows.
  public let positives: Double

  /// Returns the share of positives on a list with this many hits.
  public func precision(_ hits: Double) -> Double { hits / length }

  /// Returns the share of all positives that are on a list with this many hits; nil if there are no
  /// positives.
  public func recall(_ hits: Double) -> Double? { positives > 0 ? hits / positives : nil }

  /// Returns how many times more positives the list has than a random list; nil if there are no
  /// positives.
  public func lift(_ hits: Double) -> Double? {
    positives > 0 ? (hits / length) / (positives / rows) : nil
  }

  /// Returns `precision_at_S`, `recall_at_S` and `lift_at_S`, each also with `_best` and `_worst`
  /// if the order of ties matters.
  public func values(suffix: String) -> MetricValues {
    var values: MetricValues = [:]
    func set(_ name: String, _ metric: (Double) -> Double?) {
      values["\(name)_at_\(suffix)"] = metric(hits)
      guard mostHits > fewestHits else { return }
      values["\(name)_at_\(suffix)_best"] = metric(mostHits)
      values["\(name)_at_\(suffix)_worst"] = metric(fewestHits)
    }
    set("precision", precision)
    set("recall", recall)
    set("lift", lift)
    return values
  }
}

/// Proper scoring rules. They require the scores to be probabilities.
extension ScoreGroups {
  /// The mean negative log-likelihood; nil if there are no rows.
  ///
  /// -Σ [y log p + (1 - y) log(1 - p)] / n, with p and 1 - p kept one machine epsilon above 0 as in
  /// scikit-learn (Good, 1952). A positive row with score 0 costs 36.04.
  public var logLoss: Double? {
    guard totalWeight > 0 else { return nil }
    var sum = CompensatedSum()
    for group in scores.indices {
      let negatives = weights[group] - positives[group]
      if positives[group] > 0 { sum.add(positives[group] * Self.cost(of: scores[group])) }
      if negatives > 0 { sum.add(negatives * Self.cost(of: 1 - scores[group])) }
    }
    return sum.value / totalWeight
  }

  /// The mean squared difference between probability and outcome; nil if there are no rows.
  ///
  /// Σ (p - y)² / n (Brier, 1950).
  public var brierScore: Double? {
    guard totalWeight > 0 else { return nil }
    var sum = CompensatedSum()
    for group in scores.indices {
      let score = scores[group]
      sum.add(positives[group] * (1 - score) * (1 - score))
      sum.add((weights[group] - positives[group]) * score * score)
    }
    return sum.value / totalWeight
  }

  /// The relative improvement of the Brier score over that of a constant forecast; nil unless both
  /// classes are present.
  ///
  /// 1 - brier / (r (1 - r)), where r is the base rate of the same rows (Murphy, 1973). It is 1 for
  /// a perfect forecast, 0 if no better than the base rate, and negative if worse.
  public var brierSkill: Double? {
    guard hasBothClasses, let brierScore, let baseRate else { return nil }
    return 1 - brierScore / (baseRate * (1 - baseRate))
  }

  /// The number of positives divided by the sum of the probabilities; nil if that sum is 0.
  ///
  /// Above 1 the scores are too low, below 1 too high.
  public var observedOverExpected: Double? {
    var expected = CompensatedSum()
    for group in scores.indices { expected.add(weights[group] * scores[group]) }
    return expected.value > 0 ? totalPositives / expected.value : nil
  }

  /// Returns the log loss of an outcome that had the given probability.
  package static func cost(of probability: Double) -> Double {
    -log(min(max(probability, Logistic.epsilon), 1 - Logistic.epsilon))
  }
}
