/// Why the calibration method that was asked for cannot be fitted to the calibration rows.
public enum CalibrationError: Error, Equatable {
  /// There is no row of weight above 0.
  case empty
  /// The row's margin is not finite, or its weight is not finite or negative.
  case notFinite(row: Int)
  /// All rows are of one class.
  case oneClass(rows: Int, positives: Int)
  /// All margins are the same, so no slope can be told.
  case constantMargin(Double)
  /// Higher margins go with fewer positives; a falling curve would turn the ranking over.
  case falling(slope: Double)
  /// The fit found no finite optimum.
  case notConverged
}

extension CalibrationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty:
      "there are no calibration rows"
    case .notFinite(let row):
      "calibration row \(row) has a margin or weight that is not finite, or a negative weight"
    case .oneClass(let rows, let positives):
      "\(positives) of \(rows) calibration rows are positive; both classes are needed"
    case .constantMargin(let margin):
      "every calibration row has the margin \(margin), so no slope can be fitted"
    case .falling(let slope):
      "the fitted slope is \(slope): higher margins go with fewer positives, and a falling curve "
        + "would turn the ranking over"
    case .notConverged:
      "the fit found no finite optimum"
    }
  }
}
