internal import Diagnostics
public import Spec
internal import Synchronization
internal import Warehouse

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
  public func rows(_ places: [Int]) -> FeatureColumn {
    switch self {
    case .int8(let values): .int8(places.map { values[$0] })
    case .int16(let values): .int16(places.map { values[$0] })
    case .int32(let values): .int32(places.map { values[$0] })
    case .float(let values): .float(places.map { values[$0] })
    case .double(let values): .double(places.map { values[$0] })
    }
  }
}

extension FeatureColumn {
  /// Converts a result column; nulls become the storage's missing value.
  /// - Returns: nil for a type that no feature has (text, dates).
  init?(_ column: Column) {
    func filled<Element>(_ values: [Element], _ missing: Element) -> [Element] {
      guard let validity = column.validity else { return values }
      var values = values
      for row in values.indices where !validity[row] { values[row] = missing }
      return values
    }
    switch column.values {
    case .int8(let values): self = .int8(filled(values, .min))
    case .int16(let values): self = .int16(filled(values, .min))
    case .int32(let values): self = .int32(filled(values, .min))
    case .float(let values): self = .float(filled(values, .nan))
    case .double(let values): self = .double(filled(values, .nan))
    default: return nil
    }
  }
}

extension FeatureColumn {
  /// Returns a column of this storage whose values are all 0 or all missing.
  func blank(count: Int, zero: Bool) -> FeatureColumn {
    switch self {
    case .int8: .int8([Int8](repeating: zero ? 0 : .min, count: count))
    case .int16: .int16([Int16](repeating: zero ? 0 : .min, count: count))
    case .int32: .int32([Int32](repeating: zero ? 0 : .min, count: count))
    case .float: .float([Float](repeating: zero ? 0 : .nan, count: count))
    case .double: .double([Double](repeating: zero ? 0 : .nan, count: count))
    }
  }

  /// Returns the sum of columns row by row; a missing value counts as 0.
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

extension FeatureColumn {
  /// The same values in the narrowest storage that represents each of them exactly.
  ///
  /// Negative zero becomes zero, which no reader distinguishes.
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
  private static func whole<Value: BinaryFloatingPoint>(_ values: [Value]) -> FeatureColumn? {
    for value in values where !value.isNaN {
      guard value == value.rounded(), value.magnitude < 2_147_483_647 else { return nil }
    }
    let whole = values.map { $0.isNaN ? Int32.min : Int32($0) }
    return narrowed(whole) ?? .int32(whole)
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
  public func rows(_ places: [Int]) -> FeatureBlock {
    FeatureBlock(rowCount: places.count, columns: columns.map { $0.rows(places) })
  }

  /// Creates a block with all features of a spec from those that were read, by feature index; sums
  /// are computed from their parts.
  public init(_ spec: ExperimentSpec, rowCount: Int, read: [Int: FeatureColumn]) {
    let places = Dictionary(
      uniqueKeysWithValues: spec.features.enumerated().map { ($1.name.value, $0) })
    func column(_ index: Int) -> FeatureColumn {
      if let known = read[index] { return known }
      guard case .sum(let parts) = spec.features[index].expression else {
        preconditionFailure("a feature was not read")
      }
      return FeatureColumn.sum(parts.compactMap { places[$0.value] }.map(column), count: rowCount)
    }
    self.init(rowCount: rowCount, columns: spec.features.indices.map(column))
  }
}

/// Numbers the texts of a category feature in the order in which they are first seen.
///
/// Threads that build different cutoffs share it, so the codes depend on scheduling. Results must
/// depend only on the texts behind them.
public final class LevelDictionary: Sendable {
  private struct State {
    var levels: [String] = []
    var codes: [String: Int32] = [:]

    mutating func code(of text: String) -> Int32 {
      if let code = codes[text] { return code }
      let code = Int32(levels.count)
      codes[text] = code
      levels.append(text)
      return code
    }
  }

  private let state = Mutex(State())

  /// Creates an empty dictionary.
  public init() {}

  /// The text of each code so far.
  public var levels: [String] { state.withLock(\.levels) }

  /// Returns the codes of some texts.
  public func codes(of texts: [String]) -> [Int32] {
    state.withLock { state in texts.map { state.code(of: $0) } }
  }

  /// Returns the codes of a text column's rows; `Int32.min` for null.
  func encode(_ column: Column) -> [Int32] {
    guard case .text(let texts) = column.values else {
      // An expression that is always null does not have a text type.
      return [Int32](repeating: .min, count: column.validity?.count ?? 0)
    }
    return state.withLock { state in
      (0..<texts.count).map { row in
        column.isNull(row) ? .min : state.code(of: texts[row])
      }
    }
  }
}
