internal import Cryptography
public import Diagnostics
internal import Files
public import Foundation
internal import Runs
internal import Spec

/// The signatures that a project accepts.
struct RegistryTrust: Sendable {
  /// The public keys, 64 digits each; empty if records need no signature.
  let keys: Set<String>
  /// The number of the first record that must be signed.
  let signedFrom: Int

  /// Reads the key files that a project names.
  /// - Throws: `FindingsError`.
  init(_ project: Project) throws(FindingsError) {
    var keys: Set<String> = []
    for file in project.spec.registry.publicKeys {
      let path = file.value.hasPrefix("/") ? file.value : "\(project.folder)/\(file.value)"
      guard let text = try? Files.read(path, limit: KeyText.maximumBytes) else {
        throw FindingsError(.unreadableKey(file.value, .open, at: file.span))
      }
      guard let bytes = KeyText.bytes(text, .open) else {
        throw FindingsError(.unusableKey("`\(file.value)`", .open, at: file.span))
      }
      keys.insert(bytes.hexadecimal)
    }
    self.keys = keys
    signedFrom = project.spec.registry.signedFrom
  }

  /// Why a line cannot be trusted; nil if it can.
  func objection(to line: RegistryLine) -> String? {
    if let signature = line.signature, !signature.isValid(for: line.recordBytes) {
      return "its signature does not match this record"
    }
    return objection(to: line.signature?.key, line.record.sequence)
  }

  /// Why a record signed with a key, or unsigned, cannot be trusted; nil if it can.
  func objection(to key: String?, _ sequence: Int) -> String? {
    guard let key else {
      return keys.isEmpty || sequence < signedFrom ? nil : "it is not signed"
    }
    return keys.isEmpty || keys.contains(key)
      ? nil : "it is signed with key \(key.prefix(12))..., which the project does not trust"
  }
}

/// The signature of a record.
struct RegistrySignature: Sendable {
  /// The Ed25519 signature, 128 hexadecimal digits.
  let ed25519: String
  /// The public key, 64 digits.
  let key: String

  /// Whether the key's owner signed these bytes.
  func isValid(for bytes: Data) -> Bool {
    guard let key = Data(hexadecimal: key), let signature = Data(hexadecimal: ed25519) else {
      return false
    }
    return Ed25519.isValid(signature: signature, of: bytes, publicKey: key)
  }
}

/// A private Ed25519 key that signs records (RFC 8032).
///
/// Its bytes are never exposed and appear in no message.
public struct SigningKey: Sendable {
  private let key: Ed25519PrivateKey

  /// Reads a key in the format of `openssl genpkey -algorithm ed25519`, or as base64 of its 32
  /// bytes.
  /// - Parameter origin: the file or the variable that it comes from, for findings.
  /// - Throws: `FindingsError`.
  public init(_ text: Data, origin: String) throws(FindingsError) {
    guard let bytes = KeyText.bytes(text, .secret),
      let key = Ed25519PrivateKey(bytes)
    else { throw FindingsError(.unusableKey(origin, .secret)) }
    self.key = key
  }

  /// Reads the key in a file.
  /// - Throws: `FindingsError`.
  public init(file path: String) throws(FindingsError) {
    guard let text = FileManager.default.contents(atPath: path) else {
      throw FindingsError(.unreadableKey(path, .secret))
    }
    try self.init(text, origin: "`\(path)`")
  }

  /// The key's public half, 64 digits.
  public var publicKey: String { key.publicKey.hexadecimal }

  func signature(of bytes: Data) -> RegistrySignature {
    RegistrySignature(ed25519: key.signature(of: bytes).hexadecimal, key: publicKey)
  }
}

/// The text formats of an Ed25519 key.
enum KeyText {
  /// More than any key file has. A device, which has no end, is not read at all.
  static let maximumBytes = 1 << 16

  enum Half {
    case secret
    case open
  }

  /// The 32 bytes of a key in PEM or DER (PKCS #8, or SubjectPublicKeyInfo: RFC 8410), or from
  /// base64 or 64 hexadecimal digits; nil for anything else.
  static func bytes(_ data: Data, _ half: Half) -> Data? {
    if let bytes = unwrapped(data, half) { return bytes }
    guard let text = String(data: data, encoding: .utf8) else { return nil }
    let plain = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if plain.utf8.count == 64, let bytes = Data(hexadecimal: plain) { return bytes }
    let name = half == .secret ? "PRIVATE KEY" : "PUBLIC KEY"
    let (begin, end) = ("-----BEGIN \(name)-----", "-----END \(name)-----")
    if let start = plain.range(of: begin),
      let stop = plain.range(of: end, range: start.upperBound..<plain.endIndex)
    {
      let body = plain[start.upperBound..<stop.lowerBound].filter { !$0.isWhitespace }
      return Data(base64Encoded: body).flatMap { unwrapped($0, half) }
    }
    return Data(base64Encoded: plain).flatMap { $0.count == 32 ? $0 : unwrapped($0, half) }
  }

  /// The key within DER, which for Ed25519 is a fixed prefix followed by the 32 bytes.
  private static func unwrapped(_ data: Data, _ half: Half) -> Data? {
    let start = Data(hexadecimal: half == .secret ? secretStart : openStart) ?? Data()
    guard data.count == start.count + 32, data.starts(with: start) else { return nil }
    return Data(data.suffix(32))
  }

  private static let secretStart = "302e020100300506032b657004220420"
  private static let openStart = "302a300506032b6570032100"
}

extension Data {
  /// The bytes of hexadecimal text; nil for any other text.
  init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    self.init(bytes)
  }
}
