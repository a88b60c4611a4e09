import Evaluation

/// A function from margins to probabilities, with what it was fitted on.
///
///     let calibrator = try Calibrator.fit(method: .auto, margins: margins, labels: labels)
///     let scores = calibrator.apply(testMargins)
///
/// It never turns a ranking over; isotonic regression may make ties.
public struct Calibrator: Sendable, Equatable {
  /// The function itself.
  public enum Mapping: Sendable, Equatable {
    /// Linear between the thresholds, constant beyond them.
    case isotonic(IsotonicRegression)
    /// logistic(slope × margin + intercept).
    case sigmoid(slope: Double, intercept: Double)
    /// logistic(the learner's log odds + shift).
    case prior(shift: Double)
    /// logistic(the learner's log odds): its own probability.
    case none
  }

  /// Whose margins it was fitted on.
  public enum Fit: Sendable, Equatable {
    /// Those of rows set aside for it.
    case calibrate
    /// Out-of-fold margins of the train rows, over so many folds.
    case crossFit(folds: Int)
    /// Those of the rows that it is judged on.
    case test
  }

  /// The function itself.
  public let mapping: Mapping
  /// Whose margins it was fitted on.
  public private(set) var fit: Fit
  /// Why this method, in a sentence without a full stop.
  public let why: String
  /// How many rows of weight above 0 it was fitted on.
  public let rows: Int
  /// How many of them are positive.
  public let positives: Int
  /// The learner's log odds per unit of margin, `Booster.logOddsPerMargin`.
  public let logOddsPerMargin: Double

  init(
    mapping: Mapping, why: String, rows: Int, positives: Int, fit: Fit = .calibrate,
    logOddsPerMargin: Double = 1
  ) {
    self.mapping = mapping
    self.logOddsPerMargin = logOddsPerMargin
    self.fit = fit
    self.why = why
    self.rows = rows
    self.positives = positives
  }

  /// The same function, saying whose margins it was fitted on.
  public func fitted(_ fit: Fit) -> Calibrator {
    var copy = self
    copy.fit = fit
    return copy
  }

  /// The method that was used; never `auto`.
  public var method: CalibrationMethod {
    switch mapping {
    case .isotonic: .isotonic
    case .sigmoid: .sigmoid
    case .prior: .prior
    case .none: .none
    }
  }

  /// How near to 0 and to 1 a curve comes, as in log loss; further out a double has no numbers left.
  private static let least = 0x1p-52

  /// The probability of each margin, above 0 and below 1 unless an isotonic function without bounds says
  /// otherwise.
  public func apply(_ margins: [Double]) -> [Double] {
    func probability(_ logOdds: Double) -> Double {
      min(max(Logistic.probability(logOdds), Self.least), 1 - Self.least)
    }
    return switch mapping {
    case .isotonic(let regression):
      margins.map { regression.value(at: $0) }
    case .sigmoid(let slope, let intercept):
      margins.map { probability(slope * $0 + intercept) }
    case .prior(let shift):
      margins.map { probability(logOddsPerMargin * $0 + shift) }
    case .none:
      margins.map { probability(logOddsPerMargin * $0) }
    }
  }
}
