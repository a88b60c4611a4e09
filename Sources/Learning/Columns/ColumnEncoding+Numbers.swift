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
