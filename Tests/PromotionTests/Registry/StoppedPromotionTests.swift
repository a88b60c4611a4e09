import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Testing

/// A promotion that is stopped anywhere leaves the old champion or the new one, and no work to do by
/// hand.
@Suite struct StoppedPromotionTests {
  private static func bench() throws -> RegistryBench {
    let bench = try RegistryBench()
    for id in ["2024-a", "2024-b"] { try bench.promote(id) }
    return bench
  }

  private static func flat(_ file: String) -> String { "models/shop/\(file)" }

  @Test func `a record that was cut off is passed over, told, and cut off for good`() throws {
    let bench = try Self.bench()
    let whole = try bench.data(RegistryBench.registryFile)
    let start = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1
    // All of the first and last bytes, and some in between; the last is the line break itself.
    let ends =
      Array(start + 1..<start + 20) + Array(whole.count - 20..<whole.count - 1)
      + Array(stride(from: start + 20, to: whole.count - 20, by: 97))
    // What the registry is cut off of has been copied, but perhaps not yet put in place.
    let files = try bench.production.filter { $0.key != RegistryBench.registryFile }
    for end in ends {
      try bench.write(RegistryBench.registryFile, whole.prefix(end))
      for (file, bytes) in files { try bench.write(file, bytes) }
      let champion = try #require(try bench.registry.champion(of: "shop"))
      #expect(champion.runId == "2024-a", "\(end)")
      #expect(champion.warnings.map(\.id.number) == [631, 633], "\(end)")
      #expect(champion.warnings[0].message.contains("`results/registry.jsonl`"))
      #expect(try bench.registry.records().warnings.map(\.id.number) == [631])
      let report = try bench.registry.verify()
      #expect(report.warnings.map(\.id.number) == [631, 633, 634], "\(end)")
      #expect(try bench.data(RegistryBench.registryFile) == whole.prefix(start))
      #expect(try bench.data(Self.flat("model.txt")) == Data("the trees of 2024-a\n".utf8))
      // What is left is a version without a record.
      #expect(try bench.registry.verify().warnings.map(\.id.number) == [634])
    }
    try bench.promote("2024-b")
    #expect(try bench.registry.verify().warnings.isEmpty)
    #expect(try bench.registry.records().records.map(\.runId) == ["2024-a", "2024-b"])
  }

  @Test func `a record that only lacks its line break counts`() throws {
    let bench = try Self.bench()
    let whole = try bench.data(RegistryBench.registryFile)
    try bench.write(RegistryBench.registryFile, whole.dropLast())
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-b")
    #expect(try bench.registry.verify().warnings.isEmpty)
    try bench.promote("2024-c")
    #expect(try bench.lines.count == 3)
    #expect(try bench.data(RegistryBench.registryFile).starts(with: whole))
    #expect(try bench.registry.verify().records == 3)
  }

