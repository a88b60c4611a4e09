internal import Columns

/// The rule that turns a feature's stored values into the numbers that the learner sees.
public enum ColumnEncoding: Sendable, Equatable {
  /// The value itself; a missing one becomes NaN.
  case number
  /// A dictionary code (from 0) becomes `codes[code]`, a missing value becomes `missing`, and a
  /// code past the table's end becomes `unseen`. A negative result becomes NaN, which the learner
  /// treats as missing.
  ///
  /// Requires an integer column.
  case category(codes: [Int32], missing: Int32 = -1, unseen: Int32 = 0)

  /// Whether the learner must treat the numbers as categories.
  public var isCategory: Bool {
    if case .category = self { true } else { false }
  }
}

extension ColumnEncoding {
  /// Returns the learner's number for one stored integer; the type's minimum means missing.
  func number<Value: FixedWidthInteger>(_ value: Value) -> Double {
    switch self {
    case .number: value == .min ? .nan : Double(value)
    case .category(let codes, let missing, let unseen):
      codes.withUnsafeBufferPointer {
        Self.number(value, codes: $0, missing: missing, unseen: unseen)
      }
    }
  }

  /// Returns the learner's number for one dictionary code.
  @inline(__always)
  static func number<Value: FixedWidthInteger>(
    _ value: Value, codes: UnsafeBufferPointer<Int32>, missing: Int32, unseen: Int32
  ) -> Double {
    let code: Int32
    if value == .min {
      code = missing
    } else {
      let index = Int(value)
      code = index >= 0 && index < codes.count ? codes[index] : unseen
    }
    return code < 0 ? .nan : Double(code)
  }
}

extension FeatureColumn {
  /// Whether the storage is an integer type, which categories require.
  var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32: true
    case .float, .double: false
    }
  }

  /// Writes consecutive rows, encoded, to `target[offset]`, `target[offset + stride]` and so on.
  func write(
    _ rows: Range<Int>, as encoding: ColumnEncoding,
    to target: UnsafeMutableBufferPointer<Double>, offset: Int, stride: Int
  ) {
    switch self {
    case .int8(let values):
      Self.write(values, rows, as: encoding, to: target, offset: offset, stride: stride)
    case .int16(let values):
      Self.write(values, rows, as: encoding, to: target, offset: offset, stride: stride)
    case .int32(let values):
      Self.write(values, rows, as: encoding, to: target, offset: offset, stride: stride)
    case .float(let values):
      Self.copy(values, rows, to: target, offset: offset, stride: stride) { Double($0) }
    case .double(let values):
      Self.copy(values, rows, to: target, offset: offset, stride: stride) { $0 }
    }
  }

  /// Writes single rows, encoded, to `target[offset + column]`.
  func write(
    _ places: [(local: Int, offset: Int)], as encoding: ColumnEncoding,
    to target: UnsafeMutableBufferPointer<Double>, column: Int
  ) {
    func scatter<Value>(_ values: [Value], _ number: (Value) -> Double) {
      values.withUnsafeBufferPointer { values in
        for place in places { target[place.offset + column] = number(values[place.local]) }
      }
    }
    func scatter<Value: FixedWidthInteger>(_ values: [Value]) {
      switch encoding {
      case .number: scatter(values) { $0 == .min ? .nan : Double($0) }
      case .category(let codes, let missing, let unseen):
        codes.withUnsafeBufferPointer { codes in
          scatter(values) {
            ColumnEncoding.number($0, codes: codes, missing: missing, unseen: unseen)
          }
        }
      }
    }
    switch self {
    case .int8(let values): scatter(values)
    case .int16(let values): scatter(values)
    case .int32(let values): scatter(values)
    case .float(let values): scatter(values) { Double($0) }
    case .double(let values): scatter(values) { $0 }
    }
  }

  /// Returns a function that reads single encoded rows. Use it for few rows, or rows far apart.
  func reader(as encoding: ColumnEncoding) -> (Int) -> Double {
    switch self {
    case .int8(let values): { encoding.number(values[$0]) }
    case .int16(let values): { encoding.number(values[$0]) }
    case .int32(let values): { encoding.number(values[$0]) }
    case .float(let values): { Double(values[$0]) }
    case .double(let values): { values[$0] }
    }
  }

  private static func write<Value: FixedWidthInteger>(
    _ values: [Value], _ rows: Range<Int>, as encoding: ColumnEncoding,
    to target: UnsafeMutableBufferPointer<Double>, offset: Int, stride: Int
  ) {
    switch encoding {
    case .number:
      copy(values, rows, to: target, offset: offset, stride: stride) { value in
        value == .min ? .nan : Double(value)
      }
    case .category(let codes, let missing, let unseen):
      codes.withUnsafeBufferPointer { codes in
        copy(values, rows, to: target, offset: offset, stride: stride) { value in
          ColumnEncoding.number(value, codes: codes, missing: missing, unseen: unseen)
        }
      }
    }
  }

  @inline(__always)
  private static func copy<Value>(
    _ values: [Value], _ rows: Range<Int>,
    to target: UnsafeMutableBufferPointer<Double>, offset: Int, stride: Int,
    _ number: (Value) -> Double
  ) {
    values.withUnsafeBufferPointer { values in
      var position = offset
      for row in rows {
        target[position] = number(values[row])
        position += stride
      }
    }
  }
}
