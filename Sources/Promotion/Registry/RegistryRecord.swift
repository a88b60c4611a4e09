internal import Diagnostics
package import Foundation
public import Runs
internal import Spec

/// A record of the registry: what was put into production, when, by whom and why.
///
/// Its JSON is one line with sorted keys in snake case and no spaces. Missing values have no key.
public struct RegistryRecord: Codable, Sendable {
  public enum Action: String, Codable, Sendable {
    case promote
    /// A return to a version that was promoted before.
    case rollback
  }

  /// The outcome of the gates when the run was promoted.
  public struct Gate: Codable, Sendable {
    /// A check as the registry keeps it: in words, because later versions may have other checks.
    public struct Check: Codable, Sendable, Equatable {
      public let name: String
      public let outcome: GateCheck.Outcome
      public let origin: Gates.Origin
      public let sentence: String
      public let figures: [String: Double]

      public init(
        name: String, outcome: GateCheck.Outcome, origin: Gates.Origin, sentence: String,
        figures: [String: Double]
      ) {
        (self.name, self.outcome, self.origin) = (name, outcome, origin)
        (self.sentence, self.figures) = (sentence, figures)
      }
    }

    public let outcome: GateCheck.Outcome
    public let checks: [Check]

    public init(outcome: GateCheck.Outcome, checks: [Check]) {
      self.outcome = outcome
      self.checks = checks
    }
  }

  /// The version of the record format; any other is refused.
  public let version: Int
  /// 1 for the first record, and one more for each that follows.
  public let sequence: Int
  public let action: Action
  /// The name that the run was promoted as.
  public let name: String
  public let runId: String
  /// The run's experiment.
  public let experiment: String
  /// The time in UTC, to the second, by the machine's clock: `2026-11-23T09:30:00Z`. The order of
  /// records is decided by `previous`, not by this.
  public let at: String
  public let by: String
  public let reason: String?
  /// nil for a rollback.
  public let gate: Gate?
  /// The reason it was promoted although the gates did not pass.
  public let override: String?
  /// The run's caveats that were accepted in writing, each with its reason; nil if there are none.
  public let accepted: [String]?
  /// The run that was the name's champion before; nil for the first.
  public let replaces: String?
  /// The SHA-256 of every file of the artifact, by name.
  public let files: [String: String]
  /// The SHA-256 of the run's predictions, which are not part of the artifact.
  public let predictions: String?
  /// The data that the run read.
  public let data: [DataFingerprint]
  /// The state of the project when the record was written; nil outside a git repository.
  public let git: GitState?
  /// The versions of the program and the libraries that made the run.
  public let versions: [String: String]
  /// The SHA-256 of the line before this one, without its line break; nil for the first.
  public let previous: String?

  /// The years that are accepted from a clock.
  static let years = 1970...2199

  /// The record's day in UTC; nil if `at` is not a time in Holdout's format.
  var day: CalendarDate? { Self.day(of: at) }

  /// The day of a time; nil if it is not one, or is in a year outside `years`.
  static func day(of moment: String) -> CalendarDate? {
    guard
      let match = moment.wholeMatch(
        of: #/([0-9]{4})(-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z/#),
      Int(match.1).map(years.contains) == true
    else { return nil }
    return CalendarDate("\(match.1)\(match.2)")
  }

  /// The format that this program writes.
  static let currentVersion = 1

  /// The record as the registry holds it.
  /// - Throws: `EncodingError`.
  package func json() throws -> Data { try JSONDocument.record(self, hasInfinity: true) }

  /// The record as indented JSON, for people.
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

/// Finds where JSON objects end, without decoding them.
enum JSONObject {
  /// The index after the brace that closes the object opening at `start`; nil if it is not closed.
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
