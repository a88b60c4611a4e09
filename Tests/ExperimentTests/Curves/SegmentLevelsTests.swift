import Columns
import Diagnostics
import Evaluation
import Experiment
import HoldoutTestSupport
import Panel
import Randomness
import Runs
import Spec
import Testing

@Suite struct SegmentLevelsTests {
  /// Rows with these values of the bench's features and segments; features without values have 0.
  private static func block(
    _ spec: ExperimentSpec, count: Int, _ values: [String: FeatureColumn] = [:],
    segments: [FeatureColumn] = []
  ) -> PanelBlock {
    let day = CalendarDate(days: 20_000)
    return PanelBlock(
      cutoff: Cutoff(date: day, role: .test, windowEnd: day),
      entities: (0..<Int32(count)).map(\.self), labels: [UInt8](repeating: 0, count: count),
      features: FeatureBlock(
        rowCount: count,
        columns: spec.features.map {
          values[$0.name.value] ?? .int8([Int8](repeating: 0, count: count))
        }), segments: segments)
  }

  /// - Parameter levels: the texts of categories, by the name of the feature.
  private static func all(
    _ spec: ExperimentSpec, _ blocks: [PanelBlock], levels: [String: [String]] = [:],
    segments: [[String]] = []
  ) throws -> [SegmentLevels] {
    let texts = PanelTexts(
      keys: [], levels: spec.features.map { levels[$0.name.value] ?? [] }, segments: segments)
    return try SegmentLevels.all(spec, texts: texts, blocks)
  }

  /// The name of each row's level.
  private static func names(_ levels: SegmentLevels) -> [String] {
    levels.codes.map { levels.names[Int($0)] }
  }

  @Test func `texts are in the order of their bytes, and only those that rows have`() throws {
    let spec = try AccountsBench.spec("evaluation: {segments: [region]}")
    let first = Self.block(spec, count: 2, ["region": .int8([2, 0])])
    let second = Self.block(spec, count: 2, ["region": .int16([.min, 2])])
    let found = try Self.all(
      spec, [first, second], levels: ["region": ["b", "nowhere", "ä"]])
    #expect(found.map(\.name) == ["region"])
    #expect(found[0].names == ["b", "ä", "(missing)"])
    #expect(Self.names(found[0]) == ["ä", "b", "(missing)", "ä"])
    // Another schedule of threads numbers the texts differently.
    let other = try Self.all(
      spec,
      [
        Self.block(spec, count: 2, ["region": .int8([0, 1])]),
        Self.block(spec, count: 2, ["region": .int32([.min, 0])]),
      ], levels: ["region": ["ä", "b"]])
    #expect(other[0].names == found[0].names && other[0].codes == found[0].codes)
  }

