import Diagnostics
import Foundation
import HoldoutTestSupport
import Learning
import Runs
import Spec
import Testing

/// The files of a real run, damaged one byte at a time.
@Suite struct StoredRunTests {
  private let bench: AccountsBench
  private let run: String

  init() throws {
    bench = try AccountsBench()
    try bench.run("cutoffs: {train: 2, calibrate: 1, test: 1}")
    run = try bench.onlyRun()
  }

  private func read() throws -> StoredRun { try StoredRun(folder: bench.path(run)) }

  @Test func `what was written is read again`() throws {
    let stored = try read()
    let spec = try AccountsBench.experiment("cutoffs: {train: 2, calibrate: 1, test: 1}")
    #expect(stored.record.name == "accounts")
    #expect(run.hasSuffix("/\(stored.record.runId)"))
    #expect(stored.record.isOf(identityText: spec.identityText))
    #expect(
      try !stored.record.isOf(identityText: AccountsBench.experiment("").identityText))
    #expect(
      stored.record.cutoffs.filter { $0.role != "embargoed" }.map(\.role) == [
        "train", "train", "calibrate", "test",
      ])
    #expect(stored.record.data.map(\.source) == ["accounts", "regions", "visits"])
    #expect(
      Set(stored.importance.map(\.feature)) == ["age", "size", "segment", "region", "visits"])
    #expect(
      stored.importance.map(\.gain) == stored.importance.map(\.gain).sorted(by: >))
    #expect(!stored.hasRefit && stored.hasHashes)
    try stored.checkFiles()
    let latest = try StoredRun.latest(in: bench.path("results/accounts"))
    #expect(latest?.record.runId == stored.record.runId)
    // The labels of calibrate cutoffs are learned from as well.
    let learned = stored.record.cutoffs.filter { ["train", "calibrate"].contains($0.role) }
    #expect(stored.record.learnedThrough == learned.map(\.windowEnd).max())
  }

  @Test func `a record of which any byte was changed is refused`() throws {
    let bytes = try bench.data("\(run)/run.json")
    #expect(bytes.count > 1000)
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[place] ^= 1
      try bench.write("\(run)/run.json", damaged)
      let found = try findings { _ = try read() }
      #expect(found.count == 1 && [600, 660].contains(found[0]), "byte \(place): \(found)")
    }
    for end in stride(from: 0, to: bytes.count, by: 97) {
      try bench.write("\(run)/run.json", bytes.prefix(end))
      #expect(try !findings { _ = try read() }.isEmpty, "cut at \(end)")
    }
    try bench.write("\(run)/run.json", bytes)
    _ = try read()
  }

  @Test func `each other file is checked by its hash as it is read`() throws {
    let stored = try read()
    let files = bench.names(in: run).filter { $0 != "run.json" }
    #expect(files.count >= 8)
    for file in files {
      let bytes = try bench.data("\(run)/\(file)")
      var damaged = bytes
      damaged[bytes.count / 2] ^= 1
      try bench.write("\(run)/\(file)", damaged)
      #expect(try findings { _ = try stored.files.content(file, what: "a file") } == [660])
      #expect(try findings { try stored.files.checkedPath(file, what: "a file") } == [660])
      #expect(try findings { try stored.checkFiles() } == [660], "\(file)")
      try stored.checkFiles { $0 != file }
      try bench.remove("\(run)/\(file)")
      #expect(try findings { try stored.checkFiles() } == [600], "\(file)")
      try bench.write("\(run)/\(file)", bytes)
    }
    try stored.checkFiles()
    try bench.write("\(run)/notes.txt", "mine")
    #expect(try findings { _ = try stored.files.content("notes.txt", what: "notes") } == [660])
  }

  @Test func `a record in the folder of another run is refused`() throws {
    let parent = run.split(separator: "/").dropLast().joined(separator: "/")
    try FileManager.default.copyItem(
      atPath: bench.path(run), toPath: bench.path("\(parent)/2024-12-31-000000000000"))
    #expect(
      try findings {
        _ = try StoredRun(folder: bench.path("\(parent)/2024-12-31-000000000000"))
      } == [660])
    // Elsewhere a folder may be called as one likes.
    try FileManager.default.copyItem(atPath: bench.path(run), toPath: bench.path("copy"))
    _ = try StoredRun(folder: bench.path("copy"))
  }

  @Test func `a run's name follows from its spec, its data and the versions`() throws {
    func id(
      _ overlay: String = "", _ change: String = "SELECT 1", version: String = "test"
    ) throws -> String {
      let bench = try AccountsBench(change)
      let spec = "cutoffs: {train: 2, calibrate: 1, test: 1}\n" + overlay
      return try bench.run(spec, version: version).runId
    }
    let own = try read().record.runId
    #expect(try id() == own)
    #expect(own.hasPrefix("2024-12-31-") && own.utf8.count == 23)
    let others = [
      try id("model: {seed: 43}"), try id("", "DELETE FROM visits WHERE id = 'A0001'"),
      try id(version: "next"),
    ]
    #expect(Set(others + [own]).count == 4)
  }

  @Test func `a finished run is not made again, and one with a damaged file is`() throws {
    let before = bench.contents(of: run)
    let again = try bench.run("cutoffs: {train: 2, calibrate: 1, test: 1}")
    #expect(run.hasSuffix(again.runId))
    #expect(bench.contents(of: run) == before)
    try bench.write("\(run)/model.txt", "damaged")
    try bench.run("cutoffs: {train: 2, calibrate: 1, test: 1}")
    let after = bench.contents(of: run)
    #expect(after.filter { $0.key != "run.json" } == before.filter { $0.key != "run.json" })
    try read().checkFiles()
  }
}
