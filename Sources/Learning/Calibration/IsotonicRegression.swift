internal import Evaluation

/// The monotone function with the least weighted squared error, as fitted by scikit-learn.
///
/// ```swift
/// let fit = try IsotonicRegression(x: [1, 2, 3], y: [0, 1, 0])
/// try fit.predict([1, 1.5, 9])  // [0, 0.25, 0.5] with .clip
/// ```
///
/// Fitted by pooling adjacent violators (Ayer et al., 1955; in the single pass of Busing, 2022),
/// after points of equal x are replaced by their mean (de Leeuw, 1977, secondary approach). The
/// function is linear between thresholds. Cost: one sort, then linear time.
public struct IsotonicRegression: Sendable, Equatable {
  /// The direction in which the function is monotone.
  public enum Direction: Sendable {
    case increasing
    case decreasing
    /// Increasing unless Spearman's rank correlation is negative.
    case automatic
  }

  /// The result for a point outside the fitted range.
  public enum OutOfBounds: Sendable {
    /// NaN.
    case nan
    /// The value at the nearer end.
    case clip
    /// An error.
    case fail
  }

  /// The x coordinates between which the function is linear, ascending. A flat part is represented
  /// only by its two ends.
  public let thresholds: [Double]
  /// The function's values at the thresholds.
  public let values: [Double]
  /// The result for a point outside the fitted range.
  public let outOfBounds: OutOfBounds
  /// Whether the function is increasing.
  public let isIncreasing: Bool

  /// Fits points, each with weight 1 by default; points of weight 0 are ignored.
  ///
  /// The columns must have equal lengths. Values are clipped to `minimum` and `maximum`.
  /// - Throws: `IsotonicError` if no point has weight or a number is not finite.
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

  /// Creates a function from its thresholds, which must be ascending, and its values there.
  init(thresholds: [Double], values: [Double]) {
    precondition(thresholds.count == values.count && !thresholds.isEmpty, "no function")
    self.thresholds = thresholds
    self.values = values
    outOfBounds = .clip
    isIncreasing = values[0] <= values[values.count - 1]
  }

  /// Returns the function's value at each point.
  /// - Throws: `IsotonicError.outOfBounds` if `outOfBounds` is `.fail` and a point is outside the
  ///   range.
  public func predict(_ points: [Double]) throws(IsotonicError) -> [Double] {
    let (low, high) = (thresholds[0], thresholds[thresholds.count - 1])
    if outOfBounds == .fail {
      for point in points where point < low || point > high {
        throw .outOfBounds(value: point, low: low, high: high)
      }
    }
    return points.map(value(at:))
  }

  /// Returns the function's value at one point. Beyond the ends it is the value at the nearer end,
  /// or NaN with `.nan`.
  func value(at point: Double) -> Double {
    let last = thresholds.count - 1
    if point.isNaN { return .nan }
    if point < thresholds[0] { return outOfBounds == .nan ? .nan : values[0] }
    if point > thresholds[last] { return outOfBounds == .nan ? .nan : values[last] }
    // Find the first threshold not below the point.
    var (low, high) = (0, last)
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] < point { low = middle + 1 } else { high = middle }
    }
    guard low > 0, thresholds[low] != point else { return values[low] }
    let (before, after) = (values[low - 1], values[low])
    let slope = (after - before) / (thresholds[low] - thresholds[low - 1])
    let value = before + slope * (point - thresholds[low - 1])
    // Clamp the value: rounding could move it past the end of its line, and the function would not
    // be monotone.
    return min(max(value, min(before, after)), max(before, after))
  }
}

/// Correlation of ranks.
enum RankCorrelation {
  /// Returns Spearman's rank correlation (1904), with tied values sharing their mean rank. It is
  /// nil if either column is constant or there are fewer than two points.
  static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    let (leftRanks, rightRanks) = (meanRanks(left), meanRanks(right))
    let middle = Double(left.count + 1) / 2
    var (product, leftSquares, rightSquares) = (
      CompensatedSum(), CompensatedSum(), CompensatedSum()
    )
    for (leftRank, rightRank) in zip(leftRanks, rightRanks) {
      let (a, b) = (leftRank - middle, rightRank - middle)
      product.add(a * b)
      leftSquares.add(a * a)
      rightSquares.add(b * b)
    }
    guard leftSquares.value > 0, rightSquares.value > 0 else { return nil }
    return product.value / (leftSquares.value * rightSquares.value).squareRoot()
  }

  private static func meanRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}

