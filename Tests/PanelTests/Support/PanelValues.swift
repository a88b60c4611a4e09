import Columns
import Panel

/// A panel's column as plain values, to be compared with what is expected.
enum PanelValues {
  /// - Parameter levels: what the codes of a category stand for; nil for other features.
  static func values(_ column: FeatureColumn, levels: [String]?) -> [SlowValue] {
    func value<Number: BinaryInteger & FixedWidthInteger>(_ number: Number) -> SlowValue {
      guard number != .min else { return .null }
      return levels.map { .text($0[Int(number)]) } ?? .number(Double(number))
    }
    return switch column {
    case .int8(let values): values.map(value)
    case .int16(let values): values.map(value)
    case .int32(let values): values.map(value)
    case .float(let values): values.map { $0.isNaN ? .null : .number(Double($0)) }
    case .double(let values): values.map { $0.isNaN ? .null : .number($0) }
    }
  }
}
