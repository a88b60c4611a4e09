/// Why an isotonic function cannot be fitted or evaluated.
public enum IsotonicError: Error, Equatable {
  /// No point has weight.
  case empty
  /// A coordinate or weight is not finite, or a weight is negative.
  case notFinite(point: Int)
  /// A point lies beyond the fitted ones and the regression was told to refuse it.
  case outOfBounds(value: Double, low: Double, high: Double)
}

extension IsotonicError: CustomStringConvertible {
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