  @Test func `the first promotion of all, cut off, leaves nothing in production`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let whole = try bench.data(RegistryBench.registryFile)
    try bench.write(RegistryBench.registryFile, whole.prefix(whole.count / 2))
    #expect(try bench.registry.champion(of: "shop") == nil)
    let report = try bench.registry.verify()
    #expect(report.entries.isEmpty)
    #expect(report.warnings.map(\.id.number) == [631, 633, 634])
    #expect(try bench.data(RegistryBench.registryFile).isEmpty)
    #expect(!bench.exists(Self.flat("model.txt")))
    try bench.promote("2024-a")
    #expect(try bench.registry.verify().warnings.isEmpty)
  }

  @Test func `files that were not all replaced are, by verify or by the next promotion`() throws {
    let bench = try Self.bench()
    let names = ModelArtifact.names
    for count in 1...names.count {
      for file in names.suffix(count) {
        try bench.write(
          Self.flat(file), try bench.data("models/shop/versions/2024-a/\(file)"))
      }
      try bench.write(Self.flat(".model.txt.tmp"), "half")
      let champion = try #require(try bench.registry.champion(of: "shop"))
      #expect(champion.runId == "2024-b")
      // Some files are the same in both versions.
      let isMixed = try ModelArtifact.names.contains {
        try bench.data(Self.flat($0))
          != bench.data("models/shop/versions/2024-b/\($0)")
      }
      #expect(champion.warnings.map(\.id.number) == (isMixed ? [633] : []))
      if count.isMultiple(of: 2) {
        _ = try bench.registry.verify()
      } else {
        _ = try bench.registry.rollback("shop", to: "2024-b", RegistryBench.entry())
      }
      for file in names {
        #expect(
          try bench.data(Self.flat(file))
            == bench.data("models/shop/versions/2024-b/\(file)"))
      }
      #expect(try bench.registry.verify().warnings.isEmpty)
    }
    #expect(!bench.exists(Self.flat(".model.txt.tmp")))
  }

  @Test func `a promotion that was stopped before its record is made again`() throws {
    let bench = try Self.bench()
    let before = try bench.production
    // Half a draft, and a version that was put in place and never recorded.
    try bench.write(Self.flat("versions/.2024-c.tmp/model.txt"), "ha")
    try bench.write(Self.flat("versions/2024-c/model.txt"), "half")
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-b")
    let report = try bench.registry.verify()
    #expect(report.warnings.map(\.id.number) == [634])
    #expect(report.warnings[0].message.contains("versions/2024-c`"))
    try bench.promote("2024-c")
    #expect(try bench.registry.verify().warnings.isEmpty)
    #expect(!bench.exists(Self.flat("versions/.2024-c.tmp")))
    let after = try bench.production
    for (file, bytes) in before where file.contains("/versions/") { #expect(after[file] == bytes) }
  }

  @Test func `promotions at the same time go one after the other and none is lost`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let ids = (0..<20).map { "2025-\($0)" }
    let requests = try ids.map { id in
      let run = try bench.run(id)
      return PromotionRequest(
        run: run, artifact: try ModelArtifact(run), name: "n\(id)", gate: RegistryBench.passed,
        champion: nil, override: nil)
    }
    let registry = bench.registry
    DispatchQueue.concurrentPerform(iterations: requests.count) { index in
      _ = try? registry.promote(requests[index], RegistryBench.entry())
      _ = try? registry.champion(of: "shop")
    }
    let report = try bench.registry.verify()
    #expect(report.records == 21)
    #expect(Set(report.entries.map(\.champion.runId)) == Set(ids + ["2024-a"]))
    #expect(report.warnings.isEmpty)
  }

  @Test func `who waits too long for another process is told so and changes nothing`() throws {
    let bench = try Self.bench()
    let before = try bench.production
    let descriptor = open(bench.path(RegistryBench.registryFile), O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    var registry = bench.registry
    registry.lockTimeout = 0.1
    for work in [
      { _ = try registry.champion(of: "shop") },
      { _ = try registry.rollback("shop", to: nil, RegistryBench.entry()) },
    ] as [() throws -> Void] {
      #expect(findings(work).map(\.id.number) == [642])
    }
    #expect(try bench.production == before)
  }

  @Test func `a registry that cannot be written leaves everything as it was`() throws {
    let bench = try Self.bench()
    let before = try bench.production
    let run = try bench.run("2024-c")
    try bench.makeFolder("models/shop/versions/.2024-c.tmp/model.txt/x")
    let request = PromotionRequest(
      run: run, artifact: try ModelArtifact(run), name: "shop", gate: RegistryBench.passed,
      champion: "2024-b", override: nil)
    // What stands in the way of a draft is an earlier draft, and goes.
    _ = try bench.registry.promote(request, RegistryBench.entry())
    _ = try bench.registry.rollback("shop", to: "2024-b", RegistryBench.entry())
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-b")
    #expect(before.keys.allSatisfy { bench.exists($0) })
  }
}
