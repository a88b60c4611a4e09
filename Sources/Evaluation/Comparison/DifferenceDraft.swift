/// A candidate's differences from its base, before the correction for several candidates.
struct DifferenceDraft {
  private let differences: [String: PairedDifference]
  private let decisive: PairedDifference
  /// The differences of the resamples of the decisive metric.
  private let draws: [Double?]

  /// nil where the decisive metric is undefined on either side.
  init?(base: MeasuredRows, candidate: MeasuredRows, _ options: ComparisonOptions) {
    var differences: [String: PairedDifference] = [:]
    var decisiveDraws: [Double?] = []
    for (metric, value) in candidate.values {
      guard let other = base.values[metric], let own = candidate.draws[metric],
        let others = base.draws[metric]
      else { continue }
      let draws = zip(own, others).map { own, other -> Double? in
        guard let own, let other else { return nil }
        return own - other
      }
      guard let interval = Interval(draws, level: options.bootstrap.level) else { continue }
      differences[metric] = PairedDifference(
        metric: metric, base: other, candidate: value, interval: interval,
        level: options.bootstrap.level)
      if metric == options.metric { decisiveDraws = draws }
    }
    guard let decisive = differences[options.metric] else { return nil }
    self.differences = differences
    self.decisive = decisive
    draws = decisiveDraws
  }

  /// Twice the share of resamples on the other side of zero, at least 2 / (resamples + 1) (Davison and
  /// Hinkley, 1997, section 4.4.1).
  var pValue: Double {
    let defined = draws.compactMap(\.self)
    let below = defined.count { $0 <= 0 }
    let above = defined.count { $0 >= 0 }
    return min(1, 2 * Double(min(below, above) + 1) / Double(defined.count + 1))
  }

  func comparison(
    alpha: Double, isDistinct: Bool, _ options: ComparisonOptions
  ) -> PairedComparison? {
    guard let interval = Interval(draws, level: 1 - alpha) else { return nil }
    let corrected = PairedDifference(
      metric: decisive.metric, base: decisive.base, candidate: decisive.candidate,
      interval: interval, level: 1 - alpha)
    let sign = options.lowerIsBetter ? -1.0 : 1.0
    let ends = [sign * interval.lower, sign * interval.upper].sorted()
    let verdict = Verdict(
      difference: sign * corrected.difference, lower: ends[0], upper: ends[1],
      smallestEffect: options.smallestEffect)
    return PairedComparison(
      differences: differences, decisive: corrected, pValue: pValue,
      verdict: isDistinct || verdict == .equivalent ? verdict : .inconclusive,
      smallestDetectable: options.smallestDetectable(
        standardError: interval.standardError, alpha: alpha))
  }
}
