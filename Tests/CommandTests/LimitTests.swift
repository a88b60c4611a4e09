import Foundation
import HoldoutTestSupport
import Testing

/// Limits of time and memory.
struct LimitTests {
  /// A spec whose source is more rows than anybody waits for.
  private static let endless = """
    extends: shop.yaml
    name: endless
    sources:
      extra:
        sql: "SELECT CAST(r AS VARCHAR) AS id, DATE '2024-01-01' AS day FROM range(1000000000000) AS t(r)"
        key: id
        time: day
    feature_sets: {more: [extra: {count: extra}]}
    features: [account, more]

    """

  @Test(arguments: ["check", "plan", "panel", "run", "audit"])
  func `a command ends when its time is over, and leaves nothing half done`(
    _ command: String
  ) throws {
    let project = try TestProject()
    try project.write("endless.yaml", Self.endless)
    let before = project.names(in: ".")
    let out = command == "panel" ? ["--out", "panel.parquet"] : []
    let result = try Program.run(
      [command, "endless.yaml", "--timeout", "1s"] + out, in: project.folder)
    #expect(result.end == .exit(2), "\(result)")
    #expect(result.errors.contains("error[H376]"), "\(result)")
    let left = project.contents(of: ".").keys.filter { $0.contains(".tmp") }
    #expect(left.isEmpty, "\(left)")
    #expect(
      project.names(in: ".").filter { !before.contains($0) && $0 != ".holdout" && $0 != "results" }
        == [])
  }

  @Test func `results that are there stay when time is over`() throws {
    let project = try TestProject()
    try project.runs()
    let before = project.contents(of: "results/shop")
    try project.write("endless.yaml", Self.endless.replacing("name: endless", with: "name: shop"))
    let result = try project.holdout("run", "endless.yaml", "--timeout", "1s")
    #expect(result.end == .exit(2) && result.errors.contains("error[H376]"), "\(result)")
    #expect(project.contents(of: "results/shop") == before)
  }

  @Test func `holdout yaml sets limits, and a call sets others`() throws {
    let project = try TestProject()
    let text = try project.text("holdout.yaml")
    try project.write("holdout.yaml", "timeout: 0.001s\n" + text)
    let over = try project.holdout("check", "shop.yaml")
    #expect(over.end == .exit(2) && over.errors.contains("error[H376]"), "\(over)")
    #expect(try project.holdout("check", "shop.yaml", "--timeout", "5m").end == .exit(0))
    try project.write("holdout.yaml", "timeout: soon\nmemory: lots\n" + text)
    let wrong = try project.holdout("check", "shop.yaml")
    #expect(wrong.errors.components(separatedBy: "error[H378]").count == 3, "\(wrong)")
    try project.write("holdout.yaml", text)
    try project.write("more.yaml", "extends: shop.yaml\ntimeout: 10h\n")
    let spec = try project.holdout("check", "more.yaml")
    #expect(spec.end == .exit(2) && spec.errors.contains("error[H231]"), "\(spec)")
  }

  @Test func `a command that takes more memory than it may is ended`() throws {
    let project = try TestProject()
    try project.write("big.sql", "CREATE TABLE t AS SELECT hash(range) AS h FROM range(150000000);")
    let result = try project.holdout("sql", "big.sql", "--memory", "512MB", "--timeout", "50s")
    #expect(result.end == .exit(2) && result.errors.contains("error[H377]"), "\(result)")
  }

  @Test func `what the engine does not hold in memory lies below the cache, and is gone after it`()
    throws
  {
    let project = try TestProject()
    let sorted = Self.endless.replacing("1000000000000", with: "6000000")
    try project.write("endless.yaml", sorted)
    let running = try project.start("check", "endless.yaml", "--threads", "1")
    var seen: [String] = []
    while running.isRunning, seen.isEmpty {
      seen = project.names(in: ".").filter { $0.hasSuffix(".tmp") }
      usleep(2000)
    }
    let result = try running.wait()
    #expect(!seen.isEmpty, "\(result)")
    #expect(project.names(in: ".").filter { $0.hasSuffix(".tmp") } == [])
  }
}
