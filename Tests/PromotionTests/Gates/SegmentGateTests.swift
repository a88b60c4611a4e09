import Diagnostics
import Evaluation
import Promotion
import Reports
import Runs
import Spec
import Testing

@Suite("The gate on segments")
struct SegmentGateTests {
  /// The gates that holdout.yaml, or a spec in the same form, sets.
  private static func gates(_ segments: String) throws -> GatesSpec? {
    let file = SourceFile(name: "holdout.yaml", text: "gates: {segments: \(segments)}\n")
    return try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) }.gates
  }

  /// Levels `a`, `b`, ... of so many entities with one row and one score each, of which some are
  /// positive.
  private static func segment(
    _ levels: (entities: Int, score: Double, positives: Int)...
  ) -> RunCurves.Segment {
    var (level, label, score): ([Int32], [UInt8], [Double]) = ([], [], [])
    for (index, own) in levels.enumerated() {
      level += [Int32](repeating: Int32(index), count: own.entities)
      label += (0..<own.entities).map { $0 < own.positives ? 1 : 0 }
      score += [Double](repeating: own.score, count: own.entities)
    }
    let rows = ScoredRows(
      cutoff: [Int32](repeating: 0, count: level.count),
      entity: (0..<Int32(level.count)).map(\.self), label: label, margin: score, score: score,
      uncalibrated: score)
    return RunCurves.Segment(
      name: "region", levels: levels.indices.map { ["a", "b", "c"][$0] },
      study: SegmentStudy(
        rows, level: level, count: levels.count, bootstrap: BootstrapOptions(resamples: 10)))
  }

  private static func check(
    _ segment: RunCurves.Segment, _ settings: String = "{alike: all}"
  ) throws -> GateCheck {
    let setting = try #require(Gates(spec: nil, project: gates(settings)).segments)
    return GateCheck(segment: segment, positives: "buyers", setting)
  }

  @Test("alike levels pass, and levels that differ by more than chance and a factor fail")
  func outcomes() throws {
    let alike = try Self.check(Self.segment((200, 0.1, 20), (300, 0.1, 30)))
    #expect(alike.outcome == .pass && alike.name == "segments.region")
    #expect(alike.origin == .project)
    #expect(alike.words.contains("do not differ beyond chance"))
    #expect(alike.figures["smallest_p"] == 0.01 && (alike.figures["p"] ?? 0) > 0.9)
    let different = try Self.check(Self.segment((200, 0.1, 5), (200, 0.1, 35)))
    #expect(different.outcome == .fail)
    #expect(different.words.contains(" in `a` to ") && different.words.contains(" in `b` "))
    #expect(try #require(different.figures["lowest"]) < 0.5)
    #expect(try #require(different.figures["highest"]) > 1.5)
    // Scores that are too low everywhere leave the levels alike.
    let low = try Self.check(Self.segment((200, 0.05, 20), (300, 0.05, 30)))
    #expect(low.outcome == .pass)
  }

  @Test("a difference beyond chance passes within the largest ratio")
  func ratios() throws {
    let segment = Self.segment((4000, 0.1, 340), (4000, 0.1, 460))
    let within = try Self.check(segment)
    #expect(within.outcome == .pass)
    #expect(within.words.contains("but by no more than a factor of 1.5: "))
    #expect(try #require(within.figures["p"]) < 0.01)
    #expect(try Self.check(segment, "{alike: all, largest_ratio: 1.05}").outcome == .fail)
    #expect(try Self.check(segment, "{alike: all, largest_ratio: 1}").outcome == .fail)
    let alike = Self.segment((200, 0.1, 19), (200, 0.1, 21))
    #expect(try Self.check(alike, "{alike: all, largest_ratio: 1}").outcome == .pass)
    #expect(
      try Self.check(alike, "{alike: all, largest_ratio: 1, smallest_p: 0.99}").outcome == .fail)
  }

  @Test("with few expected positives no difference is inconclusive, and one that is found fails")
  func evidence() throws {
    let few = try Self.check(Self.segment((30, 0.1, 3), (300, 0.1, 30)))
    #expect(few.outcome == .inconclusive && few.words.contains("5 expected buyers"))
    // Two small levels have enough together: they are one group of the test.
    let pooled = try Self.check(Self.segment((300, 0.1, 30), (30, 0.1, 3), (30, 0.1, 3)))
    #expect(pooled.outcome == .pass)
    let extreme = try Self.check(Self.segment((60, 0.01, 15), (60, 0.01, 0)))
    #expect(extreme.outcome == .fail)
    let single = try Self.check(Self.segment((300, 0.1, 30)))
    #expect(single.outcome == .inconclusive && single.figures.isEmpty)
  }

  @Test("a spec's own settings replace the project's, and looser ones are reported")
  func merging() throws {
    func merged(_ spec: String?, _ project: String?) throws -> Gates {
      try Gates(spec: spec.flatMap(Self.gates), project: project.flatMap(Self.gates))
    }
    #expect(try merged(nil, nil).segments == nil)
    #expect(try merged("{alike: none}", nil).segments == nil)
    let own = try #require(try merged("{alike: [a]}", nil).segments)
    #expect(own.origin == .spec && own.value.names == ["a"])
    #expect(own.value.smallestP == 0.01 && own.value.largestRatio == 1.5)
    func lines(_ spec: String, _ project: String) throws -> [String] {
      try merged(spec, project).loosened
    }
    #expect(
      try lines("{alike: none}", "{alike: [a, b]}") == [
        "the spec compares the levels of no segment, and holdout.yaml those of `a` and `b`"
      ])
    #expect(
      try lines("{alike: [a]}", "{alike: all}") == [
        "the spec compares the levels of `a`, and holdout.yaml those of all segments"
      ])
    #expect(try lines("{alike: [a]}", "{alike: [a, b]}").count == 1)
    #expect(
      try lines(
        "{alike: [a], smallest_p: 0.005, largest_ratio: 2}", "{alike: [a], smallest_p: 0.05}"
      ) == [
        "the spec's own `segments.smallest_p` is 0.005, and that of holdout.yaml 0.05",
        "the spec's own `segments.largest_ratio` is 2, and that of holdout.yaml 1.5",
      ])
    for (spec, project) in [
      ("{alike: all}", "{alike: [a]}"), ("{alike: [b, a]}", "{alike: [a]}"),
      ("{alike: [a], smallest_p: 0.05, largest_ratio: 1.2}", "{alike: [a]}"),
      ("{alike: [a]}", "{alike: none}"),
    ] {
      #expect(try lines(spec, project) == [], "\(spec)")
    }
  }
}
