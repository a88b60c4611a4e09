import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Runs
import Spec
import Testing

@Suite struct RegistryTests {
  @Test func `a project without promotions has no champion and no file is made by asking`() throws {
    let bench = try RegistryBench()
    #expect(try bench.registry.champion(of: "shop") == nil)
    #expect(try bench.registry.verify().records == 0)
    #expect(!bench.exists("results"))
    #expect(!bench.exists("models"))
  }

  @Test func `a promoted run is the champion and its files stand twice`() throws {
    let bench = try RegistryBench()
    let record = try #require(try bench.promote("2024-a").record)
    let champion = try #require(try bench.registry.champion(of: "shop"))
    #expect(champion.runId == "2024-a")
    #expect(champion.folder == bench.path("models/shop/versions/2024-a"))
    #expect(champion.warnings.isEmpty)
    #expect(Set(record.files.keys) == Set(ModelArtifact.names))
    for file in ModelArtifact.names {
      let source = try bench.data("results/shop/runs/2024-a/\(file)")
      #expect(try bench.data("models/shop/\(file)") == source)
      #expect(try bench.data("models/shop/versions/2024-a/\(file)") == source)
    }
    #expect(!bench.exists("models/shop/predictions.parquet"))
    #expect(record.predictions?.count == 64)
    // The folder can be read as the run itself.
    #expect(try StoredRun(folder: champion.folder).record.runId == "2024-a")
  }

  @Test func `a record is one line of plain JSON that reads back the same`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    try bench.promote("2024-b")
    let lines = try bench.lines
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.hasPrefix(#"{"record":{"action":"promote","at":"2026-09-"#) })
    let (records, warnings) = try bench.registry.records()
    #expect(warnings.isEmpty)
    #expect(records.map(\.sequence) == [1, 2])
    #expect(records.map(\.replaces) == [nil, "2024-a"])
    #expect(records[0].previous == nil)
    #expect(records[1].previous?.count == 64)
    #expect(records[1].gate?.checks == RegistryBench.passed.checks)
    #expect(records[1].data.map(\.sha256) == ["ab"])
    #expect(records[1].versions == ["holdout": "0.1.0"])
    #expect(records[1].git?.dirty == false)
    #expect(records[1].by == "ada@example.org")
  }

