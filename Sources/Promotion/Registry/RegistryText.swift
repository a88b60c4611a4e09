public import Diagnostics
internal import Foundation

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
