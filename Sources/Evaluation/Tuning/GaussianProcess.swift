internal import Glibc

/// A Gaussian process over the unit cube (Rasmussen and Williams, 2006, chapters 2 and 5).
///
/// The covariance is the Matern function with ν = 5/2 and a length scale for each dimension, plus
/// noise. The mean and the variance of the process are those with the greatest likelihood, in closed
/// form. Scales and noise maximize the likelihood times a log-normal prior of the scales, found by a
/// search over a fixed grid, one coordinate after the other. Nothing is random.
package struct GaussianProcess: Sendable {
  /// The parameters of the covariance.
  package struct Scales: Sendable, Equatable {
    /// The length scale of each dimension, in units of the cube.
    package var lengths: [Double]
    /// The variance of the noise as a share of that of the process.
    package var noise: Double

    package init(lengths: [Double], noise: Double) {
      (self.lengths, self.noise) = (lengths, noise)
    }
  }

  package let scales: Scales
  private let points: [[Double]]
  private let factor: CholeskyFactor
  private let mean: Double
  private let variance: Double
  /// K⁻¹ (y - mean).
  private let weights: [Double]

  /// - Parameters:
  ///   - points: at least one, all of the same dimension.
  ///   - values: one per point, all finite.
  ///   - scales: nil: those that fit best.
  package init(points: [[Double]], values: [Double], scales: Scales? = nil) {
    precondition(points.count == values.count && !points.isEmpty, "one value per point")
    let scales = scales ?? Self.fitted(points, values)
    let fit = Fit(points, values, scales)
    self.scales = scales
    self.points = points
    factor = fit.factor
    mean = fit.mean
    variance = fit.variance
    weights = fit.weights
  }

  /// The mean and the standard deviation at a point, without noise.
  package func prediction(at point: [Double]) -> (mean: Double, deviation: Double) {
    let covariance = points.map { Self.matern(Self.distance($0, point, scales.lengths)) }
    var value = mean
    for (weight, covariance) in zip(weights, covariance) { value += weight * covariance }
    let half = factor.solvedLower(covariance)
    let rest = half.reduce(1) { $0 - $1 * $1 }
    return (value, (max(rest, 0) * variance).squareRoot())
  }

  /// How far below `best` a value at a point is expected to fall, counting values above it as 0
  /// (Mockus, 1978; Jones, Schonlau and Welch, 1998).
  package func expectedImprovement(at point: [Double], below best: Double) -> Double {
    let (mean, deviation) = prediction(at: point)
    guard deviation > 0 else { return max(best - mean, 0) }
    let z = (best - mean) / deviation
    let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    let share = erfc(-z / 2.0.squareRoot()) / 2
    return max(0, deviation * (z * share + density))
  }

  /// The Matern function with ν = 5/2 of a scaled distance.
  private static func matern(_ distance: Double) -> Double {
    let r = 5.0.squareRoot() * distance
    return (1 + r + r * r / 3) * exp(-r)
  }

  private static func distance(_ left: [Double], _ right: [Double], _ lengths: [Double]) -> Double {
    var sum = 0.0
    for index in lengths.indices {
      let difference = (left[index] - right[index]) / lengths[index]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  // MARK: - Scales

  private static let lengthGrid = [0.1, 0.17, 0.3, 0.5, 0.9, 1.6, 3, 6]
  private static let noiseGrid = [1e-5, 1e-4, 1e-3, 1e-2, 5e-2, 0.2]

  private static func fitted(_ points: [[Double]], _ values: [Double]) -> Scales {
    let dimensions = points[0].count
    // Longer scales in more dimensions: the distance of random points grows with √dimensions.
    let typical = 0.3 * Double(dimensions).squareRoot()
    let start = lengthGrid.min { abs(log($0 / typical)) < abs(log($1 / typical)) } ?? 0.5
    var best = Scales(lengths: [Double](repeating: start, count: dimensions), noise: 1e-2)
    func score(_ scales: Scales) -> Double {
      let prior = scales.lengths.reduce(0) { sum, length in
        let z = log(length / typical) / 0.9
        return sum - z * z / 2
      }
      return Fit(points, values, scales).logLikelihood + prior
    }
    var most = score(best)
    func attempt(_ scales: Scales) {
      let value = score(scales)
      if value > most + 1e-9 { (best, most) = (scales, value) }
    }
    for _ in 0..<3 {
      let before = best
      for length in lengthGrid {
        var scales = best
        scales.lengths = [Double](repeating: length, count: dimensions)
        if before.lengths.allSatisfy({ $0 == before.lengths[0] }) { attempt(scales) }
      }
      for noise in noiseGrid {
        var scales = best
        scales.noise = noise
        attempt(scales)
      }
      for dimension in 0..<dimensions {
        for length in lengthGrid {
          var scales = best
          scales.lengths[dimension] = length
          attempt(scales)
        }
      }
      if best == before { break }
    }
    return best
  }

  /// The process with given scales.
  private struct Fit {
    let factor: CholeskyFactor
    let mean: Double
    let variance: Double
    let weights: [Double]
    let logLikelihood: Double

    init(_ points: [[Double]], _ values: [Double], _ scales: Scales) {
      let count = points.count
      let factor = CholeskyFactor(count) { row, column in
        let covariance = matern(distance(points[row], points[column], scales.lengths))
        return row == column ? 1 + scales.noise : covariance
      }
      let ones = factor.solved([Double](repeating: 1, count: count))
      let solved = factor.solved(values)
      let total = ones.reduce(0, +)
      let mean = solved.reduce(0, +) / total
      let weights = zip(solved, ones).map { $0 - mean * $1 }
      let squares = zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
      let scale = values.reduce(0) { max($0, abs($1)) }
      // Equal values have no variance; the smallest one keeps the likelihood finite.
      let variance = max(squares / Double(count), scale * scale * 1e-20, .leastNormalMagnitude)
      self.factor = factor
      self.mean = mean
      self.variance = variance
      self.weights = weights
      // The constants are left out.
      logLikelihood = -Double(count) / 2 * log(variance) - factor.halfLogDeterminant
    }
  }
}
