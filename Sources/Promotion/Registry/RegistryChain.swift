internal import Diagnostics
internal import Foundation
internal import Runs

/// The registry's records, each of which holds the hash of the line before it.
struct RegistryChain: Sendable {
  /// The complete records, oldest first.
  private(set) var lines: [RegistryLine] = []
  /// The number of bytes of complete records, line breaks included.
  private(set) var wholeLength = 0
  /// The number of bytes of an incomplete record that follows; a crash leaves one.
  private(set) var tornLength = 0
  /// Whether the last complete record lacks its line break.
  private(set) var lacksLineBreak = false
  /// The first problem.
  private(set) var damage: (line: Int, message: String)?

  var records: [RegistryRecord] { lines.map(\.record) }

  /// Findings about the records that are dated before their predecessor.
  var outOfOrder: [Finding] {
    zip(records, records.dropFirst()).flatMap { Self.remarks($1, after: $0) }
  }

  /// The findings about a record that is dated before its predecessor.
  static func remarks(_ record: RegistryRecord, after before: RegistryRecord) -> [Finding] {
    guard record.day != nil, before.day != nil, record.at < before.at else { return [] }
    return [.outOfOrder(record, after: before)]
  }

  /// Findings about the records without a possible date.
  func impossibleDates(_ path: String, _ severity: Finding.Severity) -> [Finding] {
    records.enumerated().filter { $0.element.day == nil }.map { index, record in
      .impossibleDate(record, path, line: index + 1, severity)
    }
  }

  /// The latest record of a name; nil if it has none.
  func last(of name: String) -> RegistryRecord? { records.last { $0.name == name } }

  init() {}

  init(_ bytes: Data) {
    let bytes = Data(bytes)
    var start = 0
    while start < bytes.count {
      let lineBreak = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
      let line = bytes[start..<(lineBreak ?? bytes.count)]
      // A last line without a line break and without a complete object was being written when the
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

  /// Checks that a record may follow the earlier ones.
  private func check(_ line: RegistryLine) throws(RegistryDamage) {
    let (record, before) = (line.record, lines.last)
    guard record.previous == before?.fingerprint else {
      throw RegistryDamage("it does not follow the record before it: that has another hash")
    }
    guard record.sequence == lines.count + 1 else {
      throw RegistryDamage("its number is \(record.sequence), expected \(lines.count + 1)")
    }
    for name in [record.name, record.runId] where !ModelName.isValid(name) {
      throw RegistryDamage("`\(name)` is not the name of a file or a folder")
    }
    for name in record.files.keys where !ModelName.isValidFile(name) {
      throw RegistryDamage("`\(name)` is not the name of a file or a folder")
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
/// The hash and the signature cover the record's bytes in the file, from the first brace to the
/// last, so neither depends on how a program formats JSON.
struct RegistryLine: Sendable {
  let record: RegistryRecord
  /// The line without its line break.
  let bytes: Data
  /// The record's bytes in the line.
  let recordBytes: Data
  let signature: RegistrySignature?

  /// The SHA-256 of the line, which the next record holds as `previous`.
  var fingerprint: String { Fingerprint.of(bytes) }

  /// Writes a record.
  /// - Throws: `EncodingError`.
  init(_ record: RegistryRecord, key: SigningKey?) throws {
    self.record = record
    recordBytes = try record.json()
    signature = key?.signature(of: recordBytes)
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
      throw RegistryDamage("the record does not match the hash next to it")
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
