import HoldoutTestSupport
import Randomness

/// Changes bytes without regard to what they say.
enum ByteMutation {
  /// One change at a random place.
  static func mutate(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    let place = random.below(bytes.count + 1)
    let end = min(bytes.count, place + random.size(upTo: 64))
    switch random.below(9) {
    case 0: bytes.removeSubrange(place..<min(bytes.count, place + 1))
    case 1: bytes.removeSubrange(place..<end)
    case 2 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
    case 4: bytes.insert(UInt8(random.below(33)), at: place)
    case 5: bytes.insert(contentsOf: Array(bytes[place..<end]), at: random.below(bytes.count + 1))
    case 6 where random.chance(20): bytes.removeSubrange(place...)
    case 7: bytes.insert(contentsOf: random.element(of: strange) ?? [], at: place)
    default:
      bytes.insert(
        contentsOf: Array((random.element(of: FuzzWords.characters) ?? "").utf8), at: place)
    }
  }

  /// The whole text in another encoding or with other line breaks.
  static func recode(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    switch random.below(8) {
    case 0: bytes = [0xEF, 0xBB, 0xBF] + bytes
    case 1: bytes = replacing(bytes, 0x0A, by: [0x0D, 0x0A])
    case 2: bytes = replacing(bytes, 0x0A, by: [0x0D])
    case 3:
      bytes = replacing(bytes, 0x0A, by: random.chance(50) ? [0xC2, 0x85] : [0xE2, 0x80, 0xA8])
    case 4: bytes = [0xFF, 0xFE] + utf16(bytes).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case 5: bytes = [0xFE, 0xFF] + utf16(bytes).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case 6: bytes = utf16(bytes).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    default: bytes = replacing(bytes, 0x20, by: [0x09])
    }
    if random.chance(20), !bytes.isEmpty { bytes.removeLast() }
  }

  /// Bytes that are no text, or that begin another encoding.
  private static let strange: [[UInt8]] = [
    [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    [0x80], [0xFF], [0xFE, 0xFF], [0xFF, 0xFE], [0, 0, 0xFE, 0xFF], [0xEF, 0xBF, 0xBD],
    [0xEF, 0xBF],
    [0xEF, 0xBB, 0xBF], [0xC2], [0xC2, 0x80],
  ]

  private static func replacing(_ bytes: [UInt8], _ byte: UInt8, by others: [UInt8]) -> [UInt8] {
    bytes.flatMap { $0 == byte ? others : [$0] }
  }

  private static func utf16(_ bytes: [UInt8]) -> [UInt16] {
    Array(String(decoding: bytes, as: UTF8.self).utf16)
  }
}
