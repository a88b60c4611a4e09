import Diagnostics
import Experiment
import HoldoutTestSupport
import Learning
import Panel
import Randomness
import Spec
import Testing

@Suite struct LearnerRowsTests {
  private static let keys = (0..<200).map { "K\($0)" }

  /// Two cutoffs of 200 accounts of which every tenth buys.
  private static func blocks(_ entities: [Int32] = (0..<200).map { Int32($0) }) throws
    -> [PanelBlock]
  {
    try ["2024-01-31", "2024-02-29"].map { date in
      try .test(date, entities: entities, labels: entities.map { $0 % 10 == 0 ? 1 : 0 })
    }
  }

  private static func sample(
    _ negatives: SampleSpec.Negatives, seed: Int = 42, of blocks: [PanelBlock],
    keys: [String] = keys
  ) throws -> NegativeDownsampling {
    try NegativeDownsampling(.test(negatives), seed: seed, of: blocks, keys: keys)
  }

  /// `KEY DATE` of the negatives that are kept.
  private static func kept(_ sample: NegativeDownsampling, keys: [String] = keys) -> Set<String> {
    Set(
      sample.blocks.flatMap { block in
        zip(block.entities, block.labels).filter { $1 == 0 }.map {
          "\(keys[Int($0.0)]) \(block.cutoff.date)"
        }
      })
  }

  // MARK: - Which rows are kept

  @Test func `every positive is kept, and each kept negative stands for as many as are left out`()
    throws
  {
    let sample = try Self.sample(.share(0.25), of: Self.blocks())
    #expect(sample.use.positives == 40 && sample.use.negatives == 360)
    #expect(sample.blocks.flatMap(\.labels).count { $0 == 1 } == 40)
    let kept = sample.blocks.reduce(0) { $0 + $1.rowCount } - 40
    #expect(sample.use.kept == kept)
    // Five standard deviations of a binomial count of 360 at 0.25.
    #expect(abs(Double(kept) - 90) < 5 * (360.0 * 0.25 * 0.75).squareRoot())
    #expect(sample.use.weight == 360 / Double(kept))
    // Just those whose draw is below the share.
    let draws = RowDraws(seed: 42, keys: Self.keys)
    let expected = try Self.blocks().flatMap { block in
      block.entities.filter { $0 % 10 > 0 && draws[$0, block.cutoff.date] < 0.25 }.map {
        "\(Self.keys[Int($0)]) \(block.cutoff.date)"
      }
    }
    #expect(Self.kept(sample) == Set(expected))
    #expect(sample.use.isSmaller)
  }

  @Test func `a draw is that of the key, the day and the seed`() throws {
    // Worked out with Python's integers: SplitMix64 from the FNV-1a of the key mixed with the seed.
    let day = try #require(CalendarDate("2024-01-31"))
    let draws = RowDraws(seed: 42, keys: ["C0001", "Größe"])
    #expect(draws[0, day] == 0.3573170508782366)
    #expect(draws[1, day] == 0.059725445487545215)
    #expect(draws[0, CalendarDate(days: day.days + 29)] == 0.43853036479571295)
    #expect(RowDraws(seed: 43, keys: ["C0001"])[0, day] == 0.8037529558275579)
  }

  @Test func `whether a row is kept hangs on no other row`() throws {
    let all = Self.kept(try Self.sample(.share(0.3), of: Self.blocks()))
    // Every third account is gone, and the numbers of the others with it.
    let some = (0..<200).filter { $0 % 3 > 0 }
    let keys = some.map { Self.keys[$0] }
    let blocks = try ["2024-01-31", "2024-02-29"].map { date in
      try PanelBlock.test(
        date, entities: some.indices.map { Int32($0) },
        labels: some.map { $0 % 10 == 0 ? 1 : 0 })
    }
    let left = Self.kept(try Self.sample(.share(0.3), of: blocks, keys: keys), keys: keys)
    #expect(left == all.filter { row in keys.contains { row.hasPrefix("\($0) ") } })
    #expect(Self.kept(try Self.sample(.share(0.3), seed: 43, of: Self.blocks())) != all)
  }

  @Test func `what a small share keeps a larger one keeps too`() throws {
    var before: Set<String> = []
    for share in [0.05, 0.2, 0.5, 0.9, 1] {
      let kept = Self.kept(try Self.sample(.share(share), of: Self.blocks()))
      #expect(kept.isSuperset(of: before) && kept.count > before.count, "\(share)")
      before = kept
    }
    #expect(before.count == 360)
  }

  @Test(arguments: [
    (SampleSpec.Negatives.share(0.4), 10, 2, 0.4), (.perPositive(3), 10, 2, 0.75),
    (.perPositive(4), 10, 2, 1), (.perPositive(5), 10, 2, 1), (.perPositive(1), 7, 7, 1),
    (.perPositive(1), 10, 0, 0),
  ])
  func `the share that is asked for`(
    _ negatives: SampleSpec.Negatives, rows: Int, positives: Int, share: Double
  ) {
    #expect(negatives.share(rows: rows, positives: positives) == share)
  }

  @Test func `a sample without a negative is refused`() throws {
    let blocks = [try PanelBlock.test("2024-01-31", entities: [0, 1, 2], labels: [1, 0, 0])]
    #expect(
      try findings { _ = try Self.sample(.share(1e-12), of: blocks) }.count == 1)
    // Where there are only positives there is nothing to leave out.
    let positives = [try PanelBlock.test("2024-01-31", entities: [0, 1], labels: [1, 1])]
    #expect(try Self.sample(.share(0.5), of: positives).use.weight == 1)
  }

  // MARK: - Levels

  @Test func `levels are counted over all train rows, sampled or not`() throws {
    let overlay = """
      feature_sets: {all: [segment: {category: accounts.segment, min_frequency: 7}]}
      cutoffs: {train: 6}
      """
    for sample in ["", "sample: {negatives: 0.1}\n"] {
      let bench = try AccountsBench(
        // In the train rows: `a` and `b` often, `c` on one account, `d` only after the last train cutoff.
        "UPDATE accounts SET segment = 'b' WHERE segment = 'c'",
        "UPDATE accounts SET segment = 'c' WHERE id = 'A0001'",
        "UPDATE accounts SET bought = NULL, created = DATE '2023-01-01' WHERE id = 'A0001'",
        "UPDATE accounts SET segment = 'd', created = DATE '2024-10-15' WHERE id IN ('A0002', 'A0003')"
      )
      let builder = try bench.builder(overlay + "\n" + sample)
      let train = try builder.blocks(builder.timeline[.train], threads: 1)
      let library = try NativeTestLibrary.loadLightGBM()
      let rows = try LearnerRows(
        builder.spec, train: train, configuration: LearnerConfiguration(parameters: []),
        texts: PanelTexts(builder), library: library, settings: RunSettings(threads: 1))
      // `c` stands in the six rows of one account, one too few; `d` in none.
      #expect(rows.levels["segment"]?.levels.sorted() == ["a", "b"])
      #expect(rows.sample?.isSmaller == (sample.isEmpty ? nil : true))
      let codes = builder.levels(ofFeature: 0)
      #expect(codes.contains("c"))
    }
  }
}
