internal import Warehouse

extension FeatureColumn {
  /// A result column as a feature column: nulls become the storage's missing value.
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
