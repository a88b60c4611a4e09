import Columns
import Foundation
import Learning
import Panel
import Testing

struct LearnerCategoryLevelsTests {
  @Test("Rare levels share code 0 and kept ones follow by their bytes")
  func codes() {
    let levels = CategoryLevels(
      dictionary: ["FR", "AT", "de", "DE", "XX"],
      counts: CategoryCounts(counts: [5, 9, 5, 7, 4], missing: 6), missing: "none", minFrequency: 5)
    #expect(levels.levels == ["AT", "DE", "FR", "de", "none"])
    #expect(levels.code(of: "AT") == 1 && levels.code(of: "none") == 5)
    #expect(levels.code(of: "XX") == 0 && levels.code(of: "never seen") == 0)
    #expect(levels.code(of: nil) == 5)
    #expect(
      levels.encoding(dictionary: ["XX", "de", "IT", "AT"])
        == .category(codes: [0, 4, 0, 1], missing: 5, unseen: 0))
  }

  @Test("Without a name for it, a missing value stays missing")
  func missing() {
    let counts = CategoryCounts(counts: [3], missing: 100)
    let levels = CategoryLevels(
      dictionary: ["a"], counts: counts, missing: nil, minFrequency: 1)
    #expect(levels.levels == ["a"] && levels.code(of: nil) == -1)
    let rare = CategoryLevels(
      dictionary: ["a"], counts: counts, missing: "none", minFrequency: 101)
    #expect(rare.levels.isEmpty && rare.code(of: nil) == 0)
  }

  @Test("A level named like the missing one counts together with it")
  func merged() {
    let levels = CategoryLevels(
      dictionary: ["none", "b"], counts: CategoryCounts(counts: [2, 9], missing: 3),
      missing: "none", minFrequency: 5)
    #expect(levels.levels == ["b", "none"])
  }

  @Test("Texts that look alike but differ in bytes are different levels")
  func bytes() {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    let levels = CategoryLevels(
      dictionary: [composed, decomposed], counts: CategoryCounts(counts: [9, 9], missing: 0),
      missing: nil, minFrequency: 1)
    #expect(levels.levels.count == 2)
    #expect(levels.code(of: decomposed) == 1 && levels.code(of: composed) == 2)
  }

  @Test("A level that no train row has is never kept")
  func absent() {
    let levels = CategoryLevels(
      dictionary: ["a", "b"], counts: CategoryCounts(counts: [0, 1], missing: 0), missing: nil,
      minFrequency: 0)
    #expect(levels.levels == ["b"])
  }

  @Test("Codes are counted in any integer storage")
  func counting() throws {
    let blocks = [
      FeatureBlock(rowCount: 3, columns: [.int8([0, .min, 1])]),
      FeatureBlock(rowCount: 2, columns: [.int32([1, 7])]),
    ]
    let counts = try CategoryCounts(column: 0, of: blocks, dictionaryCount: 2)
    #expect(counts == CategoryCounts(counts: [1, 2], missing: 1))
    #expect(throws: LearningError.self) {
      try CategoryCounts(column: 1, of: blocks, dictionaryCount: 2)
    }
    #expect(throws: LearningError.self) {
      try CategoryCounts(
        column: 0, of: [FeatureBlock(rowCount: 1, columns: [.float([1])])], dictionaryCount: 2)
    }
  }

  @Test("Levels survive storage")
  func storage() throws {
    let levels = CategoryLevels(
      dictionary: ["a", "b"], counts: CategoryCounts(counts: [3, 4], missing: 1), missing: "none",
      minFrequency: 2)
    let data = try JSONEncoder().encode(levels)
    #expect(try JSONDecoder().decode(CategoryLevels.self, from: data) == levels)
  }
}
