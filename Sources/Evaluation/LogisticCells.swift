internal import Foundation

/// Grouped data for a logistic regression on one predictor, fitted by Newton's method.
///
/// Each cell has a predictor, a weight, and the part of the weight that is positive, which may be
/// fractional (soft targets). The log-likelihood is concave, so Newton's method with backtracking
/// finds its only optimum from any starting point.
package struct LogisticCells: Sendable {
  /// The predictor of each cell.
  package var predictor: [Double]
  /// The weight of each cell.
  package var weights: [Double]
  /// The positive part of each cell's weight.
  package var positives: [Double]

  /// Creates cells from columns of equal length.
  package init(predictor: [Double], weights: [Double], positives: [Double]) {
    precondition(
      predictor.count == weights.count && predictor.count == positives.count,
      "columns of cells differ in length")
    self.predictor = predictor
    self.weights = weights
    self.positives = positives
  }

  /// Returns the maximum-likelihood intercept with the predictor as an offset; nil unless both
  /// classes are present.
  package func intercept(startingAt start: Double) -> Double? {
    var weight = 0.0
    var positive = 0.0
    for cell in weights.indices {
      weight += weights[cell]
      positive += positives[cell]
    }
    guard positive > 0, positive < weight else { return nil }
    return optimum(from: (start, 1), movesSlope: false)?.intercept
  }

  /// Returns the maximum-likelihood intercept and slope; nil if they are not finite or not unique.
  ///
  /// A finite optimum exists exactly if the predictors of the two classes overlap (Albert and
  /// Anderson, 1984).
  package func line(
    startingAt start: (intercept: Double, slope: Double)
  ) -> (intercept: Double, slope: Double)? {
    var positiveRange = (low: Double.infinity, high: -Double.infinity)
    var negativeRange = positiveRange
    for cell in weights.indices where weights[cell] > 0 {
      let value = predictor[cell]
      if positives[cell] > 0 {
        positiveRange = (min(positiveRange.low, value), max(positiveRange.high, value))
      }
      if positives[cell] < weights[cell] {
        negativeRange = (min(negativeRange.low, value), max(negativeRange.high, value))
      }
    }
    guard positiveRange.low < negativeRange.high, negativeRange.low < positiveRange.high else {
      return nil
    }
    return optimum(from: start, movesSlope: true)
  }

  /// The log-likelihood, gradient and negative Hessian at one line.
  private struct State {
    var logLikelihood = CompensatedSum()
    var gradientIntercept = CompensatedSum()
    var gradientSlope = CompensatedSum()
    var information = (0.0, 0.0, 0.0)
  }

  private func state(at line: (intercept: Double, slope: Double)) -> State {
    var state = State()
    for cell in weights.indices where weights[cell] > 0 {
      let x = predictor[cell]
      let logOdds = line.intercept + line.slope * x
      let shrunk = exp(-abs(logOdds))
      let probability = logOdds >= 0 ? 1 / (1 + shrunk) : shrunk / (1 + shrunk)
      let residual = positives[cell] - weights[cell] * probability
      // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)), which cannot overflow.
      state.logLikelihood.add(
        positives[cell] * logOdds - weights[cell] * (max(logOdds, 0) + log1p(shrunk)))
      state.gradientIntercept.add(residual)
      state.gradientSlope.add(residual * x)
      let variance = weights[cell] * shrunk / ((1 + shrunk) * (1 + shrunk))
      state.information.0 += variance
      state.information.1 += variance * x
      state.information.2 += variance * x * x
    }
    return state
  }

  private func optimum(
    from start: (Double, Double), movesSlope: Bool
  ) -> (intercept: Double, slope: Double)? {
    var line = (intercept: start.0, slope: start.1)
    var current = state(at: line)
    for _ in 0..<200 {
      guard let step = Self.newtonStep(current, movesSlope: movesSlope) else { return nil }
      let size = max(abs(step.0), abs(step.1))
      let scale = 1 + max(abs(line.intercept), abs(line.slope))
      var share = 1.0
      var next = current
      // At the optimum, rounding may lower the likelihood by a few units in the last place.
      let floor = current.logLikelihood.value - 1e-14 * abs(current.logLikelihood.value)
      while true {
        let moved = (line.intercept + share * step.0, line.slope + share * step.1)
        next = state(at: moved)
        if next.logLikelihood.value >= floor || share < 1e-10 {
          line = moved
          break
        }
        share /= 2
      }
      current = next
      // Newton's error is squared at each step, so after a step of 1e-10 only rounding error
      // remains.
      if size <= 1e-10 * scale { return line }
      if share < 1e-10 { return size <= 1e-6 * scale ? line : nil }
    }
    return nil
  }

  /// Returns the Newton step, slightly damped so that a nearly singular Hessian can be solved.
  private static func newtonStep(_ state: State, movesSlope: Bool) -> (Double, Double)? {
    let (a, b, c) = state.information
    let (u, v) = (state.gradientIntercept.value, state.gradientSlope.value)
    guard movesSlope else {
      // Far from the optimum the curvature vanishes, so the step is limited to 10 log-odds.
      let step = u / max(a, Double.leastNormalMagnitude)
      return step.isNaN ? nil : (min(max(step, -10), 10), 0)
    }
    let damping = 1e-13
    let (p, q) = (a * (1 + damping), c * (1 + damping))
    let determinant = p * q - b * b
    guard determinant > 0 else { return nil }
    let step = ((q * u - b * v) / determinant, (p * v - b * u) / determinant)
    return step.0.isFinite && step.1.isFinite ? step : nil
  }
}

/// The logistic function and its inverse, safe for extreme arguments.
package enum Logistic {
  /// The distance kept from 0 and 1 wherever the logarithm of a probability is taken. It is the
  /// machine epsilon, as in scikit-learn's `log_loss`.
  package static let epsilon = Double.ulpOfOne

  /// Returns 1 / (1 + exp(-x)).
  package static func probability(_ logOdds: Double) -> Double {
    if logOdds >= 0 { return 1 / (1 + exp(-logOdds)) }
    let odds = exp(logOdds)
    return odds / (1 + odds)
  }

  /// Returns log(p / (1 - p)) with p kept `epsilon` away from 0 and 1, so at most 36.05 in
  /// magnitude.
  package static func logOdds(_ probability: Double) -> Double {
    let clipped = min(max(probability, epsilon), 1 - epsilon)
    return log(clipped) - log1p(-clipped)
  }
}