  @Test func `promoting the champion writes nothing`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let before = try bench.production
    #expect(try bench.promote("2024-a").record == nil)
    #expect(try bench.production == before)
  }

  @Test func `names stand beside each other`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a", as: "shop")
    try bench.promote("2024-b", as: "trade")
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-a")
    #expect(try bench.registry.champion(of: "trade")?.runId == "2024-b")
    #expect(try bench.registry.champion(of: "other") == nil)
    let report = try bench.registry.verify()
    #expect(report.entries.map(\.champion.name) == ["shop", "trade"])
    #expect(report.warnings.isEmpty)
  }

  @Test func `a rollback goes to the champion before, then to the one before that`() throws {
    let bench = try RegistryBench()
    for id in ["2024-a", "2024-b", "2024-c"] { try bench.promote(id) }
    for expected in ["2024-b", "2024-a"] {
      let outcome = try bench.registry.rollback(
        "shop", to: nil, RegistryBench.entry(reason: "too many calls"))
      #expect(outcome.record?.runId == expected)
      #expect(outcome.record?.reason == "too many calls")
      #expect(try bench.registry.champion(of: "shop")?.runId == expected)
      #expect(
        try bench.data("models/shop/model.txt") == Data("the trees of \(expected)\n".utf8)
      )
    }
    let none = findings {
      _ = try bench.registry.rollback("shop", to: nil, RegistryBench.entry())
    }
    #expect(none.map(\.id.number) == [640])
    let before = try bench.production
    #expect(
      try bench.registry.rollback("shop", to: "2024-a", RegistryBench.entry()).record == nil)
    #expect(try bench.production == before)
    #expect(
      try bench.registry.rollback("shop", to: "2024-c", RegistryBench.entry()).record?.sequence
        == 6)
    #expect(try bench.registry.verify().entries.map(\.versions) == [3])
  }

  @Test func `a rollback to what was never promoted is refused`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let version = findings {
      _ = try bench.registry.rollback("shop", to: "2024-z", RegistryBench.entry())
    }
    #expect(version.map(\.id.number) == [640])
    let name = findings {
      _ = try bench.registry.rollback("trade", to: nil, RegistryBench.entry())
    }
    #expect(name.map(\.id.number) == [640])
  }

  @Test func `a champion that changed while the gates were at work is not replaced`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let run = try bench.run("2024-b")
    let request = PromotionRequest(
      run: run, artifact: try ModelArtifact(run), name: "shop", gate: RegistryBench.passed,
      champion: nil, override: nil)
    let before = try bench.production
    guard case .championChanged = try bench.registry.promote(request, RegistryBench.entry()).result
    else {
      Issue.record("the run was promoted")
      return
    }
    #expect(try bench.production == before)
  }

  /// A moment in seconds from that of `RegistryBench.entry(0)`.
  private static let (year2099, year9999) = (2_300_000_000, 251_600_000_000)

  @Test func `a clock that runs behind the registry is a warning, and stops nothing`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    try bench.promote("2024-b", at: Self.year2099)
    let back = try bench.registry.rollback("shop", to: nil, RegistryBench.entry(1))
    #expect(back.record?.sequence == 3)
    #expect(back.warnings.map(\.id.number) == [643])
    #expect(try bench.promote("2024-c", at: 2).warnings.isEmpty)
    #expect(try bench.registry.champion(of: "shop")?.warnings.isEmpty == true)
    #expect(try bench.registry.champion(of: "shop")?.runId == "2024-c")
    let report = try bench.registry.verify()
    #expect(report.warnings.map(\.id.number) == [643])
    #expect(report.warnings.first?.message.contains("record 3 is dated 2026-") == true)
    // Each record counts at its own date, the last of them in the order of links.
    func champion(_ day: String) throws -> [String] {
      try RegistryHistory(bench.registry, on: CalendarDate(day)).records.map(\.runId)
    }
    #expect(try champion("2026-09-20") == [])
    #expect(try champion("2026-12-31") == ["2024-c"])
    #expect(try champion("2099-12-31") == ["2024-c"])
    #expect(try RegistryHistory(bench.registry).warnings.map(\.id.number) == [643])
  }

  @Test func `a clock that says what no clock can say writes no record`() throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    let before = try bench.production
    for seconds in [Self.year9999, -2_000_000_000, -62_000_000_000] {
      #expect(findings { try bench.promote("2024-b", at: seconds) }.map(\.id.number) == [646])
    }
    #expect(try bench.production == before)
  }

  @Test(arguments: [
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", "2026-02-30T00:00:00Z",
    "2026-11-23", "",
  ])
  func `a record with a date that cannot be is reported, and stops nothing but verify`(
    _ date: String
  ) throws {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    try bench.redate(date)
    let refused = findings { _ = try bench.registry.verify() }
    #expect(refused.map(\.id.number) == [646])
    #expect(refused.first?.message.contains("line 1 of `results/registry.jsonl`") == true)
    #expect(try bench.registry.champion(of: "shop")?.warnings.map(\.id.number) == [646])
    try bench.promote("2024-b")
    let back = try bench.registry.rollback("shop", to: nil, RegistryBench.entry(1))
    #expect(back.warnings.map(\.id.number) == [646])
    let history = try RegistryHistory(bench.registry, on: CalendarDate("2199-12-31"))
    #expect(history.records.map(\.sequence) == [3])
  }

  @Test func `a head that was noted before shows what was cut off or replaced`() throws {
    let bench = try RegistryBench()
    for id in ["2024-a", "2024-b"] { try bench.promote(id) }
    let head = try #require(try bench.registry.verify().head)
    #expect(head.sequence == 2)
    #expect(RegistryHead("\(head)") == head)
    #expect(try bench.registry.verify(atLeast: head).head == head)
    let first = try bench.lines[0]
    // The last promotion is taken back without a trace: the chain is complete.
    let other = try RegistryBench()
    try other.promote("2024-a")
    #expect(try other.registry.verify().warnings.isEmpty)
    let short = findings { _ = try other.registry.verify(atLeast: head) }
    #expect(short.map(\.id.number) == [647])
    #expect(short.first?.message.contains("has 1 record, but at least 2 are expected") == true)
    try other.promote("2024-c")
    #expect(findings { _ = try other.registry.verify(atLeast: head) }.map(\.id.number) == [647])
    let start = try #require(RegistryHead("1:" + Self.sha256(first)))
    #expect(try bench.registry.verify(atLeast: start).records == 2)
    for text in ["", "2", "0:\(head.sha256)", "2:abc", "2:\(head.sha256)0", "-1:\(head.sha256)"] {
      #expect(RegistryHead(text) == nil, "\(text)")
    }
  }

  /// As sha256sum gives it.
  private static func sha256(_ text: String) -> String { Fingerprint.of(Data(text.utf8)) }

  @Test func `a run that was run again is promoted again with the files of the first time`() throws
  {
    let bench = try RegistryBench()
    try bench.promote("2024-a")
    try bench.promote("2024-b")
    try bench.promote("2024-a")
    #expect(try bench.registry.verify().entries.map(\.versions) == [2])
    try bench.promote("2024-b")
    let refused = findings { _ = try bench.promote("2024-a", model: "other trees\n") }
    #expect(refused.map(\.id.number) == [639])
    #expect(refused.first?.message.contains("`model.txt`") == true)
  }

  @Test(arguments: ["", ".", "..", "../x", "a/b", ".hidden", "-x", "a b", "ä", "x\n"])
  func `a name that leads elsewhere is refused`(_ name: String) throws {
    let bench = try RegistryBench()
    let run = try bench.run("2024-a")
    let request = PromotionRequest(
      run: run, artifact: try ModelArtifact(run), name: name, gate: RegistryBench.passed,
      champion: nil, override: nil)
    let refused = findings { _ = try bench.registry.promote(request, RegistryBench.entry()) }
    #expect(refused.map(\.id.number) == [644])
    #expect(findings { _ = try bench.registry.champion(of: name) }.map(\.id.number) == [644])
    #expect(!bench.exists("models"))
  }

  @Test(arguments: ["models", "models/shop"])
  func `a folder that leads out of the project is refused`(_ folder: String) throws {
    let bench = try RegistryBench()
    let elsewhere = try RegistryBench()
    let parent = (folder as NSString).deletingLastPathComponent
    try bench.makeFolder(parent)
    try FileManager.default.createSymbolicLink(
      atPath: bench.path(folder), withDestinationPath: elsewhere.folder)
    let refused = findings { _ = try bench.promote("2024-a") }
    #expect(refused.map(\.id.number) == [645])
    #expect(refused.first?.message.contains("`\(folder)`") == true)
    #expect(elsewhere.names().isEmpty)
  }

  @Test func `a project that promoted into models/prospects keeps that folder until it is moved`()
    throws
  {
    let bench = try RegistryBench()
    _ = try bench.promote("2024-a")
    let files = FileManager.default
    try files.createDirectory(
      atPath: bench.path("models/prospects"), withIntermediateDirectories: true)
    try files.moveItem(
      atPath: bench.path("models/shop"), toPath: bench.path("models/prospects/shop"))
    _ = try bench.registry.verify()
    let former = try #require(try bench.registry.champion(of: "shop"))
    #expect(former.folder == bench.path("models/prospects/shop/versions/2024-a"))
    _ = try bench.promote("2024-b", at: 60)
    #expect(bench.exists("models/prospects/shop/versions/2024-b/model.txt"))
    #expect(!bench.exists("models/shop"))

    try files.moveItem(
      atPath: bench.path("models/prospects/shop"), toPath: bench.path("models/shop"))
    _ = try bench.registry.verify()
    let moved = try #require(try bench.registry.champion(of: "shop"))
    #expect(moved.folder == bench.path("models/shop/versions/2024-b"))
  }

  @Test func `a run that lacks a file is refused`() throws {
    let bench = try RegistryBench()
    let run = try bench.run("2024-a")
    try bench.remove("results/shop/runs/2024-a/calibrator.json")
    let refused = findings { _ = try ModelArtifact(run) }
    #expect(refused.map(\.id.number) == [638])
    #expect(refused.first?.message.contains("`calibrator.json`") == true)
  }
}
