package import Diagnostics
package import Evaluation
internal import Foundation
public import Learning
internal import Panel
public import Spec

// The values in a run's record and summary, apart from metrics. RunWords.swift puts them into
// words.

/// A departure that a spec permits and that makes its metrics differ from what to expect in use.
///
/// As JSON an object with the kind and its values. A record of schema 1 has a line of text instead.
public struct Caveat: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case lookAhead = "look_ahead"
    case immatureLabels = "immature_labels"
    case overlappingWindows = "overlapping_windows"
    case calibratedOnTest = "calibrated_on_test"
    case noCreation = "no_creation"
    case labelsEndEarly = "labels_end_early"
    case silentSource = "silent_source"
    case auditCheck = "audit_check"
    case conditionalLabel = "conditional_label"

    /// The kind in a word or two, for tables. Records of schema 1 write it before a colon.
    public var name: String {
      // The only name with a hyphen.
      self == .lookAhead ? "look-ahead" : rawValue.replacing("_", with: " ")
    }
  }

  /// nil when a record of schema 1 says something else.
  public let kind: Kind?
  /// Whether the spec accepts it in writing; nil for a caveat that cannot be accepted.
  public let accepted: Bool?
  /// The user's reason; nil when none is given or the kind takes none.
  public let reason: String?
  /// `columns`, `features`, `rules`, `cutoffs` or `pairs`, whichever the kind has.
  public let numbers: [String: Int]?
  /// Whether look-ahead reaches the label.
  public let inLabel: Bool?
  /// The message of the finding that caused it, the check of the audit, or the source of
  /// `label.among`.
  public let finding: String?
  /// The line of a record of schema 1, its only content.
  let recordedLine: String?

  package init(
    _ kind: Kind, accepted: Bool? = nil, reason: String? = nil, numbers: [String: Int]? = nil,
    inLabel: Bool? = nil, finding: String? = nil
  ) {
    self.kind = kind
    self.accepted = accepted
    self.reason = reason
    self.numbers = numbers
    self.inLabel = inLabel
    self.finding = finding
    recordedLine = nil
  }

  private enum CodingKeys: String, CodingKey {
    case kind, accepted, reason, numbers, inLabel, finding
  }

  public init(from decoder: any Decoder) throws {
    if let line = try? decoder.singleValueContainer().decode(String.self) {
      let name = line.prefix { $0 != ":" }
      kind = Kind.allCases.first { $0.name == name }
      (accepted, reason, numbers, inLabel, finding) = (nil, nil, nil, nil, nil)
      recordedLine = line
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    accepted = try container.decodeIfPresent(Bool.self, forKey: .accepted)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    numbers = try container.decodeIfPresent([String: Int].self, forKey: .numbers)
    inLabel = try container.decodeIfPresent(Bool.self, forKey: .inLabel)
    finding = try container.decodeIfPresent(String.self, forKey: .finding)
    recordedLine = nil
  }

  public func encode(to encoder: any Encoder) throws {
    if let recordedLine {
      var container = encoder.singleValueContainer()
      return try container.encode(recordedLine)
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(kind, forKey: .kind)
    try container.encodeIfPresent(accepted, forKey: .accepted)
    try container.encodeIfPresent(reason, forKey: .reason)
    try container.encodeIfPresent(numbers, forKey: .numbers)
    try container.encodeIfPresent(inLabel, forKey: .inLabel)
    try container.encodeIfPresent(finding, forKey: .finding)
  }
}

/// A finding as a record stores it.
public struct RecordedFinding: Codable, Sendable, Equatable {
  /// Such as `H442`.
  public let id: String
  /// `error` or `warning`.
  public let severity: String
  public let message: String
  /// File, line and column, `experiments/solidworks.yaml:14:5`; nil when the finding has no place
  /// in a file.
  public let place: String?

  /// - Parameter folder: the project folder. Files in it are named by relative path. For any other
  ///   file only the name is kept, because a record must not depend on the machine.
  package init(_ finding: Finding, in folder: String) {
    id = finding.id.description
    severity = finding.severity.rawValue
    message = finding.message
    place = finding.span.map { span in
      let file = URL(fileURLWithPath: span.file.name).standardizedFileURL
      let isOwn = file.path.hasPrefix(folder + "/")
      let name = isOwn ? String(file.path.dropFirst(folder.count + 1)) : file.lastPathComponent
      return "\(name):\(span.line):\(span.column)"
    }
  }

  private enum CodingKeys: String, CodingKey { case id, severity, message, place }

  /// Reads an object or, from a record of schema 1, a warning as a line: `H442 message`.
  public init(from decoder: any Decoder) throws {
    if let line = try? decoder.singleValueContainer().decode(String.self) {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      id = parts.first ?? ""
      severity = Finding.Severity.warning.rawValue
      message = parts.count > 1 ? parts[1] : ""
      place = nil
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    severity = try container.decode(String.self, forKey: .severity)
    message = try container.decode(String.self, forKey: .message)
    place = try container.decodeIfPresent(String.self, forKey: .place)
  }
}

/// Whether the test rows have enough distinct positive entities for their metrics to be meaningful.
public struct EvidenceRecord: Codable, Sendable, Equatable {
  public let sufficient: Bool
  /// The number of distinct positive entities in test, and the number required. With `cluster`,
  /// clusters are counted instead.
  public let positiveEntities: Int
  public let needed: Int
  /// The column whose values are clusters, `source.column`; nil if every entity is a cluster of its
  /// own.
  public let cluster: String?
  /// What the spec calls a positive entity; nil in the record of a version without that key.
  private let noun: PositiveNoun?

  package init(_ evidence: Evidence, of spec: ExperimentSpec) {
    sufficient = evidence.isSufficient
    positiveEntities = evidence.positiveEntities
    needed = evidence.minimumPositives
    cluster = spec.evaluation.clusterName
    noun = spec.label.noun
  }

  /// What people call a positive entity.
  public var nouns: PositiveNoun { noun ?? .default }
}

extension EvaluationSpec {
  /// The column whose values are clusters, `source.column`.
  package var clusterName: String? { cluster.map { "\($0.value)" } }
}

/// How many of the train rows the learner has seen.
public struct SampleRecord: Codable, Sendable, Equatable {
  /// What the spec asks for: a share of the negatives, or a number of negatives per positive.
  public let share: Double?
  public let perPositive: Int?
  /// The number of positives, all of which are kept.
  public let positives: Int
  /// The number of negatives, and how many of them are kept.
  public let negatives: Int
  public let kept: Int

  package init(share: Double?, perPositive: Int?, positives: Int, negatives: Int, kept: Int) {
    (self.share, self.perPositive) = (share, perPositive)
    (self.positives, self.negatives, self.kept) = (positives, negatives, kept)
  }

  /// Whether some rows were left out of the learner's sample.
  public var isSmaller: Bool { kept < negatives }
}

/// The number of trees that early stopping chose, and how.
public struct TreesRecord: Codable, Sendable, Equatable {
  public let found: Int
  /// The largest number of trees allowed.
  public let limit: Int
  public let logLoss: Double
  /// The first and last validation cutoffs, and their number.
  public let first: String
  public let last: String
  public let cutoffs: Int
  /// The number of earlier cutoffs that the trial was fitted on.
  public let fitted: Int

  /// - Parameter validation: the validation cutoffs, ascending.
  package init(
    found: Int, limit: Int, logLoss: Double, validation: [CalendarDate], fitted: Int
  ) {
    (self.found, self.limit, self.logLoss) = (found, limit, logLoss)
    let days = validation.map(\.description)
    first = days.first ?? ""
    last = days.last ?? ""
    cutoffs = days.count
    self.fitted = fitted
  }
}

/// How margins were turned into probabilities.
public struct CalibrationRecord: Codable, Sendable, Equatable {
  public enum Fit: String, Codable, Sendable {
    case calibrate, test
    case crossFit = "cross_fit"
  }

  /// The method that was used.
  public let method: CalibrationMethod
  /// Why this method was chosen; nil when the spec asks for it.
  public let choice: CalibrationChoice?
  /// The rows whose margins it was fitted on: calibrate rows, out-of-fold train rows, or test rows.
  public let fit: Fit
  /// The number of folds of a cross-fit.
  public let folds: Int?
  public let rows: Int
  public let positives: Int

  package init(_ calibrator: Calibrator) {
    method = calibrator.method
    choice = calibrator.choice
    rows = calibrator.rows
    positives = calibrator.positives
    switch calibrator.fit {
    case .calibrate: (fit, folds) = (.calibrate, nil)
    case .crossFit(let count): (fit, folds) = (.crossFit, count)
    case .test: (fit, folds) = (.test, nil)
    }
  }
}
