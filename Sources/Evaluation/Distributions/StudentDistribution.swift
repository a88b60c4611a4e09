internal import Foundation

/// Student's distribution (1908) with any positive number of degrees of freedom.
package struct StudentDistribution {
  /// The number of degrees of freedom.
  package let degrees: Double

  /// Creates a distribution with a positive number of degrees of freedom.
  package init(degrees: Double) { self.degrees = degrees }

  /// √(n / (n - 1)) for the n - 1 degrees of freedom of n independent units: how much larger a
  /// standard error is than the root mean square of few deviations.
  package var expansion: Double { ((degrees + 1) / degrees).squareRoot() }

  /// Returns the distance, in standard errors of n units, that corresponds to the value which is
  /// exceeded with the given probability.
  package func reach(_ probability: Double) -> Double { expansion * upperQuantile(probability) }

  /// Returns the probability of a value above `value`, which must not be negative.
  ///
  /// Half the regularized incomplete beta function I(x; ν/2, 1/2) at x = ν / (ν + t²) (Abramowitz
  /// and Stegun, 1964, 26.7.1).
  package func upperTail(_ value: Double) -> Double {
    let x = degrees / (degrees + value * value)
    guard x < 1 else { return 0.5 }
    return 0.5 * Self.incompleteBeta(x, degrees / 2, 0.5)
  }

  /// Returns the value that is exceeded with the given probability, which must be at most 1/2.
  package func upperQuantile(_ probability: Double) -> Double {
    decreasingRoot(probability, of: upperTail)
  }

  /// Returns the regularized incomplete beta function by its continued fraction (Abramowitz and
  /// Stegun, 26.5.8), evaluated by Lentz's method (1976) on the side where it converges fast.
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let scale = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x > (a + 1) / (a + b + 2) { return 1 - scale / b * fraction(1 - x, b, a) }
    return scale / a * fraction(x, a, b)
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }
}

/// The standard normal distribution.
package enum NormalDistribution {
  /// Returns the probability of a value above `value`, accurate far into the tail.
  package static func upperTail(_ value: Double) -> Double { 0.5 * erfc(value / 2.0.squareRoot()) }

  /// Returns the value that is exceeded with the given probability, between 0 and 1.
  package static func upperQuantile(_ probability: Double) -> Double {
    probability > 0.5
      ? -decreasingRoot(1 - probability, of: upperTail) : decreasingRoot(probability, of: upperTail)
  }
}

/// Returns, by bisection, where a function that decreases from 1/2 at 0 takes a value of at most
/// 1/2.
func decreasingRoot(_ value: Double, of function: (Double) -> Double) -> Double {
  var (low, high) = (0.0, 1.0)
  while function(high) > value, high < 1e300 { (low, high) = (high, 2 * high) }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return middle }
    if function(middle) > value { low = middle } else { high = middle }
  }
}