  @Test func `a missing value is never mixed with a text of the same name`() throws {
    let spec = try AccountsBench.spec("evaluation: {segments: [region, accounts.segment]}")
    let column = FeatureColumn.int8([0, .min, 1, 0])
    let found = try Self.all(
      spec, [Self.block(spec, count: 4, ["region": column], segments: [column])],
      levels: ["region": ["(missing)", "((missing))"]], segments: [["(missing)", "x"]])
    #expect(
      Self.names(found[0]) == ["(missing)", "(((missing)))", "((missing))", "(missing)"])
    #expect(Self.names(found[1]) == ["(missing)", "((missing))", "x", "(missing)"])
    #expect(found.allSatisfy { Set($0.names).count == $0.names.count })
  }

  @Test func `a feature that replaces missing values by a text has both in one level`() throws {
    // The bench's `segment` has `missing: none`.
    let spec = try AccountsBench.spec("evaluation: {segments: [segment]}")
    let rows = Self.block(spec, count: 4, ["segment": .int8([0, .min, 1, .min])])
    let found = try Self.all(spec, [rows], levels: ["segment": ["none", "a"]])
    #expect(found[0].names == ["a", "none"])
    #expect(Self.names(found[0]) == ["none", "none", "a", "none"])
    let others = try Self.all(spec, [rows], levels: ["segment": ["b", "a"]])
    #expect(Self.names(others[0]) == ["b", "none", "a", "none"])
  }

  @Test func `flags are true or false, and numbers are values or ranges`() throws {
    let spec = try AccountsBench.spec(
      """
      feature_sets: {more: [large: {sql: "accounts.size > 9", type: flag}]}
      evaluation: {segments: [large, visits, age, accounts.size]}
      """)
    let count = 100
    let found = try Self.all(
      spec,
      [
        Self.block(
          spec, count: count,
          [
            "large": .int8((0..<count).map { [0, 1, .min][$0 % 3] }),
            "visits": .int32((0..<count).map { $0 == 0 ? .min : Int32($0 % 4) }),
            "age": .double((0..<count).map { $0 < 3 ? .nan : Double($0) + 0.5 }),
          ], segments: [.int16((0..<Int16(count)).map { $0 / 10 * 100 })])
      ], segments: [[]])
    #expect(found.map(\.name) == ["large", "visits", "age", "accounts.size"])
    #expect(found[0].names == ["false", "true", "(missing)"])
    #expect(Self.names(found[0]).prefix(4) == ["false", "true", "(missing)", "false"])
    #expect(found[1].names == ["0", "1", "2", "3", "(missing)"])
    #expect(Self.names(found[1]).prefix(3) == ["(missing)", "1", "2"])
    #expect(
      found[2].names == [
        "3.5 to 21.5", "22.5 to 40.5", "41.5 to 60.5", "61.5 to 79.5", "80.5 to 99.5", "(missing)",
      ])
    #expect(found[3].names == (0..<10).map { "\($0 * 100)" })
  }

  @Test func `ranges hold each number once, in order, and only the numbers decide`() {
    var draw = SplitMix64(seed: 17)
    for _ in 0..<500 {
      let scale = draw.pick([1, 0.1, 1e-6, 1e6, 1.0 / 3])
      let most = draw.number(1...60)
      let numbers = (0..<draw.number(0...200)).map { _ in
        draw.oneIn(10) ? Double.nan : Double(draw.number(-most...most)) * scale
      }
      let ranges = NumberRanges(numbers)
      #expect(Set(ranges.names).count == ranges.names.count)
      let rows = zip(numbers, ranges.codes).sorted {
        ($0.0.isNaN ? 1 : 0, $0.0) < ($1.0.isNaN ? 1 : 0, $1.0)
      }
      let distinct = Set(numbers.filter { !$0.isNaN }).count
      #expect(distinct <= 10 ? ranges.names.count == distinct : ranges.names.count <= 5)
      #expect(
        Set(ranges.codes).subtracting([Int32(ranges.names.count)]).count == ranges.names.count)
      for (row, next) in zip(rows, rows.dropFirst()) {
        #expect(row.1 <= next.1 && (row.0 != next.0 || row.1 == next.1))
      }
      #expect(
        numbers.indices.allSatisfy {
          numbers[$0].isNaN == (Int(ranges.codes[$0]) == ranges.names.count)
        })
      let order = numbers.indices.shuffled(using: &draw)
      let other = NumberRanges(order.map { numbers[$0] })
      #expect(other.names == ranges.names && other.codes == order.map { ranges.codes[$0] })
    }
  }

  @Test func `a frequent value has a range of its own, and the others are divided among the rest`()
  {
    let zeros = [Double](repeating: 0, count: 70)
    let found = NumberRanges(zeros + (1...30).map { Double($0) })
    #expect(found.names == ["0", "1 to 7", "8 to 15", "16 to 22", "23 to 30"])
    let even = NumberRanges((0..<1000).map { Double($0) * 0.001237 })
    #expect(even.names.first == "0 to 0.246" && even.names.last == "0.99 to 1.24")
    // Three digits would give two ranges the same name.
    let close = NumberRanges((0..<1000).map { 5 + Double($0) * 1e-6 })
    #expect(Set(close.names).count == 5 && close.names[1] == "5.0002 to 5.000399")
  }

  @Test func `a column with more than 5,000 levels is refused, and a feature is not`() throws {
    let spec = try AccountsBench.spec("evaluation: {segments: [region, accounts.segment]}")
    func levels(_ count: Int) throws -> [SegmentLevels] {
      let texts = (0..<count).map { "level \($0)" }
      let codes = FeatureColumn.int32((0..<Int32(count)).map(\.self))
      return try Self.all(
        spec, [Self.block(spec, count: count, ["region": codes], segments: [codes])],
        levels: ["region": texts], segments: [texts])
    }
    #expect(try levels(5000).map(\.names.count) == [5000, 5000])
    do {
      _ = try levels(5001)
      Issue.record("nothing was thrown")
    } catch let error as FindingsError {
      #expect(error.findings.map(\.id.number) == [446])
      #expect(error.findings[0].message.contains("5,001 levels"))
      #expect(error.findings[0].span?.text == "accounts.segment")
    }
    let feature = try AccountsBench.spec("evaluation: {segments: [region]}")
    let codes = FeatureColumn.int32((0..<Int32(5001)).map(\.self))
    let found = try Self.all(
      feature, [Self.block(feature, count: 5001, ["region": codes])],
      levels: ["region": (0..<5001).map { "level \($0)" }])
    #expect(found[0].names.count == 5001)
  }
}

