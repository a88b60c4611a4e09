import Columns
import HoldoutTestSupport
import Learning
import Randomness
import Testing

/// Rows that are stored entity by entity: the same model, unless rows are drawn at random.
@Suite struct EntityOrderTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden
  /// One of 40 entities for each golden row.
  let entities: [Int32]

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
    var random = SplitMix64(seed: 5)
    entities = golden.labels.map { _ in Int32(random.below(40)) }
  }

  /// The golden configuration, which draws rows, without that.
  private var undrawn: LearnerConfiguration {
    var configuration = golden.configuration
    configuration.parameters.removeAll { $0.name.contains("bagging") }
    return configuration
  }

  private func dataset(
    _ entities: [Int32]?, _ configuration: LearnerConfiguration
  ) throws -> Dataset {
    try Dataset(
      library: library, blocks: golden.blocks([7, 1000, 0, 300]), names: golden.names,
      encodings: golden.encodings, labels: golden.labels,
      weights: configuration.classWeight.weights(labels: golden.labels), entities: entities,
      configuration: configuration, threads: 2)
  }

  @Test("An order has all rows, by entity and then by index")
  func order() {
    #expect(Dataset.order(of: [3, 0, 3, 1, 0]) == [1, 4, 3, 0, 2])
    #expect(Dataset.order(of: [0]) == [0])
    #expect(Dataset.order(of: []).isEmpty)
  }

  /// The gradients are 32-bit numbers, and LightGBM adds them as 64-bit ones. On so few rows no sum
  /// needs more digits, so its terms may come in any order.
  @Test(
    "The model text is the same in the order of entities",
    arguments: [ClassWeight.none, .balanced, .ratio(3)])
  func sameText(classWeight: ClassWeight) throws {
    var configuration = undrawn
    configuration.classWeight = classWeight
    let texts = try [nil, entities].map { entities in
      try Booster.train(
        on: dataset(entities, configuration), configuration: configuration, threads: 2
      ).modelText
    }
    #expect(texts[0] == texts[1])
  }

  static let drawing: [[Parameter]] = [
    [Parameter("bagging_fraction", "0.5"), Parameter("bagging_freq", "1")],
    [Parameter("pos_subsample", "0.5"), Parameter("subsample_freq", "2")],
    [Parameter("data_sample_strategy", "goss")],
    [Parameter("boosting", "goss")],
  ]

  @Test("Rows that are drawn at random keep their own order", arguments: drawing)
  func drawnRows(parameters: [Parameter]) throws {
    var configuration = undrawn
    configuration.parameters += parameters
    #expect(configuration.drawsRows(with: library))
    let texts = try [nil, entities].map { entities in
      try Booster.train(
        on: dataset(entities, configuration), configuration: configuration, threads: 2
      ).modelText
    }
    #expect(texts[0] == texts[1])
    // A dataset that was made for another configuration may have its rows by entity.
    let ordered = try dataset(entities, undrawn)
    #expect {
      try Booster.train(on: ordered, configuration: configuration, threads: 2)
    } throws: {
      ($0 as? LearningError)?.code == .invalidInput
    }
  }

  @Test("Rounded gradients draw a number per row, and a fraction of 1 draws no rows")
  func drawsRows() {
    var configuration = undrawn
    #expect(!configuration.drawsRows(with: library))
    configuration.parameters += [
      Parameter("bagging_fraction", "1.0"), Parameter("bagging_freq", "5"),
    ]
    #expect(!configuration.drawsRows(with: library))
    configuration.quantizedGradients = true
    #expect(configuration.drawsRows(with: library))
  }

  @Test("Each row needs an entity")
  func entityCount() {
    #expect {
      try dataset([0, 1], undrawn)
    } throws: {
      ($0 as? LearningError)?.code == .invalidInput
    }
  }
}
