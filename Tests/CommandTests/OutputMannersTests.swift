import HoldoutTestSupport
import Testing

/// How much commands print, and where.
@Suite struct OutputMannersTests {
  @Test func `quiet leaves the result and errors`() throws {
    let project = try TestProject()
    let check = try project.holdout("check", "shop.yaml", "--quiet")
    #expect(check.end == .exit(0) && check.output.isEmpty && check.errors.isEmpty, "\(check)")
    let run = try project.holdout("run", "shop.yaml", "--quiet", "--threads", "1")
    #expect(run.end == .exit(0) && run.output.isEmpty && run.errors.isEmpty, "\(run)")
    let again = try project.holdout("run", "shop.yaml", "--quiet", "--threads", "1")
    #expect(again.end == .exit(0) && again.output.isEmpty && again.errors.isEmpty, "\(again)")
    let board = try project.holdout("leaderboard", "--quiet", "--resamples", "20")
    #expect(board.end == .exit(0) && board.errors.isEmpty, "\(board)")
    #expect(board.output.contains("  1  shop "), "\(board)")
    let bad = try project.holdout("run", "shop.yaml", "absent.yaml", "--quiet")
    #expect(bad.end == .exit(2) && bad.output.isEmpty, "\(bad)")
    #expect(bad.errors.hasPrefix("error[H1"), "\(bad)")
    let usage = try project.holdout("compare", "shop", "shop", "--metric", "brier", "--quiet")
    #expect(usage.end == .exit(2) && usage.errors.contains("--smallest-effect"), "\(usage)")
  }

  @Test func `several experiments have a line each, in full where that is asked for`() throws {
    let project = try TestProject()
    let sweep = "sweep={model.seed: [1, 2]}"
    let brief = try project.holdout("run", "shop.yaml", sweep, "--threads", "2")
    #expect(brief.end == .exit(0), "\(brief)")
    let lines = brief.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5, "\(brief)")
    for (seed, line) in zip(1...2, lines) {
      #expect(
        line.hasPrefix("shop@seed=\(seed): done, roc_auc 0.") && line.hasSuffix("/report.html"),
        "\(line)")
    }
    #expect(lines[2].hasPrefix("experiment "), "\(brief)")
    let full = try project.holdout("run", "shop.yaml", sweep, "--verbose")
    #expect(full.output.contains("shop@seed=1: data through"), "\(full)")
    #expect(full.output.contains("shop@seed=2: data through"), "\(full)")
    let kept = try project.holdout("run", "shop.yaml", sweep)
    #expect(kept.output.contains("shop@seed=1: kept, roc_auc 0."), "\(kept)")
  }
}
