import Diagnostics
import Foundation
import HoldoutTestSupport
import Runs
import Testing

/// The curves.json of a real run.
@Suite struct StoredCurvesTests {
  private let bench: AccountsBench
  private let run: String

  init() throws {
    bench = try AccountsBench()
    try bench.run("evaluation: {segments: [segment, region]}")
    run = try bench.onlyRun()
  }

  private func read() throws -> RunCurves? { try StoredRun(folder: bench.path(run)).curves() }

  /// Replaces the curves, and their hash in the record, as if the run had written them.
  private func replace(_ content: Data) throws {
    let old = Fingerprint.of(try bench.data("\(run)/curves.json"))
    try bench.write("\(run)/curves.json", content)
    try seal { $0.replacing(old, with: Fingerprint.of(content)) }
  }

  /// Changes the record, and its own hash, which covers the text without the hash.
  private func seal(_ change: (String) -> String) throws {
    let text = try bench.text("\(run)/run.json")
    let line = try #require(text.firstMatch(of: #/\n  "record_sha256" : "([0-9a-f]+)",/#))
    let changed = change(text)
    let hash = Fingerprint.of(Data(changed.replacing(line.0, with: "").utf8))
    try bench.write("\(run)/run.json", changed.replacing(line.1, with: hash))
  }

  @Test func `every property survives its name in the file`() throws {
    let curves = try #require(try read())
    // Nothing that a run has is absent. A name that is not found again would be nil here, or would
    // be missing from the bytes.
    #expect(curves.gain != nil && curves.precisionRecall != nil && curves.reliability != nil)
    #expect(curves.deciles != nil && curves.permutation != nil && curves.shap != nil)
    #expect(curves.top != nil && curves.segments.map(\.name) == ["segment", "region"])
    #expect(try JSONDocument.data(curves) == bench.data("\(run)/curves.json"))
    // Read again it is the same value.
    try replace(JSONDocument.record(curves))
    #expect(try read() == curves)
  }

  @Test func `a run of an earlier version has none`() throws {
    try seal { text in text.replacing(#/\n    "curves\.json" : "[0-9a-f]+",/#, with: "") }
    #expect(try read() == nil)
    // A file that the record does not name is not read.
    #expect(bench.exists("\(run)/curves.json"))
  }

  @Test func `a file that is missing or no curves is refused, with the reason`() throws {
    func message(_ content: Data) throws -> String {
      try replace(content)
      do {
        _ = try read()
        return "read"
      } catch let error as FindingsError {
        #expect(error.findings.map(\.id.number) == [600])
        return error.findings[0].message
      }
    }
    let text = String(decoding: try bench.data("\(run)/curves.json"), as: UTF8.self)
    #expect(text.contains("\"schema\" : 1"))
    #expect(
      try message(Data(text.replacing("\"schema\" : 1", with: "\"schema\" : 2").utf8)).hasSuffix(
        "cannot be read as a run's curves: `schema`: it is 2, and this version of Holdout reads 1"))
    // Another schema need not have anything else.
    #expect(try message(Data("{\"schema\": 2}".utf8)).contains("it is 2"))
    #expect(try message(Data("{\"schema\": 1}".utf8)).hasSuffix("is missing"))
    #expect(try message(Data("{}".utf8)).hasSuffix("`schema` is missing"))
    #expect(try message(Data("curves".utf8)).hasSuffix("it is not JSON"))
    try bench.remove("\(run)/curves.json")
    #expect(try findings { _ = try read() } == [600])
  }
}
