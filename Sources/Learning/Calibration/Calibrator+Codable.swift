public import Foundation

/// The shape of `calibrator.json`: `version`, `method`, `why`, `rows`, `positives`, and by method
/// `margins` with `probabilities`, `slope` with `intercept`, or `shift`. One that was cross-fitted has
/// `fit`, `cross_fit`, and `folds` besides; one fitted on the test rows has `fit`, `test`. One of a
/// learner whose log odds are not the margins has `log_odds_per_margin`, which margins are multiplied by
/// before `shift` is added.
extension Calibrator: Codable {
  /// The version of the shape; another one is refused.
  private static let version = 1

  private enum CodingKeys: String, CodingKey {
    case version, method, why, rows, positives, margins, probabilities, slope, intercept, shift
    case fit, folds
    case logOddsPerMargin = "log_odds_per_margin"
  }

  private static let crossFit = "cross_fit"
  private static let test = "test"

  /// Reads the shape and checks that it is a function that never falls.
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

  /// The calibrator as `calibrator.json`: sorted keys, numbers in their shortest exact form, one
  /// trailing newline. The same calibrator gives the same bytes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The calibrator that `json()` wrote.
  /// - Throws: `DecodingError`, when the data have another shape.
  public init(json: Data) throws {
    self = try JSONDecoder().decode(Calibrator.self, from: json)
  }
}
