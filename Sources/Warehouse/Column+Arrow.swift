internal import CADBC

extension Column {
  /// Copies a column out of an Arrow array.
  /// - Throws: `WarehouseError` for an Arrow type outside `Column.Values`.
  init(
    _ array: ArrowArray, format: String, name: String, rowCount: Int, parentOffset: Int
  ) throws(WarehouseError) {
    let offset = Int(array.offset) + parentOffset
    validity = Self.validity(array, offset: offset, count: rowCount)
    /// Copies a primitive buffer in one move.
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
      // A column of Arrow's null type has no buffers: every row is null.
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
