/// One feature's values for a block of rows, in the narrowest storage that holds them exactly.
///
/// A missing value is the integer type's minimum, or NaN. Categories are dictionary codes from 0.
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

  /// The values of some rows, by their places, in the same storage.
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
