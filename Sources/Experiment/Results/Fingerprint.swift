internal import Crypto
package import Foundation

/// SHA-256 as lower-case hexadecimal text.
package enum Fingerprint {
  /// Of some bytes.
  package static func of(_ bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }

  /// Of a file's content; nil where it cannot be read.
  package static func of(file path: String) -> String? { measured(file: path)?.sha256 }

  /// Of a file's content, read piece by piece, with its length; nil where it cannot be read.
  static func measured(file path: String) -> (bytes: Int, sha256: String)? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    var hash = SHA256()
    var count = 0
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
        count += piece.count
      }
    } catch {
      return nil
    }
    return (count, hash.finalize().hexadecimal)
  }
}

extension Sequence<UInt8> {
  /// The bytes as lower-case hexadecimal text.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
