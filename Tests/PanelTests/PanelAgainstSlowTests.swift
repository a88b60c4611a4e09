import Columns
import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Randomness
import Spec
import Testing

@Suite("The panel against plain loops over rows")
struct PanelAgainstSlowTests {
  static let seeds: ClosedRange<UInt64> = 1...64
  static let cutoffsPerWorld = 16

  @Test("entities, labels and every value are the same", arguments: seeds)
  func same(_ seed: UInt64) throws {
    try compare(RandomWorld(seed: seed), RandomSpec(seed: seed).yaml, seed: seed)
  }

  @Test("so are those of sources that columns refer to", arguments: 1...48 as ClosedRange<UInt64>)
  func parents(_ seed: UInt64) throws {
    try compare(
      RandomWorld(seed: seed, parents: true), RandomSpec(seed: seed, parents: true).yaml, seed: seed
    )
  }

  private func compare(_ world: RandomWorld, _ yaml: String, seed: UInt64) throws {
    let bench = try Bench()
    for table in world.tables { try bench.parquet(table.name, table.query) }
    let builder = try Self.reporting(yaml) { try bench.builder(yaml) }
    let slow = SlowPanel(builder.spec, world.tables)
    let keys = try builder.keys()
    Self.expectSameClusters(builder, slow, keys)
    let windows = LabelWindow(builder.spec.label, arithmetic: builder.spec.cutoffs.monthArithmetic)
    let cutoffs = Self.cutoffs(world, slow, seed: seed).map {
      Cutoff(date: $0, role: .train, windowEnd: windows.end($0))
    }
    let singly = try cutoffs.map(builder.block)
    builder.reading = .together(5)
    let together = try builder.blocks(cutoffs, threads: 2)
    let counts = try builder.counts(cutoffs)
    for (number, cutoff) in cutoffs.enumerated() {
      let date = cutoff.date
      let expected = slow.block(date)
      for (block, form) in [(singly[number], "alone"), (together[number], "with others")] {
        #expect(
          block.clusters == block.entities.map { builder.clusters?.numbers[Int($0)] ?? $0 })
        try #require(
          block.entities.map { keys[Int($0)] } == expected.keys, "cohort on \(date), \(form)")
        #expect(block.labels.map { $0 == 1 } == expected.labels, "labels on \(date), \(form)")
        #expect(block.excluded == counts[number].excluded)
        for (index, feature) in builder.spec.features.enumerated() {
          let column = PanelValues.values(
            block.features.columns[index],
            levels: feature.expression.isCategory
              ? builder.levels(ofFeature: index) : nil)
          #expect(
            column == expected.features[index],
            "\(feature.name.value) on \(date), \(form), \(feature.expression)")
        }
        let segments = builder.spec.segmentColumns
        try #require(block.segments.count == segments.count)
        for (index, segment) in segments.enumerated() {
          let place = builder.spec.features.count + index
          let column = PanelValues.values(
            block.segments[index],
            levels: segment.expression.isCategory ? builder.levels(ofFeature: place) : nil)
          #expect(
            column == expected.segments[index],
            "segment \(segment.name.value) on \(date), \(form)")
        }
      }
      let alone = number % 8 == 0 ? [try builder.counts(cutoff)] : []
      for counts in [counts[number]] + alone {
        #expect(counts.rows == expected.keys.count)
        #expect(
          counts.excluded == (builder.spec.label.among != nil ? expected.excluded : nil))
        #expect(
          counts.buyers.map { keys[Int($0)] }
            == zip(expected.keys, expected.labels).filter(\.1).map(\.0))
      }
    }
  }

  /// Entities are together if they have the same value, and alone without one.
  private static func expectSameClusters(
    _ builder: PanelBuilder, _ slow: SlowPanel, _ keys: [String]
  ) {
    let expected = slow.clusters
    #expect((builder.clusters == nil) == (expected == nil))
    guard let clusters = builder.clusters, let expected else { return }
    // An entity without a day of creation is no row of the slow implementation, and in no cohort.
    #expect(!expected.isEmpty && expected.count <= keys.count)
    for (key, value) in expected {
      #expect(keys.firstIndex(of: key).map { clusters.values[$0] } == .some(value), "\(key)")
    }
    for left in keys.indices {
      for right in keys.indices where left != right {
        let (own, other) = (clusters.values[left], clusters.values[right])
        #expect(
          (clusters.numbers[left] == clusters.numbers[right]) == (own != nil && own == other))
      }
    }
  }

  @Test(
    "a day that is scored alone has the rows and values that it has among others",
    arguments: 1...32 as ClosedRange<UInt64>)
  func scoredAlone(_ seed: UInt64) throws {
    let hasParents = seed % 3 == 0
    let world = RandomWorld(seed: seed, parents: hasParents)
    let bench = try Bench()
    var yaml = RandomSpec(seed: seed, parents: hasParents).yaml
    if seed.isMultiple(of: 2) {
      // Events of files are read again, those of queries are kept.
      for name in ["calls", "orders", "deals"] {
        yaml.replace(
          "parquet: \(name).parquet",
          with: "sql: \"SELECT * FROM '\(bench.folder)/\(name).parquet'\"")
      }
    }
    for table in world.tables { try bench.parquet(table.name, table.query) }
    let together = try Self.reporting(yaml) { try bench.builder(yaml) }
    let keys = try together.keys()
    let through = try #require(together.spec.dataThrough)
    let slow = SlowPanel(together.spec, world.tables)
    let days = Self.cutoffs(world, slow, seed: seed).filter { $0 <= through }
    for day in days.prefix(4) {
      let cutoff = Cutoff(date: day, role: .immature, windowEnd: day)
      let expected = PanelRows(try together.block(cutoff), together, keys)
      let alone = try Self.reporting(yaml) {
        try Bench(folder: bench.temporary).builder(
          yaml, purpose: .scoring([day], allowsSilence: true))
      }
      let scored = PanelRows(try alone.block(cutoff), alone, try alone.keys())
      try #require(scored.keys == expected.keys, "cohort on \(day)")
      for (index, feature) in together.spec.features.enumerated() {
        #expect(
          scored.features[index] == expected.features[index],
          "\(feature.name.value) on \(day), \(feature.expression)")
      }
    }
  }

  /// Days on which the label's event happens, days whose label window ends on one, days that have
  /// something happen at the start of a feature's window, and any day.
  private static func cutoffs(
    _ world: RandomWorld, _ slow: SlowPanel, seed: UInt64
  ) -> [CalendarDate] {
    var generator = SplitMix64(seed: seed &+ 1_000)
    let days = world.days.sorted()
    let labelDays = slow.labelDays.isEmpty ? days : slow.labelDays
    let arithmetic = slow.spec.cutoffs.monthArithmetic
    let counted = slow.spec.cohort.rules.flatMap { Self.windows($0.value) }
    let windows =
      counted
      + slow.spec.features.flatMap { feature -> [Period] in
        guard case .aggregate(let aggregate) = feature.expression else { return [] }
        return [aggregate.window?.from, aggregate.window?.to].compactMap(\.self)
      }
    return (0..<cutoffsPerWorld).map { number in
      let eventDay = CalendarDate(days: generator.pick(labelDays))
      let day = CalendarDate(days: generator.pick(days))
      let around = (RandomWorld.first - 5)...(RandomWorld.last + 5)
      return switch number % 4 {
      case 0: eventDay
      case 1:
        eventDay.adding(slow.spec.label.horizon.value, sign: -1, arithmetic: arithmetic)
      case 2 where !windows.isEmpty: day.adding(generator.pick(windows), arithmetic: arithmetic)
      default: CalendarDate(days: generator.number(around))
      }
    }
  }

  /// The windows in which a rule counts events.
  private static func windows(_ rule: Rule) -> [Period] {
    switch rule {
    case .not(let inner): windows(inner)
    case .any(let rules), .all(let rules): rules.flatMap { windows($0) }
    case .count(let count): [count.window?.from, count.window?.to].compactMap(\.self)
    case .happened, .flag, .present, .among, .sql: []
    }
  }

  private static func reporting<Result>(_ yaml: String, _ work: () throws -> Result) throws
    -> Result
  {
    do {
      return try work()
    } catch let error as FindingsError {
      Issue.record("\(TextRenderer().render(error.findings))\n\(yaml)")
      throw error
    }
  }
}
