/// The values of one feature for a block of rows.
///
/// A missing value is the integer type's minimum, or NaN. Categories are dictionary codes from 0.
/// The storage may be wider than necessary; see `narrowed`.
public enum FeatureColumn: Sendable {
  case int8([Int8])
  case int16([Int16])
  case int32([Int32])
  case float([Float])
  case double([Double])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .float(let values): values.count
    case .double(let values): values.count
    }
  }

  /// Returns the values of the rows with the given indices, in the same storage.
  public func rows(_ indices: [Int]) -> FeatureColumn {
    switch self {
    case .int8(let values): .int8(indices.map { values[$0] })
    case .int16(let values): .int16(indices.map { values[$0] })
    case .int32(let values): .int32(indices.map { values[$0] })
    case .float(let values): .float(indices.map { values[$0] })
    case .double(let values): .double(indices.map { values[$0] })
    }
  }
}

extension FeatureColumn {
  /// Returns a column of this storage whose values are all 0 or all missing.
  package func blank(count: Int, zero: Bool) -> FeatureColumn {
    switch self {
    case .int8: .int8([Int8](repeating: zero ? 0 : .min, count: count))
    case .int16: .int16([Int16](repeating: zero ? 0 : .min, count: count))
    case .int32: .int32([Int32](repeating: zero ? 0 : .min, count: count))
    case .float: .float([Float](repeating: zero ? 0 : .nan, count: count))
    case .double: .double([Double](repeating: zero ? 0 : .nan, count: count))
    }
  }

  /// Returns the sum of columns row by row; a missing value counts as 0.
  package static func sum(_ parts: [FeatureColumn], count: Int) -> FeatureColumn {
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

extension FeatureColumn {
  /// Returns the columns combined from left to right, row by row. The result is missing if a value is
  /// missing, or if the combination is not finite.
  package static func combined(
    _ parts: [FeatureColumn], count: Int, _ combine: (Double, Double) -> Double
  ) -> FeatureColumn {
    guard var totals = parts.first?.numbers else {
      return .double([Double](repeating: .nan, count: count))
    }
    for part in parts.dropFirst() {
      for (row, value) in part.numbers.enumerated() { totals[row] = combine(totals[row], value) }
    }
    for row in totals.indices where !totals[row].isFinite { totals[row] = .nan }
    return .double(totals)
  }

  /// The values as numbers, NaN for missing ones.
  package var numbers: [Double] {
    func numbers<Value: FixedWidthInteger>(_ values: [Value]) -> [Double] {
      values.map { $0 == .min ? .nan : Double($0) }
    }
    return switch self {
    case .int8(let values): numbers(values)
    case .int16(let values): numbers(values)
    case .int32(let values): numbers(values)
    case .float(let values): values.map { Double($0) }
    case .double(let values): values
    }
  }
}

extension FeatureColumn {
  /// The same values in the narrowest storage that represents each of them exactly.
  ///
  /// Negative zero becomes zero, which no reader distinguishes.
  public var narrowed: FeatureColumn {
    switch self {
    case .int8: return self
    case .int16(let values): return Self.narrowed(values) ?? self
    case .int32(let values): return Self.narrowed(values) ?? self
    case .float(let values): return Self.integers(values) ?? self
    case .double(let values):
      if let integers = Self.integers(values) { return integers }
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
    // The minimum of each integer type means a missing value.
    if low > Int8.min, high <= Int8.max {
      return .int8(values.map { $0 == .min ? .min : Int8(truncatingIfNeeded: $0) })
    }
    if Value.bitWidth > Int16.bitWidth, low > Int16.min, high <= Int16.max {
      return .int16(values.map { $0 == .min ? .min : Int16(truncatingIfNeeded: $0) })
    }
    return nil
  }

  /// Converts to integers; nil if a value is not an integer or is too large.
  private static func integers<Value: BinaryFloatingPoint>(_ values: [Value]) -> FeatureColumn? {
    for value in values where !value.isNaN {
      guard value == value.rounded(), value.magnitude < 2_147_483_647 else { return nil }
    }
    let integers = values.map { $0.isNaN ? Int32.min : Int32($0) }
    return narrowed(integers) ?? .int32(integers)
  }
}

/// The features of consecutive panel rows: columns of equal length, in the order of the features.
public struct FeatureBlock: Sendable {
  /// The number of rows.
  public var rowCount: Int
  /// The columns, in the order of the features.
  public var columns: [FeatureColumn]

  /// Creates a block from columns of `rowCount` values each.
  public init(rowCount: Int, columns: [FeatureColumn]) {
    precondition(columns.allSatisfy { $0.count == rowCount }, "columns of unequal length")
    self.rowCount = rowCount
    self.columns = columns
  }

  /// Returns the rows with the given indices, which must be ascending.
  public func rows(_ indices: [Int]) -> FeatureBlock {
    FeatureBlock(rowCount: indices.count, columns: columns.map { $0.rows(indices) })
  }
}
