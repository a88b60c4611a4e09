import Diagnostics
import Files
import Foundation
import HoldoutTestSupport
import Runs
import Testing

@Suite struct ResultsFolderTests {
  private let temporary: TemporaryFolder
  private var results: ResultsFolder { ResultsFolder(temporary.path("shop")) }

  init() throws {
    temporary = try TemporaryFolder()
    try results.prepare()
  }

  /// Publishes a run whose files say which one it is.
  private func publish(_ run: String, metrics: String? = nil) throws {
    let draft = try results.draft()
    for (name, text) in [
      ("metrics.json", metrics ?? "metrics of \(run)"),
      ("feature_importance.csv", "gain of \(run)"),
    ] {
      try Data(text.utf8).write(to: URL(filePath: "\(draft.path)/\(name)"))
    }
    try results.publish(draft, as: run)
  }

  private func copies() throws -> [String] {
    try ["shop/metrics.json", "shop/feature_importance.csv"].map(temporary.text)
  }

  /// The findings about the latest run, where it is refused.
  private func refusals() -> [Int] {
    do throws(FindingsError) {
      _ = try results.latestRunId()
      return []
    } catch {
      return error.findings.map(\.id.number)
    }
  }

  @Test func `the last run that was published is the latest, with its metrics beside`() throws {
    #expect(try results.latestRunId() == nil)
    for run in ["2024-a", "2024-b"] {
      try publish(run)
      #expect(try results.latestRunId() == run)
      #expect(try copies() == ["metrics of \(run)", "gain of \(run)"])
    }
    #expect(temporary.names(in: "shop/runs") == ["2024-a", "2024-b", "latest"])
    try results.makeLatest("2024-a")
    #expect(try results.latestRunId() == "2024-a")
    #expect(try copies() == ["metrics of 2024-a", "gain of 2024-a"])
    #expect(temporary.names(in: "shop") == ["feature_importance.csv", "metrics.json", "runs"])
  }

  @Test func `a run whose files were changed is replaced as a whole`() throws {
    try publish("2024-a")
    try temporary.write("shop/runs/2024-a/metrics.json", "changed")
    try temporary.write("shop/runs/2024-a/notes.txt", "mine")
    try publish("2024-a")
    #expect(temporary.names(in: "shop/runs/2024-a") == ["feature_importance.csv", "metrics.json"])
    #expect(try copies()[0] == "metrics of 2024-a")
  }

  @Test func `a publication that was cut short is completed, whatever was still to do`() throws {
    for copied in 0...2 {
      try publish("2024-a")
      try publish("2024-b")
      // As it is where a process is killed after the decision: some of the three follow later.
      try results.makeLatest("2024-a")
      try temporary.write("shop/runs/.publishing", "2024-b\n")
      if copied > 0 { try temporary.write("shop/runs/latest", "2024-b\n") }
      if copied > 1 { try temporary.write("shop/feature_importance.csv", "gain of 2024-b") }
      #expect(try results.latestRunId() == "2024-b", "\(copied)")
      #expect(try copies() == ["metrics of 2024-b", "gain of 2024-b"], "\(copied)")
      #expect(try temporary.text("shop/runs/latest") == "2024-b\n")
      #expect(!temporary.exists("shop/runs/.publishing"))
    }
  }

  @Test func `a decision for a run that is not complete is dropped`() throws {
    try publish("2024-a")
    try temporary.write("shop/runs/2024-c/metrics.json", "half")
    try temporary.write("shop/runs/.publishing", "2024-c\n")
    try results.completePublication()
    #expect(!temporary.exists("shop/runs/.publishing"))
    #expect(try results.latestRunId() == "2024-a")
  }

  @Test(arguments: ["", "../../elsewhere", "a/b", ".hidden", "a b", "a\nb", "2024-ü"])
  func `a latest that is no run's name is refused`(_ name: String) throws {
    try publish("2024-a")
    try temporary.write("shop/runs/latest", name)
    #expect(refusals() == [648])
  }

  @Test func `a latest that leads elsewhere is refused`() throws {
    try publish("2024-a")
    try FileManager.default.createSymbolicLink(
      atPath: temporary.path("shop/runs/2024-z"), withDestinationPath: temporary.folder)
    try temporary.write("shop/runs/latest", "2024-z\n")
    #expect(refusals() == [648])
    try temporary.remove("shop/runs/latest")
    try FileManager.default.createSymbolicLink(
      atPath: temporary.path("shop/runs/latest"), withDestinationPath: "2024-a")
    #expect(refusals() == [648])
  }

  @Test func `what a killed run left goes, and nothing else`() throws {
    try publish("2024-a")
    try temporary.write("shop/runs/.2024-b.123.tmp/model.txt", "half")
    try temporary.write("shop/notes.txt", "mine")
    try results.prepare()
    #expect(temporary.names(in: "shop/runs") == ["2024-a", "latest"])
    #expect(temporary.exists("shop/notes.txt"))
  }
}
