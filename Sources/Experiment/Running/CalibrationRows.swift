internal import Evaluation
package import Learning
package import Spec

/// The rows that a calibrator is fitted on, and what it is fitted with.
package struct CalibrationRows: Sendable {
  let margins: [Double]
  let labels: [UInt8]
  /// The number of each row's entity.
  let entities: [Int32]
  /// Distinct entities of positive rows.
  let buyers: Int
  /// Of the model that gave the margins.
  let logOddsPerMargin: Double
  private let bounds: CalibrationSpec.Bounds

  package init(
    _ spec: CalibrationSpec, margins: [Double], labels: [UInt8], entities: [Int32], buyers: Int,
    logOddsPerMargin: Double
  ) {
    self.margins = margins
    self.labels = labels
    self.entities = entities
    self.buyers = buyers
    self.logOddsPerMargin = logOddsPerMargin
    bounds = spec.bounds
  }

  /// Fits a method to the rows.
  package func calibrator(_ method: CalibrationMethod) throws(CalibrationError) -> Calibrator {
    try Calibrator.fit(
      method: method, margins: margins, labels: labels, positiveEntities: buyers,
      logOddsPerMargin: logOddsPerMargin,
      bounds: bounds == .none
        ? .none
        : .jeffreys(
          rowsPerEntity: Double(max(margins.count, 1)) / Double(max(Set(entities).count, 1))))
  }

  /// The rows at some places.
  private func rows(_ places: [Int]) -> CalibrationRows {
    let buyers = Set(places.filter { labels[$0] == 1 }.map { entities[$0] })
    return CalibrationRows(
      margins: places.map { margins[$0] }, labels: places.map { labels[$0] },
      entities: places.map { entities[$0] }, buyers: buyers.count,
      logOddsPerMargin: logOddsPerMargin, bounds: bounds)
  }

  private init(
    margins: [Double], labels: [UInt8], entities: [Int32], buyers: Int, logOddsPerMargin: Double,
    bounds: CalibrationSpec.Bounds
  ) {
    self.margins = margins
    self.labels = labels
    self.entities = entities
    self.buyers = buyers
    self.logOddsPerMargin = logOddsPerMargin
    self.bounds = bounds
  }

  /// Into how many parts accounts are dealt to see what a calibrator does to rows that it has not seen.
  private static let parts = 5

  /// The log loss of the rows, each calibrated by a function fitted on other entities' rows, beside that of
  /// the learner's own probabilities.
  /// - Parameter keys: the entities' keys, by number.
  /// - Returns: nil where a part cannot be calibrated by the method.
  package func crossFittedLoss(_ method: CalibrationMethod, keys: [String]) -> CalibrationLoss? {
    guard method != .none else { return nil }
    let partOfEntity = Dictionary(
      uniqueKeysWithValues: Set(entities).map { entity in
        (entity, CrossFit.fold(ofKey: keys[Int(entity)], of: Self.parts))
      })
    let parts = entities.map { partOfEntity[$0] ?? 0 }
    var scores = [Double](repeating: 0, count: margins.count)
    for part in 0..<Self.parts {
      let own = parts.indices.filter { parts[$0] == part }
      guard !own.isEmpty else { continue }
      let others = rows(parts.indices.filter { parts[$0] != part })
      guard let calibrator = try? others.calibrator(method) else { return nil }
      for (place, score) in zip(own, calibrator.apply(own.map { margins[$0] })) {
        scores[place] = score
      }
    }
    let raw = margins.map { Logistic.probability(logOddsPerMargin * $0) }
    guard let calibrated = ScoreGroups(labels: labels, scores: scores).logLoss,
      let uncalibrated = ScoreGroups(labels: labels, scores: raw).logLoss
    else { return nil }
    return CalibrationLoss(rows: .fitted, calibrated: calibrated, uncalibrated: uncalibrated)
  }
}

/// The log loss of rows with calibration, and without it.
public struct CalibrationLoss: Codable, Sendable, Equatable {
  public enum Rows: String, Codable, Sendable {
    /// Those that the calibrator is fitted on, each account scored by one fitted on others.
    case fitted
    case test
  }

  public let rows: Rows
  public let calibrated: Double
  public let uncalibrated: Double

  package var isWorse: Bool { calibrated > uncalibrated }
}
