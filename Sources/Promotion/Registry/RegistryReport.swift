public import Diagnostics
internal import Foundation

/// What a verification found in order, and what a crash left.
public struct RegistryReport: Sendable {
  /// A name of the registry.
  public struct Entry: Sendable {
    public let champion: RegistryRecord
    /// The public key that its record is signed with, 64 digits; nil where it is not signed.
    public let key: String?
    /// How many versions of the name were promoted, all of them with their files whole.
    public let versions: Int
  }

  /// The number of records.
  public let records: Int
  /// The last record; nil where there is none.
  public let head: RegistryHead?
  /// By name.
  public let entries: [Entry]
  public let warnings: [Finding]
}

/// A record of the registry by its number and the SHA-256 of its line: `3:9f2c...`.
///
/// Whoever keeps it elsewhere can tell later that the registry has lost nothing up to there.
public struct RegistryHead: Sendable, Equatable, CustomStringConvertible {
  /// From 1 on.
  public let sequence: Int
  /// 64 digits, of the line without its line break: what the next record has as `previous`.
  public let sha256: String

  init(sequence: Int, sha256: String) {
    self.sequence = sequence
    self.sha256 = sha256
  }

  /// Reads `N:SHA`; nil where it is anything else.
  public init?(_ text: String) {
    guard let match = text.wholeMatch(of: #/([1-9][0-9]{0,8}):([0-9a-fA-F]{64})/#),
      let sequence = Int(match.1)
    else { return nil }
    self.init(sequence: sequence, sha256: match.2.lowercased())
  }

  public var description: String { "\(sequence):\(sha256)" }
}

extension RegistryReport {
  /// A line per name, and one for all of them; ends with a newline.
  public var text: String {
    let lines = entries.map { entry in
      let record = entry.champion
      let key = entry.key.map { ", signed with \($0.prefix(12))" } ?? ""
      let versions = entry.versions == 1 ? "1 version" : "\(entry.versions) versions"
      return "\(record.name): whole, run \(record.runId) since \(record.at) "
        + "(record \(record.sequence), \(versions)\(key))"
    }
    let count = records == 1 ? "1 record" : "\(records) records"
    let end = head.map { ", the last is \($0)" } ?? ""
    return (lines + ["registry: whole, \(count)\(end)"]).joined(separator: "\n") + "\n"
  }

  /// The same as a JSON object; ends with a newline.
  public var json: String {
    Self.json(outcome: "whole", entries, records: records, head: head, warnings)
  }

  /// A verification that found something, as the object that `json` is.
  public static func json(of error: FindingsError) -> String {
    json(outcome: "changed", [], records: nil, head: nil, error.findings)
  }

  private static func json(
    outcome: String, _ entries: [Entry], records: Int?, head: RegistryHead?,
    _ findings: [Finding]
  ) -> String {
    let names = entries.map { entry in
      let record = entry.champion
      let members = [
        ("at", JSONText.quoted(record.at)), ("key", entry.key.map(JSONText.quoted) ?? "null"),
        ("name", JSONText.quoted(record.name)), ("run_id", JSONText.quoted(record.runId)),
        ("sequence", "\(record.sequence)"), ("versions", "\(entry.versions)"),
      ]
      return "    {" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
    let list = names.isEmpty ? "[]" : "[\n" + names.joined(separator: ",\n") + "\n  ]"
    let found = JSONRenderer().render(findings).trimmingCharacters(in: .newlines)
      .replacing("\n", with: "\n  ")
    return """
      {
        "findings": \(found),
        "head": \(head.map { "\"\($0)\"" } ?? "null"),
        "names": \(list),
        "outcome": "\(outcome)",
        "records": \(records.map(String.init) ?? "null")
      }

      """
  }
}
