package import Columns
package import Foundation
internal import Panel

/// A feature's values at one cutoff, as the cache stores them. They do not depend on the panel they
/// were built in: category codes refer to the column's own list of texts.
package struct StoredColumn {
  package let values: FeatureColumn
  /// The texts that the codes refer to, in ascending order of their UTF-8 bytes; nil for numbers.
  package let levels: [String]?

  /// - Parameter levels: the texts of a category's codes; nil for numbers.
  package init(_ values: FeatureColumn, levels: [String]?) {
    guard let levels else {
      self.values = values.narrowed
      self.levels = nil
      return
    }
    let codes = values.codes
    var isUsed = [Bool](repeating: false, count: levels.count)
    for code in codes where code >= 0 { isUsed[Int(code)] = true }
    let used = levels.indices.filter { isUsed[$0] }.sorted {
      levels[$0].utf8.lexicographicallyPrecedes(levels[$1].utf8)
    }
    var indices = [Int32](repeating: .min, count: levels.count)
    for (index, code) in used.enumerated() { indices[code] = Int32(index) }
    self.values = Self.narrowed(codes, indices: indices, count: used.count)
    self.levels = used.map { levels[$0] }
  }

  /// The values, with codes of a dictionary that all cutoffs of a panel share.
  func values(in dictionary: LevelDictionary) -> FeatureColumn {
    guard let levels else { return values }
    let indices = dictionary.codes(of: levels)
    return Self.narrowed(values.codes, indices: indices, count: Int(indices.max() ?? -1) + 1)
  }

  /// Replaces codes with others, in the narrowest storage that fits `count` of them.
  private static func narrowed(_ codes: [Int32], indices: [Int32], count: Int) -> FeatureColumn {
    func mapped<Code: FixedWidthInteger>(_ type: Code.Type) -> [Code] {
      codes.map { $0 < 0 ? .min : Code(truncatingIfNeeded: indices[Int($0)]) }
    }
    if count <= Int(Int8.max) { return .int8(mapped(Int8.self)) }
    if count <= Int(Int16.max) { return .int16(mapped(Int16.self)) }
    return .int32(mapped(Int32.self))
  }

  // MARK: - Bytes

  package var data: Data {
    var writer = BinaryWriter()
    writer.write(levels == nil ? 0 : 1)
    if let levels { writer.write(levels) }
    switch values {
    case .int8(let values): writer.write(0, values)
    case .int16(let values): writer.write(1, values)
    case .int32(let values): writer.write(2, values)
    case .float(let values): writer.write(3, values)
    case .double(let values): writer.write(4, values)
    }
    return writer.data
  }

  /// Reads the bytes of `data`; nil for any other bytes.
  package init?(_ data: Data) {
    var reader = BinaryReader(data)
    guard let hasLevels = reader.number() else { return nil }
    levels = hasLevels == 1 ? reader.texts() : nil
    let values: FeatureColumn?
    switch reader.number() {
    case 0: values = reader.array(of: Int8.self).map { .int8($0) }
    case 1: values = reader.array(of: Int16.self).map { .int16($0) }
    case 2: values = reader.array(of: Int32.self).map { .int32($0) }
    case 3: values = reader.array(of: Float.self).map { .float($0) }
    case 4: values = reader.array(of: Double.self).map { .double($0) }
    default: values = nil
    }
    guard let values, reader.isAtEnd, hasLevels == 0 || levels != nil else { return nil }
    // A code without a text would read past the end of the levels.
    if let levels {
      switch values {
      case .float, .double: return nil
      default: guard values.codes.allSatisfy({ $0 < levels.count }) else { return nil }
      }
    }
    self.values = values
  }
}

extension FeatureColumn {
  /// A category's codes; -1 for a missing value.
  fileprivate var codes: [Int32] {
    switch self {
    case .int8(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? -1 : $0 }
    case .float(let values): values.map { _ in -1 }
    case .double(let values): values.map { _ in -1 }
    }
  }
}

extension BinaryWriter {
  fileprivate mutating func write<Number: BitwiseCopyable>(_ storage: Int, _ numbers: [Number]) {
    write(storage)
    write(numbers)
  }
}
