/// Everything that determines which model the learner fits to given rows.
///
/// The thread count is not included because models do not depend on it.
public struct LearnerConfiguration: Sendable, Hashable, Codable {
  /// The user's parameters, in the user's order.
  public var parameters: [Parameter]
  /// The number of trees.
  public var iterations: Int
  /// The seed of every random choice: of features, of rows, and of the rows sampled for binning.
  public var seed: Int
  /// The weight of a positive row.
  public var classWeight: ClassWeight
  /// Whether trees are grown on gradients rounded to a few integers, with leaf values then computed
  /// from the unrounded ones. This is less work per tree, but on one thread (Shi et al., 2022).
  public var quantizedGradients: Bool
  /// The order in which histograms are built.
  public var histogramLayout: HistogramLayout

  /// Creates a configuration; the defaults are LightGBM's, with the seed of `published`.
  public init(
    parameters: [Parameter] = [], iterations: Int = 100, seed: Int = 42,
    classWeight: ClassWeight = .none, quantizedGradients: Bool = false,
    histogramLayout: HistogramLayout = .rowWise
  ) {
    self.parameters = parameters
    self.iterations = iterations
    self.seed = seed
    self.classWeight = classWeight
    self.quantizedGradients = quantizedGradients
    self.histogramLayout = histogramLayout
  }

  /// The published configuration: 400 trees of 31 leaves, learning rate 0.05, 80 % of features per
  /// tree, seed 42, balanced classes.
  public static let published = LearnerConfiguration(
    parameters: [
      Parameter("learning_rate", "0.05"), Parameter("num_leaves", "31"),
      Parameter("feature_fraction", "0.8"),
    ],
    iterations: 400, seed: 42, classWeight: .balanced)

  /// Returns the parameters as LightGBM reads them, sorted by canonical name. Fingerprints are
  /// computed from this text and `classWeight`. The thread count and the categorical columns are
  /// not included.
  ///
  /// - Throws: `invalidParameter` for the first fatal problem found by `problems(with:)`.
  public func canonicalText(with library: LightGBMLibrary) throws(LearningError) -> String {
    text(of: try canonicalParameters(with: library))
  }

  /// Returns the part of `canonicalText` that affects binning. Configurations with equal texts can
  /// train on the same dataset.
  ///
  /// - Throws: `invalidParameter` for the first fatal problem found by `problems(with:)`.
  public func datasetText(with library: LightGBMLibrary) throws(LearningError) -> String {
    text(of: try canonicalParameters(with: library).filter { Self.shapesDataset($0.key) })
  }

