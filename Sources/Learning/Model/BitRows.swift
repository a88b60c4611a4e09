/// Rows of bits, each row in words of its own.
struct BitRows: Sendable {
  /// The number of words of a row.
  let width: Int
  private(set) var words: [UInt64]

  /// Rows without a bit that is set.
  init(rowCount: Int, bitCount: Int) {
    self.init(
      bitCount: bitCount,
      words: [UInt64](repeating: 0, count: rowCount * Self.width(of: bitCount)))
  }

  init(bitCount: Int, words: [UInt64]) {
    width = Self.width(of: bitCount)
    self.words = words
  }

  private static func width(of bitCount: Int) -> Int { (bitCount + 63) / 64 }

  @inline(__always)
  subscript(row: Int, bit: Int) -> Bool {
    words[row * width + bit >> 6] >> (bit & 63) & 1 != 0
  }

  mutating func set(_ row: Int, _ bit: Int) { words[row * width + bit >> 6] |= 1 << (bit & 63) }

  /// Sets one word of each row.
  mutating func set(word: Int, _ values: [UInt64]) {
    for row in values.indices { words[row * width + word] = values[row] }
  }

  var rowCount: Int { width > 0 ? words.count / width : 0 }

  /// Returns some consecutive bits of each row, from the first bit of its words on.
  func columns(_ bits: Range<Int>) -> BitRows {
    var part = BitRows(rowCount: rowCount, bitCount: bits.count)
    for row in 0..<part.rowCount {
      for index in 0..<part.width {
        let first = bits.lowerBound + 64 * index
        let (word, shift) = (row * width + first >> 6, first & 63)
        var value = words[word] >> shift
        let count = min(64, bits.upperBound - first)
        if shift + count > 64 { value |= words[word + 1] << (64 - shift) }
        part.words[row * part.width + index] = count < 64 ? value & (1 << count - 1) : value
      }
    }
    return part
  }

  /// Returns the rows with the given indices.
  func rows(_ indices: [Int]) -> BitRows {
    var part = self
    part.words = indices.flatMap { words[$0 * width..<($0 + 1) * width] }
    return part
  }

  /// The different rows, numbered as they come: the number of each row, and the first row of each
  /// number.
  var patterns: (ofRow: [Int32], firstRows: [Int]) {
    struct Key: Hashable {
      let number: Int32
      let word: UInt64
    }
    var numbers = [Int32](repeating: 0, count: rowCount)
    var firstRows: [Int] = []
    for word in 0..<width {
      // Rows with the same words so far are told apart by the next one.
      var known: [Key: Int32] = [:]
      firstRows = []
      for row in numbers.indices {
        let key = Key(number: numbers[row], word: words[row * width + word])
        if let number = known[key] {
          numbers[row] = number
        } else {
          numbers[row] = Int32(firstRows.count)
          known[key] = numbers[row]
          firstRows.append(row)
        }
      }
    }
    return (numbers, firstRows)
  }
}
