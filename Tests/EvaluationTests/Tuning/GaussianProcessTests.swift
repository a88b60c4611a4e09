import Evaluation
import Foundation
import Testing

@Suite struct GaussianProcessTests {
  @Test func `the factor of a matrix solves its equations`() {
    let matrix: [[Double]] = [[4, 2, 0.6], [2, 5, 1], [0.6, 1, 3]]
    let factor = CholeskyFactor(3) { matrix[$0][$1] }
    let solution = factor.solved([1, 2, 3])
    for (row, expected) in zip(matrix, [1.0, 2, 3]) {
      let sum = zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 }
      // Rounding of three products.
      #expect(abs(sum - expected) < 1e-12)
    }
    // 4 * (15 - 1) - 2 * (6 - 0.6) + 0.6 * (2 - 3)
    #expect(abs(factor.halfLogDeterminant - log(44.6) / 2) < 1e-12)
  }

  @Test func `it passes through its points and returns to its mean far away`() {
    let points = [[0.1], [0.4], [0.7]]
    let values = [1.0, 3, 2]
    let process = GaussianProcess(
      points: points, values: values, scales: .init(lengths: [0.05], noise: 1e-9))
    for (point, value) in zip(points, values) {
      let (mean, deviation) = process.prediction(at: point)
      // The noise of 1e-9 moves both by so little.
      #expect(abs(mean - value) < 1e-6 && deviation < 1e-3)
    }
    let (mean, deviation) = process.prediction(at: [40])
    // Three points that do not reach each other have the plain mean and the plain variance.
    #expect(abs(mean - 2) < 0.01)
    #expect(abs(deviation - (2.0 / 3).squareRoot()) < 0.01)
  }

  @Test func `the expected improvement is that of a normal distribution`() {
    let process = GaussianProcess(
      points: [[0.0], [1.0]], values: [0, 2], scales: .init(lengths: [0.3], noise: 1e-6))
    let (mean, deviation) = process.prediction(at: [0.5])
    // The mean of max(0, 0.2 - x), by the middles of 20,000 equal parts of the distribution.
    let count = 200_000
    var sum = 0.0
    for step in 0..<count {
      let z = -8 + 16 * (Double(step) + 0.5) / Double(count)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * 16 / Double(count)
      sum += max(0, 0.2 - mean - deviation * z) * density
    }
    // The error of the sum.
    #expect(abs(process.expectedImprovement(at: [0.5], below: 0.2) - sum) < 1e-6)
    #expect(process.expectedImprovement(at: [0.0], below: -1) < 1e-6)
  }

  @Test func `a dimension without effect gets a long scale and no importance`() {
    let sequence = SobolSequence(dimensions: 3, seed: 5)
    let results = (0..<40).map { index in
      let point = sequence[index]
      return TrialSuggestions.Result(
        point: point, loss: 3 * (point[0] - 0.3) * (point[0] - 0.3) + 0.5 * point[1])
    }
    let shares = TrialSuggestions(results, seed: 1).importance
    #expect(shares[0] > shares[1] && shares[1] > 5 * shares[2], "\(shares)")
    #expect(shares[2] < 0.02)
  }

  @Test func `suggestions depend on seed and results alone and come near the minimum`() {
    let center = [0.3, 0.7, 0.45, 0.6]
    func loss(_ point: [Double]) -> Double {
      zip(point, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    func searched(_ seed: UInt64) -> [TrialSuggestions.Result] {
      let sequence = SobolSequence(dimensions: 4, seed: seed)
      var results = (0..<10).map {
        TrialSuggestions.Result(point: sequence[$0], loss: loss(sequence[$0]))
      }
      while results.count < 30 {
        let batch = TrialSuggestions(results, seed: seed).batch(4, first: results.count) { $0 }
        // A batch has different points.
        #expect(Set(batch.map(\.point)).count == 4)
        results += batch.prefix(30 - results.count).map {
          .init(point: $0.point, loss: loss($0.point))
        }
      }
      return results
    }
    let first = searched(1)
    #expect(first.map(\.point) == searched(1).map(\.point))
    #expect(first.map(\.point) != searched(2).map(\.point))
    let (start, end) = (first.prefix(10).map(\.loss).min(), first.map(\.loss).min())
    // Random points reach 0.02 with 30 trials.
    #expect((end ?? 1) < 0.005 && (end ?? 1) < (start ?? 0) / 4, "\(start ?? 0) to \(end ?? 1)")
  }
}