/// The points of an isotonic regression, with those of equal x merged into their weighted mean.
struct PooledPoints {
  /// The distance below which two x are equal: scikit-learn's `np.finfo(np.float64).resolution`.
  private static let resolution = 1e-15

  var x: [Double] = []
  var y: [Double] = []
  var weights: [Double] = []

  init(x: [Double], y: [Double], weights: [Double]?) {
    struct Point {
      var x: Double
      var y: Double
      var weight: Double
    }
    var points: [Point] = []
    points.reserveCapacity(x.count)
    for index in x.indices {
      let weight = weights?[index] ?? 1
      if weight > 0 { points.append(Point(x: x[index], y: y[index], weight: weight)) }
    }
    points.sort {
      if $0.x != $1.x { return $0.x < $1.x }
      if $0.y != $1.y { return $0.y < $1.y }
      return $0.weight < $1.weight
    }
    var sum = 0.0
    var weight = 0.0
    for (index, point) in points.enumerated() {
      if index == 0 || point.x - self.x[self.x.count - 1] >= Self.resolution {
        if index > 0 { close(sum, weight) }
        self.x.append(point.x)
        (sum, weight) = (0, 0)
      }
      sum += point.weight * point.y
      weight += point.weight
    }
    if !points.isEmpty { close(sum, weight) }
  }

  private mutating func close(_ sum: Double, _ weight: Double) {
    y.append(sum / weight)
    weights.append(weight)
  }

  /// Keeps the first and last point and those whose y differs from a neighbor's. Linear
  /// interpolation gives the same function without the others.
  mutating func dropInnerPointsOfFlatParts() {
    let kept = y.indices.filter {
      $0 == 0 || $0 == y.count - 1 || y[$0] != y[$0 - 1] || y[$0] != y[$0 + 1]
    }
    x = kept.map { x[$0] }
    y = kept.map { y[$0] }
    weights = kept.map { weights[$0] }
  }
}

/// Returns the monotone sequence with the least weighted squared distance from `values`.
///
/// One pass (Busing, 2022): each value starts its own block. While it does not exceed the block
/// before it, both are pooled into their weighted mean, first with the violators that follow, then
/// with those before. Equal neighbors are pooled too, so a flat part has exactly one value.
func pooledAdjacentViolators(
  _ values: [Double], _ weights: [Double], isIncreasing: Bool
) -> [Double] {
  guard isIncreasing else {
    return pooledAdjacentViolators(
      values.reversed(), weights.reversed(), isIncreasing: true
    ).reversed()
  }
  guard let first = values.first else { return [] }
  var means = [first]
  var blockWeights = [weights[0]]
  var ends = [1]
  var index = 1
  while index < values.count {
    var mean = values[index]
    var weight = weights[index]
    if means[means.count - 1] >= mean {
      let previous = (mean: means.removeLast(), weight: blockWeights.removeLast())
      ends.removeLast()
      var sum = previous.weight * previous.mean + weight * mean
      weight += previous.weight
      mean = sum / weight
      while index + 1 < values.count, mean >= values[index + 1] {
        index += 1
        sum += weights[index] * values[index]
        weight += weights[index]
        mean = sum / weight
      }
      while let before = means.last, before >= mean {
        let beforeWeight = blockWeights.removeLast()
        sum += beforeWeight * before
        weight += beforeWeight
        mean = sum / weight
        means.removeLast()
        ends.removeLast()
      }
    }
    means.append(mean)
    blockWeights.append(weight)
    ends.append(index + 1)
    index += 1
  }
  var fitted: [Double] = []
  fitted.reserveCapacity(values.count)
  for (mean, end) in zip(means, ends) {
    fitted.append(contentsOf: repeatElement(mean, count: end - fitted.count))
  }
  return fitted
}

/// The reason that an isotonic function cannot be fitted or evaluated.
public enum IsotonicError: Error, Equatable {
  /// No point has weight.
  case empty
  /// A coordinate or weight is not finite, or a weight is negative.
  case notFinite(point: Int)
  /// A point is outside the fitted range and the regression is set to fail.
  case outOfBounds(value: Double, low: Double, high: Double)
}

extension IsotonicError: CustomStringConvertible {
  /// The reason in words, without a period.
  public var description: String {
    switch self {
    case .empty:
      "isotonic regression needs at least one point of weight above 0"
    case .notFinite(let point):
      "isotonic regression needs finite numbers and weights not below 0; point \(point) has others"
    case .outOfBounds(let value, let low, let high):
      "\(value) lies outside the fitted range \(low)...\(high)"
    }
  }
}
