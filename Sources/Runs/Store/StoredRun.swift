public import Diagnostics
public import Evaluation
internal import Files
public import Foundation
public import Learning

/// A finished run, read back from its folder.
public struct StoredRun: Sendable {
  /// The folder's path.
  public let folder: String
  public let record: RunRecord
  public let metrics: MetricTree
  /// By descending gain, then name.
  public let importance: [FeatureImportance]

  /// Its files, which are checked as they are read.
  public let files: RunFiles

  /// Reads a run's run.json, metrics.json and feature_importance.csv.
  /// - Throws: `FindingsError` when one of them is missing or is not what the run wrote.
  public init(folder: String) throws(FindingsError) {
    self.folder = folder
    let record = try RunRecord.read(folder)
    // The name of a run's folder in the results is the run's id.
    let parts = folder.split(separator: "/")
    guard parts.dropLast().last != "runs" || parts.last.map(String.init) == record.runId else {
      throw FindingsError(
        .damagedRunFile("\(folder)/run.json", "it is the record of run `\(record.runId)`"))
    }
    self.record = record
    let files = RunFiles(folder: folder, hashes: record.files)
    self.files = files
    metrics = try Self.decoded(
      "\(folder)/metrics.json", "metrics", files.content("metrics.json", what: "metrics"),
      Self.metrics(json:))
    importance = try Self.decoded(
      "\(folder)/feature_importance.csv", "feature importance",
      files.content("feature_importance.csv", what: "feature importance"),
      Self.importance(csv:))
  }

  /// Whether its record has the hashes of its files. Records of earlier versions have none.
  public var hasHashes: Bool { record.files != nil }

  /// Reads a folder's metrics.json.
  /// - Throws: as `init(folder:)`.
  public static func metrics(in folder: String) throws(FindingsError) -> MetricTree {
    let path = "\(folder)/metrics.json"
    return try decoded(path, "metrics", content(path, "metrics"), metrics(json:))
  }

  /// Reads a folder's feature_importance.csv.
  /// - Throws: as `init(folder:)`.
  public static func importance(
    in folder: String
  ) throws(FindingsError) -> [FeatureImportance] {
    let (path, what) = ("\(folder)/feature_importance.csv", "feature importance")
    return try decoded(path, what, content(path, what), importance(csv:))
  }

  /// Parses a metrics.json.
  /// - Throws: `DecodingError`.
  public static func metrics(json: Data) throws -> MetricTree {
    try JSONDecoder().decode(MetricTree.self, from: json).withCurrentNames
  }

  /// Parses a feature_importance.csv.
  /// - Throws: `CocoaError` for any other content.
  public static func importance(csv: Data) throws -> [FeatureImportance] {
    try ImportanceTable.rows(csv)
  }

  /// The latest run among the results of an experiment; nil when this machine has none.
  /// - Parameter resultsFolder: results/NAME.
  /// - Throws: as `init(folder:)`, and `FindingsError` when `runs/latest` does not name a run.
  public static func latest(in resultsFolder: String) throws(FindingsError) -> StoredRun? {
    let results = ResultsFolder(resultsFolder)
    guard let runId = try results.latestRunId() else { return nil }
    return try StoredRun(folder: results.run(runId))
  }

  /// The name of the folder inside a run's folder that holds its refit, if any.
  public static let refitFolder = "refit"

  /// Whether the run has a second model, fitted on all mature data.
  public var hasRefit: Bool { FileManager.default.fileExists(atPath: path(Self.refitFolder)) }

  /// The record of the run's refit, with the cutoffs that it was fitted on, and its files; nil when
  /// the run has no refit.
  /// - Throws: as `init(folder:)`.
  public func refit() throws(FindingsError) -> (record: RunRecord, files: RunFiles)? {
    guard hasRefit else { return nil }
    let folder = path(Self.refitFolder)
    let record = try RunRecord.read(folder)
    guard record.runId == self.record.runId else {
      throw FindingsError(
        .damagedRunFile("\(folder)/run.json", "it belongs to run `\(record.runId)`"))
    }
    if hasHashes, record.files == nil {
      throw FindingsError(.damagedRunFile("\(folder)/run.json", "it has no hashes"))
    }
    // Both have the same spec.
    let spec = self.record.files?["spec.yaml"].map { ["spec.yaml": $0] } ?? [:]
    return (
      record,
      RunFiles(folder: folder, hashes: record.files.map { $0.merging(spec) { own, _ in own } })
    )
  }

  /// Reads every file of the run and of its refit that their records name.
  /// - Parameter isWanted: whether to read a file, by its path in the run's folder.
  /// - Throws: `FindingsError` with a finding for each file that is missing or changed.
  public func checkFiles(where isWanted: (String) -> Bool = { _ in true }) throws(FindingsError) {
    try files.checkAll(where: isWanted)
    try refit()?.files.checkAll { isWanted("\(Self.refitFolder)/\($0)") }
  }

  /// The path of one of the run's files.
  public func path(_ file: String) -> String { "\(folder)/\(file)" }

  private static func content(_ path: String, _ what: String) throws(FindingsError) -> Data {
    do throws(FileError) {
      return try Files.read(path)
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, error.reason))
    }
  }

  static func decoded<Value>(
    _ path: String, _ what: String, _ content: Data, _ decode: (Data) throws -> Value
  ) throws(FindingsError) -> Value {
    do {
      return try decode(content)
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, reason(error)))
    }
  }

  /// The reason a file could not be read, in the system's words.
  public static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return ResultsFolder.reason(error) }
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "it"
        : "`"
          + path.map { $0.intValue.map(String.init) ?? $0.stringValue }
          .joined(separator: ".") + "`"
    }
    return switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) has a wrong value"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: ResultsFolder.reason(error)
    }
  }
}

extension Finding {
  /// Reports a `runs/latest` that does not name a run beside it.
  static func badLatest(_ path: String, _ reason: String) -> Finding {
    Finding(
      648, "`\(path)` does not name the latest run: \(reason)",
      hints: [
        "run the spec again with `holdout run`, which writes the file, or name a run by its id"
      ])
  }

  /// Reports a file of a run that is missing or is not what a run writes.
  /// - Parameter what: what was expected, "a run's record".
  public static func unreadableRunFile(_ path: String, what: String, _ reason: String) -> Finding {
    Finding(
      600, "`\(path)` cannot be read as \(what): \(reason)",
      hints: ["run the spec again with `holdout run`; do not change a run's files by hand"])
  }
}

extension Explanation {
  static let storedRunFindings: [Explanation] = [
    Explanation(
      600, "file of a run that cannot be read",
      cause: """
        A file in the folder of a run is missing or has other content than a run writes. Without \
        it, the run cannot be compared, gated, or promoted.
        """,
      example: .commands(
        "\(Example.run) && rm results/renewals/runs/*/run.json && holdout compare renewals renewals"
      ),
      fix: """
        Run the spec again, and do not edit the files of runs.
        """),
    Explanation(
      648, "a `runs/latest` that does not name a run",
      cause: """
        `results/NAME/runs/latest` contains only the name of a folder next to it. A path that \
        leads elsewhere, a link, or other bytes are not followed.
        """,
      example: .promotion(
        Example.quietRun + """
          echo ../../../elsewhere > results/renewals/runs/latest
          holdout promote renewals
          """),
      fix: "Run the spec again, which writes the file, or name a run by its id."),
  ]
}