/// Runs whose spec has segments by columns.
@Suite struct SegmentRunTests {
  private static let segments =
    "evaluation: {segments: [segment, size, accounts.segment, regions.region, accounts.size]}\n"
  private static let names = [
    "segment", "size", "accounts.segment", "regions.region", "accounts.size",
  ]

  @Test func `columns give the levels of features that read them, and change nothing else`() throws
  {
    let bench = try AccountsBench("DELETE FROM regions WHERE id < 'A0050'")
    try bench.run(Self.segments)
    try bench.run("name: plain")
    let run = try bench.onlyRun()
    let file = try MetricsFile(bench.data("\(run)/metrics.json"))
    let plain = try MetricsFile(bench.data("\(try bench.onlyRun(of: "plain"))/metrics.json"))
    let own = file.numbers.filter { !$0.key.hasPrefix("test.segments.") }
    #expect(own == plain.numbers)
    #expect(
      try bench.data("\(run)/model.txt")
        == bench.data("\(try bench.onlyRun(of: "plain"))/model.txt"))
    for name in Self.names {
      let levels = file.keys(below: "test.segments.\(name)")
      let rows = levels.map { file["test.segments.\(name).\($0).rows"] ?? .nan }
      #expect(rows.reduce(0, +) == file["rows.test"], "\(name)")
    }
    for (feature, column) in [("segment", "accounts.segment"), ("size", "accounts.size")] {
      let levels = file.keys(below: "test.segments.\(feature)")
      #expect(levels == file.keys(below: "test.segments.\(column)"))
      for (path, value) in file.numbers where path.hasPrefix("test.segments.\(feature).") {
        let rest = path.dropFirst("test.segments.\(feature)".count)
        #expect(file["test.segments.\(column)\(rest)"] == value)
      }
    }
    #expect(file.keys(below: "test.segments.accounts.segment") == ["a", "b", "c"])
    #expect(file.keys(below: "test.segments.accounts.size").count == 5)
    #expect(
      file.keys(below: "test.segments.regions.region") == ["north", "south", "(missing)"])
  }

  @Test
  func `a panel from the cache has the columns of the one that was built, at test cutoffs only`()
    throws
  {
    let bench = try AccountsBench()
    let experiment = try AccountsBench.experiment(Self.segments)
    let built = try bench.builder(Self.segments)
    let first = built.spec.features.count
    for _ in 0..<2 {
      let panel = try bench.panel(experiment)
      let blocks = try FoldBlocks(panel.folds, panel: panel, settings: RunSettings(threads: 1))
      let timeline = panel.folds[0]
      #expect(blocks.rows(.train, of: timeline).allSatisfy { $0.segments.isEmpty })
      #expect(blocks.rows(.calibrate, of: timeline).allSatisfy { $0.segments.isEmpty })
      let test = blocks.rows(.test, of: timeline)
      #expect(test.count == 2)
      for block in test {
        let expected = try built.block(block.cutoff)
        #expect(expected.segments.count == 3 && block.segments.count == 3)
        for (index, texts) in blocks.texts.segments.enumerated() {
          func values(_ column: FeatureColumn, _ texts: [String]) -> [String] {
            column.numbers.map { number in
              number.isNaN ? "-" : texts.isEmpty ? "\(number)" : texts[Int(number)]
            }
          }
          let isCategory = built.spec.segmentColumns[index].expression.isCategory
          #expect(
            values(block.segments[index], texts)
              == values(
                expected.segments[index],
                isCategory ? built.levels(ofFeature: first + index) : []))
        }
      }
    }
    try bench.run(Self.segments)
    let stages = try bench.runner().why(experiment).stages
    let own = stages.filter { $0.stage.hasPrefix("segment ") }
    #expect(
      own.map(\.stage) == [
        "segment accounts.segment", "segment regions.region", "segment accounts.size",
      ])
    #expect(own.allSatisfy { $0.parts == 2 && $0.isHit })
  }

  @Test func `test cutoffs that are others' train cutoffs have the columns, too`() throws {
    let bench = try AccountsBench()
    // The second fit trains on the test cutoffs, and the folds share one.
    let overlay =
      Self.segments + "cutoffs: {train: 3, calibrate: 1, folds: 2, step: 1 month}\n"
      + "calibration: {method: auto}\n"
    let summary = try bench.runner().run(
      AccountsBench.experiment(overlay), settings: RunSettings(threads: 1), refitting: true)
    let file = try MetricsFile(
      bench.data("results/accounts/runs/\(summary.runId)/metrics.json"))
    #expect(file.keys(below: "test.segments.accounts.segment") == ["a", "b", "c"])
  }

  @Test func `a segment's source may begin after the train cutoffs`() throws {
    let bench = try AccountsBench()
    try bench.bench.parquet(
      "teams",
      """
      SELECT id, DATE '2024-10-01' AS since, CAST(NULL AS DATE) AS until,
        'team ' || hash(id) % 2 AS team FROM accounts
      """)
    let source = """
      sources: {teams: {parquet: teams.parquet, key: id, valid_from: since, valid_to: until,
        columns: {team: text}}}

      """
    try bench.run(source + "evaluation: {segments: [teams.team]}")
    try bench.run("name: plain")
    let file = try MetricsFile(bench.data("\(try bench.onlyRun())/metrics.json"))
    let plain = try MetricsFile(bench.data("\(try bench.onlyRun(of: "plain"))/metrics.json"))
    #expect(file.keys(below: "test.segments.teams.team") == ["team 0", "team 1"])
    #expect(file.numbers.filter { !$0.key.hasPrefix("test.segments.") } == plain.numbers)
    // A feature needs the source at every cutoff.
    let feature = "feature_sets: {more: [team: {category: teams.team}]}\nname: early"
    #expect(try findings { try bench.run(source + feature) } == [404])
  }

  @Test func `curves of a stored run are those that were written`() throws {
    let bench = try AccountsBench()
    try bench.run(Self.segments)
    let run = try bench.onlyRun()
    let stored = try StoredRun(folder: bench.path(run))
    let curves = try #require(try stored.curves())
    #expect(curves.segments.map(\.name) == Self.names)
    let file = try MetricsFile(bench.data("\(run)/metrics.json"))
    for segment in curves.segments {
      #expect(Double(segment.study.all.rows) == file["rows.test"])
      for level in segment.study.levels {
        let path = "test.segments.\(segment.name).\(segment.name(of: level))"
        #expect(file["\(path).rows"] == Double(level.figures.rows), "\(path)")
        #expect(file["\(path).positives"] == Double(level.figures.positives), "\(path)")
      }
    }
    // The same bytes come out again.
    #expect(try JSONDocument.data(curves) == bench.data("\(run)/curves.json"))
    try bench.write("\(run)/curves.json", try bench.text("\(run)/curves.json") + " ")
    #expect(try findings { _ = try stored.curves() } == [660])
  }

  @Test func `today's value of a segment is a caveat of the test cutoffs`() throws {
    let builder = try AccountsBench().builder(
      """
      look_ahead: {allow: [accounts.status], because: to try}
      sources: {accounts: {columns: {status: {type: text, class: current}}}}
      evaluation: {segments: [accounts.status]}
      """)
    let caveats = Caveats(
      builder.spec, folds: builder.folds, lookAhead: builder.lookAhead, findings: builder.findings)
    #expect(
      caveats.list.map(\.words) == [
        "look-ahead: 1 segment reads today's value of 1 column at 2 cutoffs (to try)"
      ])
  }
}
