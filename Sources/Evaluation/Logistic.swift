import Foundation

/// The logistic function and its relatives, safe at both ends of the real line.
package enum Logistic {
  /// The distance kept from 0 and 1 wherever a logarithm of a probability is taken: the machine
  /// epsilon, as in scikit-learn's `log_loss`.
  package static let epsilon = Double.ulpOfOne

  /// 1 / (1 + exp(-x)).
  package static func probability(_ logOdds: Double) -> Double {
    if logOdds >= 0 { return 1 / (1 + exp(-logOdds)) }
    let odds = exp(logOdds)
    return odds / (1 + odds)
  }

  /// log(p / (1 - p)) with p kept `epsilon` away from 0 and 1, so at most 36.05 either way.
  package static func logOdds(_ probability: Double) -> Double {
    let clipped = min(max(probability, epsilon), 1 - epsilon)
    return log(clipped) - log1p(-clipped)
  }
}
