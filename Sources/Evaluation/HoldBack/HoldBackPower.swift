internal import Foundation

/// How many accounts it takes to see an effect of the work on a list, if a share of them is held
/// back.
public struct HoldBackPower: Sendable, Equatable {
  /// The probability of a win of an account that is left alone.
  public let rate: Double
  /// The share of the accounts that are held back.
  public let share: Double
  /// By how much clusters enlarge the variance; 1 for independent accounts.
  public let designEffect: Double

  /// The probability with which the effect is seen.
  public static let power = 0.8

  /// - Precondition: `share` is between 0 and 1.
  public init(rate: Double, share: Double, designEffect: Double = 1) {
    precondition(share > 0 && share < 1, "a share lies between 0 and 1")
    self.rate = rate
    self.share = share
    self.designEffect = designEffect
  }

  /// Returns the number of accounts of both arms together with which a two-sided test finds, with a
  /// probability of 80 %, that the work multiplies wins by 1 + `increase`; nil if the rate is 0, or
  /// if more than all accounts would win.
  ///
  /// The normal approximation for two proportions in arms of unequal size (Fleiss, Levin and Paik,
  /// 2003, section 4.3). With few held-back wins the actual power differs by a few percent.
  public func accounts(increase: Double, level: Double = 0.95) -> Int? {
    let worked = rate * (1 + increase)
    guard rate > 0, worked < 1, increase > 0 else { return nil }
    let pooled = (1 - share) * worked + share * rate
    let null = pooled * (1 - pooled) * (1 / share + 1 / (1 - share))
    let alternative = rate * (1 - rate) / share + worked * (1 - worked) / (1 - share)
    let reach =
      NormalDistribution.upperQuantile((1 - level) / 2) * null.squareRoot()
      + NormalDistribution.upperQuantile(1 - Self.power) * alternative.squareRoot()
    let difference = worked - rate
    let count = (designEffect * reach * reach / (difference * difference)).rounded(.up)
    return count < 1e15 ? Int(count) : nil
  }
}
