import Evaluation
import Foundation
import Learning
import Randomness
import Testing

@Suite struct CalibratorTests {
  private func drawn(
    rows: Int, base: Double, seed: UInt64 = 1
  ) -> (margins: [Double], labels: [UInt8]) {
    var generator = Xoshiro256StarStar(seed: seed)
    let margins = (0..<rows).map { _ in base + 3 * Double.random(in: -1...1, using: &generator) }
    let labels = margins.map { margin -> UInt8 in
      Double.random(in: 0..<1, using: &generator) < logistic(0.7 * margin - 0.2) ? 1 : 0
    }
    return (margins, labels)
  }

  private func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  @Test func `sigmoid and prior agree with a root finder's`() throws {
    // 1e-9: both stop when a Newton step no longer changes the twelfth digit of the gradient.
    for expected in try CalibrationVectors.load().logistic {
      let sigmoid = try Calibrator.fit(
        method: .sigmoid, margins: expected.margins, labels: expected.labels,
        weights: expected.weights)
      guard case .sigmoid(let slope, let intercept) = sigmoid.mapping else {
        Issue.record("not a sigmoid: \(sigmoid.mapping)")
        continue
      }
      #expect(abs(intercept - expected.sigmoid[0]) < 1e-9)
      #expect(abs(slope - expected.sigmoid[1]) < 1e-9)
      let prior = try Calibrator.fit(
        method: .prior, margins: expected.margins, labels: expected.labels,
        weights: expected.weights)
      guard case .prior(let shift) = prior.mapping else {
        Issue.record("not a prior: \(prior.mapping)")
        continue
      }
      #expect(abs(shift - expected.prior) < 1e-9)
    }
  }

