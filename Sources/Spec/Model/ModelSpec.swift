public import Diagnostics

/// The learner and its settings.
public struct ModelSpec: Sendable {
  /// What the model is.
  public enum Learner: Hashable, Sendable {
    /// LightGBM's gradient-boosted trees.
    case lightgbm
    /// A logistic regression on splines and encoded categories.
    case logistic(LogisticSpec)

    /// The word for the logistic regression in a spec.
    static let logisticWord = "logistic"
  }

  /// The weights of the classes.
  public enum ClassWeight: Hashable, Sendable {
    case none
    /// Positives have weight n / 2P and negatives n / 2N, so both classes have the same total
    /// weight.
    case balanced
    /// Positives have this weight, negatives 1.
    case positive(Double)
  }

  /// What grows the trees.
  public enum Trainer: String, CaseIterable, Sendable {
    /// The panel trainer where it grows the library's trees, otherwise the library.
    case auto
    /// Holdout's own trainer.
    case panel
    /// LightGBM's library.
    case library
  }

  /// A learner parameter under the name that the user wrote, with its value as the learner reads
  /// it.
  public struct Parameter: Sendable {
    /// The name as written.
    public var name: Located<String>
    /// The value as the learner reads it.
    public var value: Located<String>

    /// Creates a parameter.
    public init(name: Located<String>, value: Located<String>) {
      self.name = name
      self.value = value
    }
  }

  /// How the number of trees is found.
  public struct EarlyStopping: Sendable {
    /// The position of the key `early_stopping`.
    public var span: SourceSpan
    /// The number of trees without a lower log loss after which training stops.
    public var rounds: Int
    /// The number of the last training cutoffs used for validation.
    public var validationCutoffs: Located<Int>
  }

  /// What the model is.
  public var learner: Learner
  /// What grows the trees.
  public var trainer: Located<Trainer>
  /// The position of the key `model`.
  public var span: SourceSpan
  /// The preset whose values are among the parameters; `none` without one.
  public var preset: ModelPreset
  /// The weights of the classes.
  public var classWeight: ClassWeight
  /// The learner's parameters: those of the preset that are not written, then the others in the
  /// order written.
  public var parameters: [Parameter]
  /// What trees may do with single features.
  public var constraints: FeatureConstraints
  /// The names of the parameters that the spec's sweep varies.
  public var sweptParameters: Set<String> = []
  /// Whether trees are grown on rounded gradients.
  public var quantizedGradients: Bool
  /// How the number of trees is found; nil if `num_iterations` sets it.
  public var earlyStopping: EarlyStopping?
  /// The seed of the learner's random choices.
  public var seed: Int

  /// The settings of the logistic regression; nil if the learner grows trees.
  public var logistic: LogisticSpec? {
    if case .logistic(let settings) = learner { settings } else { nil }
  }

  /// What distinguishes the learner from others: specs with equal texts have the same learner and
  /// the same parameters.
  public var learnerText: [String] {
    [logistic == nil ? "lightgbm" : Learner.logisticWord]
      + parameters.map { "\($0.name.value)=\($0.value.value)" }
  }
}

/// The settings of the logistic regression.
public struct LogisticSpec: Hashable, Sendable {
  /// The names of its parameters.
  public static let parameters = ["knots", "penalty"]
  /// The numbers of knots that a spline can have.
  public static let knotRange = 3...7

  /// The penalty of half the squared coefficients, in units of the summed log loss; nil: the one
  /// with the lowest log loss out of fold.
  public var penalty: Double?
  /// The number of knots of each spline.
  public var knots = 5
}

/// What the learner's trees may do with single features, by their names.
public struct FeatureConstraints: Sendable {
  /// The only direction in which a higher value of a feature may move the margin.
  public enum Direction: String, CaseIterable, Sendable { case increasing, decreasing }

  /// A feature with its direction.
  public struct Monotone: Sendable {
    /// The name of the feature.
    public var feature: Located<String>
    /// Its direction.
    public var direction: Direction
  }

  /// The features with a direction, in the order written.
  public var monotone: [Monotone]
  /// The groups of features that may be combined on a path of a tree; empty if all may be.
  public var interactions: [[Located<String>]]
}

extension FeatureConstraints: CustomStringConvertible {
  /// The constraints as one text, equal for equal constraints.
  public var description: String {
    let directions = monotone.map { "\($0.feature.value)=\($0.direction.rawValue)" }
    let groups = interactions.map { $0.map(\.value).joined(separator: ",") }
    return (directions + groups).joined(separator: ";")
  }
}

/// How margins become probabilities.
public struct CalibrationSpec: Sendable {
  /// The calibration method.
  public enum Method: String, CaseIterable, Sendable { case auto, isotonic, sigmoid, prior, none }

  /// The rows whose margins the calibrator is fitted on.
  public enum Fit: Hashable, Sendable {
    /// The rows of the calibration cutoffs.
    case calibrate
    /// The training rows, each with a margin from a model that has not seen its entity.
    case crossFit(folds: Int)
    /// The rows of the test cutoffs, on which the calibrator is then evaluated.
    case test

    /// The word for it in a spec.
    var word: String {
      switch self {
      case .calibrate: "calibrate"
      case .crossFit: "cross_fit"
      case .test: "test"
      }
    }
  }

  /// What keeps the ends of isotonic regression away from 0 and 1.
  public enum Bounds: String, CaseIterable, Sendable { case jeffreys, none }

  /// The position of the key `calibration`.
  public var span: SourceSpan
  /// The calibration method.
  public var method: Located<Method>
  /// The rows whose margins the calibrator is fitted on.
  public var fit: Located<Fit>
  /// What keeps the ends of isotonic regression away from 0 and 1.
  public var bounds: Bounds
}

/// The training rows that the learner sees: every positive and a sample of the negatives.
public struct SampleSpec: Sendable {
  /// The number of negatives that are kept.
  public enum Negatives: Hashable, Sendable {
    /// A share of the negatives, above 0 and at most 1.
    case share(Double)
    /// This many negatives per positive, or all if there are fewer.
    case perPositive(Int)
  }

  /// The number of negatives that are kept.
  public var negatives: Located<Negatives>

  /// Creates a sample.
  public init(negatives: Located<Negatives>) { self.negatives = negatives }
}

/// How the combinations of a sweep are reduced by successive halving before they are run.
public struct HalvingSpec: Sendable {
  /// One in this many trials goes on to the next round.
  public var factor: Int
  /// The number of trees of a trial in the first round.
  public var trees: Int
  /// The number of training cutoffs of a trial in the first round.
  public var cutoffs: Int
  /// The number of the last training cutoffs that trials are evaluated on.
  public var validationCutoffs: Located<Int>
}

extension HalvingSpec {
  /// Decodes the map; nil if it is missing or malformed.
  init?(_ fields: Fields?) {
    guard let fields, let factor = fields.integer("factor"), let trees = fields.integer("trees"),
      let cutoffs = fields.integer("cutoffs"), let validation = fields.integer("validation_cutoffs")
    else { return nil }
    self.init(
      factor: factor.value, trees: trees.value, cutoffs: cutoffs.value,
      validationCutoffs: validation)
  }
}
