internal import Diagnostics
internal import Foundation

/// The registry's bytes as records, each of which holds the hash of the line before it.
struct RegistryChain: Sendable {
  /// The records that are whole, oldest first.
  private(set) var lines: [RegistryLine] = []
  /// How many bytes hold them, line breaks included.
  private(set) var wholeLength = 0
  /// How many bytes of a record that was never finished follow; a crash leaves them.
  private(set) var tornLength = 0
  /// Whether the last whole record lacks its line break.
  private(set) var lacksLineBreak = false
  /// What is wrong, the first of it.
  private(set) var damage: (line: Int, message: String)?

  var records: [RegistryRecord] { lines.map(\.record) }

  /// The records that are dated before the one that they follow.
  var outOfOrder: [Finding] {
    zip(records, records.dropFirst()).flatMap { Self.remarks($1, after: $0) }
  }

  /// What is said of a record that is dated before the one that it follows.
  static func remarks(_ record: RegistryRecord, after before: RegistryRecord) -> [Finding] {
    guard record.day != nil, before.day != nil, record.at < before.at else { return [] }
    return [.outOfOrder(record, after: before)]
  }

  /// The records without a date that can be.
  func impossibleDates(_ path: String, _ severity: Finding.Severity) -> [Finding] {
    records.enumerated().filter { $0.element.day == nil }.map { index, record in
      .impossibleDate(record, path, line: index + 1, severity)
    }
  }

  /// The record that a name stands at; nil where it has none.
  func last(of name: String) -> RegistryRecord? { records.last { $0.name == name } }

  init() {}

  init(_ bytes: Data) {
    let bytes = Data(bytes)
    var start = 0
    while start < bytes.count {
      let lineBreak = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
      let line = bytes[start..<(lineBreak ?? bytes.count)]
      // Without a line break at its end a line that holds no whole object was being written when the
      // machine or the program stopped.
      if lineBreak == nil, JSONObject.end(in: Data(line), from: 0) == nil {
        tornLength = line.count
        return
      }
      do throws(RegistryDamage) {
        let next = try RegistryLine(parsing: line)
        try check(next)
        lines.append(next)
      } catch {
        damage = (lines.count + 1, error.message)
        return
      }
      lacksLineBreak = lineBreak == nil
      start = lineBreak.map { $0 + 1 } ?? bytes.count
      wholeLength = start
    }
  }

  /// Whether a record may follow those before it.
  private func check(_ line: RegistryLine) throws(RegistryDamage) {
    let (record, before) = (line.record, lines.last)
    guard record.previous == before?.fingerprint else {
      throw RegistryDamage("it does not follow the record before it: that has another hash")
    }
    guard record.sequence == lines.count + 1 else {
      throw RegistryDamage("its number is \(record.sequence), expected \(lines.count + 1)")
    }
    for name in [record.name, record.runId] where !ModelName.isValid(name) {
      throw RegistryDamage("`\(name)` is no name of a file or a folder")
    }
    for name in record.files.keys where !ModelName.isValidFile(name) {
      throw RegistryDamage("`\(name)` is no name of a file or a folder")
    }
    let same = lines.last { $0.record.name == record.name && $0.record.runId == record.runId }
    guard same.map({ $0.record.files == record.files }) ?? true else {
      throw RegistryDamage("it gives run `\(record.runId)` other hashes than a record before it")
    }
  }
}
