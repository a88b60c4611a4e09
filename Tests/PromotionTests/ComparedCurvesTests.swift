import Diagnostics
import Evaluation
import Foundation
import HoldoutTestSupport
import Promotion
import Runs
import Spec
import Testing

/// Where the curves of a compared run are read from.
@Suite struct ComparedCurvesTests {
  private let folder: TemporaryFolder
  private var project: Project { Project(folder: folder.folder, spec: ProjectSpec()) }

  init() throws { folder = try TemporaryFolder() }

  /// A curves.json of two rows.
  private struct Draft: Encodable {
    let schema = 1
    let level = 0.95
    let scores: ScoreHistogram
    let cutoffs: RunCurves.Segment
    let segments: [RunCurves.Segment] = []

    init() {
      let rows = ScoredRows(
        cutoff: [0, 0], entity: [0, 1], label: [0, 1], margin: [0, 1], score: [0.2, 0.4],
        uncalibrated: [0.5, 0.7])
      scores = ScoreHistogram(rows)
      cutoffs = RunCurves.Segment(
        name: "cutoff", levels: ["2024-12-31"],
        study: SegmentStudy(rows, level: [0, 0], count: 1, draws: 20))
    }
  }

  /// Writes a run's files with their hashes.
  /// - Parameters:
  ///   - path: relative to the project.
  ///   - left: files that the record names, and that are not in the folder.
  private func write(_ path: String, without left: Set<String> = []) throws {
    var files = [
      "metrics.json": Data("{}".utf8), "feature_importance.csv": Data("feature,gain,split\n".utf8),
      "predictions.parquet": Data("rows".utf8),
    ]
    files["curves.json"] = try JSONDocument.data(Draft())
    let hashes = files.mapValues { "\"\(Fingerprint.of($0))\"" }.sorted { $0.key < $1.key }
      .map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    func record(_ hash: String) -> String {
      """
      {
        "run_id": "2024-a", "name": "shop", "spec_sha256": "00", "data_through": "2024-12-31",
        "data": [], "versions": {}, "cutoffs": [], "calibration": "sigmoid", "caveats": [],
        "evidence": "sufficient", "findings": [], "threads": 1,
        "files": {\(hashes)},\(hash)
        "timings": []
      }
      """
    }
    let hash = Fingerprint.of(Data(record("").utf8))
    files["run.json"] = Data(record("\n  \"record_sha256\" : \"\(hash)\",").utf8)
    for (name, content) in files where !left.contains(name) {
      try folder.write("\(path)/\(name)", content)
    }
  }

  private static let run = "results/shop/runs/2024-a"
  private static let model = "models/shop"

  private func curves(_ path: String) throws -> ComparedCurves {
    try ComparedRun(reference: path, run: StoredRun(folder: folder.path(path)))
      .curves(in: project)
  }

  @Test func `a run has its own, or is refused`() throws {
    try write(Self.run)
    #expect(try curves(Self.run).found?.cutoffs.levels == ["2024-12-31"])
    try folder.write("\(Self.run)/curves.json", "{}")
    #expect(findings { _ = try curves(Self.run) }.map(\.id.number) == [660])
    try folder.remove("\(Self.run)/curves.json")
    #expect(findings { _ = try curves(Self.run) }.map(\.id.number) == [600])
  }

  @Test func `a promoted model has those of its run, if that is here and unchanged`() throws {
    try write(Self.model, without: ["curves.json", "predictions.parquet"])
    func isElsewhere() throws -> Bool {
      if case .runElsewhere("2024-a") = try curves(Self.model) { true } else { false }
    }
    #expect(try isElsewhere())
    try write(Self.run)
    #expect(try curves(Self.model).found?.cutoffs.levels == ["2024-12-31"])
    try folder.write("\(Self.run)/curves.json", "{}")
    #expect(try isElsewhere())
  }

  @Test func `an earlier version's run and mere metrics have none`() throws {
    let bench = try RegistryBench()
    let run = try bench.run("2024-a")
    guard case .earlierVersion = try ComparedRun(reference: "a", run: run).curves(in: project)
    else { throw CocoaError(.coderInvalidValue) }
    let metrics = ComparedRun(reference: "a", name: "a", metrics: .object([:]), importance: [])
    guard case .metricsOnly = try metrics.curves(in: project) else {
      throw CocoaError(.coderInvalidValue)
    }
  }
}
