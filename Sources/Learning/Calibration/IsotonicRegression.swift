/// The monotone function with the least weighted squared error, as scikit-learn fits it.
///
///     let fit = try IsotonicRegression(x: [1, 2, 3], y: [0, 1, 0])
///     try fit.predict([1, 1.5, 9])  // [0, 0.25, 0.5] with .clip
///
/// Fitted by pooling adjacent violators (Ayer et al., 1955; in the single pass of Busing, 2022) after
/// points of equal x were replaced by their mean (de Leeuw, 1977, secondary approach). Between
/// thresholds the function is linear. Cost: one sort, then linear time.
public struct IsotonicRegression: Sendable, Equatable {
  /// Which way the function may go.
  public enum Direction: Sendable {
    case increasing
    case decreasing
    /// Increasing unless Spearman's rank correlation is negative.
    case automatic
  }

  /// What a point beyond the fitted ones is given.
  public enum OutOfBounds: Sendable {
    /// Not a number.
    case nan
    /// The value at the nearer end.
    case clip
    /// An error.
    case fail
  }

  /// The points between which the function is linear, rising: where it is flat only the two ends of
  /// the flat part.
  public let thresholds: [Double]
  /// The function's values there.
  public let values: [Double]
  /// What a point beyond the fitted ones is given.
  public let outOfBounds: OutOfBounds
  /// Whether the function was made to increase.
  public let isIncreasing: Bool

  /// Fits points, each with weight 1 unless given; points of weight 0 are left out.
  ///
  /// The columns must have equal lengths. Values are clipped to `minimum` and `maximum`.
  /// - Throws: `IsotonicError`, when no point has weight or a number is not finite.
  public init(
    x: [Double], y: [Double], weights: [Double]? = nil, direction: Direction = .increasing,
    minimum: Double = -.infinity, maximum: Double = .infinity, outOfBounds: OutOfBounds = .clip
  ) throws(IsotonicError) {
    precondition(x.count == y.count, "x and y differ in length")
    precondition(weights.map { $0.count == x.count } ?? true, "weights differ in length")
    precondition(minimum <= maximum, "the minimum is above the maximum")
    for point in x.indices {
      let weight = weights?[point] ?? 1
      guard x[point].isFinite, y[point].isFinite, weight.isFinite, weight >= 0 else {
        throw .notFinite(point: point)
      }
    }
    isIncreasing =
      switch direction {
      case .increasing: true
      case .decreasing: false
      case .automatic: RankCorrelation.spearman(x, y).map { $0 >= 0 } ?? true
      }
    var points = PooledPoints(x: x, y: y, weights: weights)
    guard !points.x.isEmpty else { throw .empty }
    points.y = pooledAdjacentViolators(points.y, points.weights, isIncreasing: isIncreasing)
      .map { min(max($0, minimum), maximum) }
    points.dropInnerPointsOfFlatParts()
    thresholds = points.x
    values = points.y
    self.outOfBounds = outOfBounds
  }

  /// A function given by its thresholds, which must rise, and its values there.
  init(thresholds: [Double], values: [Double]) {
    precondition(thresholds.count == values.count && !thresholds.isEmpty, "no function")
    self.thresholds = thresholds
    self.values = values
    outOfBounds = .clip
    isIncreasing = values[0] <= values[values.count - 1]
  }

  /// The function at each point.
  /// - Throws: `IsotonicError.outOfBounds`, when `outOfBounds` is `.fail` and a point lies outside.
  public func predict(_ points: [Double]) throws(IsotonicError) -> [Double] {
    let (low, high) = (thresholds[0], thresholds[thresholds.count - 1])
    if outOfBounds == .fail {
      for point in points where point < low || point > high {
        throw .outOfBounds(value: point, low: low, high: high)
      }
    }
    return points.map(value(at:))
  }

  /// The function at one point; beyond the ends the nearer end, or not a number with `.nan`.
  func value(at point: Double) -> Double {
    let last = thresholds.count - 1
    if point.isNaN { return .nan }
    if point < thresholds[0] { return outOfBounds == .nan ? .nan : values[0] }
    if point > thresholds[last] { return outOfBounds == .nan ? .nan : values[last] }
    // The first threshold not below the point.
    var (low, high) = (0, last)
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] < point { low = middle + 1 } else { high = middle }
    }
    guard low > 0, thresholds[low] != point else { return values[low] }
    let (before, after) = (values[low - 1], values[low])
    let slope = (after - before) / (thresholds[low] - thresholds[low - 1])
    let value = before + slope * (point - thresholds[low - 1])
    // Rounding must not lift the line above its own end, or the function would not be monotone.
    return min(max(value, min(before, after)), max(before, after))
  }
}
