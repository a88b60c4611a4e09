/// An estimate with its interval, held against a limit that it must not fall below.
///
/// It passes where the whole interval reaches the limit, and fails where the whole interval stays below
/// it: with an interval at 95 %, a true value below the limit passes with a probability of at most 2.5 %,
/// and one above it fails as rarely. Between the two the data do not tell.
struct BoundedEstimate {
  let value: Double
  let lower: Double
  let upper: Double
  let limit: Double

  /// - Parameter isMinimum: whether the limit is a lower one; a maximum is held against the negatives.
  init(value: Double, lower: Double, upper: Double, limit: Double, isMinimum: Bool = true) {
    let sign = isMinimum ? 1.0 : -1.0
    self.value = sign * value
    (self.lower, self.upper) = isMinimum ? (lower, upper) : (-upper, -lower)
    self.limit = sign * limit
  }

  var outcome: GateCheck.Outcome {
    if lower >= limit { return .pass }
    return upper < limit ? .fail : .inconclusive
  }

  /// How many times as many buyers it would take for the interval to leave the limit out, were the
  /// estimate to stay what it is. A standard error shrinks with the root of the number of buyers.
  var buyersFactor: Double {
    let reach = value >= limit ? value - lower : upper - value
    let distance = abs(value - limit)
    return distance > 0 ? max(1, (reach / distance) * (reach / distance)) : .infinity
  }
}