  @Test(arguments: [1.0, 1e-6, 1e6])
  func `the sigmoid's gradient is zero, whatever the scale of the margins`(scale: Double) throws {
    let (margins, labels) = drawn(rows: 2000, base: -1)
    let scaled = margins.map { $0 * scale }
    let calibrator = try Calibrator.fit(method: .sigmoid, margins: scaled, labels: labels)
    let positives = labels.reduce(0.0) { $0 + Double($1) }
    let negatives = Double(labels.count) - positives
    var (first, second) = (0.0, 0.0)
    for (row, probability) in calibrator.apply(scaled).enumerated() {
      let target = labels[row] == 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)
      first += target - probability
      second += (target - probability) * margins[row]
    }
    // 1e-8: 2000 terms of rounding, and slope × margin cancels digits against the intercept.
    #expect(abs(first) < 1e-8)
    #expect(abs(second) < 1e-8)
  }

  @Test func `the prior's mean is the base rate and its ranking the margin's`() throws {
    let (margins, labels) = drawn(rows: 3000, base: -3)
    let scores = try Calibrator.fit(method: .prior, margins: margins, labels: labels)
      .apply(margins)
    let positives = labels.reduce(0) { $0 + Int($1) }
    // 1e-9 relative: rounding of 3000 terms.
    #expect(abs(scores.reduce(0, +) / Double(positives) - 1) < 1e-9)
    let order = margins.indices.sorted { margins[$0] < margins[$1] }
    #expect(zip(order, order.dropFirst()).allSatisfy { scores[$0] <= scores[$1] })
  }

  @Test func `isotonic scores are observed rates on the rows they were fitted on`() throws {
    let (margins, labels) = drawn(rows: 5000, base: -2)
    let calibrator = try Calibrator.fit(method: .isotonic, margins: margins, labels: labels)
    let scores = calibrator.apply(margins)
    let groups = ScoreGroups(labels: labels, scores: scores)
    for group in groups.scores.indices {
      // 1e-12: a rate reached by pooling means.
      let rate = groups.positives[group] / groups.weights[group]
      #expect(abs(groups.scores[group] - rate) < 1e-12)
    }
    #expect(calibrator.apply([-1e9, 1e9]).allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(arguments: [
    (5, CalibrationMethod.prior), (19, .prior), (20, .sigmoid), (199, .sigmoid),
    (200, .isotonic),
  ])
  func `auto follows the number of positives`(positives: Int, method: CalibrationMethod) throws {
    var (margins, labels) = (
      [Double](repeating: 0, count: 3000), [UInt8](repeating: 0, count: 3000)
    )
    for row in 0..<3000 {
      margins[row] = Double(row % 300) / 100 - 5
      if row >= 3000 - positives { labels[row] = 1 }
    }
    let calibrator = try Calibrator.fit(margins: margins, labels: labels)
    #expect(calibrator.method == method)
    #expect(calibrator.why.hasPrefix("\(positives) positive rows"))
    #expect(calibrator.positives == positives)
    #expect(calibrator.rows == 3000)
  }

  @Test func `auto counts distinct positive entities where they are known`() throws {
    let (margins, labels) = drawn(rows: 5000, base: 0)
    let calibrator = try Calibrator.fit(margins: margins, labels: labels, positiveEntities: 150)
    #expect(calibrator.method == .sigmoid)
    #expect(calibrator.why.hasPrefix("150 distinct positive entities"))
  }

  @Test func `auto counts the rarer class`() throws {
    let margins = (0..<1000).map { Double($0 % 100) / 10 }
    let labels = (0..<1000).map { row -> UInt8 in row % 100 == 3 ? 0 : 1 }
    let calibrator = try Calibrator.fit(margins: margins, labels: labels)
    #expect(calibrator.method == .prior)
    #expect(calibrator.why.hasPrefix("10 negative rows"))
  }

  @Test func `auto falls back with a reason on rows that carry nothing`() throws {
    let empty = try Calibrator.fit(margins: [], labels: [])
    #expect(empty.method == .none)
    let oneClass = try Calibrator.fit(margins: [1, 2], labels: [0, 0])
    #expect(oneClass.method == .none)
    #expect(oneClass.why.contains("nothing to calibrate against"))
    let flat = try Calibrator.fit(
      margins: [Double](repeating: -3, count: 100), labels: (0..<100).map { $0 % 4 == 0 ? 1 : 0 })
    #expect(flat.method == .prior)
    #expect(flat.why.contains("every calibration row has the margin -3.0"))
    // 1e-12: a root found by Newton's method.
    #expect(abs(flat.apply([-3])[0] - 0.25) < 1e-12)
    let falling = try Calibrator.fit(
      margins: (0..<100).map(Double.init), labels: (0..<100).map { $0 < 30 ? 1 : 0 })
    #expect(falling.method == .prior)
    #expect(falling.why.contains("reverse the ranking"))
  }

  @Test func `margins beyond all reason neither crash nor give numbers that are none`() throws {
    for size in [1e5, 1e200, Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude] {
      let margins = (0..<400).map { $0 % 2 == 0 ? size : -size }
      let labels = (0..<400).map { row -> UInt8 in row % 8 < 3 ? 1 : 0 }
      for method in CalibrationMethod.allCases {
        let calibrator = try? Calibrator.fit(method: method, margins: margins, labels: labels)
        let scores = calibrator?.apply(margins + [0]) ?? []
        #expect(scores.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(method) at \(size)")
      }
    }
  }

  @Test func `a method asked for by name is fitted or refused, never replaced`() throws {
    let flat = [Double](repeating: 1, count: 4)
    for method in [CalibrationMethod.isotonic, .sigmoid, .prior] {
      #expect(throws: CalibrationError.empty) {
        try Calibrator.fit(method: method, margins: [], labels: [])
      }
      #expect(throws: CalibrationError.oneClass(rows: 4, positives: 0)) {
        try Calibrator.fit(method: method, margins: [1, 2, 3, 4], labels: [0, 0, 0, 0])
      }
      #expect(throws: CalibrationError.notFinite(row: 1)) {
        try Calibrator.fit(method: method, margins: [1, .infinity], labels: [0, 1])
      }
    }
    #expect(throws: CalibrationError.constantMargin(1)) {
      try Calibrator.fit(method: .sigmoid, margins: flat, labels: [0, 1, 0, 1])
    }
    let rates = try Calibrator.fit(method: .isotonic, margins: flat, labels: [0, 1, 0, 1])
    #expect(rates.apply([0, 1, 2]) == [0.5, 0.5, 0.5])
    let none = try Calibrator.fit(method: .none, margins: [], labels: [])
    #expect(none.apply([0]) == [0.5])
  }

  @Test func `weights count as rows repeated`() throws {
    let (margins, labels) = drawn(rows: 300, base: 0)
    let weights = margins.indices.map { $0 % 4 }
    let repeated = margins.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
    for method in [CalibrationMethod.isotonic, .sigmoid, .prior] {
      let weighted = try Calibrator.fit(
        method: method, margins: margins, labels: labels, weights: weights.map(Double.init))
      let plain = try Calibrator.fit(
        method: method, margins: repeated.map { margins[$0] }, labels: repeated.map { labels[$0] })
      #expect(weighted.mapping == plain.mapping)
    }
  }

  @Test("Jeffreys' bounds keep isotonic scores from 0 and 1 by the evidence of the end plateaus")
  func isotonicBounds() throws {
    // 300 rows at -3 without a positive, then 40 at -1 with 10, then 6 at 2, all positive; 3 rows an entity.
    let margins =
      [Double](repeating: -3, count: 300) + [Double](repeating: -1, count: 40)
      + [Double](repeating: 2, count: 6)
    let labels = [UInt8](repeating: 0, count: 330) + [UInt8](repeating: 1, count: 16)
    let plain = try Calibrator.fit(method: .isotonic, margins: margins, labels: labels)
    #expect(plain.apply([-9, -3, -1, 2, 9]) == [0, 0, 0.25, 1, 1])
    let bounded = try Calibrator.fit(
      method: .isotonic, margins: margins, labels: labels, bounds: .jeffreys(rowsPerEntity: 3))
    let scores = bounded.apply([-9, -3, -1, 2, 9])
    for (score, expected) in zip(scores, [1.5 / 303, 1.5 / 303, 0.25, 7.5 / 9, 7.5 / 9]) {
      #expect(abs(score - expected) < 1e-15)
    }
    // Pooled with its neighbor where the evidence would turn them over: one row of 1 beside 19 of 20.
    let thin = try Calibrator.fit(
      method: .isotonic, margins: [Double](repeating: 0, count: 20) + [1, -5],
      labels: [UInt8](repeating: 1, count: 19) + [0, 1, 0], bounds: .jeffreys(rowsPerEntity: 1))
    let top = thin.apply([0, 1])
    #expect(top[0] == top[1] && abs(top[0] - 20.5 / 22) < 1e-15)
    // One margin only.
    let flat = try Calibrator.fit(
      method: .isotonic, margins: [1, 1], labels: [0, 1], bounds: .jeffreys(rowsPerEntity: 1))
    #expect(flat.apply([0, 1, 2]) == [0.5, 0.5, 0.5])
  }

  @Test(
    "Bounded scores rise with the margin, and none is 0 or 1", arguments: 0..<40)
  func boundsAreMonotone(seed: Int) throws {
    var random = Xoshiro256StarStar(seed: UInt64(seed))
    let count = Int.random(in: 2...60, using: &random)
    let margins = (0..<count).map { _ in Double(Int.random(in: -6...6, using: &random)) }
    var labels = margins.map { _ in UInt8.random(in: 0...1, using: &random) }
    labels[0] = 0
    labels[1] = 1
    let rows = Double(Int.random(in: 1...4, using: &random))
    let calibrator = try Calibrator.fit(
      method: .isotonic, margins: margins, labels: labels, bounds: .jeffreys(rowsPerEntity: rows))
    let scores = calibrator.apply(stride(from: -8, through: 8, by: 0.25).map { $0 })
    #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(scores.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("No curve saturates", arguments: [CalibrationMethod.sigmoid, .prior, .none])
  func saturation(method: CalibrationMethod) throws {
    let fitted = try Calibrator.fit(method: method, margins: [-1, 1, 2], labels: [0, 1, 0])
    for score in fitted.apply([-1e4, -800, 800, 1e4]) { #expect(score > 0 && score < 1) }
  }
}
