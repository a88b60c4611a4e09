internal import CADBC

/// One column of a record batch, copied out of Arrow memory in bulk.
public struct Column: Sendable {
  /// The column's values by type.
  public enum Values: Sendable {
    /// Each value is 0 or 1.
    case bool([UInt8])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case uint8([UInt8])
    case uint16([UInt16])
    case uint32([UInt32])
    case uint64([UInt64])
    case float([Float])
    case double([Double])
    /// Days since 1970-01-01.
    case date([Int32])
    case text(TextValues)
  }

  /// The values, one per row.
  public let values: Values
  /// One flag per row, false if the value is null; nil if there are no nulls. The value of a null
  /// row is arbitrary.
  public let validity: [Bool]?

  /// Returns whether a row's value is null.
  public func isNull(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

  /// Returns a row's text; nil if it is null or the column is not text.
  public func text(_ row: Int) -> String? {
    guard !isNull(row), case .text(let values) = values else { return nil }
    return values[row]
  }

  /// Returns a row's number as an integer; nil if it is null, not numeric, or not a whole number.
  public func integer(_ row: Int) -> Int? {
    guard !isNull(row) else { return nil }
    return switch values {
    case .bool(let values): Int(values[row])
    case .int8(let values): Int(values[row])
    case .int16(let values): Int(values[row])
    case .int32(let values), .date(let values): Int(values[row])
    case .int64(let values): Int(values[row])
    case .uint8(let values): Int(values[row])
    case .uint16(let values): Int(values[row])
    case .uint32(let values): Int(values[row])
    case .uint64(let values): Int(exactly: values[row])
    case .float(let values): Int(exactly: values[row])
    case .double(let values): Int(exactly: values[row])
    case .text: nil
    }
  }

  /// Returns a row's number; nil if it is null or not numeric.
  public func number(_ row: Int) -> Double? {
    guard !isNull(row) else { return nil }
    return switch values {
    case .float(let values): Double(values[row])
    case .double(let values): values[row]
    case .uint64(let values): Double(values[row])
    default: integer(row).map(Double.init)
    }
  }
}

/// A column of texts: concatenated UTF-8 bytes and the offset of each row's text.
public struct TextValues: Sendable {
  let offsets: [Int]
  let bytes: [UInt8]

  /// The number of rows.
  public var count: Int { offsets.count - 1 }

  /// The text of a row.
  public subscript(row: Int) -> String {
    String(decoding: bytes[offsets[row]..<offsets[row + 1]], as: UTF8.self)
  }

  /// Returns a row's UTF-8 bytes.
  public func utf8(_ row: Int) -> ArraySlice<UInt8> { bytes[offsets[row]..<offsets[row + 1]] }
}

extension Column {
  /// Copies a column out of an Arrow array.
  /// - Throws: `WarehouseError` for an Arrow type outside `Column.Values`.
  init(
    _ array: ArrowArray, format: String, name: String, rowCount: Int, parentOffset: Int
  ) throws(WarehouseError) {
    let offset = Int(array.offset) + parentOffset
    validity = Self.validity(array, offset: offset, count: rowCount)
    /// Copies a primitive buffer at once.
    func copy<Element>(_ type: Element.Type) -> [Element] {
      guard let buffer = array.buffers[1], rowCount > 0 else { return [] }
      // Safety: Arrow guarantees `offset + rowCount` elements of the format's type in buffer 1.
      let start = buffer.assumingMemoryBound(to: Element.self) + offset
      return Array(UnsafeBufferPointer(start: start, count: rowCount))
    }
    switch format {
    case "b":
      values = .bool(
        Self.bits(array.buffers[1], offset: offset, count: rowCount).map { $0 ? 1 : 0 })
    case "c": values = .int8(copy(Int8.self))
    case "s": values = .int16(copy(Int16.self))
    case "i": values = .int32(copy(Int32.self))
    case "l": values = .int64(copy(Int64.self))
    case "C": values = .uint8(copy(UInt8.self))
    case "S": values = .uint16(copy(UInt16.self))
    case "I": values = .uint32(copy(UInt32.self))
    case "L": values = .uint64(copy(UInt64.self))
    case "f": values = .float(copy(Float.self))
    case "g": values = .double(copy(Double.self))
    case "tdD": values = .date(copy(Int32.self))
    case "n": values = .int8([Int8](repeating: 0, count: rowCount))
    case "u": values = .text(Self.text(array, Int32.self, offset: offset, count: rowCount))
    case "U": values = .text(Self.text(array, Int64.self, offset: offset, count: rowCount))
    default:
      throw WarehouseError(
        .unsupportedType, "column `\(name)` has the Arrow type `\(format)`, which is not read here")
    }
  }

  private static func validity(_ array: ArrowArray, offset: Int, count: Int) -> [Bool]? {
    guard array.null_count != 0, array.n_buffers > 0, let bitmap = array.buffers[0] else {
      // A column of Arrow's null type has no buffers; every row is null.
      return array.n_buffers == 0 ? [Bool](repeating: false, count: count) : nil
    }
    let flags = bits(bitmap, offset: offset, count: count)
    return flags.allSatisfy(\.self) ? nil : flags
  }

  private static func bits(_ buffer: UnsafeRawPointer?, offset: Int, count: Int) -> [Bool] {
    guard let buffer else { return [Bool](repeating: false, count: count) }
    return [Bool](unsafeUninitializedCapacity: count) { flags, initialised in
      // Safety: Arrow bitmaps hold a bit per row, least significant first, up to offset + count.
      let bytes = buffer.assumingMemoryBound(to: UInt8.self)
      for row in 0..<count {
        let bit = offset + row
        flags.initializeElement(at: row, to: bytes[bit >> 3] & (1 << (bit & 7)) != 0)
      }
      initialised = count
    }
  }

  private static func text<Offset: FixedWidthInteger>(
    _ array: ArrowArray, _: Offset.Type, offset: Int, count: Int
  ) -> TextValues {
    guard count > 0, let ends = array.buffers[1] else { return TextValues(offsets: [0], bytes: []) }
    // Safety: buffer 1 of a text array holds offset + count + 1 offsets into buffer 2.
    let offsets = UnsafeBufferPointer(
      start: ends.assumingMemoryBound(to: Offset.self) + offset, count: count + 1)
    let first = Int(offsets[0])
    let length = Int(offsets[count]) - first
    var bytes: [UInt8] = []
    if length > 0, let data = array.buffers[2] {
      bytes = Array(
        UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt8.self) + first, count: length))
    }
    return TextValues(offsets: offsets.map { Int($0) - first }, bytes: bytes)
  }
}
