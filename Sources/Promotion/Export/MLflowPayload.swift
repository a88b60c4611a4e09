public import Evaluation
public import Experiment
public import Foundation
public import YAML

/// What MLflow is told of a run: pure data, ready to be sent or printed.
///
/// Metrics are those of metrics.json under their paths (`test/pooled/roc_auc`), parameters those of
/// the resolved spec (`model.params.num_leaves`), tags what the run says of itself.
public struct MLflowPayload: Encodable, Sendable {
  /// A parameter or a tag.
  public struct Entry: Codable, Sendable, Equatable {
    public let key: String
    public let value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// A number of the run; its time and step are the same for all.
  public struct Metric: Codable, Sendable, Equatable {
    public let key: String
    public let value: Double
    /// Milliseconds since 1970.
    public let timestamp: Int64
    public let step: Int

    public init(key: String, value: Double, timestamp: Int64, step: Int) {
      self.key = key
      self.value = value
      self.timestamp = timestamp
      self.step = step
    }
  }

  /// A file of the run's folder.
  public struct Artifact: Encodable, Sendable, Equatable {
    /// The path in the folder.
    public let path: String
    public let bytes: Int
  }

  public let runId: String
  public let runName: String
  /// Milliseconds since 1970.
  public let startTime: Int64
  public let endTime: Int64
  public let params: [Entry]
  public let metrics: [Metric]
  public let tags: [Entry]
  public let artifacts: [Artifact]

  /// The tag by which an exported run is found again.
  static let runIdTag = "holdout.run_id"
  /// The tag that says when the run was created in MLflow, as ISO 8601.
  static let exportedTag = "holdout.exported_at"
  /// The most bytes of values that every MLflow store takes, by its REST interface.
  static let maximumParameterBytes = 6000
  static let maximumTagBytes = 5000

  /// Works out what is sent.
  /// - Parameters:
  ///   - spec: the resolved spec.
  ///   - finished: when the run's files were written. A run reads no clock, so it is not in them;
  ///     the start is that less the stages' timings.
  public init(
    record: RunRecord, metrics: MetricTree, spec: YAMLValue, artifacts: [Artifact], finished: Date
  ) {
    runId = record.runId
    runName = "\(record.name) \(record.runId)"
    let end = Self.milliseconds(finished.timeIntervalSince1970)
    let seconds = record.timings.reduce(0) { $0 + $1.seconds }
    endTime = end
    startTime = max(0, end - Self.milliseconds(seconds))
    self.artifacts = artifacts

    let numbers = Self.flat(metrics, at: "")
    let names = MLflowName.legal(numbers.map(\.path))
    self.metrics = numbers.map {
      Metric(key: names[$0.path] ?? $0.path, value: $0.value, timestamp: end, step: 0)
    }

    let values = MLflowParameters.flat(spec)
    let keys = MLflowName.legal(values.map(\.path))
    var tags = Self.tags(of: record)
    params = values.map { path, value in
      let key = keys[path] ?? path
      let (text, digest) = Self.fitted(value, to: Self.maximumParameterBytes)
      if let digest { tags.append(("holdout.sha256.\(key)", digest)) }
      return Entry(key: key, value: text)
    }
    let tagKeys = MLflowName.legal(tags.map(\.0))
    self.tags = tags.map { key, value in
      Entry(key: tagKeys[key] ?? key, value: Self.fitted(value, to: Self.maximumTagBytes).text)
    }
  }

  /// Seconds as whole milliseconds; 0 for what is no time, as a file written by hand may say.
  private static func milliseconds(_ seconds: Double) -> Int64 {
    max(0, Int64(exactly: (seconds * 1000).rounded()) ?? 0)
  }

  /// A value of at most so many bytes. One that is cut says so, and comes with the SHA-256 of all of it.
  private static func fitted(_ value: String, to bytes: Int) -> (text: String, digest: String?) {
    guard value.utf8.count > bytes else { return (value, nil) }
    let mark = "... (\(value.utf8.count) bytes, cut)"
    return (MLflowName.cut(value, to: bytes - mark.utf8.count) + mark, MLflowName.digest(value))
  }

  private static func flat(_ tree: MetricTree, at path: String) -> [(path: String, value: Double)] {
    switch tree {
    case .number(let value): [(path, value)]
    case .object(let entries):
      entries.sorted { $0.key < $1.key }.flatMap {
        flat($0.value, at: path.isEmpty ? $0.key : "\(path)/\($0.key)")
      }
    }
  }

  private static func tags(of record: RunRecord) -> [(String, String)] {
    var tags = [
      (runIdTag, record.runId), ("holdout.name", record.name),
      ("holdout.spec_sha256", record.specSha256), ("holdout.data_through", record.dataThrough),
      ("holdout.evidence", record.evidence), ("holdout.calibration", record.calibration),
      ("mlflow.source.name", "holdout"), ("mlflow.source.type", "LOCAL"),
    ]
    if let feature = record.oneFeature { tags.append(("holdout.one_feature", feature)) }
    // What a run allows itself stands where nobody can miss it: MLflow shows this tag as the text.
    let note = [record.evidence, "calibration: \(record.calibration)"] + record.caveats
    tags.append(("mlflow.note.content", note.joined(separator: "\n\n")))
    for (name, lines) in [("caveats", record.caveats), ("findings", record.findings)]
    where !lines.isEmpty {
      tags.append(("holdout.\(name)", lines.joined(separator: "\n")))
    }
    tags += record.versions.sorted { $0.key < $1.key }
      .map { ("holdout.version.\($0.key)", $0.value) }
    for print in record.data {
      tags.append(("holdout.data.\(print.path)", print.sha256 ?? print.contentHash ?? "unknown"))
    }
    // Several sources may read one file.
    var seen: Set<String> = []
    return tags.filter { seen.insert($0.0).inserted }
  }
}
