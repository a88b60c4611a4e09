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

  /// This column's rows followed by another's of the same storage.
  /// - Precondition: the storage is the same.
  mutating func append(_ other: FeatureColumn) {
    switch (self, other) {
    case (.int8(var left), .int8(let right)):
      self = .int8([])
      left += right
      self = .int8(left)
    case (.int16(var left), .int16(let right)):
      self = .int16([])
      left += right
      self = .int16(left)
    case (.int32(var left), .int32(let right)):
      self = .int32([])
      left += right
      self = .int32(left)
    case (.float(var left), .float(let right)):
      self = .float([])
      left += right
      self = .float(left)
    case (.double(var left), .double(let right)):
      self = .double([])
      left += right
      self = .double(left)
    default: preconditionFailure("columns of different storage")
    }
  }

  /// Codes in 16 bits instead of 32, where all levels fit.
  func narrowed(levelCount: Int) -> FeatureColumn {
    guard case .int32(let codes) = self, levelCount <= Int(Int16.max) else { return self }
    return .int16(codes.map { $0 == .min ? .min : Int16($0) })
  }
}
