/// Everything that decides what the learner learns from given rows.
///
/// The thread count is not in it: models are the same on any.
public struct LearnerConfiguration: Sendable, Hashable, Codable {
  /// The user's parameters, in the user's order.
  public var parameters: [Parameter]
  /// How many trees are grown.
  public var iterations: Int
  /// The seed of every random choice: of features, of rows, of the rows that binning looks at.
  public var seed: Int
  /// How much a positive row counts.
  public var classWeight: ClassWeight
  /// Whether gradients are rounded to a few whole numbers while a tree is grown, and leaves then valued
  /// by the unrounded ones: less work per tree, on one thread (Shi et al., 2022).
  public var quantizedGradients: Bool
  /// The order in which histograms are built.
  public var histogramLayout: HistogramLayout

  /// Makes a configuration; what is not given is LightGBM's default, or the published flow's seed.
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

  /// The published flow: 400 trees of 31 leaves, learning rate 0.05, 80 % of features per tree,
  /// seed 42, balanced classes.
  public static let published = LearnerConfiguration(
    parameters: [
      Parameter("learning_rate", "0.05"), Parameter("num_leaves", "31"),
      Parameter("feature_fraction", "0.8"),
    ],
    iterations: 400, seed: 42, classWeight: .balanced)

  /// The parameters as LightGBM reads them, sorted by canonical name: what a fingerprint is taken
  /// of, with `classWeight` beside it. The thread count and the categorical columns are not in it.
  ///
  /// - Throws: `invalidParameter` for the first problem that `problems(with:)` finds.
  public func canonicalText(with library: LightGBMLibrary) throws(LearningError) -> String {
    text(of: try canonicalParameters(with: library))
  }

  /// The part of `canonicalText` that shapes a dataset: configurations with equal texts can train
  /// on one dataset.
  ///
  /// - Throws: `invalidParameter` for the first problem that `problems(with:)` finds.
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
      // Rounded by chance: rounded to the nearest, the small gradients of common negatives would all be 0.
      result["use_quantized_grad"] = "true"
      result["stochastic_rounding"] = "true"
      result["quant_train_renew_leaf"] = "true"
    }
    for parameter in parameters {
      result[library.canonicalName(of: parameter.name) ?? parameter.name] = parameter.text
    }
    return result
  }

  /// How many threads grow trees, where so many may.
  ///
  /// With quantized gradients LightGBM draws the roundings thread by thread, and sums up leaves in the
  /// order in which threads are done, so that only one thread gives the same model everywhere.
  public func growingThreads(of threads: Int) -> Int { quantizedGradients ? 1 : threads }

  private static func shapesDataset(_ name: String) -> Bool {
    datasetParameters.contains(name)
  }

  /// What LightGBM reads while it bins rows, by canonical name.
  private static let datasetParameters: Set<String> = [
    "bin_construct_sample_cnt", "data_random_seed", "enable_bundle", "feature_pre_filter",
    "is_enable_sparse", "max_bin", "max_bin_by_feature",
    "min_data_in_bin", "min_data_in_leaf", "monotone_constraints", "seed", "use_missing",
    "zero_as_missing",
  ]
}

/// The order in which LightGBM builds its histograms; it changes speed and memory, and sums in
/// another order, so it is part of a configuration and never probed.
public enum HistogramLayout: String, Sendable, Hashable, Codable {
  /// Row by row over all features: fastest for many rows and few features.
  case rowWise = "force_row_wise"
  /// Feature by feature: less memory, faster for many features.
  case columnWise = "force_col_wise"
}

/// How much a positive row counts against a negative one while the learner trains.
public enum ClassWeight: Sendable, Hashable, Codable {
  /// Every row counts the same.
  case none
  /// Both classes count the same in total: n/2P for a positive row, n/2N for a negative one, the
  /// `balanced` of scikit-learn's `class_weight` (King and Zeng, 2001).
  case balanced
  /// A positive row counts this many times a negative one, which counts 1.
  case ratio(Double)

  /// One weight per row, or nil when all count the same.
  ///
  /// Labels above 0 are positive. Where a class is empty, `balanced` gives every row 1.
  /// - Parameter negatives: how many rows a negative row stands for, where only some are there. A class
  ///   then counts what it would with all of its rows.
  public func weights(labels: [Float], negatives: Double = 1) -> [Float]? {
    let positive: Float
    let negative: Float
    switch self {
    case .none:
      guard negatives != 1 else { return nil }
      positive = 1
      negative = Float(negatives)
    case .ratio(let ratio):
      positive = Float(ratio)
      negative = Float(negatives)
    case .balanced:
      let positives = Double(labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 })
      let others = Double(labels.count) - positives
      guard positives > 0, others > 0 else {
        return [Float](repeating: 1, count: labels.count)
      }
      let rows = positives + others * negatives
      positive = Float(rows / (2 * positives))
      negative = Float(rows / (2 * others))
    }
    return labels.map { $0 > 0 ? positive : negative }
  }
}

/// One of LightGBM's parameters as the user wrote it: a name, or one of its aliases, and a value.
public struct Parameter: Sendable, Hashable, Codable {
  /// LightGBM's name, or one of its aliases.
  public var name: String
  /// The value as LightGBM reads it: a number, `true`, a word, or numbers joined by commas.
  public var text: String

  /// Makes a parameter; nothing is checked before `LearnerConfiguration.problems(with:)`.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}
