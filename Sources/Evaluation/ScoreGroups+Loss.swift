import Foundation

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
