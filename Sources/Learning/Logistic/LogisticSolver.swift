internal import Columns

/// Ridge logistic regression by Newton's method: maximizes the log-likelihood minus half the penalty
/// times the squared coefficients. The intercept has no penalty.
struct LogisticSolver: Sendable {
  let design: LogisticDesign
  let rows: BinnedRows
  /// The rows that the information matrix is computed from.
  let sample: BinnedRows
  let threads: Int

  /// The information of the sample's rows in consecutive ranges, each computed by itself, so that
  /// threads change nothing.
  func information(_ parameters: [Double], in ranges: [Range<Int>]) -> [LogisticInformation] {
    Parallel.map(ranges.count, threads: threads) { index in
      LogisticInformation(design, parameters, of: sample, in: ranges[index])
    }
  }

  /// The information of the complete sample.
  func information(_ parameters: [Double]) -> LogisticInformation {
    let parts = 8
    let ranges = (0..<parts).map { part in
      (sample.count * part / parts)..<(sample.count * (part + 1) / parts)
    }
    let results = information(parameters, in: ranges.filter { !$0.isEmpty })
    return results.dropFirst().reduce(results[0], +)
  }

  /// Returns the optimum, or the last parameters if `steps` do not reach it.
  ///
  /// The information matrix is kept while the steps shrink fast (Shamanskii, 1967), because it costs
  /// far more than a gradient. The gradient is exact, so the optimum does not depend on it.
  /// - Parameters:
  ///   - start: the intercept, then the coefficients.
  ///   - known: the information near the start; nil if it is not known.
  ///   - ranges: the rows that count; nil: all.
  ///   - tolerance: the largest change of a parameter in the last step.
  func optimum(
    from start: [Double], penalty: Double, known: LogisticInformation? = nil,
    ranges: [Range<Int>]? = nil, tolerance: Double, steps: Int = 100
  ) -> [Double] {
    var parameters = start
    let ranges = ranges ?? [0..<rows.count]
    func gradient(_ parameters: [Double]) -> [Double] {
      var gradient = design.gradient(parameters, of: rows, in: ranges, threads: threads)
      for index in gradient.indices.dropFirst() { gradient[index] -= penalty * parameters[index] }
      return gradient
    }
    var slope = gradient(parameters)
    var factor = known.flatMap { CholeskyFactor($0, penalty: penalty) }
    var last = Double.infinity
    for _ in 0..<steps {
      guard let current = factor ?? CholeskyFactor(information(parameters), penalty: penalty)
      else { return parameters }
      factor = current
      let step = current.solve(slope)
      let size = step.reduce(0) { max($0, abs($1)) }
      let rise = Self.product(slope, step)
      var share = 1.0
      var next = parameters
      while true {
        next = zip(parameters, step).map { $0 + share * $1 }
        slope = gradient(next)
        // Along a step, the concave function still rises or has just begun to fall.
        if Self.product(slope, step) >= -0.5 * rise || share < 1e-6 { break }
        share /= 2
      }
      parameters = next
      if size <= tolerance { return parameters }
      if share < 1 || size > 0.2 * last { factor = nil }
      last = size
    }
    return parameters
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }
}
