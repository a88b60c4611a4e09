public import Diagnostics
public import Evaluation
public import Foundation
public import Runs
public import YAML

/// What MLflow receives about a run: pure data, ready to be sent or printed.
///
/// Metrics are those of metrics.json under their paths (`test/pooled/roc_auc`), parameters those of
/// the resolved spec (`model.params.num_leaves`), tags the run's metadata.
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

  /// A number of the run; all have the same time and step.
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

  /// A file in the run's folder.
  public struct Artifact: Encodable, Sendable, Equatable {
    /// The path within the folder.
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

  /// The tag that identifies an exported run.
  static let runIdTag = "holdout.run_id"
  /// The tag that says when the run was created in MLflow, as ISO 8601.
  static let exportedTag = "holdout.exported_at"
  /// The most bytes in a parameter value that every MLflow store accepts, by its REST API.
  static let maximumParameterBytes = 6000
  static let maximumTagBytes = 5000

  /// Builds what is sent.
  /// - Parameters:
  ///   - spec: the resolved spec.
  ///   - finished: when the run's files were written. A run reads no clock, so its files do not
  ///     say. The start time is this less the stages' timings.
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

  /// Seconds as whole milliseconds; 0 for a value that is not a time, as an edited file may
  /// contain.
  private static func milliseconds(_ seconds: Double) -> Int64 {
    max(0, Int64(exactly: (seconds * 1000).rounded()) ?? 0)
  }

  /// A value of at most this many bytes. A cut value says so and carries the SHA-256 of the full
  /// text.
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
      ("holdout.evidence", record.evidence?.words ?? ""),
      ("holdout.calibration", record.calibration.words),
      ("mlflow.source.name", "holdout"), ("mlflow.source.type", "LOCAL"),
    ]
    if let feature = record.oneFeature { tags.append(("holdout.one_feature", feature)) }
    // Puts a run's caveats where nobody can miss them: MLflow shows this tag as the description.
    let caveats = record.caveats.map(\.words)
    let note =
      [record.evidence?.words ?? "", "calibration: \(record.calibration.words)"] + caveats
    tags.append(("mlflow.note.content", note.joined(separator: "\n\n")))
    for (name, lines) in [
      ("caveats", caveats), ("findings", record.findings.map { "\($0.id) \($0.message)" }),
    ]
    where !lines.isEmpty {
      tags.append(("holdout.\(name)", lines.joined(separator: "\n")))
    }
    tags += record.versions.sorted { $0.key < $1.key }
      .map { ("holdout.version.\($0.key)", $0.value) }
    for print in record.data {
      tags.append(("holdout.data.\(print.path)", print.sha256 ?? print.contentHash ?? "unknown"))
    }
    // Several sources may read the same file.
    var seen: Set<String> = []
    return tags.filter { seen.insert($0.0).inserted }
  }
}

/// A resolved spec as MLflow's flat parameters.
enum MLflowParameters {
  /// A path in the spec and its value, as text.
  typealias Parameter = (path: String, value: String)

  /// One parameter per value, under the path that overrides on the command line use: `a.b.c`.
  ///
  /// A list of named items (`- age: {...}`) uses their names in paths, so that inserting a feature
  /// does not rename the later ones. Any other list is one parameter, as JSON.
  static func flat(_ value: YAMLValue) -> [Parameter] { flat(value, at: "") }

  private static func flat(_ value: YAMLValue, at path: String) -> [Parameter] {
    switch value {
    case .mapping(let entries) where !entries.isEmpty:
      return entries.flatMap { flat($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .sequence(let items):
      if let named = named(items) { return flat(.mapping(named), at: path) }
      return [(path, json(value))]
    case .scalar(.string(let text)): return [(path, text)]
    case .scalar, .mapping: return [(path, json(value))]
    }
  }

  /// The entries of a list of one-entry maps with distinct keys; nil for any other list.
  private static func named(_ items: [YAMLValue]) -> [YAMLValue.Entry]? {
    var entries: [YAMLValue.Entry] = []
    for item in items {
      guard case .mapping(let map) = item, map.count == 1 else { return nil }
      entries.append(map[0])
    }
    let isUnique = Set(entries.map(\.key)).count == entries.count
    return !entries.isEmpty && isUnique ? entries : nil
  }

  private static func json(_ value: YAMLValue) -> String {
    var text = JSONWriter.write(value)
    text.removeLast()
    return text
  }
}

/// Which files of a run go to MLflow.
public enum MLflowArtifactChoice: String, CaseIterable, Sendable {
  case all
  /// All but the files with keys of entities: predictions.parquet, which has a row for each entity and
  /// test cutoff, and the first rows of the list in curves.json and report.html.
  case withoutPredictions = "without-predictions"
  case none

  func takes(_ file: String) -> Bool {
    switch self {
    case .all: true
    case .withoutPredictions:
      !["predictions.parquet", "curves.json", "report.html"].contains(file)
    case .none: false
    }
  }
}

extension MLflowPayload {
  /// Reads the payload from a run's folder.
  /// - Throws: `FindingsError` when one of its files cannot be read.
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
          .unreadableRunFile(run.path(name), what: "a file to send", "it cannot be read"))
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
    // A payload holds strings and finite numbers, which JSON can always encode.
    guard let text = try? JSONDocument.text(Document(experiment: experiment, run: self)) else {
      preconditionFailure("a number that is not finite")
    }
    return text
  }
}

