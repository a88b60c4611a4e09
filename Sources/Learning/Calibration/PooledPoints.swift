/// Points of an isotonic regression with equal x made one: their weighted mean.
struct PooledPoints {
  /// Two x closer than this are equal: scikit-learn's `np.finfo(np.float64).resolution`.
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

  /// Keeps the first and last point and those whose y differs from a neighbour's; linear
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
