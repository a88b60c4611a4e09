import HoldoutTestSupport
import Testing

/// Environment variables in connections.
@Suite struct EnvironmentTests {
  @Test func `a connection is found through a variable, whose value appears nowhere`() throws {
    let project = try TestProject()
    try project.write(
      "holdout.yaml", "connections: {shop: {duckdb: \"${env:SHOP_DATA}/shop.duckdb\"}}\n")
    let result = try project.holdout(
      "run", "shop.yaml", "--threads", "1", environment: ["SHOP_DATA": "\(project.folder)/data"])
    #expect(result.end == .exit(0), "\(result)")
    let record = try project.text("results/shop/runs/\(try project.runId())/run.json")
    #expect(record.contains("${env:SHOP_DATA}/shop.duckdb"))
    for (name, content) in project.contents(of: "results") {
      #expect(!String(decoding: content, as: UTF8.self).contains(project.folder), "\(name)")
    }
  }

  @Test func `offline no variable is needed, and with data a missing one is told`() throws {
    let project = try TestProject()
    try project.write(
      "holdout.yaml", "connections: {shop: {duckdb: \"${env:SHOP_DATA}/shop.duckdb\"}}\n")
    #expect(try project.holdout("check", "--offline", "shop.yaml").end == .exit(0))
    let result = try project.holdout("check", "shop.yaml")
    #expect(result.refuses("H704", "`SHOP_DATA` is not set", "holdout.yaml:1:31"), "\(result)")
    #expect(result.underlined == ["${env:SHOP_DATA}"])
  }

  @Test func `what a driver says does not tell the password`() throws {
    let project = try TestProject()
    try project.write(
      "holdout.yaml", "connections: {shop: {duckdb: \"/nowhere/${env:SECRET}/x.duckdb\"}}\n")
    let result = try project.holdout("check", "shop.yaml", environment: ["SECRET": "hunter2"])
    #expect(result.end == .exit(2), "\(result)")
    #expect(!result.errors.contains("hunter2"), "\(result)")
    #expect(result.errors.contains("${env:SECRET}"), "\(result)")
  }
}
