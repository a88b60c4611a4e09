internal import Randomness

/// Suggests the points of the unit cube to try next, by the expected improvement of a Gaussian
/// process.
///
/// A suggestion depends on the seed, its number, and the losses so far, in order of number. All
/// suggestions of a batch are made before any of its losses is known; within the batch, the
/// process's mean takes the place of a loss (Ginsbourger, Le Riche and Carraro, 2010).
package struct TrialSuggestions: Sendable {
  /// A point that was tried.
  package struct Result: Sendable {
    package let point: [Double]
    package let loss: Double

    package init(point: [Double], loss: Double) { (self.point, self.loss) = (point, loss) }
  }

  /// The number of points of which the best is suggested.
  package static let candidateCount = 2_000

  private let results: [Result]
  private let losses: [Double]
  private let seed: UInt64
  private let process: GaussianProcess

  /// - Parameter results: at least one, in order of number, with finite losses.
  package init(_ results: [Result], seed: UInt64) {
    self.results = results
    self.seed = seed
    losses = Self.winsorized(results.map(\.loss))
    process = GaussianProcess(points: results.map(\.point), values: losses)
  }

  /// Losses far above the median are all bad alike: they would only make the process rough near the
  /// good ones.
  static func winsorized(_ losses: [Double]) -> [Double] {
    let sorted = losses.sorted()
    guard let best = sorted.first else { return [] }
    let limit = best + 2 * (sorted[sorted.count / 2] - best)
    return losses.map { limit > best ? min($0, limit) : $0 }
  }

  /// The points of a batch, each with its expected improvement when it was chosen.
  /// - Parameters:
  ///   - first: the number of the batch's first trial.
  ///   - snapped: returns the nearest point that can be tried; numbers of leaves are integers.
  package func batch(
    _ count: Int, first: Int, snapped: ([Double]) -> [Double]
  ) -> [(point: [Double], improvement: Double)] {
    var process = process
    var (points, values) = (results.map(\.point), losses)
    var batch: [(point: [Double], improvement: Double)] = []
    for number in first..<first + count {
      // Losses are noisy, so the smallest mean at a point that was tried is what to improve on.
      let best = points.map { process.prediction(at: $0).mean }.min() ?? 0
      var chosen: (point: [Double], improvement: Double)?
      for candidate in candidates(number).lazy.map(snapped) where !points.contains(candidate) {
        let improvement = process.expectedImprovement(at: candidate, below: best)
        if improvement > chosen?.improvement ?? -1 { chosen = (candidate, improvement) }
      }
      guard let chosen else { break }
      batch.append(chosen)
      points.append(chosen.point)
      values.append(process.prediction(at: chosen.point).mean)
      process = GaussianProcess(points: points, values: values, scales: process.scales)
    }
    return batch
  }

  /// Points over the whole cube, and points near the best ones so far.
  private func candidates(_ number: Int) -> [[Double]] {
    let dimensions = results[0].point.count
    let stream = SplitMix64.mixed(seed ^ SplitMix64.mixed(UInt64(number) &+ 0x7A1))
    let sequence = SobolSequence(dimensions: dimensions, seed: stream)
    let near = Self.candidateCount / 4
    var candidates = (0..<Self.candidateCount - near).map { sequence[$0] }
    var generator = Xoshiro256StarStar(seed: stream)
    let order = results.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }
    let centers = order.prefix(5).map { results[$0].point }
    for index in 0..<near {
      let center = centers[index % centers.count]
      // Half of the moves are short. A sum of uniform numbers is close enough to a normal one.
      let reach = index % 2 == 0 ? 0.06 : 0.2
      candidates.append(
        center.map { value in
          let sum = (0..<4).reduce(-2.0) { sum, _ in
            sum + Double(generator.next() >> 11) * 0x1p-53
          }
          return min(max(value + reach * 1.7 * sum, 0), 1)
        })
    }
    return candidates
  }

  /// The share of the variation of the process's mean over the cube that each dimension alone
  /// explains: the first-order index of Sobol (1993), by averages over a quasi-random sample.
  ///
  /// All 0 if the mean is the same everywhere. What only combinations explain is missing, so the
  /// shares add up to less than 1.
  package var importance: [Double] {
    let dimensions = results[0].point.count
    let sequence = SobolSequence(dimensions: dimensions, seed: 0)
    let sample = (0..<256).map { sequence[$0] }
    let means = sample.map { process.prediction(at: $0).mean }
    let total = Self.variance(means)
    guard total > 0 else { return [Double](repeating: 0, count: dimensions) }
    return (0..<dimensions).map { dimension in
      let averages = (0..<8).map { step in
        let sum = sample.reduce(0) { sum, point in
          var point = point
          point[dimension] = (Double(step) + 0.5) / 8
          return sum + process.prediction(at: point).mean
        }
        return sum / Double(sample.count)
      }
      return min(1, Self.variance(averages) / total)
    }
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }
}
