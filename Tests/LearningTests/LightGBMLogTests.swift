import Columns
import Foundation
import Glibc
import HoldoutTestSupport
import Learning
import Panel
import Testing

@Suite(.serialized)
struct LightGBMLogTests {
  /// Everything that the process writes to standard output while `body` runs.
  private func standardOutput(during body: () throws -> Void) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    fflush(nil)
    let original = dup(STDOUT_FILENO)
    let target = open(file, O_CREAT | O_RDWR | O_TRUNC, 0o600)
    try #require(original >= 0 && target >= 0)
    dup2(target, STDOUT_FILENO)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let result = Result { try body() }
    fflush(nil)
    dup2(original, STDOUT_FILENO)
    close(original)
    close(target)
    try result.get()
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  /// Each category column makes LightGBM warn, on whichever OpenMP thread learns its bins.
  private func sparseCategories() -> [FeatureBlock] {
    let codes = (0..<4000).map { Int32($0 % 40) }
    return [FeatureBlock(rowCount: 4000, columns: (0..<8).map { _ in .int32(codes) })]
  }

  @Test("Warnings of every thread are kept with the dataset and none reaches standard output")
  func warnings() throws {
    let library = try NativeTestLibrary.loadLightGBM()
    let encoding = ColumnEncoding.category(codes: (0..<40).map { $0 * 20_000 })
    let configuration = LearnerConfiguration(iterations: 2)
    var warnings: [LearningMessage] = []
    let output = try standardOutput {
      for threads in [1, 3, 2] {
        let dataset = try Dataset(
          library: library, blocks: sparseCategories(), names: (0..<8).map { "f\($0)" },
          encodings: [ColumnEncoding](repeating: encoding, count: 8),
          labels: (0..<4000).map { $0 % 3 == 0 ? 1 : 0 }, configuration: configuration,
          threads: threads)
        warnings = dataset.warnings
        _ = try Booster.train(on: dataset, configuration: configuration, threads: threads)
      }
    }
    #expect(!output.contains("LightGBM") && !output.contains("sparse values"))
    let sparse = warnings.filter { $0.text.contains("sparse values") }
    #expect(sparse.count == 1 && sparse.first?.count == 8 && sparse.first?.level == "Warning")
  }

  @Test("A model without a split says so, however often, in one message")
  func repeated() throws {
    let library = try NativeTestLibrary.loadLightGBM()
    let configuration = LearnerConfiguration(iterations: 5)
    let block = FeatureBlock(rowCount: 100, columns: [.int8((0..<100).map { $0 % 2 })])
    let output = try standardOutput {
      let dataset = try Dataset(
        library: library, blocks: [block], names: ["a"], encodings: [.number],
        labels: (0..<100).map { $0 % 4 < 2 ? 1 : 0 }, configuration: configuration, threads: 2)
      let booster = try Booster.train(on: dataset, configuration: configuration, threads: 2)
      #expect(booster.warnings.contains { $0.count == 5 })
      #expect(booster.treeCount < 5)
    }
    #expect(!output.contains("LightGBM"))
  }
}
