import Columns
import HoldoutTestSupport
import Learning
import Testing

/// The panel trainer's models, compared with the library's byte by byte.
@Suite struct PanelTrainerTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  @Test("Random panels give the library's model text and warnings", arguments: 0..<80)
  func sameText(seed: Int) throws {
    let panel = RandomPanel(seed: seed)
    guard let expected = try? panel.train(library, .library, threads: 2, byEntity: false) else {
      // LightGBM refuses bags without rows.
      return
    }
    let found = try panel.train(
      library, .panel, threads: 1 + seed % 3, byEntity: seed.isMultiple(of: 2))
    #expect(found.modelText == expected.modelText)
    #expect(found.warnings == expected.warnings)
  }

  @Test("Enough of the random panels are trained on, and grow trees")
  func coverage() throws {
    let trained = try (0..<80).filter { seed in
      guard let booster = try? RandomPanel(seed: seed).train(library, .panel, threads: 2) else {
        return false
      }
      return try booster.featureImportance().contains { $0.split > 0 }
    }
    #expect(trained.count > 40)
  }

  @Test("The golden model, which LightGBM's Python package trained")
  func goldenModel() throws {
    let dataset = try Dataset(
      library: library, blocks: golden.blocks(), names: golden.names, encodings: golden.encodings,
      labels: golden.labels,
      weights: golden.configuration.classWeight.weights(labels: golden.labels),
      configuration: golden.configuration, trainer: .panel, threads: 2)
    #expect(dataset.trainer == .panel)
    let booster = try Booster.train(
      on: dataset, configuration: golden.configuration, threads: 2)
    #expect(try booster.modelText == golden.train(library, threads: 2).modelText)
  }

  @Test("The text is the same on 1, 2 and 7 threads", arguments: 100..<125)
  func threads(seed: Int) throws {
    let panel = RandomPanel(seed: seed)
    guard let one = try? panel.train(library, .panel, threads: 1).modelText else { return }
    for threads in [2, 7] {
      #expect(try panel.train(library, .panel, threads: threads).modelText == one)
    }
  }

  @Test("The text is the same for rows in any order", arguments: 200..<225)
  func shuffledRows(seed: Int) throws {
    var panel = RandomPanel(seed: seed)
    // Bags are drawn by the rows' indices.
    panel.configuration.parameters.removeAll { $0.name.contains("bagging") }
    let expected = try panel.train(library, .panel, threads: 2).modelText
    let shuffled = panel.shuffled(seed: seed)
    #expect(try shuffled.train(library, .panel, threads: 2).modelText == expected)
    #expect(
      try shuffled.train(library, .panel, threads: 2, byEntity: false).modelText == expected)
  }

  @Test("Early stopping finds the library's number of trees and loss")
  func treeSearch() throws {
    let searches = try Trainer.allCases.map { trainer in
      let dataset = try Dataset(
        library: library, blocks: golden.blocks(), names: golden.names,
        encodings: golden.encodings, labels: golden.labels, configuration: golden.configuration,
        trainer: trainer, threads: 2)
      let held = try Dataset(
        blocks: golden.firstRows(500), encodings: golden.encodings,
        labels: Array(golden.labels.prefix(500)), binnedAs: dataset, threads: 2)
      return try TreeSearch(
        on: dataset, validation: held, labels: Array(golden.labels.prefix(500)), patience: 3,
        configuration: golden.configuration, threads: 2)
    }
    #expect(searches[0] == searches[1])
    #expect(searches[0].trees > 1)
  }

  @Test("Training stops when progress says so")
  func cancelled() throws {
    let dataset = try Dataset(
      library: library, blocks: golden.blocks(), names: golden.names, encodings: golden.encodings,
      labels: golden.labels, configuration: golden.configuration, trainer: .panel, threads: 2)
    #expect {
      try Booster.train(on: dataset, configuration: golden.configuration, threads: 2) { $0 < 3 }
    } throws: {
      ($0 as? LearningError)?.code == .cancelled
    }
  }

  static let libraryOnly: [(Parameter, String)] = [
    (Parameter("boosting", "dart"), "boosting"),
    (Parameter("boost", "rf"), "boosting"),
    (Parameter("data_sample_strategy", "goss"), "data_sample_strategy"),
    (Parameter("path_smooth", "1"), "path_smooth"),
    (Parameter("extra_trees", "true"), "extra_trees"),
    (Parameter("interaction_constraints", "[0,1]"), "interaction_constraints"),
    (Parameter("max_delta_step", "0.5"), "max_delta_step"),
    (Parameter("feature_fraction_bynode", "0.5"), "feature_fraction_bynode"),
    (Parameter("monotone_penalty", "2"), "monotone_penalty"),
    (Parameter("zero_as_missing", "true"), "zero_as_missing"),
  ]

  @Test("Parameters that only the library knows are named", arguments: libraryOnly)
  func libraryNeed(parameter: Parameter, name: String) throws {
    var configuration = golden.configuration
    #expect(configuration.trainer(with: library) == .panel)
    configuration.parameters.append(parameter)
    #expect(configuration.libraryNeed(with: library) == LibraryNeed(parameter: name))
    #expect(configuration.trainer(with: library) == .library)
  }

  @Test("A dataset for the panel trainer refuses a configuration that needs the library")
  func refused() throws {
    let dataset = try Dataset(
      library: library, blocks: golden.blocks(), names: golden.names, encodings: golden.encodings,
      labels: golden.labels, configuration: golden.configuration, trainer: .panel, threads: 2)
    var configuration = golden.configuration
    configuration.parameters.append(Parameter("path_smooth", "1"))
    #expect {
      try Booster.train(on: dataset, configuration: configuration, threads: 2)
    } throws: {
      ($0 as? LearningError)?.code == .invalidParameter
    }
  }
}
