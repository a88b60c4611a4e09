internal import Foundation

/// Reads what `BinaryWriter` wrote. Returns nil when the bytes do not contain the value.
struct BinaryReader {
  private let data: Data
  private var position: Int

  init(_ data: Data) {
    self.data = data
    position = data.startIndex
  }

  /// Whether everything has been read.
  var isAtEnd: Bool { position == data.endIndex }

  mutating func number() -> Int? { array(of: Int64.self, count: 1)?.first.map(Int.init) }

  mutating func texts() -> [String]? {
    guard let count = number(), let lengths = array(of: Int32.self, count: count) else {
      return nil
    }
    var texts: [String] = []
    texts.reserveCapacity(count)
    for length in lengths {
      guard let bytes = take(Int(length)) else { return nil }
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }

  mutating func array<Number: BitwiseCopyable>(of type: Number.Type) -> [Number]? {
    guard let count = number() else { return nil }
    return array(of: type, count: count)
  }

  private mutating func array<Number: BitwiseCopyable>(
    of type: Number.Type, count: Int
  ) -> [Number]? {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Number>.stride)
    guard !overflow, let bytes = take(size) else { return nil }
    return [Number](unsafeUninitializedCapacity: count) { target, filled in
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      }
      filled = count
    }
  }

  private mutating func take(_ count: Int) -> Data? {
    guard count >= 0, count <= data.endIndex - position else { return nil }
    defer { position += count }
    return data[position..<(position + count)]
  }
}

/// Encodes numbers, texts and arrays of numbers as bytes, in this machine's byte order: data are
/// read on the same machine that wrote them.
struct BinaryWriter {
  private(set) var data = Data()

  mutating func write(_ number: Int) { write([Int64(number)], counted: false) }

  mutating func write(_ texts: [String]) {
    write(texts.count)
    write(texts.map { Int32($0.utf8.count) }, counted: false)
    for text in texts { data.append(contentsOf: text.utf8) }
  }

  /// Writes an array of integers or floating-point numbers, after its count.
  mutating func write<Number: BitwiseCopyable>(_ numbers: [Number], counted: Bool = true) {
    if counted { write(numbers.count) }
    numbers.withUnsafeBytes { data.append(contentsOf: $0) }
  }
}
