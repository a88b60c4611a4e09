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
  /// - Parameter negatives: how many rows a negative row stands for, where only some are there. A class
  ///   then counts what it would with all of its rows.
  public func weights(labels: [Float], negatives: Double = 1) -> [Float]? {
    let positive: Float
    let negative: Float
    switch self {
    case .none:
      guard negatives != 1 else { return nil }
      positive = 1
      negative = Float(negatives)
    case .ratio(let ratio):
      positive = Float(ratio)
      negative = Float(negatives)
    case .balanced:
      let positives = Double(labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 })
      let others = Double(labels.count) - positives
      guard positives > 0, others > 0 else {
        return [Float](repeating: 1, count: labels.count)
      }
      let rows = positives + others * negatives
      positive = Float(rows / (2 * positives))
      negative = Float(rows / (2 * others))
    }
    return labels.map { $0 > 0 ? positive : negative }
  }
}
