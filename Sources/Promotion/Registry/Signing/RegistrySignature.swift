internal import Crypto
internal import Foundation

/// Who vouches for a record.
struct RegistrySignature: Sendable {
  /// The Ed25519 signature, 128 hexadecimal digits.
  let ed25519: String
  /// The public key, 64 digits.
  let key: String

  /// Whether the key's owner signed these bytes.
  func isValid(for bytes: Data) -> Bool {
    guard let key = Data(hexadecimal: key), let signature = Data(hexadecimal: ed25519),
      let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
    else { return false }
    return publicKey.isValidSignature(signature, for: bytes)
  }
}
