import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Randomness
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
    let found = try #require(rows(spec).crossFittedLoss(method, names: keys))
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
      rows(spec, logOddsPerMargin: 0.4).crossFittedLoss(.prior, names: keys))
    #expect(abs(found.uncalibrated - loss(margins.map { logistic(0.4 * $0) })) < 1e-12)
  }

  @Test func `without calibration there is no loss to compare`() throws {
    #expect(rows(try AccountsBench.spec().calibration).crossFittedLoss(.none, names: keys) == nil)
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

  @Test func `a calibrator that does harm is worse, and no other`() throws {
    let spec = try AccountsBench.spec().calibration
    // These margins promise too much, and a curve helps; one that only moves them by the base rate of others
    // does harm where there is nothing to move.
    let better = try #require(rows(spec).crossFittedLoss(.sigmoid, names: keys))
    let right = CalibrationRows(
      spec, margins: [Double](repeating: 0, count: 40),
      labels: (0..<40).map { UInt8($0 % 2) }, clusters: (0..<40).map { Int32($0) }, buyers: 20,
      logOddsPerMargin: 1)
    let worse = try #require(right.crossFittedLoss(.prior, names: keys))
    #expect(better.calibrated < better.uncalibrated && !better.isWorse)
    #expect(worse.calibrated > worse.uncalibrated && worse.isWorse)
    #expect(better.rows == .fitted && worse.rows == .fitted)
  }
}

private func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
