/// How much a positive row counts against a negative one while the learner trains.
public enum ClassWeight: Sendable, Hashable, Codable {
  /// Every row counts the same.
  case none
  /// Both classes count the same in total: n/2P for a positive row, n/2N for a negative one, the
  /// `balanced` of scikit-learn's `class_weight` (King and Zeng, 2001).
  case balanced
  /// A positive row counts this many times a negative one, which counts 1.
  case ratio(Double)

  /// One weight per row, or nil when all count the same.
  ///
  /// Labels above 0 are positive. Where a class is empty, `balanced` gives every row 1.
  public func weights(labels: [Float]) -> [Float]? {
    let positive: Float
    let negative: Float
    switch self {
    case .none: return nil
    case .ratio(let ratio):
      positive = Float(ratio)
      negative = 1
    case .balanced:
      let rows = Double(labels.count)
      let positives = Double(labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 })
      guard positives > 0, positives < rows else {
        return [Float](repeating: 1, count: labels.count)
      }
      positive = Float(rows / (2 * positives))
      negative = Float(rows / (2 * (rows - positives)))
    }
    return labels.map { $0 > 0 ? positive : negative }
  }
}
