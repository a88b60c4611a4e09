internal import Foundation

/// The ways in which an Ed25519 key is written down.
enum KeyText {
  /// More than any file of a key has; a device, which has no end, is not read at all.
  static let maximumBytes = 1 << 16

  enum Half {
    case secret
    case open
  }

  /// The 32 bytes of a key in PEM or DER (PKCS #8, or SubjectPublicKeyInfo: RFC 8410), or as base64 or
  /// 64 hexadecimal digits; nil for anything else.
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

  /// The key within DER, which for Ed25519 is a fixed beginning and then the 32 bytes.
  private static func unwrapped(_ data: Data, _ half: Half) -> Data? {
    let start = Data(hexadecimal: half == .secret ? secretStart : openStart) ?? Data()
    guard data.count == start.count + 32, data.starts(with: start) else { return nil }
    return Data(data.suffix(32))
  }

  private static let secretStart = "302e020100300506032b657004220420"
  private static let openStart = "302a300506032b6570032100"
}
