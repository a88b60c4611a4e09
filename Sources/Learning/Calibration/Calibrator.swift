internal import Diagnostics
internal import Evaluation
public import Foundation

/// A function from margins to probabilities, with a description of the rows it was fitted on.
///
/// ```swift
/// let calibrator = try Calibrator.fit(method: .auto, margins: margins, labels: labels)
/// let scores = calibrator.apply(testMargins)
/// ```
///
/// It never reverses a ranking; isotonic regression may create ties.
public struct Calibrator: Sendable, Equatable {
  /// The kinds of function.
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

  /// The rows whose margins the calibrator was fitted on.
  public enum Fit: Sendable, Equatable {
    /// Rows set aside for calibration.
    case calibrate
    /// The training rows, with out-of-fold margins from this many folds.
    case crossFit(folds: Int)
    /// The rows on which the model is evaluated.
    case test
  }

  /// The function itself.
  public let mapping: Mapping
  /// The rows whose margins the calibrator was fitted on.
  public private(set) var fit: Fit
  /// The reason for choosing this method, a sentence without a period.
  public let why: String
  /// The reasons for this method; nil where it was asked for, and for a calibrator read from a file.
  public private(set) var choice: CalibrationChoice?
  /// The number of rows with positive weight that it was fitted on.
  public let rows: Int
  /// The number of positives among them.
  public let positives: Int
  /// The learner's log odds per unit of margin, `Booster.logOddsPerMargin`.
  public let logOddsPerMargin: Double

  init(
    mapping: Mapping, why: String, choice: CalibrationChoice? = nil, rows: Int, positives: Int,
    fit: Fit = .calibrate, logOddsPerMargin: Double = 1
  ) {
    self.mapping = mapping
    self.choice = choice
    self.logOddsPerMargin = logOddsPerMargin
    self.fit = fit
    self.why = why
    self.rows = rows
    self.positives = positives
  }

  /// Returns whether two calibrators are the same function and were fitted in the same way. `choice` is not
  /// compared, because files do not hold it.
  public static func == (left: Calibrator, right: Calibrator) -> Bool {
    left.mapping == right.mapping && left.fit == right.fit && left.why == right.why
      && left.rows == right.rows && left.positives == right.positives
      && left.logOddsPerMargin == right.logOddsPerMargin
  }

  /// Returns the same function with another `fit`.
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

  /// The minimum distance of a curve from 0 and 1, as in log loss; `Double` cannot represent 1 - p
  /// for a much smaller p.
  private static let least = 0x1p-52

  /// Returns the probability of each margin. It is above 0 and below 1, except for an isotonic
  /// function without bounds.
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

/// The shape of `calibrator.json`: `version`, `method`, `why`, `rows`, `positives` and, depending
/// on the method, `margins` with `probabilities`, `slope` with `intercept`, or `shift`. A
/// cross-fitted calibrator also has `fit`, which is `cross_fit`, and `folds`; one fitted on the
/// test rows has a `fit` of `test`. If the learner's log odds differ from the margins,
/// `log_odds_per_margin` is the factor by which margins are multiplied before `shift` is added.
extension Calibrator: Codable {
  /// The version of the shape; any other is rejected.
  private static let version = 1

  private enum CodingKeys: String, CodingKey {
    case version, method, why, rows, positives, margins, probabilities, slope, intercept, shift
    case fit, folds
    case logOddsPerMargin = "log_odds_per_margin"
  }

  private static let crossFit = "cross_fit"
  private static let test = "test"

