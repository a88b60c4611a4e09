internal import Foundation

/// Rows gathered by equal score, from the highest score to the lowest.
///
/// Every metric here that looks at one list of scores is a function of these groups: how much
/// weight each distinct score carries and how much of it is positive. Ties are therefore explicit
/// and the order of the rows cannot matter.
///
///     let groups = ScoreGroups(labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8])
///     groups.areaUnderROC  // 0.75
///
/// Making it costs one sort, none when the scores already fall; each metric is one pass.
public struct ScoreGroups: Sendable, Equatable {
  /// The distinct scores, falling.
  public let scores: [Double]
  /// The weight of the rows with that score: their number, when rows have no weights.
  public let weights: [Double]
  /// The weight of the positive rows among them.
  public let positives: [Double]
  /// The weight of all rows.
  public let totalWeight: Double
  /// The weight of all positive rows.
  public let totalPositives: Double

  /// Gathers rows by equal score. Rows of weight zero are left out, as if they were absent.
  ///
  /// The columns must have equal lengths, labels be 0 or 1 and weights not negative; a score that
  /// is not a number is a programmer's error.
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

  /// The weight of all rows that are not positive.
  public var totalNegatives: Double { totalWeight - totalPositives }

  /// Whether both classes are there; most metrics say nothing otherwise.
  public var hasBothClasses: Bool { totalPositives > 0 && totalNegatives > 0 }

  /// The share of positives; nil without rows.
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
  /// The list of the highest-ranked rows; nil without rows. Weights must be whole numbers.
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

  /// The share of all positives among the first rows, for each percentage of the rows asked for;
  /// empty without positives. Points of a gains curve.
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
  /// The expected calibration error over bins of equal weight; nil without rows.
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

  /// The intercept of a logistic recalibration whose slope is held at 1 ("calibration in the
  /// large"); nil unless both classes are there.
  ///
  /// The a that solves Σ logistic(a + logit p) = Σ y (Cox, 1958; Steyerberg, 2009). 0 is right,
  /// above 0 the scores are too low.
  public var calibrationIntercept: Double? {
    recalibrationCells.intercept(startingAt: 0)
  }

  /// The slope b of the logistic recalibration logit(y) ~ a + b logit(p), a and b fitted together
  /// by maximum likelihood; nil when no finite optimum exists.
  ///
  /// 1 is right, below 1 the scores are too extreme, above 1 too timid (Cox, 1958). No finite
  /// optimum exists with one class, one distinct score, or classes that the scores separate.
  /// Logits are taken with p kept one machine epsilon away from 0 and 1.
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
  /// ties counting one half; nil unless both classes are there.
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

  /// Average precision, the area under the precision-recall curve taken in steps; nil without
  /// positives.
  ///
  /// Σ (R_n - R_(n-1)) P_n over the distinct scores from high to low, without interpolation: as
  /// scikit-learn defines it. Tied rows enter together; a random order scores the base rate.
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

/// What the first rows of a ranking hold, whatever the order of tied rows.
///
/// When the end of the list cuts through a group of ties, which of them are on the list is chance.
/// `hits` is the exact mean over all orders of the ties, the mean of a hypergeometric distribution:
/// positives above + (length - rows above) × share of positives among the tied. The most and the
/// fewest that an order can give stand beside it.
public struct TopList: Sendable, Equatable {
  /// How many rows are on the list.
  public let length: Double
  /// How many positives are on it, on average over the orders of ties.
  public let hits: Double
  /// How many positives the luckiest order of ties puts on it.
  public let mostHits: Double
  /// How many positives the unluckiest order of ties puts on it.
  public let fewestHits: Double
  /// How many rows were ranked.
  public let rows: Double
  /// How many positives were ranked.
  public let positives: Double

  /// The share of positives on a list with so many of them.
  public func precision(_ hits: Double) -> Double { hits / length }

  /// The share of all positives that is on a list with so many of them; nil without positives.
  public func recall(_ hits: Double) -> Double? { positives > 0 ? hits / positives : nil }

  /// How many times more positives the list holds than a random one; nil without positives.
  public func lift(_ hits: Double) -> Double? {
    positives > 0 ? (hits / length) / (positives / rows) : nil
  }

  /// `precision_at_S`, `recall_at_S` and `lift_at_S`; each with `_best` and `_worst` where the
  /// order of ties matters.
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

/// Proper scoring rules; the scores are probabilities.
extension ScoreGroups {
  /// The mean negative log-likelihood; nil without rows.
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

  /// The mean squared distance between probability and outcome; nil without rows.
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

  /// The part of the Brier score of a constant forecast that is saved; nil unless both classes are
  /// there.
  ///
  /// 1 - brier / (r (1 - r)), where r is the base rate of the same rows (Murphy, 1973). 0 is no
  /// better than the base rate, 1 perfect, below 0 worse than saying nothing.
  public var brierSkill: Double? {
    guard hasBothClasses, let brierScore, let baseRate else { return nil }
    return 1 - brierScore / (baseRate * (1 - baseRate))
  }

  /// Positives over the sum of the probabilities; nil when that sum is 0.
  ///
  /// Above 1 the scores promise too little, below 1 too much.
  public var observedOverExpected: Double? {
    var expected = CompensatedSum()
    for group in scores.indices { expected.add(weights[group] * scores[group]) }
    return expected.value > 0 ? totalPositives / expected.value : nil
  }

  /// What an outcome of the given probability costs.
  static func cost(of probability: Double) -> Double {
    -log(min(max(probability, Logistic.epsilon), 1 - Logistic.epsilon))
  }
}
