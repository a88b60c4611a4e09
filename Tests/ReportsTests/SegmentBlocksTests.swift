import Evaluation
import Foundation
import Reports
import Runs
import Spec
import Testing

@Suite struct SegmentBlocksTests {
  private static let noun = PositiveNoun(one: "buyer", many: "buyers")

  /// Levels of entities with one row each and the score 0.1, of which some are positive.
  private static func segment(
    _ name: String, _ levels: (name: String, entities: Int, positives: Int)...
  ) -> RunCurves.Segment {
    let level = levels.enumerated().flatMap { index, own in
      [Int32](repeating: Int32(index), count: own.entities)
    }
    let label = levels.flatMap { own in (0..<own.entities).map { UInt8($0 < own.positives ? 1 : 0) }
    }
    let score = level.map { _ in 0.1 }
    let rows = ScoredRows(
      cutoff: level.map { _ in 0 }, entity: (0..<Int32(level.count)).map(\.self), label: label,
      margin: score, score: score, uncalibrated: score)
    return RunCurves.Segment(
      name: name, levels: levels.map(\.name),
      study: SegmentStudy(
        rows, level: level, count: levels.count, bootstrap: BootstrapOptions(resamples: 10)))
  }

  @Test func `a report has a row for each level, the small ones together, and all rows`() {
    let alike = Self.segment(
      "region", ("North", 200, 20), ("South", 300, 31), ("East", 10, 0), ("West", 8, 1))
    let text = Page(SegmentBlocks([alike], noun: Self.noun).section).markdown
    let lines = text.split(separator: "\n").map(String.init)
    let rows = lines.filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(rows.map { $0[0] } == ["South", "North", "2 small levels", "all rows"])
    #expect(
      rows.map { Array($0[1...3]) } == [
        ["300", "31", "31"], ["200", "20", "20"], ["18", "1", "1"], ["518", "52", "52"],
      ])
    #expect(rows[0][4] == "1.0333" && rows[1][4] == "1")
    // Fewer than 10 buyers have no area under the ROC curve, and only levels are shrunken.
    #expect(rows[2][8] == "-" && rows[3][6] == "-" && rows[0][6] != "-")
    #expect(text.contains("### region"))
    #expect(text.contains("The levels do not differ by more than chance (p "))
    #expect(text.contains("fewer than 5 buyers"))
  }

  @Test func `a terminal has a line for each segment, with the extremes of one that differs`() {
    let lines = SegmentBlocks(
      [
        Self.segment("region", ("North", 200, 20), ("South", 300, 30)),
        Self.segment("owner", ("Ann", 200, 4), ("Bob", 200, 36)),
        Self.segment("size", ("1", 20, 2), ("2", 20, 2)),
        Self.segment("country", ("US", 500, 50)),
      ], noun: Self.noun
    ).lines
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("region: no difference beyond chance (p "))
    #expect(lines[1].hasPrefix("owner: the levels differ (p "))
    #expect(lines[1].contains(" in `Ann` to ") && lines[1].hasSuffix(" in `Bob`"))
    #expect(lines[2].hasPrefix("size: too few buyers to compare levels (p "))
    #expect(lines[3] == "country: fewer than two levels")
  }

  @Test func `without segments there is no section`() {
    #expect(SegmentBlocks([], noun: Self.noun).section.isEmpty)
    #expect(SegmentBlocks([], noun: Self.noun).lines.isEmpty)
  }
}
