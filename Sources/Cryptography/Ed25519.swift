internal import COpenSSL
public import Foundation

/// A private Ed25519 key (RFC 8032), used by OpenSSL.
public final class Ed25519PrivateKey: @unchecked Sendable {
  // OpenSSL allows several threads to sign with one key: the key itself does not change.
  private let key: OpaquePointer
  /// The public half, 32 bytes.
  public let publicKey: Data

  /// Creates a key from its 32 bytes; nil for another number of bytes.
  public init?(_ bytes: Data) {
    guard bytes.count == Ed25519.keyLength,
      let key = bytes.withUnsafeBytes({ bytes in
        EVP_PKEY_new_raw_private_key(
          EVP_PKEY_ED25519, nil, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      })
    else { return nil }
    var length = Ed25519.keyLength
    var open = [UInt8](repeating: 0, count: length)
    guard EVP_PKEY_get_raw_public_key(key, &open, &length) == 1 else {
      EVP_PKEY_free(key)
      return nil
    }
    self.key = key
    publicKey = Data(open)
  }

  deinit { EVP_PKEY_free(key) }

  /// Signs bytes.
  /// - Returns: the signature, 64 bytes; the same bytes give the same signature.
  public func signature(of bytes: Data) -> Data {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var length = Ed25519.signatureLength
    var signature = [UInt8](repeating: 0, count: length)
    let isSigned = bytes.withUnsafeBytes { bytes in
      EVP_DigestSignInit(context, nil, nil, nil, key) == 1
        && EVP_DigestSign(
          context, &signature, &length, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
          == 1
    }
    // A key that could be read can sign; what is left is a lack of memory.
    precondition(isSigned && length == Ed25519.signatureLength, "OpenSSL could not sign")
    return Data(signature)
  }
}

/// Ed25519 signatures (RFC 8032).
public enum Ed25519 {
  /// The number of bytes of a key, and of a signature.
  static let keyLength = 32
  static let signatureLength = 64

  /// Returns whether the owner of a public key signed some bytes.
  public static func isValid(signature: Data, of bytes: Data, publicKey: Data) -> Bool {
    guard publicKey.count == keyLength, signature.count == signatureLength,
      let key = publicKey.withUnsafeBytes({ bytes in
        EVP_PKEY_new_raw_public_key(
          EVP_PKEY_ED25519, nil, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      })
    else { return false }
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    return signature.withUnsafeBytes { signature in
      bytes.withUnsafeBytes { bytes in
        EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
          && EVP_DigestVerify(
            context, signature.bindMemory(to: UInt8.self).baseAddress, signature.count,
            bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) == 1
      }
    }
  }
}
