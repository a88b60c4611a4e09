import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct SegmentStudyTests {
  private let quick = BootstrapOptions(resamples: 20)

  @Test func `levels, small levels and rows without a level add up to all rows`() throws {
    var world = CalibratedWorld(seed: 1, entities: 1500, base: -4)
    let rows = world.rows()
    // Every tenth entity has no level; levels 18 and 19 have no rows.
    let level = zip(world.level, world.entity).map { $1 % 10 == 0 ? -1 : $0 }
    let study = SegmentStudy(rows, level: level, count: 20, draws: 99, bootstrap: quick)
    let small = try #require(study.small)
    let unassigned = try #require(study.unassigned)
    let parts = study.levels.map(\.figures) + [small, unassigned]
    #expect(study.levels.count + study.smallLevels == CalibratedWorld.levels)
    #expect(study.all.rows == rows.count && parts.reduce(0) { $0 + $1.rows } == rows.count)
    #expect(parts.reduce(0) { $0 + $1.positives } == study.all.positives)
    // No entity changes its level here.
    #expect(parts.reduce(0) { $0 + $1.entities } == study.all.entities)
    #expect(parts.reduce(0) { $0 + $1.positiveEntities } == study.all.positiveEntities)
    // 1e-12: rounding of a few thousand terms.
    #expect(isClose(parts.reduce(0) { $0 + $1.expected }, study.all.expected, 1e-12))
    #expect(isClose(study.all.expected, rows.score.reduce(0, +), 1e-12))
    #expect(study.levels.allSatisfy { !(18...19).contains($0.index) })
    #expect(unassigned.shrunken == nil && small.shrunken != nil)
  }

  @Test func `a level is small with four positive entities, and shown with five`() {
    // Two levels of 20 entities, with scores from which fewer than five positives are expected.
    let entities = Array(Int32(0)..<40)
    func study(_ positives: Int) -> SegmentStudy {
      let scores = entities.map { _ in 0.1 }
      let rows = ScoredRows(
        cutoff: entities.map { _ in 0 }, entity: entities,
        label: entities.map { $0 < 20 && $0 < positives ? 1 : 0 }, margin: scores, score: scores,
        uncalibrated: scores)
      return SegmentStudy(
        rows, level: entities.map { $0 / 20 }, count: 2, draws: 9, bootstrap: quick)
    }
    #expect(study(4).levels.isEmpty && study(4).smallLevels == 2)
    #expect(study(5).levels.map(\.index) == [0] && study(5).smallLevels == 1)
  }

  @Test func `figures are those of the level's rows`() throws {
    var world = CalibratedWorld(seed: 2, entities: 2000, base: -3)
    let rows = world.rows()
    let study = SegmentStudy(
      rows, level: world.level, count: CalibratedWorld.levels, draws: 9, bootstrap: quick)
    for level in study.levels {
      let own = rows.selecting(rows.label.indices.filter { Int(world.level[$0]) == level.index })
      let values = evaluate(own).pooled.values
      let figures = level.figures
      #expect(Double(figures.rows) == values["rows"])
      #expect(Double(figures.entities) == values["entities"])
      #expect(Double(figures.positiveEntities) == values["positive_entities"])
      #expect(isClose(figures.ratio?.ratio, values["observed_over_expected"], 1e-12))
      let hasArea = figures.positiveEntities >= 10
      #expect(figures.rocAuc == (hasArea ? values["roc_auc"] : nil))
      #expect((figures.rocAucInterval != nil) == hasArea)
      let highest = Dictionary(grouping: 0..<own.count) { own.entity[$0] }.values
        .map { $0.map { own.score[$0] }.max() ?? 0 }
      #expect(isClose(figures.expectedPositiveEntities, highest.reduce(0, +), 1e-12))
    }
    #expect(study.all.rocAuc == evaluate(rows).pooled.values["roc_auc"])
    let interval = bootstrap(rows, bootstrap: quick).intervals().pooled["roc_auc"]
    #expect(study.all.rocAucInterval == interval)
  }

  @Test func `a level where nobody buys is shown if buyers are expected`() throws {
    var world = CalibratedWorld(seed: 3, entities: 3000, base: -4)
    let rows = world.rows { $0 == 0 ? 0 : 1 }
    let study = SegmentStudy(
      rows, level: world.level, count: CalibratedWorld.levels, draws: 199, bootstrap: quick)
    let first = try #require(study.levels.first)
    #expect(first.index == 0 && first.figures.positives == 0)
    #expect(first.figures.ratio?.lower == 0)
    #expect(first.adjustedPValue.map { $0 < 0.001 } ?? false)
    #expect(first.figures.shrunken.map { $0 > 0 && $0 < 0.5 } ?? false)
    #expect(study.alike?.pValue == 1.0 / 200)
  }

  @Test func `an account with rows in two levels counts in both`() throws {
    let rows = ScoredRows(
      cutoff: [0, 1], entity: [0, 0], label: [1, 1], margin: [1, 1], score: [0.5, 0.5],
      uncalibrated: [0.5, 0.5])
    let study = SegmentStudy(rows, level: [0, 1], count: 2, draws: 9, bootstrap: quick)
    #expect(study.levels.isEmpty && study.smallLevels == 2)
    #expect(study.small?.entities == 1 && study.small?.positives == 2)
    #expect(study.alike?.levels == 2)
    // Half of all draws have both positive, and the others none: G is 0 in each.
    #expect(study.alike?.statistic == 0 && study.alike?.pValue == 1)
  }

  @Test func `no rows, one level and scores of 0 have no test`() throws {
    let none = SegmentStudy(ScoredRows(label: []), level: [], count: 3, bootstrap: quick)
    #expect(none.alike == nil && none.levels.isEmpty && none.all.rows == 0)
    let one = SegmentStudy(
      ScoredRows(label: [1, 0]), level: [0, 0], count: 1, bootstrap: quick)
    #expect(one.alike == nil && one.smallLevels == 1)
    let zero = SegmentStudy(
      ScoredRows(label: [1, 0], score: [0, 0]), level: [0, 1], count: 2, bootstrap: quick)
    #expect(zero.alike == nil && zero.shrinkage == nil && zero.small?.ratio == nil)
    let nobody = SegmentStudy(
      ScoredRows(label: [0, 0]), level: [0, 1], count: 2, draws: 9, bootstrap: quick)
    #expect(nobody.alike?.pValue == 1)
  }

  @Test func `segments studied together are those studied one by one`() {
    var world = CalibratedWorld(seed: 6, entities: 900, base: -3)
    let rows = world.rows()
    let levels = CalibratedWorld.levels
    // The third leaves some rows without a level, and the fourth has one level.
    let segments: [(level: [Int32], count: Int)] = [
      (world.level, levels), (world.entity.map { $0 % 3 }, 3),
      (zip(world.level, world.entity).map { $1 % 7 == 0 ? -1 : $0 }, levels),
      (world.level.map { _ in 0 }, 1),
    ]
    let together = SegmentStudy.each(rows, by: segments, draws: 99, bootstrap: quick)
    let alone = segments.map {
      SegmentStudy(rows, level: $0.level, count: $0.count, draws: 99, bootstrap: quick)
    }
    #expect(together == alone)
    #expect(together.map { $0.alike != nil } == [true, true, true, false])
  }

  @Test func `the order of rows and the number of threads change nothing`() {
    var world = CalibratedWorld(seed: 4, entities: 700, base: -3)
    let rows = world.rows()
    var draw = Draw(seed: 5)
    let order = draw.shuffled(Array(0..<rows.count))
    let one = SegmentStudy(
      rows, level: world.level, count: CalibratedWorld.levels, draws: 50, bootstrap: quick)
    var settings = quick
    settings.threads = 3
    let other = SegmentStudy(
      rows.selecting(order), level: order.map { world.level[$0] }, count: CalibratedWorld.levels,
      draws: 50, bootstrap: settings)
    let areSame = one == other
    #expect(areSame)
  }

  @Test func `alike levels are rejected at the nominal rate, and intervals cover 1`() {
    let count = max(1000, LongSimulations.asked ?? 0)
    var (rejected, covered, intervals, significant) = (0, 0, 0, 0)
    for number in 0..<count {
      var world = CalibratedWorld(seed: UInt64(number), entities: 800, base: -2)
      let study = SegmentStudy(
        world.rows(), level: world.level, count: CalibratedWorld.levels, draws: 99,
        bootstrap: BootstrapOptions(resamples: 1, seed: UInt64(number)))
      if let alike = study.alike, alike.pValue <= 0.05 { rejected += 1 }
      if study.levels.contains(where: { $0.adjustedPValue ?? 1 <= 0.05 }) { significant += 1 }
      for level in study.levels where level.figures.expectedPositiveEntities >= 5 {
        guard let ratio = level.figures.ratio else { continue }
        intervals += 1
        if ratio.lower <= 1, 1 <= ratio.upper { covered += 1 }
      }
    }
    LongSimulations.say("18 alike levels, of \(count)")
    LongSimulations.say("  not alike (nominal 5 %) \(rejected); a level by Holm \(significant)")
    LongSimulations.say("  intervals that contain 1 (at least 95 %): \(covered) of \(intervals)")
    // 5 % of 1,000 is 50 ± 6.9.
    #expect((count * 3 / 100...count * 7 / 100).contains(rejected), "\(rejected)")
    #expect(significant <= count * 7 / 100, "\(significant)")
    #expect(intervals > 9 * count, "about ten levels have enough")
    #expect(Double(covered) >= 0.93 * Double(intervals), "\(covered) of \(intervals)")
  }

  @Test func `one level at a fifth of its expected positives is found nine times out of ten`() {
    let count = max(100, (LongSimulations.asked ?? 0) / 2)
    var (found, expected) = (0, 0.0)
    for number in 0..<count {
      var world = CalibratedWorld(seed: UInt64(number), entities: 4700, base: -4.45)
      let study = SegmentStudy(
        world.rows { $0 == 0 ? 0.2 : 1 }, level: world.level, count: CalibratedWorld.levels,
        draws: 199, bootstrap: BootstrapOptions(resamples: 1, seed: UInt64(number)))
      expected += study.all.expectedPositiveEntities / Double(count)
      if let alike = study.alike, alike.pValue <= 0.05 { found += 1 }
    }
    LongSimulations.say("27 % of 18 levels at 0.2: found \(found) of \(count)")
    #expect(abs(expected - 118) < 2, "\(expected)")
    #expect(found >= count * 9 / 10, "\(found)")
  }

  @Test func `scores that are too low everywhere leave levels alike`() {
    var rejected = 0
    for number in 0..<300 {
      var world = CalibratedWorld(seed: UInt64(number), entities: 500, base: -3)
      let study = SegmentStudy(
        world.rows { _ in 1.8 }, level: world.level, count: CalibratedWorld.levels, draws: 99,
        bootstrap: BootstrapOptions(resamples: 1, seed: UInt64(number)))
      if let alike = study.alike, alike.pValue <= 0.05 { rejected += 1 }
    }
    // 5 % of 300 is 15 ± 3.8; 30 is four standard deviations above.
    #expect(rejected < 30, "\(rejected)")
  }
}