  private func text(of parameters: [String: String]) -> String {
    parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  private func canonicalParameters(
    with library: LightGBMLibrary
  ) throws(LearningError) -> [String: String] {
    try check(with: library, features: nil)
    guard iterations > 0 else {
      throw LearningError(.invalidParameter, "the number of trees must be above 0")
    }
    guard (0...Int(Int32.max)).contains(seed) else {
      throw LearningError(.invalidParameter, "the seed must be 0 to \(Int32.max), not \(seed)")
    }
    var result = [
      "objective": "binary", "deterministic": "true", "num_iterations": String(iterations),
      "seed": String(seed), "verbosity": "0", histogramLayout.rawValue: "true",
    ]
    if quantizedGradients {
      // Use stochastic rounding: rounding to nearest would turn the small gradients of common
      // negatives into 0.
      result["use_quantized_grad"] = "true"
      result["stochastic_rounding"] = "true"
      result["quant_train_renew_leaf"] = "true"
    }
    for parameter in parameters {
      result[library.canonicalName(of: parameter.name) ?? parameter.name] = parameter.text
    }
    return result
  }

  /// The texts of the parameters that are given, by canonical name; the first of a name counts.
  func givenTexts(with library: LightGBMLibrary) -> [String: String] {
    Dictionary(
      parameters.map { (library.canonicalName(of: $0.name) ?? $0.name, $0.text) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Returns how many of the available threads may grow trees.
  ///
  /// With quantized gradients, LightGBM draws the rounding per thread and sums leaves in the order
  /// in which threads finish. Only a single thread then gives the same model everywhere.
  public func growingThreads(of threads: Int) -> Int { quantizedGradients ? 1 : threads }

  /// Returns whether LightGBM draws something for each row by the row's index: the rows of a bag, or
  /// how a gradient is rounded. The model then depends on the order of the rows.
  public func drawsRows(with library: LightGBMLibrary) -> Bool {
    let values = givenTexts(with: library).mapValues { $0.lowercased() }
    let ways = [values["boosting"], values["data_sample_strategy"]]
    if quantizedGradients || ways.contains("goss") { return true }
    let fractions = ["bagging_fraction", "pos_bagging_fraction", "neg_bagging_fraction"]
    func isOff(_ name: String, _ off: Double) -> Bool {
      values[name].map { Double($0) == off } ?? true
    }
    return !isOff("bagging_freq", 0) && !fractions.allSatisfy { isOff($0, 1) }
  }

  private static func shapesDataset(_ name: String) -> Bool {
    datasetParameters.contains(name)
  }

  /// The parameters that LightGBM reads while binning, by canonical name.
  private static let datasetParameters: Set<String> = [
    "bin_construct_sample_cnt", "data_random_seed", "enable_bundle", "feature_pre_filter",
    "is_enable_sparse", "max_bin", "max_bin_by_feature",
    "min_data_in_bin", "min_data_in_leaf", "monotone_constraints", "seed", "use_missing",
    "zero_as_missing",
  ]
}

/// The order in which LightGBM builds its histograms. It changes speed, memory, and the order of
/// sums, so it is part of a configuration and never chosen by a benchmark.
public enum HistogramLayout: String, Sendable, Hashable, Codable {
  /// Row by row over all features: fastest for many rows and few features.
  case rowWise = "force_row_wise"
  /// Feature by feature: less memory, faster for many features.
  case columnWise = "force_col_wise"
}

/// The weight of a positive row relative to a negative one during training.
public enum ClassWeight: Sendable, Hashable, Codable {
  /// Every row has the same weight.
  case none
  /// Both classes have the same total weight: n/2P for a positive row, n/2N for a negative one, as
  /// `balanced` in scikit-learn's `class_weight` (King and Zeng, 2001).
  case balanced
  /// A positive row has this weight, and a negative one has weight 1.
  case ratio(Double)

  /// Returns one weight per row, or nil if all are equal.
  ///
  /// Labels above 0 are positive. If a class is empty, `balanced` gives every row weight 1.
  /// - Parameter negatives: the number of rows that each negative row represents, if negatives were
  ///   downsampled. A class then has the total weight that it would have with all of its rows.
  public func weights(labels: [Float], negatives: Double = 1) -> [Float]? {
    if case .none = self, negatives == 1 { return nil }
    let positives = labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 }
    let pair = weights(positives: positives, rows: labels.count, negatives: negatives)
    let (positive, negative) = (Float(pair.positive), Float(pair.negative))
    return labels.map { $0 > 0 ? positive : negative }
  }

  /// Returns the weight of each positive and of each negative.
  /// - Parameter negatives: the weight of a negative before the classes are weighted.
  public func weights(
    positives: Int, rows: Int, negatives: Double = 1
  ) -> (positive: Double, negative: Double) {
    switch self {
    case .none: return (1, negatives)
    case .ratio(let ratio): return (ratio, negatives)
    case .balanced:
      let (positives, others) = (Double(positives), Double(rows - positives))
      guard positives > 0, others > 0 else { return (1, 1) }
      let total = positives + others * negatives
      return (total / (2 * positives), total / (2 * others))
    }
  }
}

/// A LightGBM parameter as the user wrote it: a name or alias, and a value.
public struct Parameter: Sendable, Hashable, Codable {
  /// LightGBM's name, or one of its aliases.
  public var name: String
  /// The value in LightGBM's notation: a number, `true`, a word, or numbers joined by commas.
  public var text: String

  /// Creates a parameter; it is not checked until `LearnerConfiguration.problems(with:)`.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}
