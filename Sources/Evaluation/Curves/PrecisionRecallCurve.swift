/// The precision-recall curve of all rows by margin, as steps.
///
/// Between the recall of one point and the next, the curve has the precision of the latter, so the
/// area below it is average precision, `pr_auc`. Tied rows enter together. A curve has at most 400
/// points: if there are more, those whose recall lies in the same four-hundredth become one, with the
/// mean precision over their recall. That changes the curve within a four-hundredth of its width,
/// and not its area.
public struct PrecisionRecallCurve: Codable, Sendable, Equatable {
  /// One step.
  public struct Point: Codable, Sendable, Equatable {
    /// The recall at the end of the step.
    public let recall: Double
    /// The precision.
    public let precision: Double
  }

  private static let mostPoints = 400

  /// The steps, by ascending recall; the last has recall 1.
  public let points: [Point]
  /// The share of positives, which is the precision of a random order.
  public let baseRate: Double
  /// The area under the curve.
  public let averagePrecision: Double

  /// Computes the curve; nil without positive rows.
  public init?(_ rows: ScoredRows) {
    let groups = ScoreGroups(labels: rows.label, scores: rows.margin)
    guard let average = groups.averagePrecision, let rate = groups.baseRate else { return nil }
    averagePrecision = average
    baseRate = rate
    let total = Int(groups.totalPositives)
    var steps: [(found: Int, area: Double)] = []
    var (above, found) = (0, 0)
    for group in groups.scores.indices {
      above += Int(groups.weights[group])
      let positives = Int(groups.positives[group])
      guard positives > 0 else { continue }
      found += positives
      steps.append((found, Double(positives) * (Double(found) / Double(above))))
    }
    let isThinned = steps.count > Self.mostPoints
    func cell(_ step: Int) -> Int { (steps[step].found * Self.mostPoints + total - 1) / total }
    var points: [Point] = []
    var reached = 0
    var area = CompensatedSum()
    for (number, step) in steps.enumerated() {
      area.add(step.area)
      let isLast = number == steps.count - 1
      guard !isThinned || isLast || cell(number) != cell(number + 1) else { continue }
      points.append(
        Point(
          recall: Double(step.found) / Double(total),
          precision: area.value / Double(step.found - reached)))
      reached = step.found
      area = CompensatedSum()
    }
    self.points = points
  }
}
