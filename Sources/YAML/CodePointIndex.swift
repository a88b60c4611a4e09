/// Converts libyaml's positions, which count code points, to byte offsets.
///
/// Works on the position in the whole text, not on line and column, because libyaml ends lines at
/// more characters than editors do. Cost: one pass to build, a few steps per look-up.
struct CodePointIndex {
  private static let stride = 128
  private let bytes: [UInt8]
  /// The byte offset of every 128th code point; empty where all bytes are ASCII.
  private var checkpoints: [Int] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.contains(where: { $0 >= 0x80 }) else { return }
    var count = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if count % Self.stride == 0 { checkpoints.append(offset) }
      count += 1
    }
  }

  /// The byte offset of a code point; past the last one, the text's end.
  func byteOffset(of index: Int) -> Int {
    if checkpoints.isEmpty { return min(index, bytes.count) }
    guard index / Self.stride < checkpoints.count else { return bytes.count }
    var offset = checkpoints[index / Self.stride]
    var left = index % Self.stride
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }
}
