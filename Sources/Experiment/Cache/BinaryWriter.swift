internal import Foundation

/// Puts numbers, texts and arrays of numbers into bytes, in this machine's own order of bytes: what is
/// written is read again on the machine that wrote it.
struct BinaryWriter {
  private(set) var data = Data()

  mutating func write(_ number: Int) { write([Int64(number)], counted: false) }

  mutating func write(_ texts: [String]) {
    write(texts.count)
    write(texts.map { Int32($0.utf8.count) }, counted: false)
    for text in texts { data.append(contentsOf: text.utf8) }
  }

  /// An array of integers or floating-point numbers, after its count.
  mutating func write<Number: BitwiseCopyable>(_ numbers: [Number], counted: Bool = true) {
    if counted { write(numbers.count) }
    numbers.withUnsafeBytes { data.append(contentsOf: $0) }
  }
}
