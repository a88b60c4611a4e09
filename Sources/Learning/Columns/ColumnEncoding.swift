internal import Panel

/// How a feature's stored values become the numbers that the learner sees.
public enum ColumnEncoding: Sendable, Equatable {
  /// The value itself; a missing one becomes NaN.
  case number
  /// A dictionary code (from 0) becomes `codes[code]`, a missing value `missing`, a code past the
  /// table's end `unseen`. A negative result becomes NaN, which the learner takes for missing.
  ///
  /// Needs an integer column.
  case category(codes: [Int32], missing: Int32 = -1, unseen: Int32 = 0)

  /// Whether the learner must take the numbers for categories.
  public var isCategory: Bool {
    if case .category = self { true } else { false }
  }
}

extension ColumnEncoding {
  /// The learner's number for one stored whole number; the type's minimum is missing.
  func number<Value: FixedWidthInteger>(_ value: Value) -> Double {
    switch self {
    case .number: value == .min ? .nan : Double(value)
    case .category(let codes, let missing, let unseen):
      codes.withUnsafeBufferPointer {
        Self.number(value, codes: $0, missing: missing, unseen: unseen)
      }
    }
  }

  /// The learner's number for one dictionary code.
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
  /// Whether the storage is a whole number, as categories need.
  var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32: true
    case .float, .double: false
    }
  }

  /// Writes consecutive rows, encoded, at `target[offset]`, `target[offset + stride]` and so on.
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

  /// Reads single rows, encoded: for few rows, or rows far apart.
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
      var place = offset
      for row in rows {
        target[place] = number(values[row])
        place += stride
      }
    }
  }
}
