public import Diagnostics
public import Experiment
internal import Foundation
internal import YAML

/// Which files of a run go to MLflow.
public enum MLflowArtifactChoice: String, CaseIterable, Sendable {
  case all
  /// All but predictions.parquet, which holds a row for each entity and test cutoff.
  case withoutPredictions = "without-predictions"
  case none

  func takes(_ file: String) -> Bool {
    switch self {
    case .all: true
    case .withoutPredictions: file != "predictions.parquet"
    case .none: false
    }
  }
}

extension MLflowPayload {
  /// Reads what is sent out of a run's folder.
  /// - Throws: `FindingsError` when a file of it cannot be read.
  public init(_ run: StoredRun, artifacts: MLflowArtifactChoice) throws(FindingsError) {
    try run.checkFiles { $0 == "spec.yaml" || artifacts.takes($0) }
    var findings: [Finding] = []
    guard
      let file = YAMLLoader.load(path: run.path("spec.yaml"), findings: &findings),
      let root = YAMLParser.parse(file, findings: &findings), !findings.hasErrors
    else { throw FindingsError(findings) }
    let manager = FileManager.default
    func attributes(_ path: String) throws(FindingsError) -> [FileAttributeKey: Any] {
      do {
        return try manager.attributesOfItem(atPath: path)
      } catch {
        throw FindingsError(
          .unreadableRunFile(path, what: "a file to send", StoredRun.reason(error)))
      }
    }
    let finished = try attributes(run.path("run.json"))[.modificationDate] as? Date
    var files: [Artifact] = []
    let names = manager.enumerator(atPath: run.folder)?.compactMap { $0 as? String } ?? []
    for name in names.sorted() where artifacts.takes(name) {
      let facts = try attributes(run.path(name))
      guard facts[.type] as? FileAttributeType == .typeRegular else { continue }
      guard manager.isReadableFile(atPath: run.path(name)) else {
        throw FindingsError(
          .unreadableRunFile(run.path(name), what: "a file to send", "it may not be read"))
      }
      files.append(Artifact(path: name, bytes: (facts[.size] as? NSNumber)?.intValue ?? 0))
    }
    self.init(
      record: run.record, metrics: run.metrics, spec: YAMLValue(root), artifacts: files,
      finished: finished ?? Date(timeIntervalSince1970: 0))
  }

  /// The payload as JSON, keys sorted, for a person to read.
  public func json(experiment: String) -> String {
    struct Document: Encodable {
      let experiment: String
      let run: MLflowPayload
    }
    // The payload is texts and finite numbers, as a run's metrics are; JSON can say both.
    guard let text = try? JSONDocument.text(Document(experiment: experiment, run: self)) else {
      preconditionFailure("a number that is not finite")
    }
    return text
  }
}
