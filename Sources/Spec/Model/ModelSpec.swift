public import Diagnostics

/// The learner and its settings.
public struct ModelSpec: Sendable {
  public enum ClassWeight: Hashable, Sendable {
    case none
    /// Positives weigh n / 2P and negatives n / 2N, so that both classes weigh the same.
    case balanced
    /// Positives weigh this much, negatives 1.
    case positive(Double)
  }

  /// A learner parameter under the name the user wrote; the value as the learner reads it.
  public struct Parameter: Sendable {
    public var name: Located<String>
    public var value: Located<String>

    public init(name: Located<String>, value: Located<String>) {
      self.name = name
      self.value = value
    }
  }

  /// How the number of trees is found.
  public struct EarlyStopping: Sendable {
    public var span: SourceSpan
    /// After how many trees without a lower log loss no more are grown.
    public var rounds: Int
    /// How many of the last train cutoffs the trees are validated on.
    public var validationCutoffs: Located<Int>
  }

  public var span: SourceSpan
  public var classWeight: ClassWeight
  public var parameters: [Parameter]
  /// The names of those that the spec's sweep tries values of.
  public var sweptParameters: Set<String> = []
  /// Whether trees are grown on rounded gradients.
  public var quantizedGradients: Bool
  /// nil: the number of trees is that of `num_iterations`.
  public var earlyStopping: EarlyStopping?
  public var seed: Int
}

/// How margins become probabilities.
public struct CalibrationSpec: Sendable {
  public enum Method: String, CaseIterable, Sendable { case auto, isotonic, sigmoid, prior, none }

  /// Whose margins the calibrator is fitted on.
  public enum Fit: Hashable, Sendable {
    /// Those of the calibrate cutoffs.
    case calibrate
    /// Those of the train cutoffs, each from a model that has not seen the row's entity.
    case crossFit(folds: Int)
    /// Those of the test cutoffs, on which it is then judged.
    case test

    /// The word in a spec.
    var word: String {
      switch self {
      case .calibrate: "calibrate"
      case .crossFit: "cross_fit"
      case .test: "test"
      }
    }
  }

  /// What keeps the ends of isotonic regression from 0 and 1.
  public enum Bounds: String, CaseIterable, Sendable { case jeffreys, none }

  public var span: SourceSpan
  public var method: Located<Method>
  public var fit: Located<Fit>
  public var bounds: Bounds
}

/// Which of the train rows the learner sees: every positive, and so many of the negatives.
public struct SampleSpec: Sendable {
  /// How many negatives are kept.
  public enum Negatives: Hashable, Sendable {
    /// A share of them, above 0 and at most 1.
    case share(Double)
    /// So many for each positive, as far as there are so many.
    case perPositive(Int)
  }

  public var negatives: Located<Negatives>
}

/// How the combinations of a sweep are thinned out before they are run.
public struct HalvingSpec: Sendable {
  /// One of so many goes on to the next round.
  public var factor: Int
  /// Trees of a trial of the first round.
  public var trees: Int
  /// Cutoffs that a trial of the first round learns from.
  public var cutoffs: Int
  /// How many of the last train cutoffs the rounds are judged on.
  public var validationCutoffs: Located<Int>
}

extension HalvingSpec {
  /// nil where there is none, or it is malformed.
  init?(_ fields: Fields?) {
    guard let fields, let factor = fields.integer("factor"), let trees = fields.integer("trees"),
      let cutoffs = fields.integer("cutoffs"), let validation = fields.integer("validation_cutoffs")
    else { return nil }
    self.init(
      factor: factor.value, trees: trees.value, cutoffs: cutoffs.value,
      validationCutoffs: validation)
  }
}