  /// Decodes the shape and checks that the function never decreases.
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func check(_ holds: Bool, _ key: CodingKeys, _ expected: String) throws {
      guard !holds else { return }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: expected)
    }
    func number(_ key: CodingKeys) throws -> Double {
      try container.decode(Double.self, forKey: key)
    }
    let version = try container.decode(Int.self, forKey: .version)
    try check(version == Self.version, .version, "expected version \(Self.version)")
    let mapping: Mapping
    switch try container.decode(CalibrationMethod.self, forKey: .method) {
    case .isotonic:
      let margins = try container.decode([Double].self, forKey: .margins)
      let probabilities = try container.decode([Double].self, forKey: .probabilities)
      let rises = zip(margins, margins.dropFirst()).allSatisfy { $0 < $1 }
      try check(!margins.isEmpty && rises, .margins, "expected margins that rise")
      try check(
        probabilities.count == margins.count
          && zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 <= $1 }
          && probabilities.allSatisfy { $0 >= 0 && $0 <= 1 },
        .probabilities, "expected one probability per margin, none below the one before")
      mapping = .isotonic(IsotonicRegression(thresholds: margins, values: probabilities))
    case .sigmoid:
      let slope = try number(.slope)
      try check(slope > 0, .slope, "expected a slope above 0")
      mapping = .sigmoid(slope: slope, intercept: try number(.intercept))
    case .prior:
      mapping = .prior(shift: try number(.shift))
    case .none:
      mapping = .none
    case .auto:
      throw DecodingError.dataCorruptedError(
        forKey: .method, in: container, debugDescription: "expected the method that was used")
    }
    var fit = Fit.calibrate
    if let word = try container.decodeIfPresent(String.self, forKey: .fit) {
      let isKnown = word == Self.crossFit || word == Self.test
      try check(isKnown, .fit, "expected `\(Self.crossFit)` or `\(Self.test)`")
      if word == Self.crossFit {
        let folds = try container.decode(Int.self, forKey: .folds)
        try check(folds > 1, .folds, "expected at least 2 folds")
        fit = .crossFit(folds: folds)
      } else {
        fit = .test
      }
    }
    let scale = try container.decodeIfPresent(Double.self, forKey: .logOddsPerMargin) ?? 1
    try check(scale > 0 && scale.isFinite, .logOddsPerMargin, "expected a number above 0")
    self.init(
      mapping: mapping, why: try container.decode(String.self, forKey: .why),
      rows: try container.decode(Int.self, forKey: .rows),
      positives: try container.decode(Int.self, forKey: .positives), fit: fit,
      logOddsPerMargin: scale)
  }

  /// Encodes the shape of `calibrator.json`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(method, forKey: .method)
    try container.encode(why, forKey: .why)
    try container.encode(rows, forKey: .rows)
    try container.encode(positives, forKey: .positives)
    if logOddsPerMargin != 1 { try container.encode(logOddsPerMargin, forKey: .logOddsPerMargin) }
    switch fit {
    case .calibrate: break
    case .crossFit(let folds):
      try container.encode(Self.crossFit, forKey: .fit)
      try container.encode(folds, forKey: .folds)
    case .test: try container.encode(Self.test, forKey: .fit)
    }
    switch mapping {
    case .isotonic(let regression):
      try container.encode(regression.thresholds, forKey: .margins)
      try container.encode(regression.values, forKey: .probabilities)
    case .sigmoid(let slope, let intercept):
      try container.encode(slope, forKey: .slope)
      try container.encode(intercept, forKey: .intercept)
    case .prior(let shift):
      try container.encode(shift, forKey: .shift)
    case .none:
      break
    }
  }

  /// Returns the calibrator as `calibrator.json`: sorted keys, numbers in their shortest exact
  /// form, and one trailing newline. The same calibrator gives the same bytes.
  public func json() throws -> Data { try JSONDocument.data(self, isSnakeCase: false) }

  /// Decodes a calibrator written by `json()`.
  /// - Throws: `DecodingError` if the data has another shape.
  public init(json: Data) throws {
    self = try JSONDecoder().decode(Calibrator.self, from: json)
  }
}

/// What keeps the ends of an isotonic function away from 0 and 1.
public enum IsotonicBounds: Sendable, Equatable {
  /// No bounds, as in scikit-learn.
  case none
  /// Adds one entity at the lowest margin and one at the highest. Each has the mean number of rows
  /// per entity, half of them positive.
  ///
  /// An end plateau of k positives in n rows becomes (k + w/2) / (n + w), where w is the number of
  /// rows per entity. In units of entities, n / w of them, that is the posterior mean of a rate
  /// under Jeffreys' prior, Beta(1/2, 1/2) (Jeffreys 1946; Krichevsky and Trofimov, 1981). Rows of
  /// one entity are alike, so together they count as one.
  case jeffreys(rowsPerEntity: Double)
}

