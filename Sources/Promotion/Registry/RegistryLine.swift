internal import Experiment
internal import Foundation

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
