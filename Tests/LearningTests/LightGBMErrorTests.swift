import Columns
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Testing

@Suite struct LightGBMErrorTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  private func expect(
    _ code: LearningError.Code, saying text: String = "",
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    #expect(sourceLocation: sourceLocation) {
      try body()
    } throws: { error in
      guard let error = error as? LearningError else { return false }
      return error.code == code && error.message.contains(text)
    }
  }

  private func bin(
    _ blocks: [FeatureBlock], labels: [Float], names: [String] = ["a"],
    encodings: [ColumnEncoding] = [.number], weights: [Float]? = nil
  ) throws {
    _ = try Dataset(
      library: library, blocks: blocks, names: names, encodings: encodings, labels: labels,
      weights: weights, configuration: LearnerConfiguration(), threads: 2)
  }

  private let pair = [FeatureBlock(rowCount: 2, columns: [.float([1, 2])])]

  @Test("A library that is not there, or is another one, is named")
  func loading() {
    expect(.libraryUnavailable, saying: "/nowhere/lib_lightgbm.so") {
      _ = try LightGBMLibrary(path: "/nowhere/lib_lightgbm.so")
    }
    expect(.missingSymbol, saying: "LGBM_GetLastError") {
      _ = try LightGBMLibrary(path: "libc.so.6")
    }
  }

  @Test("Labels that are no labels are refused", arguments: [Float.nan, .infinity, 0.5, -1])
  func labels(label: Float) {
    expect(.invalidInput, saying: "the label of row 1") { try bin(pair, labels: [0, label]) }
  }

  @Test("Weights that are no weights are refused", arguments: [Float.nan, .infinity, 0, -1])
  func weights(weight: Float) {
    expect(.invalidInput, saying: "the weight of row 0") {
      try bin(pair, labels: [0, 1], weights: [weight, 1])
    }
  }

  @Test("Rows, labels, weights, names and columns must fit together")
  func shapes() {
    expect(.invalidInput, saying: "no rows") { try bin([], labels: []) }
    expect(.invalidInput, saying: "no rows") {
      try bin([FeatureBlock(rowCount: 0, columns: [.float([])])], labels: [])
    }
    expect(.invalidInput, saying: "2 rows have 1 labels") { try bin(pair, labels: [1]) }
    expect(.invalidInput, saying: "2 rows have 1 weights") {
      try bin(pair, labels: [0, 1], weights: [1])
    }
    expect(.invalidInput, saying: "1 columns have 2 names") {
      try bin(pair, labels: [0, 1], names: ["a", "b"])
    }
    expect(.invalidInput, saying: "expected 2 columns") {
      try bin(pair, labels: [0, 1], names: ["a", "b"], encodings: [.number, .number])
    }
    expect(.invalidInput, saying: "must be an integer") {
      try bin(pair, labels: [0, 1], encodings: [.category(codes: [1])])
    }
    expect(.invalidInput, saying: "no features") {
      try bin([FeatureBlock(rowCount: 2, columns: [])], labels: [0, 1], names: [], encodings: [])
    }
  }

  @Test("Feature names that a model text cannot hold are refused", arguments: ["", "a b", "a:b"])
  func names(name: String) {
    expect(.invalidInput, saying: "feature name") {
      try bin(pair, labels: [0, 1], names: [name])
    }
  }

  @Test("Rows of another width than the model's are refused")
  func width() throws {
    let booster = try Booster(library: library, modelText: golden.modelText)
    expect(.invalidInput, saying: "6 features") {
      _ = try booster.predictMargins(blocks: pair, encodings: [.number], threads: 1)
    }
    let none = try booster.predictMargins(blocks: [], encodings: golden.encodings, threads: 1)
    #expect(none.isEmpty)
  }

  @Test("Training stops after the tree at which the caller says so")
  func cancel() throws {
    let dataset = try golden.dataset(library, threads: 1)
    var seen: [Int] = []
    expect(.cancelled, saying: "3 of 30") {
      _ = try Booster.train(on: dataset, configuration: golden.configuration, threads: 1) {
        seen.append($0)
        return $0 < 3
      }
    }
    #expect(seen == [1, 2, 3])
  }

  @Test(
    "Lists by feature that would end the process are refused",
    arguments: [
      ("monotone_constraints", "0,0,1,0,0,0"), ("monotone_constraints", "1,0"),
      ("mc", "1,0,0,0,x,0"), ("feature_contri", "1,1"), ("max_bin_by_feature", "9"),
      ("interaction_constraints", "[0,1],[6]"),
    ])
  func featureLists(name: String, text: String) throws {
    var configuration = golden.configuration
    configuration.parameters.append(Parameter(name, text))
    expect(.invalidParameter, saying: name) {
      _ = try golden.dataset(library, threads: 2, configuration: configuration)
    }
  }

  @Test("LightGBM's own refusal carries its words and the function's name")
  func refusal() throws {
    var configuration = golden.configuration
    configuration.parameters.append(Parameter("lambda_l1", "-1"))
    let dataset = try golden.dataset(library, threads: 1)
    #expect {
      try Booster.train(on: dataset, configuration: configuration, threads: 1)
    } throws: { error in
      guard let error = error as? LearningError else { return false }
      return error.code == .callFailed && error.function == "LGBM_BoosterCreate"
        && error.message.contains("lambda_l1")
    }
  }

  @Test("Few rows train a constant model and say why")
  func fewRows() throws {
    let configuration = LearnerConfiguration(iterations: 3)
    let dataset = try Dataset(
      library: library, blocks: pair, names: ["a"], encodings: [.number], labels: [0, 1],
      configuration: configuration, threads: 1)
    #expect(dataset.warnings.contains { $0.text.contains("no meaningful features") })
    let booster = try Booster.train(on: dataset, configuration: configuration, threads: 1)
    let margins = try booster.predictMargins(blocks: pair, encodings: [.number], threads: 1)
    #expect(margins[0] == margins[1])
    #expect(!booster.warnings.isEmpty)
  }
}