/// The methods that turn margins into probabilities.
public enum CalibrationMethod: String, Sendable, Codable, CaseIterable {
  /// The most flexible of the other methods that the number of calibration positives supports.
  case auto
  /// A monotone step function of the margin.
  case isotonic
  /// A logistic curve over the margin, with slope and intercept.
  case sigmoid
  /// A shift of the log odds to the base rate.
  case prior
  /// The logistic function of the log odds, unchanged.
  case none

  /// The number of positives from which `auto` uses isotonic regression.
  ///
  /// Niculescu-Mizil and Caruana (2005) found that it overfits below about 1,000 calibration cases.
  /// At least a fifth of their cases were positive, and the rarer class limits a fit, hence 200.
  public static let isotonicPositives = 200
  /// The number of positives from which `auto` uses the sigmoid: two coefficients with ten events
  /// each (Peduzzi et al., 1996).
  public static let sigmoidPositives = 20
}

/// What `auto` counted, and the method that it took.
public struct CalibrationChoice: Sendable, Equatable, Codable {
  /// The rarer class, of which there are so many.
  public enum Counted: String, Sendable, Codable {
    case positiveEntities = "positive_entities"
    case positiveRows = "positive_rows"
    case negativeRows = "negative_rows"
  }

  /// A method that could not be fitted.
  public struct Failure: Sendable, Equatable, Codable {
    public let method: CalibrationMethod
    public let reason: String
    /// The simpler method that was taken.
    public let instead: CalibrationMethod
  }

  public let counted: Counted
  public let count: Int
  /// The most flexible method that so many can carry.
  public let method: CalibrationMethod
  /// Why a simpler one was taken; absent where none was.
  public private(set) var failures: [Failure]?

  init(_ count: Int, _ counted: Counted) {
    self.count = count
    self.counted = counted
    method =
      switch count {
      case CalibrationMethod.isotonicPositives...: .isotonic
      case CalibrationMethod.sigmoidPositives...: .sigmoid
      case 1...: .prior
      default: .none
      }
  }

  /// The method that is left after all failures.
  var taken: CalibrationMethod { failures?.last?.instead ?? method }

  mutating func fail(_ error: CalibrationError) {
    let simpler: CalibrationMethod = taken == .prior ? .none : .prior
    failures =
      (failures ?? []) + [
        Failure(method: taken, reason: error.description, instead: simpler)
      ]
  }

  /// What was counted, and what follows from it, without a full stop.
  public var words: String {
    let noun =
      switch counted {
      case .positiveEntities: "distinct positive entities"
      case .positiveRows: "positive rows"
      case .negativeRows: "negative rows"
      }
    let found = "\(count) \(noun)"
    let (isotonic, sigmoid) = (
      CalibrationMethod.isotonicPositives, CalibrationMethod.sigmoidPositives
    )
    let start =
      switch method {
      case .isotonic, .auto: "\(found), at least \(isotonic): enough for isotonic regression"
      case .sigmoid:
        "\(found), fewer than \(isotonic): isotonic regression would overfit, a sigmoid with two "
          + "coefficients does not"
      case .prior:
        "\(found), fewer than \(sigmoid): only the base rate can be set from them"
      case .none: "\(found): nothing to calibrate against"
      }
    return (failures ?? []).reduce(start) {
      "\($0); but \($1.reason), so \($1.instead.rawValue)"
    }
  }
}

/// The reason that a calibration method cannot be fitted to the calibration rows.
public enum CalibrationError: Error, Equatable {
  /// There is no row with positive weight.
  case empty
  /// The row's margin is not finite, or its weight is not finite or is negative.
  case notFinite(row: Int)
  /// All rows are of one class.
  case oneClass(rows: Int, positives: Int)
  /// All margins are equal, so there is no slope to fit.
  case constantMargin(Double)
  /// Higher margins have fewer positives; a decreasing curve would reverse the ranking.
  case falling(slope: Double)
  /// The fit found no finite optimum.
  case notConverged
}

extension CalibrationError: CustomStringConvertible {
  /// The reason in words, without a period.
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
        + "would reverse the ranking"
    case .notConverged:
      "the fit found no finite optimum"
    }
  }
}
