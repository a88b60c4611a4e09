// Safety: the memory is allocated once and freed once, in deinit. Who writes to it from several
// threads gives each its own part.
/// Memory for plain values, aligned to cache lines, that threads may share.
final class PlainMemory<Value: BitwiseCopyable>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Value>
  let count: Int

  /// Allocates values that are all zero bytes.
  init(zeros count: Int) {
    let size = max(1, count) * MemoryLayout<Value>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    start = raw.bindMemory(to: Value.self, capacity: max(1, count))
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  subscript(index: Int) -> Value {
    get { start[index] }
    set { start[index] = newValue }
  }
}

/// Where rows stand: in chunks, each with one empty slot at its end.
struct Slots: Sendable {
  static let chunk = 16384
  static let wordsPerChunk = chunk / 64

  let rowCount: Int

  var chunkCount: Int { (rowCount + Self.chunk - 2) / (Self.chunk - 1) }
  var count: Int { chunkCount * Self.chunk }
  var wordCount: Int { count / 64 }

  /// Returns the slot of a row, given its place in the order of the rows.
  @inline(__always)
  static func slot(_ place: Int) -> Int { place + place / (chunk - 1) }

  /// The slots that hold a row, as bits.
  func occupied() -> PlainMemory<UInt64> {
    let mask = PlainMemory<UInt64>(zeros: wordCount)
    var left = rowCount
    for chunk in 0..<chunkCount {
      var rows = min(left, Self.chunk - 1)
      left -= rows
      var word = chunk * Self.wordsPerChunk
      while rows > 0 {
        mask[word] = rows >= 64 ? ~0 : (1 << UInt64(rows)) - 1
        rows -= 64
        word += 1
      }
    }
    return mask
  }
}
