import Columns
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Testing

@Suite struct TreeSearchTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  /// Every second row is learned from, and the others are validated on.
  private func places(_ part: Int) -> [Int] {
    golden.labels.indices.filter { $0 % 2 == part }
  }

  private func labels(_ part: Int) -> [Float] { places(part).map { golden.labels[$0] } }

  private func blocks(_ part: Int) -> [FeatureBlock] {
    golden.blocks().map { $0.rows(places(part)) }
  }

  private func fitted(_ configuration: LearnerConfiguration) throws -> Dataset {
    try Dataset(
      library: library, blocks: blocks(0), names: golden.names, encodings: golden.encodings,
      labels: labels(0), weights: configuration.classWeight.weights(labels: labels(0)),
      configuration: configuration, threads: 2)
  }

  private func search(
    _ configuration: LearnerConfiguration, patience: Int, threads: Int
  ) throws -> TreeSearch {
    let dataset = try fitted(configuration)
    let held = try Dataset(
      blocks: blocks(1), encodings: golden.encodings, labels: labels(1), binnedAs: dataset,
      threads: threads)
    return try TreeSearch(
      on: dataset, validation: held, labels: labels(1), patience: patience,
      configuration: configuration, threads: threads)
  }

  @Test(
    "The number of trees is the one with the lowest loss of all that were tried",
    arguments: [ClassWeight.none, .balanced, .ratio(5)])
  func lowest(classWeight: ClassWeight) throws {
    var configuration = golden.configuration
    configuration.iterations = 25
    configuration.classWeight = classWeight
    let found = try search(configuration, patience: 25, threads: 2)
    #expect(found.tried == 25)
    let dataset = try fitted(configuration)
    let labels = labels(1)
    let weights = classWeight.weights(labels: labels) ?? labels.map { _ in 1 }
    var losses: [Double] = []
    for trees in 1...25 {
      configuration.iterations = trees
      let margins = try Booster.train(on: dataset, configuration: configuration, threads: 2)
        .predictMargins(blocks: blocks(1), encodings: golden.encodings, threads: 2)
      let terms = zip(zip(margins, labels), weights).map { row, weight in
        Double(weight) * log(1 + exp(row.1 > 0 ? -row.0 : row.0))
      }
      losses.append(terms.reduce(0, +) / weights.reduce(0) { $0 + Double($1) })
    }
    let lowest = try #require(losses.min())
    #expect(found.trees == losses.firstIndex(of: lowest).map { $0 + 1 })
    // Two ways to the same sum of some thousand terms.
    #expect(abs(found.logLoss - lowest) < 1e-12)
  }

  @Test("The search is the same on any thread count", arguments: [1, 3, 7])
  func threads(threads: Int) throws {
    let configuration = golden.configuration
    #expect(
      try search(configuration, patience: 5, threads: threads)
        == search(configuration, patience: 5, threads: 2))
  }

  @Test("No more trees are grown than patience allows")
  func patience() throws {
    var configuration = golden.configuration
    configuration.iterations = 500
    configuration.parameters.removeAll { $0.name == "learning_rate" }
    configuration.parameters.append(Parameter("learning_rate", "0.5"))
    let found = try search(configuration, patience: 3, threads: 2)
    #expect(found.tried == found.trees + 3)
  }

  @Test("Validation rows without their labels are refused")
  func refused() throws {
    let dataset = try fitted(golden.configuration)
    let held = try Dataset(
      blocks: blocks(1), encodings: golden.encodings, labels: labels(1), binnedAs: dataset,
      threads: 1)
    #expect {
      try TreeSearch(
        on: dataset, validation: held, labels: [0, 1], patience: 3,
        configuration: golden.configuration, threads: 1)
    } throws: {
      ($0 as? LearningError)?.code == .invalidInput
    }
  }
}
