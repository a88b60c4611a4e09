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
    /// How many of the last train cutoffs the trees are watched on.
    public var cutoffs: Located<Int>
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
