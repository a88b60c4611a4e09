internal import Diagnostics
internal import Foundation
public import Promotion

extension Page {
  /// The registry's records, oldest first.
  public init(_ history: RegistryHistory) {
    let isOfDay = history.day != nil
    let table = Table(
      [
        .number("record"), .text(isOfDay ? "since (UTC)" : "when (UTC)"), .text("name"),
        .text("what"), .text("run"), .text("by"), .text("gates"), .text("why"),
      ],
      rows: history.records.map { record in
        [
          "\(record.sequence)", record.at, record.name, record.action.rawValue, record.runId,
          record.by, record.verdict, record.why,
        ]
      })
    self.init([
      .paragraph(history.day.map { "In production at the end of \($0) (UTC):" } ?? ""),
      table.rows.isEmpty
        ? .paragraph("nothing was promoted" + (isOfDay ? " by then" : "")) : .table(table),
    ])
  }

  /// The effect of a record.
  /// - Parameter models: the folder of promoted models, relative to the project.
  public init(_ record: RegistryRecord, models: String) {
    let word = record.action == .promote ? "promoted" : "rolled back"
    var fields = [(name: "record", value: "\(record.sequence), \(record.at), by \(record.by)")]
    func add(_ name: String, _ value: String?) {
      if let value { fields.append((name, value)) }
    }
    add("replaces", record.replaces.map { "run \($0)" })
    add("gates", record.gate.map { "\(record.verdict), \($0.checks.count) checks" })
    add("why", record.why.isEmpty ? nil : record.why)
    for line in record.accepted ?? [] { add("accepts", line) }
    add("files", "\(models)/\(record.name)/")
    self.init([
      .group([
        .paragraph("\(record.name): \(word) to run \(record.runId)"),
        .fields(fields, width: 10),
      ])
    ])
  }

  /// The result of a registry verification that passed.
  public init(_ report: RegistryReport) {
    let lines = report.entries.map { entry in
      let record = entry.champion
      let key = entry.key.map { ", signed with \($0.prefix(12))" } ?? ""
      let versions = entry.versions == 1 ? "1 version" : "\(entry.versions) versions"
      return
        "\(record.name): complete, run \(record.runId) since \(record.at) (record "
        + "\(record.sequence), \(versions)\(key))"
    }
    let count = report.records == 1 ? "1 record" : "\(report.records) records"
    let end = report.head.map { ", the last is \($0)" } ?? ""
    self.init([.group((lines + ["registry: complete, \(count)\(end)"]).map { .paragraph($0) })])
  }
}

extension RegistryHistory {
  /// The records as a JSON array, each on one line as in the registry; ends with a newline.
  /// - Throws: `EncodingError`.
  public func json() throws -> String {
    let objects = try records.map { "  " + String(decoding: try $0.json(), as: UTF8.self) }
    return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }
}

extension RegistryRecord {
  /// The gates' outcome, and whether promotion overrode it or was allowed despite it.
  fileprivate var verdict: String {
    guard let gate else { return "-" }
    if override != nil { return "\(gate.outcome.rawValue), overridden" }
    return gate.outcome == .pass ? "pass" : "\(gate.outcome.rawValue), allowed"
  }

  /// The reasons given.
  fileprivate var why: String { [override, reason].compactMap(\.self).joined(separator: "; ") }
}
