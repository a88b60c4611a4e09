import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// The probability of more than `value`, exact far into the tail.
  package static func upperTail(_ value: Double) -> Double { 0.5 * erfc(value / 2.0.squareRoot()) }

  /// The value that is exceeded with the given probability, between 0 and 1.
  package static func upperQuantile(_ probability: Double) -> Double {
    probability > 0.5
      ? -decreasingRoot(1 - probability, of: upperTail) : decreasingRoot(probability, of: upperTail)
  }
}

/// Where a function that falls from 1/2 at 0 takes a value of at most 1/2, by bisection.
func decreasingRoot(_ value: Double, of function: (Double) -> Double) -> Double {
  var (low, high) = (0.0, 1.0)
  while function(high) > value, high < 1e300 { (low, high) = (high, 2 * high) }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return middle }
    if function(middle) > value { low = middle } else { high = middle }
  }
}
