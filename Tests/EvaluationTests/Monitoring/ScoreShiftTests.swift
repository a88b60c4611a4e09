import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct ScoreShiftTests {
  @Test func `the change is split without a remainder`() {
    var draw = Draw(seed: 11)
    for _ in 0..<200 {
      func cohort() -> ScoreShift.Cohort {
        let entities = (0..<Int32(40)).filter { _ in draw.uniform() < 0.7 }
        return ScoreShift.Cohort(
          entities: entities, scores: entities.map { _ in draw.uniform() },
          groups: entities.map { _ in Int32(draw.below(5)) })
      }
      let shift = ScoreShift(from: cohort(), to: cohort(), groupCount: 5)
      let change = shift.after - shift.before
      // Sums of at most 40 numbers below 1.
      #expect(abs(shift.moved + shift.entered - shift.left - change) < 1e-12)
      #expect(abs(shift.groups.reduce(0) { $0 + $1.mix + $1.rate } - change) < 1e-12)
      #expect(
        shift.counts.stayed + shift.counts.left == shift.groups.reduce(0) { $0 + $1.rows.before })
      #expect(
        shift.counts.stayed + shift.counts.entered
          == shift.groups.reduce(0) { $0 + $1.rows.after })
    }
  }

  @Test func `a change by hand`() {
    let before = ScoreShift.Cohort(
      entities: [1, 2, 3], scores: [0.25, 0.5, 0.125], groups: [0, 0, 1])
    let after = ScoreShift.Cohort(
      entities: [2, 3, 4], scores: [0.25, 0.25, 0.5], groups: [0, 1, 2])
    let shift = ScoreShift(from: before, to: after, groupCount: 3)
    #expect(shift.before == 0.875 && shift.after == 1 && shift.relative == 1.0 / 7)
    #expect(shift.moved == -0.125 && shift.entered == 0.5 && shift.left == 0.25)
    #expect(shift.counts == (stayed: 2, entered: 1, left: 1))
    // One row fewer at a mean rate of (0.375 + 0.25) / 2, and that rate lower by 0.125 for 1.5 rows.
    #expect(shift.groups[0].mix == -0.3125 && shift.groups[0].rate == -0.1875)
    #expect(shift.groups[1].mix == 0 && shift.groups[1].rate == 0.125)
    #expect(shift.groups[2].mix == 0.5 && shift.groups[2].rate == 0, "a new group is mix")
  }

  @Test func `the overlap of two tops`() throws {
    let overlap = try #require(TopOverlap(4, from: [1, 2, 3, 4, 5], to: [5, 4, 3, 9, 1]))
    #expect(overlap.share == 0.5)
    #expect(TopOverlap(4, from: [1], to: []) == nil)
    #expect(TopOverlap(4, from: [1, 2, 3], to: [2, 1])?.share == 1)
  }

  @Test func `accounts flow between levels`() {
    let flows = LevelFlow.all(
      from: ([1, 2, 3, 4, 6, 7], [.kept(0), .kept(0), .kept(1), .missing, .other, .kept(2)]),
      to: ([2, 3, 4, 5, 6, 7], [.kept(1), .kept(1), .kept(0), .kept(0), .unseen, .kept(1)]))
    // Account 1 left, 5 is new, and 3 has not moved.
    #expect(
      flows == [
        LevelFlow(from: .other, to: .unseen, accounts: 1),
        LevelFlow(from: .missing, to: .kept(0), accounts: 1),
        LevelFlow(from: .kept(0), to: .kept(1), accounts: 1),
        LevelFlow(from: .kept(2), to: .kept(1), accounts: 1),
      ])
    let many = LevelFlow.all(
      from: ([1, 2, 3], [.kept(0), .kept(0), .kept(1)]),
      to: ([1, 2, 3], [.kept(3), .kept(3), .kept(0)]))
    #expect(many.map(\.accounts) == [2, 1] && many[0].to == .kept(3))
  }

  @Test func `a forecast holds chance and the calibrator's error`() {
    let scores = [Double](repeating: 0.1, count: 400)
    let entities = (0..<Int32(400)).map { $0 }
    let exact = WinsForecast(scores: scores, refits: [], entities: entities)
    #expect(abs(exact.expected - 40) < 1e-9 && exact.interval == exact.chanceOnly)
    // The 10 % and 90 % quantiles of a binomial count of 400 with probability 0.1.
    #expect(exact.interval == 32...48)
    let refits = [0.05, 0.1, 0.15].map { rate in scores.map { _ in rate } }
    let wide = WinsForecast(scores: scores, refits: refits, entities: entities)
    #expect(wide.chanceOnly == exact.interval && wide.expected == exact.expected)
    // A third each around 20, 40, and 60: its tenths are the 30 % and 70 % quantiles of the outer two.
    #expect((17...18).contains(wide.interval.lowerBound), "\(wide)")
    #expect((62...64).contains(wide.interval.upperBound), "\(wide)")
    let same = WinsForecast(scores: scores, refits: [scores, scores], entities: entities)
    #expect(same.interval == exact.interval)
  }
}
