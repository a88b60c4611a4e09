internal import Diagnostics
public import Experiment
package import Foundation
internal import Spec

/// One record of the registry: what was put into production, when, by whom and why.
///
/// As JSON it stands on one line, with sorted keys in snake case and no blanks; what a record lacks
/// has no key.
public struct RegistryRecord: Codable, Sendable {
  public enum Action: String, Codable, Sendable {
    case promote
    /// Back to a version that was promoted before.
    case rollback
  }

  /// What the gates said of the run when it was promoted.
  public struct Gate: Codable, Sendable {
    public let outcome: GateCheck.Outcome
    public let checks: [GateCheck]

    public init(outcome: GateCheck.Outcome, checks: [GateCheck]) {
      self.outcome = outcome
      self.checks = checks
    }
  }

  /// The version of this shape; another one is refused.
  public let version: Int
  /// 1 for the first record, then one more each.
  public let sequence: Int
  public let action: Action
  /// What the run stands for in production.
  public let name: String
  public let runId: String
  /// The experiment that the run is of.
  public let experiment: String
  /// The moment in UTC, to the second: `2026-11-23T09:30:00Z`, as the clock of the machine said. Which of
  /// two records is the later one is decided by `previous`.
  public let at: String
  public let by: String
  public let reason: String?
  /// nil for a rollback.
  public let gate: Gate?
  /// Why it was promoted although the gates did not pass.
  public let override: String?
  /// The caveats of the run that were accepted in writing, each with its reason; nil where there are none.
  public let accepted: [String]?
  /// The run that was champion of the name before; nil for the first.
  public let replaces: String?
  /// SHA-256 of every file of the artifact, by name.
  public let files: [String: String]
  /// SHA-256 of the run's predictions, which are not a part of the artifact.
  public let predictions: String?
  /// What the run read.
  public let data: [DataFingerprint]
  /// The state of the project when the record was written; nil outside git.
  public let git: GitState?
  /// Of the program and the libraries that made the run.
  public let versions: [String: String]
  /// SHA-256 of the line before this one, without its line break; nil for the first.
  public let previous: String?

  /// The years that a clock may say.
  static let years = 1970...2199

  /// The day in UTC of the record; nil where `at` is no moment that Holdout writes.
  var day: CalendarDate? { Self.day(of: at) }

  /// The day of a moment; nil where it is none, or is of another year than `years`.
  static func day(of moment: String) -> CalendarDate? {
    guard
      let match = moment.wholeMatch(
        of: #/([0-9]{4})(-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z/#),
      Int(match.1).map(years.contains) == true
    else { return nil }
    return CalendarDate("\(match.1)\(match.2)")
  }

  /// The shape that this program writes.
  static let currentVersion = 1

  /// The record as the registry holds it.
  /// - Throws: `EncodingError`.
  package func json() throws -> Data { try JSONDocument.record(self, hasInfinity: true) }

  /// The record on lines of its own, for people.
  /// - Throws: `EncodingError`.
  func indentedJSON() throws -> String {
    String(
      decoding: try JSONDocument.record(self, isIndented: true, hasInfinity: true), as: UTF8.self)
  }

  /// Reads what `json()` wrote.
  /// - Throws: `DecodingError`.
  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    self = try decoder.decode(RegistryRecord.self, from: json)
  }
}

extension RegistryRecord {
  init(
    sequence: Int, action: Action, name: String, runId: String, experiment: String, at: String,
    by: String, reason: String?, gate: Gate?, override: String?, accepted: [String]? = nil,
    replaces: String?, files: [String: String], predictions: String?, data: [DataFingerprint],
    git: GitState?,
    versions: [String: String], previous: String?
  ) {
    self.version = Self.currentVersion
    self.sequence = sequence
    self.action = action
    self.name = name
    self.runId = runId
    self.experiment = experiment
    self.at = at
    self.by = by
    self.reason = reason
    self.gate = gate
    self.override = override
    self.accepted = accepted
    self.replaces = replaces
    self.files = files
    self.predictions = predictions
    self.data = data
    self.git = git
    self.versions = versions
    self.previous = previous
  }
}

/// Where JSON objects end, without reading what they hold.
enum JSONObject {
  /// The index after the brace that closes the object which opens at `start`; nil where it stays open.
  static func end(in bytes: Data, from start: Int) -> Int? {
    guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return nil }
    var depth = 0
    var isText = false
    var isEscaped = false
    for index in start..<bytes.endIndex {
      let byte = bytes[index]
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
    }
    return nil
  }
}
