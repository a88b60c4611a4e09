internal import Evaluation

extension Calibrator {
  /// Fits a method to the calibration rows.
  ///
  /// All methods are fitted on margins. Isotonic regression is invariant under any increasing
  /// transform of them, except between two thresholds, where it is linear in the margin. If the
  /// method chosen by `auto` cannot be fitted, the next simpler one is used and `why` says so.
  /// - Parameters:
  ///   - labels: 0 or 1.
  ///   - positiveEntities: the count that `auto` uses if given, because one buyer may be positive at
  ///     several cutoffs.
  ///   - logOddsPerMargin: the model's own factor, which affects `prior` and `none`.
  ///   - bounds: the bounds of isotonic regression.
  /// - Throws: `CalibrationError` if an explicitly requested method cannot be fitted, or if a
  ///   margin or weight is not finite.
  public static func fit(
    method: CalibrationMethod = .auto, margins: [Double], labels: [UInt8],
    weights: [Double]? = nil, positiveEntities: Int? = nil,
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
      _ method: CalibrationMethod, _ choice: CalibrationChoice?
    ) throws(CalibrationError) -> Calibrator {
      Calibrator(
        mapping: try mapping(
          method, groups, rows: rows, positives: positives, logOddsPerMargin: logOddsPerMargin,
          bounds: bounds),
        why: choice?.words ?? "asked for", choice: choice, rows: rows, positives: positives,
        logOddsPerMargin: logOddsPerMargin)
    }
    guard method == .auto else { return try fitted(method, nil) }
    let counted = positiveEntities.map { min($0, positives) } ?? positives
    let isBuyersRarer = counted <= rows - positives
    var choice = CalibrationChoice(
      isBuyersRarer ? counted : rows - positives,
      isBuyersRarer ? (positiveEntities == nil ? .positiveRows : .positiveEntities) : .negativeRows)
    while true {
      do throws(CalibrationError) {
        return try fitted(choice.taken, choice)
      } catch {
        choice.fail(error)
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
      // Finite numbers and at least one row were checked before; what remains is an overflow.
      throw .notConverged
    }
  }
}

/// A shift of the log odds: probability = logistic(log odds + shift), with the mean probability
/// equal to the share of positives. It preserves the ranking, including ties.
struct PriorCalibration {
  let shift: Double

  /// Finds the shift by Newton's method, as the intercept of a logistic regression with the margin
  /// as offset.
  /// - Parameter logOddsPerMargin: the factor that turns the groups' scores into the learner's log
  ///   odds.
  /// - Throws: `CalibrationError.notConverged` if no shift gives that mean.
  init(_ groups: ScoreGroups, logOddsPerMargin: Double) throws(CalibrationError) {
    let cells = LogisticCells(
      predictor: groups.scores.map { logOddsPerMargin * $0 }, weights: groups.weights,
      positives: groups.positives)
    guard let shift = cells.intercept(startingAt: 0) else { throw .notConverged }
    self.shift = shift
  }
}

/// A logistic curve over the margin: probability = logistic(slope × margin + intercept).
///
/// Platt (1999) with the targets of Lin, Lin and Weng (2007): (N₊ + 1) / (N₊ + 2) for positives and
/// 1 / (N₋ + 2) for negatives, which give even separated classes a finite optimum.
struct SigmoidCalibration {
  let slope: Double
  let intercept: Double

  /// Fits the curve by Newton's method with backtracking.
  /// - Throws: `CalibrationError.constantMargin` without two distinct margins.
  init(_ groups: ScoreGroups) throws(CalibrationError) {
    let (low, high) = (groups.scores[groups.scores.count - 1], groups.scores[0])
    guard low < high else { throw .constantMargin(low) }
    let positiveTarget = (groups.totalPositives + 1) / (groups.totalPositives + 2)
    let negativeTarget = 1 / (groups.totalNegatives + 2)
    // Scale the margins to -1...1 for the fit.
    let middle = low / 2 + high / 2
    let half = high / 2 - low / 2
    let cells = LogisticCells(
      predictor: groups.scores.map { ($0 - middle) / half },
      weights: groups.weights,
      positives: groups.scores.indices.map { group in
        let positives = groups.positives[group]
        return positives * positiveTarget + (groups.weights[group] - positives) * negativeTarget
      })
    guard let line = cells.line(startingAt: (0, 0)) else { throw .notConverged }
    slope = line.slope / half
    intercept = line.intercept - line.slope * middle / half
  }
}
