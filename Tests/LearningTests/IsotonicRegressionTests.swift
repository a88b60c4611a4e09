import Evaluation
import Learning
import Randomness
import Testing

@Suite struct IsotonicRegressionTests {
  /// The golden file's own tolerance: some of its numbers are rounded to 12 decimals.
  private func isClose(_ left: [Double], _ right: [Double?]) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { own, other in
        guard let other else { return own.isNaN }
        return abs(own - other) <= 1e-12
      }
  }

  private func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  @Test func `agrees with scikit-learn on all reference cases`() throws {
    let cases = try CalibrationVectors.load().isotonic
    #expect(cases.count == 14)
    for expected in cases {
      let outOfBounds: IsotonicRegression.OutOfBounds =
        switch expected.args.outOfBounds {
        case "clip": .clip
        case "nan": .nan
        default: .fail
        }
      let fit = try IsotonicRegression(
        x: expected.x, y: expected.y, weights: expected.w,
        direction: expected.args.increasing == "auto" ? .automatic : .increasing,
        minimum: expected.args.yMin ?? -.infinity, maximum: expected.args.yMax ?? .infinity,
        outOfBounds: outOfBounds)
      #expect(isClose(fit.thresholds, expected.xThresholds), "\(expected.name)")
      #expect(isClose(fit.values, expected.yThresholds), "\(expected.name)")
      switch expected.pred {
      case .values(let values):
        #expect(isClose(try fit.predict(expected.query), values), "\(expected.name)")
      case .refused:
        #expect(throws: IsotonicError.outOfBounds(value: 0, low: 1, high: 3)) {
          try fit.predict(expected.query)
        }
      }
    }
  }

  @Test func `agrees with scikit-learn on drawn cases, thresholds included`() throws {
    for expected in try CalibrationVectors.load().isotonicDrawn {
      let direction: IsotonicRegression.Direction =
        switch expected.increasing {
        case .yes: .increasing
        case .no: .decreasing
        case .auto: .automatic
        }
      let fit = try IsotonicRegression(
        x: expected.x, y: expected.y, weights: expected.w, direction: direction, minimum: 0,
        maximum: 1)
      #expect(isClose(fit.thresholds, expected.xThresholds), "\(expected.name)")
      #expect(isClose(fit.values, expected.yThresholds), "\(expected.name)")
      #expect(isClose(try fit.predict(expected.query), expected.pred), "\(expected.name)")
      #expect(fit.isIncreasing == (expected.yThresholds[0] <= expected.yThresholds.last ?? 0))
    }
  }

  @Test(arguments: 0..<30)
  func `is monotone, keeps the mean, and is its own fit`(seed: Int) throws {
    var generator = Xoshiro256StarStar(seed: UInt64(seed))
    let x = (0..<80).map { _ in Double(Int.random(in: 0..<40, using: &generator)) / 8 }
    let y = x.map { 0.2 * $0 + Double.random(in: -1...1, using: &generator) }
    let weights = x.map { _ in Double(Int.random(in: 0...3, using: &generator)) }
    let fit = try IsotonicRegression(x: x, y: y, weights: weights)
    #expect(zip(fit.values, fit.values.dropFirst()).allSatisfy { $0 <= $1 })
    let fitted = try fit.predict(x)
    let residual = x.indices.reduce(0) { $0 + weights[$1] * (y[$1] - fitted[$1]) }
    // 1e-10: residuals of a projection onto a cone sum to 0 but for the rounding of 80 terms.
    #expect(abs(residual) < 1e-10)
    // 1e-12: a mean of equal numbers may differ in its last place.
    let again = try IsotonicRegression(x: x, y: fitted, weights: weights)
    #expect(zip(try again.predict(x), fitted).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: 0..<20)
  func `is what the min-max formula gives`(seed: Int) throws {
    var generator = Xoshiro256StarStar(seed: UInt64(seed))
    let y = (0..<12).map { _ in Double(Int.random(in: 0...4, using: &generator)) }
    let fit = try IsotonicRegression(x: y.indices.map(Double.init), y: y)
    let fitted = try fit.predict(y.indices.map(Double.init))
    for point in y.indices {
      var expected = -Double.infinity
      for start in 0...point {
        let means = (point..<y.count).map { mean(y[start...$0]) }
        expected = max(expected, means.min() ?? 0)
      }
      // 1e-12: the mean of a block is reached by pooling in another order.
      #expect(abs(fitted[point] - expected) < 1e-12)
    }
  }

  @Test func `does not depend on the order of the points`() throws {
    var generator = Xoshiro256StarStar(seed: 4)
    let x = (0..<300).map { _ in Double(Int.random(in: 0..<60, using: &generator)) }
    let y = x.map { _ in Double(Int.random(in: 0...1, using: &generator)) }
    let order = x.indices.shuffled(using: &generator)
    let fit = try IsotonicRegression(x: x, y: y)
    let other = try IsotonicRegression(x: order.map { x[$0] }, y: order.map { y[$0] })
    #expect(fit == other)
  }

  @Test func `never falls between two neighbouring numbers`() throws {
    let fit = try IsotonicRegression(x: [0.1, 0.7, 1.3], y: [0.1, 0.3, 0.9])
    var point = 0.7.nextDown.nextDown.nextDown
    var last = 0.0
    for _ in 0..<6 {
      let value = try fit.predict([point])[0]
      #expect(value >= last)
      (last, point) = (value, point.nextUp)
    }
  }

  @Test func `refuses nothing to fit and numbers that are not finite`() {
    #expect(throws: IsotonicError.empty) { try IsotonicRegression(x: [], y: []) }
    #expect(throws: IsotonicError.empty) { try IsotonicRegression(x: [1], y: [1], weights: [0]) }
    #expect(throws: IsotonicError.notFinite(point: 1)) {
      try IsotonicRegression(x: [1, .nan], y: [1, 1])
    }
    #expect(throws: IsotonicError.notFinite(point: 0)) {
      try IsotonicRegression(x: [1], y: [1], weights: [-1])
    }
  }
}
