import Experiment
import HoldoutTestSupport
import Learning
import Panel
import Runs
import Spec
import Testing

@Suite struct FoldRunTests {
  private static func fold(
    _ overlay: String, bench: AccountsBench
  ) throws -> (run: FoldRun, blocks: FoldBlocks, timeline: Timeline) {
    let experiment = try AccountsBench.experiment(overlay)
    let settings = RunSettings(threads: 1)
    let panel = try bench.panel(experiment)
    let blocks = try FoldBlocks(panel.folds, panel: panel, settings: settings)
    let run = try FoldRun(
      experiment.spec, fold: panel.folds[0], blocks: blocks,
      library: NativeTestLibrary.loadLightGBM(), settings: settings)
    return (run, blocks, panel.folds[0])
  }

  @Test
  func `each role has its own cutoffs, and the rows of those are scored that were not learned`()
    throws
  {
    let bench = try AccountsBench()
    let (run, _, timeline) = try Self.fold("", bench: bench)
    #expect(run.train.map(\.cutoff) == timeline[.train] && run.train.count == 6)
    #expect(run.calibrate.map(\.cutoff) == timeline[.calibrate] && run.calibrate.count == 2)
    #expect(run.test.map(\.cutoff) == timeline[.test] && run.test.count == 2)
    let count = (run.calibrate + run.test).reduce(0) { $0 + $1.rowCount }
    #expect(run.margins.count == count && run.scores.count == count)
    #expect(run.margins == (try run.model.margins(run.calibrate + run.test, threads: 1)))
    #expect(run.testMargins == (try run.model.margins(run.test, threads: 1)))
    #expect(run.scores == run.calibrator.apply(run.margins))
    #expect(run.testScores == Array(run.scores.suffix(run.testMargins.count)))
    // The margins are dealt out to the cutoffs in their order.
    #expect(run.scored.map(\.cutoff) == timeline[.calibrate] + timeline[.test])
    #expect(run.scored.flatMap(\.margins) == run.margins)
    for (scored, block) in zip(run.scored, run.calibrate + run.test) {
      #expect(scored.entities == block.entities && scored.labels == block.labels)
      #expect(scored.margins == (try run.model.margins([block], threads: 1)))
    }
    // Rows, positives and buyers, counted here.
    for (role, blocks) in [
      (Role.train, run.train), (.calibrate, run.calibrate), (.test, run.test),
    ] {
      #expect(run.counts.rows[role] == blocks.reduce(0) { $0 + $1.rowCount })
      let buyers = blocks.flatMap(\.buyers)
      #expect(run.counts.positives[role] == buyers.count)
      #expect(run.counts.buyerCount(role) == Set(buyers).count)
    }
  }

  @Test(arguments: [
    ("calibration: {fit: calibrate}", "calibrate"),
    ("cutoffs: {calibrate: 0}\ncalibration: {fit: test}", "test"),
    ("cutoffs: {calibrate: 0}\ncalibration: {fit: cross_fit, folds: 2}", "train"),
  ])
  func `the calibrator is fitted on the rows of its role`(_ overlay: String, _ role: String) throws
  {
    let bench = try AccountsBench()
    let (run, _, _) = try Self.fold(overlay, bench: bench)
    let blocks = [
      "calibrate": run.calibrate, "test": run.test, "train": run.train,
    ][role, default: []]
    #expect(run.calibrator.rows == blocks.reduce(0) { $0 + $1.rowCount })
    #expect(
      run.calibrator.positives == blocks.reduce(0) { $0 + $1.labels.count { $0 == 1 } })
    guard role != "train" else { return }
    let expected = try Calibrator.fit(
      method: .sigmoid, margins: run.model.margins(blocks, threads: 1),
      labels: blocks.flatMap(\.labels),
      positiveEntities: Set(blocks.flatMap(\.buyers)).count)
    #expect(run.calibrator.apply([-4, -1, 0, 2]) == expected.apply([-4, -1, 0, 2]))
  }

  @Test func `rows are kept for the folds that still use them`() throws {
    let bench = try AccountsBench()
    let experiment = try AccountsBench.experiment(
      "cutoffs: {train: 3, folds: 2, step: 2 months}")
    let settings = RunSettings(threads: 1)
    let panel = try bench.panel(experiment)
    var blocks = try FoldBlocks(panel.folds, panel: panel, settings: settings)
    let (newest, older) = (panel.folds[0], panel.folds[1])
    #expect(newest[.test].map(\.date) != older[.test].map(\.date))
    let olderRows = blocks.rows(.train, of: older).map(\.cutoff.date)
    #expect(olderRows == older[.train].map(\.date))
    blocks.keep(only: [newest])
    #expect(blocks.rows(.test, of: newest).map(\.cutoff) == newest[.test])
    // What is left of the older fold are the days that the newest one has, too.
    let used = Set(newest.split.map(\.date))
    #expect(
      blocks.rows(.train, of: older).map(\.cutoff.date)
        == older[.train].map(\.date).filter(used.contains))
    // Counts stay, as they are printed in the end.
    #expect(blocks.counts(of: older).map(\.cutoff.date) == older.split.map(\.date))
  }

  @Test func `an entity that buys at two cutoffs of a role is one buyer`() throws {
    func counts(_ date: String, _ role: Role, rows: Int, _ buyers: [Int32]) throws -> CutoffCounts {
      let block = try PanelBlock.test(date, role: role, entities: [], labels: [])
      return CutoffCounts(cutoff: block.cutoff, rows: rows, buyers: buyers)
    }
    let counts = RoleCounts([
      try counts("2024-01-31", .train, rows: 10, [1, 2]),
      try counts("2024-02-29", .train, rows: 9, [2, 3]),
      try counts("2024-06-30", .test, rows: 4, [1]),
    ])
    #expect(counts.rows == [.train: 19, .test: 4])
    #expect(counts.positives == [.train: 4, .test: 1])
    #expect(counts.buyerCount(.train) == 3 && counts.buyerCount(.test) == 1)
    #expect(counts.buyerCount(.calibrate) == 0)
  }
}
