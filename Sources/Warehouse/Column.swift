/// One column of a record batch, moved out of Arrow memory in bulk.
public struct Column: Sendable {
  public enum Values: Sendable {
    /// 0 or 1.
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

  public let values: Values
  /// One flag per row, false where the value is null; nil: no nulls. A null row's value is arbitrary.
  public let validity: [Bool]?

  /// Whether a row's value is null.
  public func isNull(_ row: Int) -> Bool { validity.map { !$0[row] } ?? false }

  /// A row's text; nil where null, or where the column is not text.
  public func text(_ row: Int) -> String? {
    guard !isNull(row), case .text(let values) = values else { return nil }
    return values[row]
  }

  /// A row's number as an integer; nil where null, not numeric or not a whole number.
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

  /// A row's number; nil where null or not numeric.
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

/// A column of texts: UTF-8 bytes end to end, and where each row's start.
public struct TextValues: Sendable {
  let offsets: [Int]
  let bytes: [UInt8]

  public var count: Int { offsets.count - 1 }

  public subscript(row: Int) -> String {
    String(decoding: bytes[offsets[row]..<offsets[row + 1]], as: UTF8.self)
  }

  /// A row's UTF-8 bytes.
  public func utf8(_ row: Int) -> ArraySlice<UInt8> { bytes[offsets[row]..<offsets[row + 1]] }
}
