/// Shrinks ratios of positives to expected positives towards their common ratio.
///
/// Gamma-Poisson empirical Bayes (Clayton and Kaldor, 1987): a level's true ratio has a gamma
/// distribution with the common ratio m as its mean, and its positives are Poisson given the ratio.
/// The posterior mean is m + w (O/E - m) with w = τ² / (τ² + m / E), τ² the variance of the true
/// ratios. Rows of an entity are positive together, so O varies by V instead of E (`CountRatio`), and
/// w = τ² / (τ² + m V / E²).
///
/// τ² is estimated by moments, weighted by E (Marshall, 1991): what the ratios vary beyond what is
/// expected from the variance m V / E² of each, and at least 0.
public struct RatioShrinkage: Codable, Sendable, Equatable {
  /// The ratio of all levels together, m.
  public let mean: Double
  /// The variance of the levels' true ratios, τ²; 0 if chance explains all differences.
  public let variance: Double

  /// Estimates the mean and the variance; nil without levels.
  public init?(_ levels: [CountRatio]) {
    guard !levels.isEmpty else { return nil }
    func total(_ term: (CountRatio) -> Double) -> Double {
      var sum = CompensatedSum()
      for level in levels { sum.add(term(level)) }
      return sum.value
    }
    let expected = total(\.expected)
    let mean = total { $0.ratio * $0.expected } / expected
    let spread = total { $0.expected * ($0.ratio - mean) * ($0.ratio - mean) }
    let chance = mean * (total { $0.variance / $0.expected } - total(\.variance) / expected)
    let degrees = expected - total { $0.expected * $0.expected } / expected
    self.mean = mean
    variance = levels.count > 1 && degrees > 0 ? max(0, (spread - chance) / degrees) : 0
  }

  /// Returns a level's shrunken ratio.
  public func shrunken(_ level: CountRatio) -> Double {
    guard variance > 0 else { return mean }
    let chance = mean * level.variance / (level.expected * level.expected)
    return mean + variance / (variance + chance) * (level.ratio - mean)
  }
}
