import Evaluation

extension Calibrator {
  /// Fits the method to the calibration rows.
  ///
  /// All methods are fitted on margins. Isotonic regression is the same function of any increasing
  /// transform of them, except between two thresholds, where it is linear in the margin. Labels are
  /// 0 or 1. `distinctBuyers`, where known, is what `auto` counts, since one buyer may be positive
  /// at several cutoffs. When the method chosen by `auto` cannot be fitted, the next simpler one is
  /// taken and `why` says so. `logOddsPerMargin` is the model's own, which matters to `prior` and `none`;
  /// `bounds` matters to isotonic regression.
  /// - Throws: `CalibrationError`, when a method asked for by name cannot be fitted, or a margin or
  ///   weight is not finite.
  public static func fit(
    method: CalibrationMethod = .auto, margins: [Double], labels: [UInt8],
    weights: [Double]? = nil, distinctBuyers: Int? = nil,
    logOddsPerMargin: Double = 1, bounds: IsotonicBounds = .none
  ) throws(CalibrationError) -> Calibrator {
    precondition(margins.count == labels.count, "margins and labels differ in length")
    precondition(weights.map { $0.count == labels.count } ?? true, "weights differ in length")
    var (rows, positives) = (0, 0)
    for row in margins.indices {
      let weight = weights?[row] ?? 1
      guard margins[row].isFinite, weight.isFinite, weight >= 0 else { throw .notFinite(row: row) }
      guard weight > 0 else { continue }
      rows += 1
      positives += Int(labels[row])
    }
    let groups = ScoreGroups(labels: labels, scores: margins, weights: weights)
    func fitted(
      _ method: CalibrationMethod, _ why: String
    ) throws(CalibrationError) -> Calibrator {
      Calibrator(
        mapping: try mapping(
          method, groups, rows: rows, positives: positives, logOddsPerMargin: logOddsPerMargin,
          bounds: bounds),
        why: why, rows: rows, positives: positives, logOddsPerMargin: logOddsPerMargin)
    }
    guard method == .auto else { return try fitted(method, "asked for") }
    let counted = distinctBuyers.map { min($0, positives) } ?? positives
    let isBuyersRarer = counted <= rows - positives
    var choice = CalibrationMethod.chosen(
      positives: isBuyersRarer ? counted : rows - positives,
      counted: isBuyersRarer
        ? (distinctBuyers == nil ? "positive rows" : "distinct buyers") : "negative rows")
    while true {
      do throws(CalibrationError) {
        return try fitted(choice.method, choice.why)
      } catch {
        let simpler: CalibrationMethod = choice.method == .prior ? .none : .prior
        choice = (simpler, choice.why + "; but \(error), so \(simpler.rawValue)")
      }
    }
  }

  private static func mapping(
    _ method: CalibrationMethod, _ groups: ScoreGroups, rows: Int, positives: Int,
    logOddsPerMargin: Double, bounds: IsotonicBounds
  ) throws(CalibrationError) -> Mapping {
    if method == .none { return .none }
    guard rows > 0 else { throw .empty }
    guard positives > 0, positives < rows else {
      throw .oneClass(rows: rows, positives: positives)
    }
    switch method {
    case .isotonic, .auto:
      return .isotonic(try isotonic(groups, bounds))
    case .sigmoid:
      let fit = try SigmoidCalibration(groups)
      guard fit.slope > 0 else { throw .falling(slope: fit.slope) }
      return .sigmoid(slope: fit.slope, intercept: fit.intercept)
    case .prior:
      return .prior(shift: try PriorCalibration(groups, logOddsPerMargin: logOddsPerMargin).shift)
    case .none:
      return .none
    }
  }

  private static func isotonic(
    _ groups: ScoreGroups, _ bounds: IsotonicBounds
  ) throws(CalibrationError) -> IsotonicRegression {
    var margins = groups.scores
    var rates = zip(groups.positives, groups.weights).map { $0 / $1 }
    var weights = groups.weights
    if case .jeffreys(let rowsPerEntity) = bounds, let top = margins.first, let low = margins.last {
      margins += [top, low]
      rates += [0.5, 0.5]
      weights += [rowsPerEntity, rowsPerEntity]
    }
    do throws(IsotonicError) {
      return try IsotonicRegression(
        x: margins, y: rates, weights: weights, minimum: 0, maximum: 1)
    } catch {
      // Finite numbers and at least one row were checked before; an overflow is what remains.
      throw .notConverged
    }
  }
}
