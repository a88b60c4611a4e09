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
