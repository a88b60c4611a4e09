public import Diagnostics
public import Evaluation
public import Foundation
public import Learning

/// A finished run, read back from its folder.
public struct StoredRun: Sendable {
  /// The folder's path.
  public let folder: String
  public let record: RunRecord
  public let metrics: MetricTree
  /// By falling gain, then name.
  public let importance: [FeatureImportance]

  /// Reads a run's run.json, metrics.json and feature_importance.csv.
  /// - Throws: `FindingsError` when one of them is missing or is not what a run writes.
  public init(folder: String) throws(FindingsError) {
    self.folder = folder
    record = try Self.decoded(RunRecord.self, "\(folder)/run.json", "a run's record") {
      try RunRecord(json: $0)
    }
    metrics = try Self.metrics(in: folder)
    importance = try Self.importance(in: folder)
  }

  /// What a folder's metrics.json says.
  /// - Throws: as `init(folder:)`.
  public static func metrics(in folder: String) throws(FindingsError) -> MetricTree {
    try decoded(MetricTree.self, "\(folder)/metrics.json", "metrics", metrics(json:))
  }

  /// What a folder's feature_importance.csv says.
  /// - Throws: as `init(folder:)`.
  public static func importance(
    in folder: String
  ) throws(FindingsError) -> [FeatureImportance] {
    try decoded(
      [FeatureImportance].self, "\(folder)/feature_importance.csv", "feature importance",
      importance(csv:))
  }

  /// Reads a metrics.json.
  /// - Throws: `DecodingError`.
  public static func metrics(json: Data) throws -> MetricTree {
    try JSONDecoder().decode(MetricTree.self, from: json)
  }

  /// Reads a feature_importance.csv.
  /// - Throws: `CocoaError`, when it is anything else.
  public static func importance(csv: Data) throws -> [FeatureImportance] {
    try ImportanceTable.rows(csv)
  }

  /// The latest run among the results of an experiment; nil where none has been kept on this machine.
  /// - Parameter resultsFolder: results/NAME.
  /// - Throws: as `init(folder:)`.
  public static func latest(in resultsFolder: String) throws(FindingsError) -> StoredRun? {
    let runs = "\(resultsFolder)/runs"
    guard
      let name = try? String(
        contentsOfFile: "\(runs)/\(ResultsFolder.latestFile)", encoding: .utf8)
    else { return nil }
    return try StoredRun(folder: "\(runs)/\(name.trimmingCharacters(in: .newlines))")
  }

  /// The folder in a run's own that holds its refit, where it has one.
  public static let refitFolder = "refit"

  /// Whether the run has a second model, fitted on everything mature.
  public var hasRefit: Bool { FileManager.default.fileExists(atPath: path(Self.refitFolder)) }

  /// The record of the run's refit, with the cutoffs that it was fitted on; nil where it has none.
  /// - Throws: as `init(folder:)`.
  public func refitRecord() throws(FindingsError) -> RunRecord? {
    guard hasRefit else { return nil }
    return try Self.decoded(
      RunRecord.self, path("\(Self.refitFolder)/run.json"), "a run's record"
    ) { try RunRecord(json: $0) }
  }

  /// A file of the run by its name.
  public func path(_ file: String) -> String { "\(folder)/\(file)" }

  private static func decoded<Value>(
    _ type: Value.Type, _ path: String, _ what: String, _ decode: (Data) throws -> Value
  ) throws(FindingsError) -> Value {
    do {
      return try decode(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, reason(error)))
    }
  }

  /// Why a file could not be read, in the system's words.
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
      "\(place(context.codingPath)) is not what it should be"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: ResultsFolder.reason(error)
    }
  }
}

extension Finding {
  /// A file of a run that is missing, or is not what a run writes.
  /// - Parameter what: what was expected, "a run's record".
  public static func unreadableRunFile(_ path: String, what: String, _ reason: String) -> Finding {
    Finding(
      600, "`\(path)` cannot be read as \(what): \(reason)",
      hints: ["run the spec again with `holdout run`; a run's files are never changed by hand"])
  }
}
