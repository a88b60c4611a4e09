import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Randomness
import Testing

@Suite struct LightGBMModelTextTests {
  let library: LightGBMLibrary
  let golden: LightGBMGolden

  init() throws {
    library = try NativeTestLibrary.loadLightGBM()
    golden = try LightGBMGolden()
  }

  /// Loads a text, and where that works predicts with it: neither may end the process.
  private func survives(_ text: String) throws -> Bool {
    do throws(LearningError) {
      let booster = try Booster(library: library, modelText: text)
      _ = try booster.predictMargins(
        blocks: golden.firstRows(20), encodings: golden.encodings, threads: 1)
      return true
    } catch {
      #expect(error.code == .invalidModel || error.code == .callFailed)
      return false
    }
  }

  @Test("Text that is no model is refused", arguments: ["", "tree", "tree\nversion=v4\n", "{}"])
  func noModel(text: String) throws {
    #expect(try !survives(text))
  }

  @Test("A model cut off anywhere is refused")
  func truncated() throws {
    let bytes = Array(golden.modelText.utf8)
    let end = try #require(golden.modelText.range(of: "end of parameters\n")).lowerBound
    let limit = golden.modelText.utf8.distance(from: golden.modelText.startIndex, to: end)
    for length in stride(from: 0, to: limit, by: 997) {
      #expect(try !survives(String(decoding: bytes[..<length], as: UTF8.self)))
    }
  }

  @Test("Any changed byte is refused or gives a model that still predicts")
  func altered() throws {
    let bytes = Array(golden.modelText.utf8)
    var generator = SplitMix64(seed: 7)
    for _ in 0..<400 {
      var copy = bytes
      copy[Int(generator.next() % UInt64(copy.count))] = UInt8(generator.next() % 96 + 32)
      _ = try survives(String(decoding: copy, as: UTF8.self))
    }
  }

  @Test(
    "Indexes that point outside a tree are refused",
    arguments: [
      ("left_child=", "left_child=9"), ("right_child=", "right_child=-9"),
      ("split_feature=1", "split_feature=7"), ("num_cat=1", "num_cat=2"),
      ("num_leaves=15", "num_leaves=16"), ("cat_boundaries=0", "cat_boundaries=1"),
      ("max_feature_idx=5", "max_feature_idx=9"), ("objective=binary", "objective=poisson"),
    ])
  func outside(part: String, replacement: String) throws {
    let range = try #require(golden.modelText.range(of: part))
    var text = golden.modelText
    text.replaceSubrange(range, with: replacement)
    #expect(try !survives(text))
  }
}
