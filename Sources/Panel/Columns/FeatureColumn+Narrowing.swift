extension FeatureColumn {
  /// The same values in the narrowest storage that holds each of them exactly.
  ///
  /// Negative zero becomes zero, which no reader tells apart.
  public var narrowed: FeatureColumn {
    switch self {
    case .int8: return self
    case .int16(let values): return Self.narrowed(values) ?? self
    case .int32(let values): return Self.narrowed(values) ?? self
    case .float(let values): return Self.whole(values) ?? self
    case .double(let values):
      if let whole = Self.whole(values) { return whole }
      let isExact = values.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
      return isExact ? .float(values.map { Float($0) }) : self
    }
  }

  private static func narrowed<Value: FixedWidthInteger>(_ values: [Value]) -> FeatureColumn? {
    var (low, high): (Value, Value) = (0, 0)
    for value in values where value != .min {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    // The least number of each storage stands for a missing value.
    if low > Int8.min, high <= Int8.max {
      return .int8(values.map { $0 == .min ? .min : Int8(truncatingIfNeeded: $0) })
    }
    if Value.bitWidth > Int16.bitWidth, low > Int16.min, high <= Int16.max {
      return .int16(values.map { $0 == .min ? .min : Int16(truncatingIfNeeded: $0) })
    }
    return nil
  }

  /// nil where a value is no whole number, or too large.
  private static func whole<Value: BinaryFloatingPoint>(_ values: [Value]) -> FeatureColumn? {
    for value in values where !value.isNaN {
      guard value == value.rounded(), value.magnitude < 2_147_483_647 else { return nil }
    }
    let whole = values.map { $0.isNaN ? Int32.min : Int32($0) }
    return narrowed(whole) ?? .int32(whole)
  }
}
