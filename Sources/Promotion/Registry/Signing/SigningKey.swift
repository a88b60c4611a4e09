internal import Crypto
public import Diagnostics
internal import Experiment
public import Foundation

/// A private Ed25519 key that records are signed with (RFC 8032).
///
/// Its bytes never leave it, and are not part of any message.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// Reads a key as `openssl genpkey -algorithm ed25519` writes it, or as base64 of its 32 bytes.
  /// - Parameter origin: the file or the variable that it comes from, for findings.
  /// - Throws: `FindingsError`.
  public init(_ text: Data, origin: String) throws(FindingsError) {
    guard let bytes = KeyText.bytes(text, .secret),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { throw FindingsError(.unusableKey(origin, .secret)) }
    self.key = key
  }

  /// The key of a file.
  /// - Throws: `FindingsError`.
  public init(file path: String) throws(FindingsError) {
    guard let text = FileManager.default.contents(atPath: path) else {
      throw FindingsError(.unreadableKey(path, .secret))
    }
    try self.init(text, origin: "`\(path)`")
  }

  /// The key's public half, 64 digits.
  public var publicKey: String { key.publicKey.rawRepresentation.hexadecimal }

  func signature(of bytes: Data) throws -> RegistrySignature {
    RegistrySignature(ed25519: try key.signature(for: bytes).hexadecimal, key: publicKey)
  }
}
