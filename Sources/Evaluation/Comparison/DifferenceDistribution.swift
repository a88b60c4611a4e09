/// The bootstrap distribution of a paired difference, and what it says at any level.
///
/// Intervals are expanded percentile intervals (Hesterberg, 2015, section 5.3). A bootstrap from n
/// independent units, like a standard deviation that divides by n, is narrow by the square root of
/// (n - 1) / n, and takes no account of not knowing the spread. Percentiles further out make up for both:
/// where a normal interval would reach z standard errors, the one of n units reaches those percentiles
/// that a normal distribution has at t √(n / (n - 1)), t being Student's with n - 1 degrees of freedom.
/// The units are the buyers, since a metric of rare events knows about as much as there are of them.
///
/// Where that lies beyond the last draw, the ends are those of a normal distribution, or the last draw
/// where it lies further out, so that any level is judged with any number of resamples.
package struct DifferenceDistribution {
  /// On the full rows.
  let estimate: Double
  /// The differences of the resamples in which both sides are defined, rising.
  let sorted: [Double]
  let standardError: Double
  /// How many independent units there are, at least 2.
  let units: Int

  /// nil where no resample is defined, or there are fewer than two units.
  package init?(estimate: Double, draws: [Double?], units: Int) {
    guard units > 1, let plain = Interval(draws, level: 0.5) else { return nil }
    self.estimate = estimate
    sorted = draws.compactMap(\.self).sorted()
    standardError = plain.standardError
    self.units = units
  }

  /// √(n / (n - 1)).
  private var expansion: Double { (Double(units) / Double(units - 1)).squareRoot() }

  private var student: StudentDistribution { StudentDistribution(degrees: Double(units - 1)) }

  /// How many bootstrap standard errors lie beyond the value that Student's distribution exceeds with
  /// the given probability.
  package func reach(_ probability: Double) -> Double {
    expansion * student.upperQuantile(probability)
  }

  /// The interval that misses the true difference with the probability `alpha`, half on either side.
  package func interval(alpha: Double) -> Interval {
    let reach = reach(alpha / 2)
    let count = sorted.count
    let position = Int(NormalDistribution.upperTail(reach) * Double(count + 1))
    guard position > 0 else {
      return Interval(
        lower: min(sorted[0], estimate - reach * standardError),
        upper: max(sorted[count - 1], estimate + reach * standardError),
        standardError: standardError, defined: count)
    }
    return Interval(
      lower: sorted[position - 1], upper: sorted[count - position],
      standardError: standardError, defined: count)
  }

  /// The least alpha whose interval leaves zero out; 1 where there is none.
  package var pValue: Double {
    let below = sorted.count { $0 <= 0 }
    let above = sorted.count { $0 >= 0 }
    var tail = Double(min(below, above) + 1) / Double(sorted.count + 1)
    if min(below, above) == 0, standardError > 0 {
      let distance = (below == 0 ? estimate : -estimate) / standardError
      tail = min(tail, NormalDistribution.upperTail(distance))
    }
    guard tail < 0.5 else { return 1 }
    return 2 * student.upperTail(NormalDistribution.upperQuantile(tail) / expansion)
  }

  /// The smallest true difference that is found to be better with a probability of 0.8: by then the
  /// estimate lies above both what chance allows and the smallest effect.
  package func smallestDetectable(alpha: Double, smallestEffect: Double) -> Double {
    max(reach(alpha / 2) * standardError, smallestEffect) + reach(0.2) * standardError
  }
}
