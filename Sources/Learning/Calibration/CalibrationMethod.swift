/// What keeps the ends of an isotonic function from 0 and 1.
public enum IsotonicBounds: Sendable, Equatable {
  /// Nothing: the function is scikit-learn's.
  case none
  /// One more entity at the least and at the greatest margin, with as many rows as an entity has on average,
  /// half of them positive.
  ///
  /// An end plateau of k positives in n rows comes to (k + w/2) / (n + w), w being the rows per entity. In
  /// entities, n / w of them, that is the mean of a rate under Jeffreys' prior, Beta(1/2, 1/2) (Jeffreys
  /// 1946; Krichevsky and Trofimov, 1981): rows of one entity are alike, so that they count as one.
  case jeffreys(rowsPerEntity: Double)
}

/// How margins become probabilities.
public enum CalibrationMethod: String, Sendable, Codable, CaseIterable {
  /// The most flexible of the others that the number of calibration positives can carry.
  case auto
  /// A monotone step function of the margin.
  case isotonic
  /// A logistic curve over the margin, with slope and intercept.
  case sigmoid
  /// A shift of the log-odds to the base rate.
  case prior
  /// The logistic function of the margin as it is.
  case none

  /// From so many positives on, `auto` takes isotonic regression.
  ///
  /// Niculescu-Mizil and Caruana (2005) found it to overfit below about 1,000 calibration cases. Of
  /// their cases a fifth or more were positive, and the rarer class is what limits a fit, hence 200.
  public static let isotonicPositives = 200
  /// From so many positives on, `auto` takes the sigmoid: two coefficients with ten events each
  /// (Peduzzi et al., 1996).
  public static let sigmoidPositives = 20

  /// The method that `auto` stands for, and why, in a sentence.
  ///
  /// `positives` is the number of the rarer class: positive rows, or distinct buyers where known.
  static func chosen(positives: Int, counted: String) -> (method: CalibrationMethod, why: String) {
    let found = "\(positives) \(counted)"
    switch positives {
    case isotonicPositives...:
      return (.isotonic, "\(found), at least \(isotonicPositives): enough for isotonic regression")
    case sigmoidPositives...:
      return (
        .sigmoid,
        "\(found), fewer than \(isotonicPositives): isotonic regression would overfit, "
          + "two coefficients of a sigmoid will not"
      )
    case 1...:
      return (
        .prior,
        "\(found), fewer than \(sigmoidPositives): only the base rate can be set from them"
      )
    default:
      return (.none, "\(found): nothing to calibrate against")
    }
  }
}
