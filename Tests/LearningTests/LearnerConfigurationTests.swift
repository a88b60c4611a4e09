import HoldoutTestSupport
import Learning
import Testing

@Suite struct LearnerConfigurationTests {
  let library: LightGBMLibrary

  init() throws { library = try NativeTestLibrary.loadLightGBM() }

  private func problems(_ parameters: [(String, String)]) -> [ParameterProblem] {
    LearnerConfiguration(parameters: parameters.map { Parameter($0, $1) }).problems(with: library)
  }

  @Test("Names are checked against LightGBM's own list of parameters and aliases")
  func names() {
    #expect(library.canonicalName(of: "eta") == "learning_rate")
    #expect(library.canonicalName(of: "learning_rate") == "learning_rate")
    #expect(library.canonicalName(of: "learning_rat") == nil)
    #expect(library.parameterNames.count > 250)
    #expect(library.parameterAliases["num_leaves"]?.contains("max_leaves") == true)
  }

  @Test("Every problem is found, in the order of the parameters")
  func everyProblem() {
    let found = problems([
      ("learning_rat", "0.1"), ("eta", "0.1"), ("learning_rate", "0.2"), ("n_jobs", "4"),
      ("lambda_l1", "1 num_leaves=3"), ("subsample", "0.5"),
    ])
    #expect(
      found == [
        .unknown(name: "learning_rat"),
        .repeated(name: "learning_rate", other: "eta"),
        .reserved(
          name: "n_jobs", reason: "the thread count depends on the machine, not on the experiment"),
        .malformed(name: "lambda_l1", text: "1 num_leaves=3"),
        .ineffective(
          name: "subsample", without: "without `bagging_freq`", hint: "add `bagging_freq: 1`"),
      ])
    #expect(found.map(\.isFatal) == [true, true, true, true, false])
  }

  @Test("What Holdout decides cannot be set under any alias")
  func reserved() {
    let owned = [
      "objective", "num_iterations", "seed", "num_threads", "deterministic", "verbosity",
      "categorical_feature", "is_unbalance", "scale_pos_weight", "force_row_wise", "data", "valid",
      "device_type", "linear_tree", "early_stopping_round", "config", "forcedsplits_filename",
    ]
    for name in owned {
      for alias in [name] + (library.parameterAliases[name] ?? []) {
        guard case .reserved = problems([(alias, "1")]).first else {
          Issue.record("`\(alias)` can be set")
          continue
        }
      }
    }
  }

  @Test("The canonical text does not depend on order or alias, and holds no thread count")
  func canonical() throws {
    let one = LearnerConfiguration(
      parameters: [Parameter("eta", "0.1"), Parameter("max_leaves", "7")], iterations: 9, seed: 3)
    let other = LearnerConfiguration(
      parameters: [Parameter("num_leaves", "7"), Parameter("learning_rate", "0.1")],
      iterations: 9, seed: 3)
    let text = try one.canonicalText(with: library)
    #expect(try other.canonicalText(with: library) == text)
    #expect(
      text
        == "deterministic=true force_row_wise=true learning_rate=0.1 num_iterations=9 num_leaves=7 "
        + "objective=binary seed=3 verbosity=0")
    #expect(try one.datasetText(with: library) == "seed=3")
    #expect(throws: LearningError.self) {
      try LearnerConfiguration(parameters: [Parameter("x", "1")]).canonicalText(with: library)
    }
    #expect(throws: LearningError.self) {
      try LearnerConfiguration(iterations: 0).canonicalText(with: library)
    }
  }

  @Test("The published flow is 400 trees of 31 leaves at 0.05 with balanced classes")
  func published() throws {
    let text = try LearnerConfiguration.published.canonicalText(with: library)
    for part in [
      "learning_rate=0.05", "num_iterations=400", "num_leaves=31", "feature_fraction=0.8",
      "seed=42",
    ] {
      #expect(text.contains(part))
    }
    #expect(LearnerConfiguration.published.classWeight == .balanced)
  }

  @Test("Balanced weights make both classes count the same")
  func weights() {
    let labels: [Float] = [1, 0, 0, 0, 0]
    #expect(ClassWeight.balanced.weights(labels: labels) == [2.5, 0.625, 0.625, 0.625, 0.625])
    #expect(ClassWeight.none.weights(labels: labels) == nil)
    #expect(ClassWeight.ratio(3).weights(labels: [0, 1]) == [1, 3])
    #expect(ClassWeight.balanced.weights(labels: [0, 0]) == [1, 1])
  }
  @Test("A negative row that stands for several counts as these would")
  func weightsOfSample() throws {
    let labels: [Float] = [1, 0, 0]
    #expect(ClassWeight.none.weights(labels: labels, negatives: 1) == nil)
    #expect(ClassWeight.none.weights(labels: labels, negatives: 2) == [1, 2, 2])
    #expect(ClassWeight.ratio(8).weights(labels: labels, negatives: 2) == [8, 2, 2])
    // As one positive among five rows.
    let all = try #require(ClassWeight.balanced.weights(labels: [1, 0, 0, 0, 0]))
    #expect(
      ClassWeight.balanced.weights(labels: labels, negatives: 2) == [
        all[0], 2 * all[1], 2 * all[1],
      ])
  }
}
