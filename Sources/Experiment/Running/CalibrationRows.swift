internal import Evaluation
package import Learning
package import Runs
package import Spec

/// The rows that a calibrator is fitted on, with everything the fit needs.
package struct CalibrationRows: Sendable {
  let margins: [Double]
  let labels: [UInt8]
  /// The number of each row's cluster: rows of one cluster are not independent.
  let clusters: [Int32]
  /// The number of distinct clusters of positive rows.
  let buyers: Int
  /// The scale of the model that produced the margins.
  let logOddsPerMargin: Double
  private let bounds: CalibrationSpec.Bounds

  package init(
    _ spec: CalibrationSpec, margins: [Double], labels: [UInt8], clusters: [Int32], buyers: Int,
    logOddsPerMargin: Double
  ) {
    self.margins = margins
    self.labels = labels
    self.clusters = clusters
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
          rowsPerEntity: Double(max(margins.count, 1)) / Double(max(Set(clusters).count, 1))))
  }

  /// The rows at some indices.
  private func rows(_ indices: [Int]) -> CalibrationRows {
    let buyers = Set(indices.filter { labels[$0] == 1 }.map { clusters[$0] })
    return CalibrationRows(
      margins: indices.map { margins[$0] }, labels: indices.map { labels[$0] },
      clusters: indices.map { clusters[$0] }, buyers: buyers.count,
      logOddsPerMargin: logOddsPerMargin, bounds: bounds)
  }

  private init(
    margins: [Double], labels: [UInt8], clusters: [Int32], buyers: Int, logOddsPerMargin: Double,
    bounds: CalibrationSpec.Bounds
  ) {
    self.margins = margins
    self.labels = labels
    self.clusters = clusters
    self.buyers = buyers
    self.logOddsPerMargin = logOddsPerMargin
    self.bounds = bounds
  }

  /// The number of parts that clusters are divided into, to measure calibration on unseen rows.
  private static let parts = 5

  /// The cross-fitted log loss of the rows, compared with that of the learner's own probabilities.
  /// Each row is calibrated by a function fitted on other clusters' rows.
  /// - Parameters:
  ///   - names: by cluster number.
  ///   - level: the coverage of the interval of the difference.
  /// - Returns: nil when the method cannot be fitted to a part, or too few clusters are of one class.
  package func crossFittedLoss(
    _ method: CalibrationMethod, names: [String], level: Double
  ) -> CalibrationLoss? {
    guard method != .none else { return nil }
    let partOfCluster = Dictionary(
      uniqueKeysWithValues: Set(clusters).map { cluster in
        (cluster, CrossFit.fold(ofKey: names[Int(cluster)], of: Self.parts))
      })
    let parts = clusters.map { partOfCluster[$0] ?? 0 }
    var scores = [Double](repeating: 0, count: margins.count)
    for part in 0..<Self.parts {
      let own = parts.indices.filter { parts[$0] == part }
      guard !own.isEmpty else { continue }
      let others = rows(parts.indices.filter { parts[$0] != part })
      guard let calibrator = try? others.calibrator(method) else { return nil }
      for (index, score) in zip(own, calibrator.apply(own.map { margins[$0] })) {
        scores[index] = score
      }
    }
    let raw = margins.map { Logistic.probability(logOddsPerMargin * $0) }
    guard let calibrated = ScoreGroups(labels: labels, scores: scores).logLoss,
      let uncalibrated = ScoreGroups(labels: labels, scores: raw).logLoss,
      let difference = LogLossDifference(
        labels: labels, scores: scores, others: raw, clusters: clusters, level: level)
    else { return nil }
    return CalibrationLoss(
      rows: .fitted, calibrated: calibrated, uncalibrated: uncalibrated, difference: difference)
  }
}
