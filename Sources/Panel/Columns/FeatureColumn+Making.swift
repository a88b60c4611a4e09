extension FeatureColumn {
  /// Rows of this storage that are all 0 or all missing.
  func blank(count: Int, zero: Bool) -> FeatureColumn {
    switch self {
    case .int8: .int8([Int8](repeating: zero ? 0 : .min, count: count))
    case .int16: .int16([Int16](repeating: zero ? 0 : .min, count: count))
    case .int32: .int32([Int32](repeating: zero ? 0 : .min, count: count))
    case .float: .float([Float](repeating: zero ? 0 : .nan, count: count))
    case .double: .double([Double](repeating: zero ? 0 : .nan, count: count))
    }
  }

  /// The sum of columns row by row; a missing value counts as 0.
  static func sum(_ parts: [FeatureColumn], count: Int) -> FeatureColumn {
    let isSmall = parts.allSatisfy { if case .int8 = $0 { true } else { false } }
    if isSmall && parts.count < 256 {
      var totals = [Int16](repeating: 0, count: count)
      for case .int8(let values) in parts {
        for row in values.indices where values[row] != .min { totals[row] += Int16(values[row]) }
      }
      return .int16(totals)
    }
    var totals = [Double](repeating: 0, count: count)
    func add<Value>(_ values: [Value], _ number: (Value) -> Double?) {
      for row in values.indices { totals[row] += number(values[row]) ?? 0 }
    }
    for part in parts {
      switch part {
      case .int8(let values): add(values) { $0 == .min ? nil : Double($0) }
      case .int16(let values): add(values) { $0 == .min ? nil : Double($0) }
      case .int32(let values): add(values) { $0 == .min ? nil : Double($0) }
      case .float(let values): add(values) { $0.isNaN ? nil : Double($0) }
      case .double(let values): add(values) { $0.isNaN ? nil : $0 }
      }
    }
    return .double(totals)
  }
}
