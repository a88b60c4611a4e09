import Foundation
import HoldoutTestSupport
import Testing

@Suite struct InitCommandTests {
  @Test func `a new project checks, plans and runs without a warning`() throws {
    let folder = try TemporaryFolder()
    let made = try Program.run(["init", "shop"], in: folder.path)
    #expect(made.end == .exit(0), "\(made)")
    #expect(made.output.isEmpty)
    #expect(made.errors.contains("  cd shop\n"))
    let shop = "\(folder.path)/shop"
    let spec = "experiments/first_order.yaml"
    for command in [["check", spec], ["plan", spec], ["run", spec]] {
      let result = try Program.run(command, in: shop)
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.findings.isEmpty, "\(result)")
    }
    let metrics = try MetricsFile(
      Data(contentsOf: URL(filePath: "\(shop)/results/first_order/metrics.json")))
    #expect(metrics["evidence.sufficient"] == 1)
    #expect((0.65...0.85).contains(try #require(metrics["test.pooled.roc_auc"])))
  }

  @Test func `what is there already is not changed`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/README.md"
    try Data("mine\n".utf8).write(to: URL(filePath: path))
    let result = try Program.run(["init", "."], in: folder.path)
    #expect(result.refuses("H705", "already there: README.md"), "\(result)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine\n")
    #expect(folder.names() == ["README.md"])
  }
}
