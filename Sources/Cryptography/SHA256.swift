internal import COpenSSL
public import Foundation

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, computed by OpenSSL.
///
/// ```swift
/// var hash = SHA256()
/// hash.update(Data("a".utf8))
/// hash.finalize()  // 32 bytes
/// SHA256.hash(data)  // at once
/// ```
public struct SHA256: ~Copyable {
  /// The number of bytes of a hash.
  public static let byteCount = 32

  private let context: OpaquePointer

  /// Creates the hash of no bytes.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("OpenSSL has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  public mutating func update(_ bytes: some ContiguousBytes) {
    let result = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(result == 1, "OpenSSL could not add bytes to a hash")
  }

  /// Returns the hash of all bytes; nothing can be added any more.
  public consuming func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    let result = digest.withUnsafeMutableBufferPointer {
      EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    precondition(result == 1, "OpenSSL could not finish a hash")
    return digest
  }

  /// Returns the hash of some bytes.
  public static func hash(_ bytes: some ContiguousBytes) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }
}