/// The content of one call of MLflow's `runs/log-batch`, within the limits of that call.
///
/// MLflow's REST API allows 1,000 metrics, 100 parameters, 100 tags, 1,000 entries in total and 1
/// MB of JSON. Each batch holds one kind, so the limit on the total always holds.
public struct MLflowBatch: Encodable, Sendable {
  public var params: [MLflowPayload.Entry] = []
  public var metrics: [MLflowPayload.Metric] = []
  public var tags: [MLflowPayload.Entry] = []

  public static let maximumMetrics = 1000
  public static let maximumEntries = 100
  /// One megabyte, less room for the run's id and the field names.
  public static let maximumBytes = 1_000_000 - 1000

  /// Everything in as few batches as the limits allow, in the order parameters, metrics, tags.
  public static func batches(
    params: [MLflowPayload.Entry], metrics: [MLflowPayload.Metric], tags: [MLflowPayload.Entry]
  ) -> [MLflowBatch] {
    pieces(params, atMost: maximumEntries, bytes: bytes).map { MLflowBatch(params: $0) }
      + pieces(metrics, atMost: maximumMetrics, bytes: bytes).map { MLflowBatch(metrics: $0) }
      + pieces(tags, atMost: maximumEntries, bytes: bytes).map { MLflowBatch(tags: $0) }
  }

  private static func pieces<Item>(
    _ items: [Item], atMost count: Int, bytes: (Item) -> Int
  ) -> [[Item]] {
    var pieces: [[Item]] = []
    var filled = 0
    for item in items {
      let size = bytes(item)
      if let last = pieces.last, last.count < count, filled + size <= maximumBytes {
        pieces[pieces.count - 1].append(item)
        filled += size
      } else {
        pieces.append([item])
        filled = size
      }
    }
    return pieces
  }

  /// An upper bound on the bytes of an entry's JSON, comma included, however a server re-encodes
  /// it.
  private static func bytes(_ entry: MLflowPayload.Entry) -> Int {
    #"{"key":"","value":""},"#.utf8.count + bytes(entry.key) + bytes(entry.value)
  }

  /// 24 digits are more than any number needs, 20 more than any time.
  private static func bytes(_ metric: MLflowPayload.Metric) -> Int {
    #"{"key":"","value":,"timestamp":,"step":},"#.utf8.count + bytes(metric.key) + 24 + 20 + 20
  }

  /// The size of a string in JSON with all but printable ASCII as `\uXXXX`, the longest encoding.
  private static func bytes(_ text: String) -> Int {
    text.utf16.reduce(0) { sum, unit in
      switch unit {
      case 0x22, 0x2F, 0x5C: sum + 2
      case 0x20..<0x7F: sum + 1
      default: sum + 6
      }
    }
  }
}

/// Names that MLflow accepts: letters, digits, `_`, `-`, `.`, space and `/`, at most 250 bytes.
enum MLflowName {
  /// The most bytes in a name, by MLflow's REST API.
  static let maximumBytes = 250

  /// Maps each name to a legal name, all distinct.
  ///
  /// A legal name is kept. In any other name, each illegal character becomes `_`. If the result is
  /// too long or would equal another name, it ends in the first eight digits of the original name's
  /// SHA-256.
  static func legal(_ names: [String]) -> [String: String] {
    let plain = Dictionary(names.map { ($0, replaced($0)) }) { first, _ in first }
    var counts: [String: Int] = [:]
    for name in plain.values { counts[name, default: 0] += 1 }
    return plain.reduce(into: [:]) { legal, pair in
      let (name, replaced) = pair
      let isFine = name == replaced || counts[replaced] == 1
      legal[name] =
        isFine && replaced.utf8.count <= maximumBytes
        ? replaced
        : cut(replaced, to: maximumBytes - 9) + "-" + digest(name).prefix(8)
    }
  }

  /// Replaces illegal characters with `_`, and empty, `.` and `..` parts, which MLflow takes for
  /// paths.
  private static func replaced(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      text.unicodeScalars.append(isAllowed(scalar) ? scalar : "_")
    }
    return text.split(separator: "/", omittingEmptySubsequences: false)
      .map {
        ["", ".", ".."].contains($0) ? String(repeating: "_", count: max(1, $0.count)) : String($0)
      }
      .joined(separator: "/")
  }

  /// MLflow's rule is `[/\w.\- ]` in Python's `re`, where `\w` matches all letters and digits.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: "_-. /".unicodeScalars.contains(scalar)
    }
  }

  /// The longest prefix of a text with at most this many bytes, complete characters only.
  static func cut(_ text: String, to bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var end = text.startIndex
    var count = 0
    while end < text.endIndex {
      count += text[end].utf8.count
      if count > bytes { break }
      end = text.index(after: end)
    }
    return String(text[..<end])
  }

  /// The SHA-256 of a text, as hexadecimal digits.
  static func digest(_ text: String) -> String {
    Fingerprint.of(Data(text.utf8))
  }
}
