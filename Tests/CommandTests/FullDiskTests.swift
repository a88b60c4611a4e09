import Foundation
import HoldoutTestSupport
import Testing

/// A disk that fills up while results are written: exit code 2, and the results from before stay.
@Suite struct FullDiskTests {
  /// Writes that a limit on the size of files refuses, which needs no special rights.
  @Test(arguments: [1, 4, 8, 16])
  func `a write that fails half-way leaves the results from before`(_ kilobytes: Int) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    let result = try project.shell(
      """
      trap '' XFSZ; ulimit -f \(kilobytes)
      exec "$HOLDOUT" run shop.yaml name=shop model.seed=5 2>&1 > /dev/null | cat >&2; exit ${PIPESTATUS[0]}
      """)
    // The cache is written before the results, and fails first where its parts are larger.
    #expect(
      result.refuses("H703", "results/shop` cannot be written")
        || result.refuses("H707", "/.holdout/cache` cannot be written: File too large"),
      "\(result)")
    #expect(project.contents(of: "results") == before)
    #expect(project.runIds().count == 1)
    try project.runs()
  }

  @Test func `a panel that does not fit leaves the file from before`() throws {
    let project = try TestProject()
    let made = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    #expect(made.end == .exit(0), "\(made)")
    let old = try project.data("panel.parquet")
    let result = try project.shell(
      """
      trap '' XFSZ; ulimit -f 8
      exec "$HOLDOUT" panel shop.yaml --out panel.parquet 2>&1 | cat >&2; exit ${PIPESTATUS[0]}
      """)
    #expect(result.refuses("H703", "panel.parquet"), "\(result)")
    #expect(try project.data("panel.parquet") == old)
    #expect(project.names(in: ".") == ["data", "holdout.yaml", "panel.parquet", "shop.yaml"])
  }

  @Test func `a full disk leaves the results from before`() throws {
    let project = try TestProject(withResults: true)
    let results = "\(project.folder)/results"
    let kept = "\(project.folder)/kept"
    try FileManager.default.moveItem(atPath: results, toPath: kept)
    let mounted = try project.shell(
      "mkdir results && mount -t tmpfs -o size=192k tmpfs results && cp -r kept/shop results/")
    defer { _ = try? project.shell("umount results") }
    guard mounted.end == .exit(0) else {
      print("skipped: no small disk can be mounted here: \(mounted.errors)")
      return
    }
    let before = project.contents(of: "results")
    #expect(before == project.contents(of: "kept"))
    var isFull = false
    for seed in 0..<20 {
      let result = try project.holdout("run", "shop.yaml", "name=shop", "model.seed=\(seed)")
      if result.end == .exit(0) { continue }
      isFull = true
      #expect(result.refuses("H703", "space"), "\(result)")
      break
    }
    #expect(isFull, "the disk never filled up")
    for name in before.keys where name.hasPrefix("shop/runs/2024") {
      #expect(try project.data("results/\(name)") == before[name], "\(name)")
    }
    let latest = try project.data("results/shop/metrics.json")
    let runs = project.runIds()
    #expect(!runs.contains { $0.hasPrefix(".") }, "\(runs)")
    #expect(
      try runs.contains { try project.data("results/shop/runs/\($0)/metrics.json") == latest })
  }
}
