import Diagnostics
import Foundation
import HoldoutTestSupport
import Runs
import Spec
import Testing

@Suite struct DataFingerprintTests {
  private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  private static func spec(_ visits: String) throws -> ExperimentSpec {
    try AccountsBench.spec("sources: {visits: {parquet: null, \(visits)}}")
  }

  @Test func `a file is its path, its length and its SHA-256`() throws {
    let folder = try TemporaryFolder()
    try folder.write("accounts.parquet", "abc")
    try folder.write("regions.parquet", "")
    try folder.write("parts/b.csv", "abc")
    try folder.write("parts/a.csv", "")
    let prints = DataFingerprint.all(
      try Self.spec("csv: \"parts/*.csv\""),
      project: Project(folder: folder.folder, spec: ProjectSpec()), contentHashes: [:])
    #expect(prints.map(\.source) == ["accounts", "regions", "visits", "visits"])
    #expect(
      prints.map(\.path) == ["accounts.parquet", "regions.parquet", "parts/a.csv", "parts/b.csv"])
    #expect(prints.map(\.bytes) == [3, 0, 0, 3])
    #expect(prints.map(\.sha256) == [Self.abc, Self.empty, Self.empty, Self.abc])
    #expect(prints.allSatisfy { $0.contentHash == nil })
  }

  @Test func `a file that cannot be read has no hash`() throws {
    let folder = try TemporaryFolder()
    let prints = DataFingerprint.all(
      try Self.spec("csv: none.csv"),
      project: Project(folder: folder.folder, spec: ProjectSpec()), contentHashes: [:])
    #expect(prints.map(\.path) == ["accounts.parquet", "regions.parquet", "none.csv"])
    #expect(prints.allSatisfy { $0.sha256 == nil && $0.bytes == nil })
  }

  @Test func `rows that are no file have the hash of their content`() throws {
    let folder = try TemporaryFolder()
    let prints = DataFingerprint.all(
      try Self.spec("sql: SELECT 1"),
      project: Project(folder: folder.folder, spec: ProjectSpec()),
      contentHashes: ["visits": "c0ffee"])
    #expect(prints.last?.contentHash == "c0ffee" && prints.last?.sha256 == nil)
    #expect(prints.last?.path == "sql")
  }

  @Test func `data that are no longer a run's are named by their sources`() throws {
    let bench = try AccountsBench()
    let overlay = "cutoffs: {train: 2, calibrate: 1, test: 1}"
    try bench.run(overlay)
    let run = try StoredRun(folder: bench.path(try bench.onlyRun())).record
    func check() throws -> [String] {
      do {
        try DataFingerprint.all(
          AccountsBench.spec(overlay), project: bench.project, contentHashes: [:]
        ).check(against: run)
        return []
      } catch let error as FindingsError {
        #expect(error.findings.map(\.id.number) == [624])
        return error.findings[0].notes
      }
    }
    #expect(try check() == [])
    let before = try bench.data("visits.parquet")
    try bench.bench.parquet("visits", "FROM visits WHERE id > 'A0001'")
    #expect(try check().joined().contains("`visits`"))
    #expect(try !check().joined().contains("`accounts`"))
    try bench.write("visits.parquet", before)
    #expect(try check() == [])
    try bench.remove("regions.parquet")
    #expect(try check().joined().contains("`regions`"))
  }

  @Test func `bytes are written as hexadecimal digits`() {
    #expect(Fingerprint.of(Data("abc".utf8)) == Self.abc)
    #expect([UInt8]([0, 9, 10, 0xAB, 255]).hexadecimal == "00090aabff")
  }
}
