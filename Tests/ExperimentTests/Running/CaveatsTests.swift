import Experiment
import HoldoutTestSupport
import Panel
import Runs
import Spec
import Testing

@Suite struct CaveatsTests {
  private static func caveats(
    _ overlay: String = "", _ change: String = "SELECT 1"
  ) throws -> Caveats {
    let builder = try AccountsBench(change).builder(overlay)
    return Caveats(
      builder.spec, folds: builder.folds, lookAhead: builder.lookAhead, findings: builder.findings)
  }

  @Test func `a spec that allows itself nothing has none`() throws {
    let caveats = try Self.caveats()
    #expect(caveats.list.isEmpty)
    #expect(caveats.lookAheadCutoffs == 0 && caveats.immatureCutoffs == 0)
    #expect(caveats.overlappingPairs == 0)
    #expect(!caveats.isCalibratedOnTest && !caveats.isWithoutCreation)
  }

  @Test func `pairs of cutoffs whose windows overlap are counted across roles`() throws {
    // With three-month windows and no gap: 2 train, 1 calibrate, 1 test, a month apart. The window of each
    // reaches past the two after it: 2 pairs of the first train cutoff less the one with the other train
    // cutoff, 2 of the second, 1 of the calibrate cutoff.
    let caveats = try Self.caveats(
      """
      cutoffs: {train: 2, calibrate: 1, test: 1, embargo: none}
      label: {horizon: 3 months}
      """)
    #expect(caveats.overlappingPairs == 4)
    #expect(caveats.list.map(\.kind) == [.overlappingWindows])
    // One-month windows end on the next month end.
    let short = try Self.caveats("cutoffs: {train: 2, calibrate: 1, test: 1, embargo: none}")
    #expect(short.overlappingPairs == 0)
  }

  @Test func `today's values count at every cutoff with rows`() throws {
    let caveats = try Self.caveats(
      """
      look_ahead: {allow: [accounts.status], because: to try}
      sources: {accounts: {columns: {status: {type: text, class: current}}}}
      feature_sets: {more: [status: {category: accounts.status}]}
      """)
    // 6 train, 2 calibrate and 2 test cutoffs.
    #expect(caveats.lookAheadCutoffs == 10)
    #expect(caveats.list.map(\.kind) == [.lookAhead])
    #expect(caveats.list[0].reason == "to try")
    #expect(caveats.list[0].numbers?["cutoffs"] == 10)
  }

  @Test func `judging the calibrator on its own rows is one, unless there is none`() throws {
    #expect(
      try Self.caveats("cutoffs: {calibrate: 0}\ncalibration: {fit: test}").isCalibratedOnTest)
    #expect(
      try Self.caveats("cutoffs: {calibrate: 0}\ncalibration: {fit: test}").list.map(\.kind) == [
        .calibratedOnTest
      ])
    #expect(try !Self.caveats("calibration: {fit: calibrate}").isCalibratedOnTest)
  }

  @Test func `a label that depends on later rows is one, which the spec accepts in writing`() throws
  {
    let caveats = try Self.caveats("label: {among: {source: visits}}")
    #expect(caveats.conditionalOn == "visits" && caveats.list.map(\.kind) == [.conditionalLabel])
    #expect(caveats.list[0].accepted == true)
    #expect(
      caveats.list[0].words
        == "conditional label: scores are conditional on a row of `visits` in the label window, "
        + "which is not known at the cutoff")
  }

  @Test func `without a creation day every entity is taken to exist`() throws {
    let caveats = try Self.caveats(
      "sources: {accounts: {created: null}}\n")
    #expect(caveats.isWithoutCreation && caveats.list.map(\.kind) == [.noCreation])
  }
}
