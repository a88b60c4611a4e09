internal import Diagnostics
internal import Experiment
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

/// One line of the registry: a record, its hash, and perhaps a signature.
///
/// ```
/// {"record":{...},"sha256":"<64 digits>","signature":{"ed25519":"<128 digits>","key":"<64 digits>"}}
/// ```
///
/// Hash and signature are of the record's bytes as they stand there, from its first brace to its
/// last, so that neither depends on how a program writes JSON.
struct RegistryLine: Sendable {
  let record: RegistryRecord
  /// The line without its line break.
  let bytes: Data
  /// The record as it stands in the line.
  let recordBytes: Data
  let signature: RegistrySignature?

  /// SHA-256 of the line, which the next record holds as `previous`.
  var fingerprint: String { Fingerprint.of(bytes) }

  /// Writes a record.
  /// - Throws: `EncodingError`.
  init(_ record: RegistryRecord, key: SigningKey?) throws {
    self.record = record
    recordBytes = try record.json()
    signature = try key?.signature(of: recordBytes)
    let signed = signature.map {
      #","signature":{"ed25519":"\#($0.ed25519)","key":"\#($0.key)"}"#
    }
    bytes =
      Data(Self.start.utf8) + recordBytes
      + Data(#","sha256":"\#(Fingerprint.of(recordBytes))"\#(signed ?? "")}"#.utf8)
  }

  private static let start = #"{"record":"#

  /// Reads a line.
  /// - Throws: `RegistryDamage`.
  init(parsing bytes: Data) throws(RegistryDamage) {
    let bytes = Data(bytes)
    guard bytes.starts(with: Data(Self.start.utf8)),
      let end = JSONObject.end(in: bytes, from: Self.start.utf8.count)
    else { throw RegistryDamage("this is not a record") }
    self.bytes = bytes
    recordBytes = bytes[Self.start.utf8.count..<end]
    let rest = String(decoding: bytes[end...], as: UTF8.self)
    let form =
      #/,"sha256":"([0-9a-f]{64})"(?:,"signature":\{"ed25519":"([0-9a-f]{128})","key":"([0-9a-f]{64})"\})?\}/#
    guard let match = rest.wholeMatch(of: form) else {
      throw RegistryDamage("what follows the record is not its hash and signature")
    }
    guard match.1 == Fingerprint.of(recordBytes) else {
      throw RegistryDamage("the record does not have the hash that stands beside it")
    }
    if let ed25519 = match.2, let key = match.3 {
      signature = RegistrySignature(ed25519: String(ed25519), key: String(key))
    } else {
      signature = nil
    }
    do {
      record = try RegistryRecord(json: recordBytes)
    } catch {
      throw RegistryDamage("this is not a record that this version of the program writes")
    }
    guard record.version == RegistryRecord.currentVersion else {
      throw RegistryDamage("its version is \(record.version), this program reads version 1")
    }
  }
}
