import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// Faults of the machine: exit code 2, what is missing and how to fix it, earlier results untouched.
@Suite struct BadMachineTests {
  @Test(arguments: ["/nowhere/libduckdb.so", "/etc/hostname"])
  func `the engine's library is missing or is none`(_ path: String) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    for command in [["run"], ["plan"], ["check"], ["panel", "--out", "panel.parquet"]] {
      let result = try Program.run(
        command + ["shop.yaml"], in: project.folder, environment: ["HOLDOUT_DUCKDB": path])
      #expect(result.refuses("H701", "DuckDB (libduckdb.so) cannot be loaded", path), "\(result)")
      #expect(result.errors.contains("run scripts/setup"))
    }
    #expect(project.contents(of: "results") == before)
  }

  @Test(arguments: ["/nowhere/lib_lightgbm.so", "/etc/hostname"])
  func `the learner's library is missing or is none`(_ path: String) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", environment: ["HOLDOUT_LIGHTGBM": path])
    #expect(
      result.refuses("H701", "LightGBM (lib_lightgbm.so) cannot be loaded", path), "\(result)")
    #expect(result.errors.contains("run scripts/setup"))
    #expect(project.contents(of: "results") == before)
  }

  @Test func `a library that is another one`() throws {
    let project = try TestProject()
    let other = "/lib/x86_64-linux-gnu/libm.so.6"
    try #require(FileManager.default.fileExists(atPath: other))
    for variable in ["HOLDOUT_DUCKDB", "HOLDOUT_LIGHTGBM"] {
      let result = try project.holdout("run", "shop.yaml", environment: [variable: other])
      #expect(result.refuses("H701", "has no function"), "\(result)")
    }
  }

  @Test func `a results folder that is a file`() throws {
    let project = try TestProject()
    try project.write("results", "in the way")
    let result = try project.holdout("run", "shop.yaml")
    #expect(result.refuses("H703", "results/shop` cannot be written"), "\(result)")
    #expect(result.errors.contains("name another with `results:` in holdout.yaml"))
    #expect(result.output.isEmpty)
    #expect(try project.text("results") == "in the way")
  }

  @Test func `a results folder that nobody may write into`() throws {
    let project = try TestProject()
    try project.write("holdout.yaml", "connections: {}\nresults: /proc/1\n")
    let result = try project.holdout("run", "shop.yaml")
    #expect(result.refuses("H703", "`/proc/1/shop` cannot be written"), "\(result)")
  }

  @Test func `a results folder that is read-only keeps what it holds`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    // Root may write in spite of permissions, so they bind only others.
    let isRoot = geteuid() == 0
    let locked = "\(project.folder)/results/shop"
    let lock =
      isRoot
      ? "mount --bind '\(locked)' '\(locked)' && mount -o remount,ro,bind '\(locked)'"
      : "chmod -R a-w '\(locked)'"
    let unlock = isRoot ? "umount '\(locked)'" : "chmod -R u+w '\(locked)'"
    guard try project.shell(lock).end == .exit(0) else {
      _ = try project.shell(unlock)
      print("skipped: a folder cannot be made read-only here (no right to mount)")
      return
    }
    defer { _ = try? project.shell(unlock) }
    let result = try project.holdout("run", "shop.yaml", "name=shop", "model.seed=3")
    #expect(result.refuses("H703", "results/shop` cannot be written"), "\(result)")
    #expect(project.contents(of: "results") == before)
  }

  @Test(arguments: ["plan", "run"])
  func `output that cannot be written is not taken for written`(_ command: String) throws {
    let project = try TestProject()
    let result = try project.shell("\"$HOLDOUT\" \(command) shop.yaml > /dev/full")
    #expect(result.end == .exit(2), "\(result)")
  }

  @Test func `a reader that goes away is no crash`() throws {
    let project = try TestProject()
    let result = try project.shell("\"$HOLDOUT\" plan shop.yaml | true; exit ${PIPESTATUS[0]}")
    // 141 is what a shell says of a process that SIGPIPE ended.
    #expect(result.end != .exit(141), "\(result)")
  }
}
