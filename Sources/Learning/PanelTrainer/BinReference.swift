internal import CLightGBM

/// The bins that LightGBM found for a dataset, read from its binary description of them.
///
/// Bins are thus the library's own, whatever rule it finds them by.
struct BinReference: Sendable {
  /// A feature that may split.
  struct Feature: Sendable {
    /// Its index among all columns.
    let column: Int
    let mapper: BinMapper
    /// The bundle that shares one column of memory in LightGBM; nil if the feature has its own.
    let bundle: Int?
  }

  /// The features that may split, by ascending column.
  let features: [Feature]
  /// LightGBM's description, from which it makes an empty dataset with these bins.
  let bytes: [UInt8]

  /// Reads the bins of a dataset.
  ///
  /// - Throws: `callFailed`, also if the description is not the one that LightGBM 4.7.0 writes.
  init(of dataset: lgbm_dataset, _ functions: LightGBMFunctions) throws(LearningError) {
    var buffer: lgbm_byte_buffer?
    var length: Int32 = 0
    try functions.check(
      functions.datasetSerializeReference(dataset, &buffer, &length),
      "LGBM_DatasetSerializeReferenceToBinary")
    guard let buffer else { throw Self.unreadable }
    defer { _ = functions.byteBufferFree(buffer) }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    for index in bytes.indices {
      try functions.check(
        functions.byteBufferGetAt(buffer, Int32(index), &bytes[index]), "LGBM_ByteBufferGetAt")
    }
    var reader = Reader(bytes)
    features = try reader.features()
    self.bytes = bytes
  }

  fileprivate static var unreadable: LearningError {
    LearningError(
      .callFailed, "described a dataset in a form that Holdout does not know",
      function: "LGBM_DatasetSerializeReferenceToBinary")
  }
}

/// Reads fields, each filled up to a multiple of eight bytes unless said otherwise.
private struct Reader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private static let token = "______LightGBM_Binary_Serialized_Token______\n"

  /// Reads `count` values that stand side by side.
  private mutating func values<Value: BitwiseCopyable>(
    _ type: Value.Type, _ count: Int, alignment: Int = 8
  ) throws(LearningError) -> [Value] {
    let size = count * MemoryLayout<Value>.size
    guard count >= 0, count <= bytes.count, size <= bytes.count - offset else {
      throw BinReference.unreadable
    }
    let start = offset
    let values = bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Value>.size, as: type)
      }
    }
    offset += (size + alignment - 1) / alignment * alignment
    return values
  }

  private mutating func value<Value: BitwiseCopyable>(
    _ type: Value.Type
  ) throws(LearningError) -> Value {
    try values(type, 1)[0]
  }

  private mutating func whole() throws(LearningError) -> Int { Int(try value(Int32.self)) }

  private mutating func wholes(_ count: Int) throws(LearningError) -> [Int] {
    try values(Int32.self, count).map { Int($0) }
  }

  mutating func features() throws(LearningError) -> [BinReference.Feature] {
    guard try values(UInt8.self, Self.token.utf8.count) == Array(Self.token.utf8),
      try values(UInt8.self, 2) == Array("v1".utf8)
    else { throw BinReference.unreadable }
    let headerSize = Int(try value(UInt64.self))
    let header = offset
    _ = try whole()  // rows
    let featureCount = try whole()
    let columnCount = try whole()
    for _ in 0..<7 { _ = try whole() }  // parameters that bins were found with
    let featureOfColumn = try wholes(columnCount)
    let groupCount = try whole()
    let columns = try wholes(featureCount)
    let groupOfFeature = try wholes(featureCount)
    guard featureOfColumn.filter({ $0 >= 0 }).count == featureCount,
      columns.allSatisfy({ (0..<columnCount).contains($0) }),
      groupOfFeature.allSatisfy({ (0..<groupCount).contains($0) }), headerSize <= bytes.count
    else { throw BinReference.unreadable }
    offset = header + headerSize
    var features: [BinReference.Feature] = []
    var next = 0
    for group in 0..<groupCount {
      let end = Int(try value(UInt64.self)) + offset
      let hasSeparateColumns = try value(UInt8.self) != 0
      _ = try value(UInt8.self)
      _ = try value(UInt8.self)
      let members = try whole()
      guard members >= 1, next + members <= featureCount else { throw BinReference.unreadable }
      for _ in 0..<members {
        guard groupOfFeature[next] == group else { throw BinReference.unreadable }
        features.append(
          BinReference.Feature(
            column: columns[next], mapper: try mapper(),
            bundle: members > 1 && !hasSeparateColumns ? group : nil))
        next += 1
      }
      guard offset <= end, end <= bytes.count else { throw BinReference.unreadable }
      offset = end
    }
    guard next == featureCount else { throw BinReference.unreadable }
    return features.sorted { $0.column < $1.column }
  }

  private mutating func mapper() throws(LearningError) -> BinMapper {
    let binCount = try whole()
    let missing = BinMapper.Missing(rawValue: try whole())
    _ = try value(UInt8.self)  // whether all rows share a bin
    _ = try value(Double.self)  // the share of the most frequent bin
    let isCategory = try whole() == 1
    _ = try values(Double.self, 1)  // the smallest number
    _ = try values(Double.self, 1)  // the largest number
    let defaultBin = try whole()
    let mostFrequentBin = try whole()
    guard let missing, binCount >= 1, binCount <= 1 << 16, (0..<binCount).contains(defaultBin),
      (0..<binCount).contains(mostFrequentBin)
    else { throw BinReference.unreadable }
    return BinMapper(
      binCount: binCount, missing: missing, isCategory: isCategory, defaultBin: defaultBin,
      mostFrequentBin: mostFrequentBin,
      upperBounds: isCategory ? [] : try values(Double.self, binCount),
      categories: isCategory ? try values(Int32.self, binCount, alignment: 4) : [])
  }
}
