import Evaluation
import Foundation
import Testing

/// Goldens of scikit-learn. The tolerance 1e-12 is the files' own: some of their numbers are rounded
/// to 12 decimals, and the order of summation differs.
@Suite struct VectorTests {
  static let reference = Result { try vectors("reference_vectors", as: ReferenceVectors.self) }
  static let drawn = Result { try vectors("evaluation_vectors", as: EvaluationVectors.self) }

  @Test func `metrics agree with scikit-learn's reference cases`() throws {
    let cases = try Self.reference.get().metrics
    #expect(cases.count == 10)
    for expected in cases {
      let groups = ScoreGroups(labels: expected.y, scores: expected.p, weights: expected.w)
      if groups.hasBothClasses {
        #expect(isClose(groups.areaUnderROC, expected.rocAuc, 1e-12), "\(expected)")
        #expect(isClose(groups.averagePrecision, expected.ap, 1e-12), "\(expected)")
      }
      #expect(isClose(groups.brierScore, expected.brier, 1e-12), "\(expected)")
      if case .value(let loss) = expected.logLoss {
        #expect(isClose(groups.logLoss, loss, 1e-12), "\(expected)")
      }
    }
  }

  @Test func `with one class the areas that need both are absent`() throws {
    for expected in try Self.reference.get().metrics where expected.name.hasPrefix("single") {
      let groups = ScoreGroups(labels: expected.y, scores: expected.p)
      #expect(expected.rocAuc.isNaN)
      #expect(groups.areaUnderROC == nil)
      #expect(groups.brierSkill == nil)
      #expect(groups.calibrationSlope == nil)
      #expect(groups.calibrationIntercept == nil)
      // scikit-learn says 0 where there is no positive; here it is absent.
      #expect(groups.averagePrecision == (expected.y[0] == 1 ? 1 : nil))
    }
  }

  @Test func `calibration curves agree with scikit-learn's reference cases`() throws {
    let cases = try Self.reference.get().calibrationCurve
    #expect(cases.count == 6)
    for expected in cases {
      let strategy = try #require(
        CalibrationCurve.Strategy(rawValue: expected.args.strategy ?? "uniform"))
      let make = {
        try CalibrationCurve(
          labels: expected.y, scores: expected.p, bins: expected.args.nBins, strategy: strategy)
      }
      guard let rates = expected.probTrue, let means = expected.probPred else {
        #expect(throws: CalibrationCurve.Failure.scoreOutOfRange(row: 0, score: -0.1)) {
          try make()
        }
        continue
      }
      let curve = try make()
      #expect(isClose(curve.observedRates, rates), "\(expected)")
      #expect(isClose(curve.meanScores, means), "\(expected)")
    }
  }

  @Test func `metrics agree with scikit-learn on drawn cases with ties and weights`() throws {
    for expected in try Self.drawn.get().cases {
      let groups = ScoreGroups(labels: expected.y, scores: expected.p, weights: expected.w)
      #expect(isClose(groups.areaUnderROC, expected.rocAuc, 1e-12))
      #expect(isClose(groups.averagePrecision, expected.ap, 1e-12))
      #expect(isClose(groups.brierScore, expected.brier, 1e-12))
      #expect(isClose(groups.logLoss, expected.logLoss, 1e-12))
      for curve in expected.calibrationCurve {
        let strategy = try #require(CalibrationCurve.Strategy(rawValue: curve.strategy))
        let own = try CalibrationCurve(
          labels: expected.y, scores: expected.p, bins: curve.nBins, strategy: strategy)
        #expect(isClose(own.observedRates, curve.probTrue))
        #expect(isClose(own.meanScores, curve.probPred))
      }
    }
  }

  @Test func `the logistic recalibration agrees with a root finder's`() throws {
    // 1e-9: both stop when a Newton step no longer changes the twelfth digit of the gradient.
    for expected in try Self.drawn.get().cases {
      let groups = ScoreGroups(labels: expected.y, scores: expected.p, weights: expected.w)
      #expect(isClose(groups.calibrationIntercept, expected.intercept, 1e-9))
      #expect(isClose(groups.calibrationSlope, expected.line[1], 1e-9))
    }
  }

  private func isClose(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-12 }
  }

  private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double) -> Bool {
    EvaluationTests.isClose(left, right, tolerance)
  }
}
