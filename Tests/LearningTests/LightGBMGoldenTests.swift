import Foundation
import HoldoutTestSupport
import Learning
import Testing

@Suite struct LightGBMGoldenTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  @Test("Streamed rows train the model that the Python package trains on the whole matrix")
  func sameModel() throws {
    let text = try golden.train(library, threads: 2).modelText
    // The Python package appends its own line after the parameters.
    let reference = golden.modelText.replacing("[num_threads: 2]", with: "[num_threads: 0]")
    #expect(text == reference.replacing("\npandas_categorical:null\n", with: ""))
  }

  @Test("Margins equal the Python package's bit for bit", arguments: [1, 2, 3])
  func sameMargins(threads: Int) throws {
    let booster = try Booster(library: library, modelText: golden.modelText)
    let margins = try booster.predictMargins(
      blocks: golden.blocks([1, 0, 1000, 7]), encodings: golden.encodings, threads: threads)
    #expect(margins.map(\.bitPattern) == golden.margins.map(\.bitPattern))
  }

  @Test("Contributions equal the Python package's bit for bit and add up to the margin")
  func sameContributions() throws {
    let booster = try Booster(library: library, modelText: golden.modelText)
    let rows = golden.firstRows(50)
    let result = try booster.contributions(blocks: rows, encodings: golden.encodings, threads: 2)
    #expect(result.rowCount == 50 && result.featureCount == 6)
    #expect(result.values.map(\.bitPattern) == golden.contributions.map(\.bitPattern))
    for row in 0..<result.rowCount {
      let sum = result.features(ofRow: row).reduce(result.expectedMargin(ofRow: row), +)
      // Seven terms near 1 are summed in another order: a few units in the last place.
      #expect(abs(sum - golden.margins[row]) < 1e-12)
    }
  }

  @Test(
    "Models of small trees predict as the Python package, whatever is taken for missing",
    arguments: 0..<4, [1, 3])
  func smallTrees(index: Int, threads: Int) throws {
    let small = try LightGBMGolden.smallModels()[index]
    let booster = try Booster(library: library, modelText: small.model)
    let margins = try booster.predictMargins(
      blocks: golden.firstRows(1100), encodings: golden.encodings, threads: threads)
    #expect(margins.map(\.bitPattern) == small.margins.map(\.bitPattern))
    let contributions = try booster.contributions(
      blocks: golden.firstRows(50), encodings: golden.encodings, threads: threads)
    #expect(contributions.values.map(\.bitPattern) == small.contributions.map(\.bitPattern))
  }

  @Test("Gains and splits equal the Python package's")
  func sameImportance() throws {
    let booster = try golden.train(library, threads: 2)
    let importance = try booster.featureImportance()
    #expect(importance.map(\.feature) == golden.names)
    #expect(importance.map(\.gain) == golden.gain)
    #expect(importance.map(\.split) == golden.split)
  }

  @Test("A model survives writing and reading without a changed byte")
  func roundTrip() throws {
    let booster = try golden.train(library, threads: 2)
    let text = booster.modelText
    let again = try Booster(library: library, modelText: text)
    #expect(again.modelText == text)
    #expect(again.featureNames == golden.names)
    #expect(again.treeCount == 30 && booster.treeCount == 30)
  }
}
