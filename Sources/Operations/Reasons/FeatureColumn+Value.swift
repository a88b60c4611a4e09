internal import Panel

extension FeatureColumn {
  /// The number of a row, or the code of its level; nil where it is missing.
  func value(ofRow row: Int) -> Double? {
    switch self {
    case .int8(let values): values[row] == .min ? nil : Double(values[row])
    case .int16(let values): values[row] == .min ? nil : Double(values[row])
    case .int32(let values): values[row] == .min ? nil : Double(values[row])
    case .float(let values): values[row].isNaN ? nil : Double(values[row])
    case .double(let values): values[row].isNaN ? nil : values[row]
    }
  }
}
