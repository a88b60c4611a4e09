internal import Columns
internal import Evaluation

/// Ridge logistic regression: maximizes the log-likelihood minus half the penalty times the squared
/// coefficients. The intercept has no penalty.
struct LogisticSolver: Sendable {
  let design: LogisticDesign
  let rows: BinnedRows
  /// The rows that the information matrix is computed from.
  let sample: BinnedRows
  /// Whether the sample has all the rows that are fitted, so that its steps are Newton's.
  let isComplete: Bool
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
  /// The information matrix costs far more than a gradient. It is kept while steps shrink fast
  /// (Shamanskii, 1967), and the changes of the gradient correct it (Nocedal, 1980). The gradient is
  /// exact, so the optimum does not depend on the matrix.
  /// - Parameters:
  ///   - start: the intercept, then the coefficients.
  ///   - known: the information near the start; nil if it is not known.
  ///   - ranges: the rows that count; nil: all.
  ///   - tolerance: the largest change of a parameter in the last step.
  func optimum(
    from start: [Double], penalty: Double, known: LogisticInformation? = nil,
    ranges: [Range<Int>]? = nil, tolerance: Double, steps: Int = 200
  ) -> [Double] {
    let ranges = ranges ?? [0..<rows.count]
    func gradient(_ parameters: [Double]) -> [Double] {
      var gradient = design.gradient(parameters, of: rows, in: ranges, threads: threads)
      for index in gradient.indices.dropFirst() { gradient[index] -= penalty * parameters[index] }
      return gradient
    }
    var parameters = start
    var slope = gradient(parameters)
    var curvature: Curvature?
    if let factor = known?.factor(penalty: penalty) {
      curvature = Curvature(factor)
    }
    var last = Double.infinity
    for _ in 0..<steps {
      guard
        let current = curvature
          ?? information(parameters).factor(penalty: penalty).map(Curvature.init)
      else { return parameters }
      let step = current.step(slope)
      let size = step.reduce(0) { max($0, abs($1)) }
      let rise = Vector.product(slope, step)
      guard size.isFinite, rise > 0 else { return parameters }
      var share = 1.0
      var next = parameters
      var nextSlope = slope
      while true {
        next = zip(parameters, step).map { $0 + share * $1 }
        nextSlope = gradient(next)
        // Along a step, the concave function still rises or has just begun to fall.
        if Vector.product(nextSlope, step) >= -0.5 * rise || share < 1e-6 { break }
        share /= 2
      }
      let isSlow = share < 1 || (isComplete && size > 0.2 * last)
      curvature =
        isSlow
        ? nil
        : current.adding(
          move: step, change: zip(slope, nextSlope).map(-))
      (parameters, slope) = (next, nextSlope)
      if size <= tolerance { return parameters }
      last = size
    }
    return parameters
  }
}

/// The inverse of a matrix of second derivatives: that of an information matrix, corrected by the
/// changes of the gradient over the last steps, as in the method L-BFGS (Nocedal, 1980).
private struct Curvature {
  private struct Pair {
    let move: [Double]
    let change: [Double]
    let product: Double
  }

  private let factor: CholeskyFactor
  /// Oldest first.
  private var pairs: [Pair] = []

  init(_ factor: CholeskyFactor) { self.factor = factor }

  /// - Parameters:
  ///   - move: how far the parameters moved.
  ///   - change: by how much the gradient fell.
  func adding(move: [Double], change: [Double]) -> Curvature {
    var result = self
    let product = Vector.product(move, change)
    if product > 0 { result.pairs.append(Pair(move: move, change: change, product: product)) }
    if result.pairs.count > 10 { result.pairs.removeFirst() }
    return result
  }

  func step(_ slope: [Double]) -> [Double] {
    var result = slope
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = Vector.product(pair.move, result) / pair.product
      Vector.add(-weight, pair.change, to: &result)
      weights.append(weight)
    }
    result = factor.solved(result)
    for (pair, weight) in zip(pairs, weights.reversed()) {
      let own = Vector.product(pair.change, result) / pair.product
      Vector.add(weight - own, pair.move, to: &result)
    }
    return result
  }
}

private enum Vector {
  static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  static func add(_ weight: Double, _ values: [Double], to target: inout [Double]) {
    for index in target.indices { target[index] += weight * values[index] }
  }
}
