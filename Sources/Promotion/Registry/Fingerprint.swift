internal import Crypto
internal import Foundation

/// SHA-256 as lower-case hexadecimal text, the form in which the registry holds it.
enum Fingerprint {
  /// Of some bytes.
  static func of(_ bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }

  /// Of a file's content, read piece by piece; nil where it cannot be read.
  static func of(file path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    var hash = SHA256()
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
    } catch {
      return nil
    }
    return hash.finalize().hexadecimal
  }
}

extension Sequence<UInt8> {
  /// The bytes as lower-case hexadecimal text.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
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
