import Evaluation
import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Randomness
import Runs
import Spec
import Testing

@Suite struct CalibrationRowsTests {
  private let keys = (0..<60).map { "K\($0)" }
  private let margins: [Double]
  private let labels: [UInt8]
  private let entities: [Int32]

  /// 60 entities with four rows each, whose margins promise too much.
  init() {
    var generator = SplitMix64(seed: 3)
    var rows: [(Double, UInt8, Int32)] = []
    for entity in 0..<60 {
      for _ in 0..<4 {
        let margin = 2 * generator.normal()
        rows.append(
          (margin, generator.uniform() < logistic(0.4 * margin - 0.5) ? 1 : 0, Int32(entity)))
      }
    }
    margins = rows.map(\.0)
    labels = rows.map(\.1)
    entities = rows.map(\.2)
  }

  private func rows(
    _ spec: CalibrationSpec, logOddsPerMargin: Double = 1
  ) -> CalibrationRows {
    CalibrationRows(
      spec, margins: margins, labels: labels, clusters: entities,
      buyers: Set(zip(entities, labels).filter { $1 == 1 }.map(\.0)).count,
      logOddsPerMargin: logOddsPerMargin)
  }

  private func loss(_ probabilities: [Double]) -> Double {
    zip(probabilities, labels).reduce(0) { $0 - log($1.1 == 1 ? $1.0 : 1 - $1.0) }
      / Double(labels.count)
  }

  @Test(arguments: [CalibrationMethod.sigmoid, .prior])
  func `each entity is scored by a calibrator that has not seen it`(_ method: CalibrationMethod)
    throws
  {
    let spec = try AccountsBench.spec().calibration
    let found = try #require(rows(spec).crossFittedLoss(method, names: keys, level: 0.95))
    // The same by hand, row by row.
    let scores = try entities.indices.map { row in
      let part = CrossFit.fold(ofKey: keys[Int(entities[row])], of: 5)
      let others = entities.indices.filter {
        CrossFit.fold(ofKey: keys[Int(entities[$0])], of: 5) != part
      }
      return try Calibrator.fit(
        method: method, margins: others.map { margins[$0] }, labels: others.map { labels[$0] }
      ).apply([margins[row]])[0]
    }
    // Sums of 240 terms in another order.
    #expect(abs(found.calibrated - loss(scores)) < 1e-12)
    #expect(abs(found.uncalibrated - loss(margins.map(logistic))) < 1e-12)
  }

  @Test func `a forest's margins count by their log-odds`() throws {
    let spec = try AccountsBench.spec().calibration
    let found = try #require(
      rows(spec, logOddsPerMargin: 0.4).crossFittedLoss(.prior, names: keys, level: 0.95))
    #expect(abs(found.uncalibrated - loss(margins.map { logistic(0.4 * $0) })) < 1e-12)
  }

  @Test func `without calibration there is no loss to compare`() throws {
    let found = rows(try AccountsBench.spec().calibration).crossFittedLoss(
      .none, names: keys, level: 0.95)
    #expect(found == nil)
  }

  @Test func `bounds are those of the rows that an entity has`() throws {
    // Isotonic regression of rows that are in order: 0 below, 1 above, but for the bounds.
    func ends(_ bounds: String) throws -> [Double] {
      let spec = try AccountsBench.spec("calibration: {method: isotonic, bounds: \(bounds)}")
      let count = 40
      let rows = CalibrationRows(
        spec.calibration, margins: (0..<count).map(Double.init),
        labels: (0..<count).map { $0 < 20 ? 0 : 1 }, clusters: (0..<count).map { Int32($0 / 2) },
        buyers: 10, logOddsPerMargin: 1)
      return try rows.calibrator(.isotonic).apply([0, 39])
    }
    #expect(try ends("none") == [0, 1])
    let bounded = try ends("jeffreys")
    // (k + w / 2) / (n + w) with 20 rows at each end and 2 rows to an entity.
    #expect(abs(bounded[0] - 1.0 / 22) < 1e-12 && abs(bounded[1] - 21.0 / 22) < 1e-12)
  }

  @Test func `a calibrator that does harm by more than chance is worse, and no other`() throws {
    let spec = try AccountsBench.spec().calibration
    // These margins promise too much, and a curve helps.
    let better = try #require(rows(spec).crossFittedLoss(.sigmoid, names: keys, level: 0.95))
    #expect(better.calibrated < better.uncalibrated && !better.isWorse)
    let names = (0..<400).map { "N\($0)" }
    /// Right margins, all alike: a calibrator of other clusters' base rate can only do harm. If
    /// `parts` is true, it does much, because the clusters of one part are positive and few others are.
    func loss(byPart parts: Bool, clusters: Int) throws -> CalibrationLoss {
      let labels = (0..<400).map { row -> UInt8 in
        let cluster = row % clusters
        guard parts else { return UInt8(cluster % 2) }
        return CrossFit.fold(ofKey: names[cluster], of: 5) == 0 || cluster % 10 == 0 ? 1 : 0
      }
      let rate = Double(labels.count { $0 == 1 }) / 400
      let rows = CalibrationRows(
        spec, margins: [Double](repeating: log(rate / (1 - rate)), count: 400), labels: labels,
        clusters: (0..<400).map { Int32($0 % clusters) }, buyers: clusters, logOddsPerMargin: 1)
      return try #require(rows.crossFittedLoss(.prior, names: names, level: 0.95))
    }
    let chance = try loss(byPart: false, clusters: 400)
    #expect(chance.calibrated > chance.uncalibrated && !chance.isWorse)
    let worse = try loss(byPart: true, clusters: 400)
    #expect(worse.isWorse && worse.rows == .fitted)
    // Sums of 400 terms in another order.
    let difference = worse.calibrated - worse.uncalibrated
    #expect(abs(worse.difference.estimate - difference) < 1e-12)
    // The same number of rows of few clusters shows nothing.
    let few = try loss(byPart: true, clusters: 12)
    #expect(few.calibrated > few.uncalibrated && !few.isWorse)
  }
}

private func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
