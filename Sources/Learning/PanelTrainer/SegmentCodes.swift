/// One column of codes that histograms count, and what its codes mean to features.
struct CodeColumn: Sendable {
  /// One feature's share of a code.
  struct Part: Sendable {
    /// The feature, by index among those that may split.
    let feature: Int
    /// The feature's bin for each code.
    let bins: [UInt16]
  }

  let codeCount: Int
  let parts: [Part]
}

/// A column's code in each segment, of one byte.
struct SegmentCodes: Sendable {
  let codes: PlainMemory<UInt8>
  let column: CodeColumn

  /// The largest number of codes in a byte.
  private static let limit = 256
  /// Two columns are tried only if they have at most this many pairs of codes.
  private static let triedPairs = 4096

  /// Joins columns of few codes: a joint code is a combination that occurs. Counting it once
  /// counts all of its features, and sums of whole numbers are then spread without error.
  static func joined(_ columns: [SegmentCodes], segmentCount: Int) -> [SegmentCodes] {
    var result: [SegmentCodes] = []
    for column in columns.sorted(by: { $0.column.codeCount < $1.column.codeCount }) {
      let pair = result.indices.lazy.compactMap { index in
        result[index].joined(with: column, segmentCount: segmentCount).map { (index, $0) }
      }.first
      if let (index, joint) = pair { result[index] = joint } else { result.append(column) }
    }
    return result
  }

  /// Returns the column of pairs of codes; nil if there are too many.
  private func joined(with other: SegmentCodes, segmentCount: Int) -> SegmentCodes? {
    let (first, second) = (column.codeCount, other.column.codeCount)
    guard first * second <= Self.triedPairs else { return nil }
    var occurs = [Bool](repeating: false, count: first * second)
    occurs.withUnsafeMutableBufferPointer { occurs in
      for segment in 0..<segmentCount {
        occurs[Int(codes.start[segment]) * second + Int(other.codes.start[segment])] = true
      }
    }
    let pairs = occurs.indices.filter { occurs[$0] }
    guard pairs.count <= Self.limit else { return nil }
    var codeOfPair = [UInt8](repeating: 0, count: first * second)
    for (code, pair) in pairs.enumerated() { codeOfPair[pair] = UInt8(code) }
    let joint = PlainMemory<UInt8>(zeros: segmentCount)
    codeOfPair.withUnsafeBufferPointer { codeOfPair in
      for segment in 0..<segmentCount {
        joint.start[segment] =
          codeOfPair[Int(codes.start[segment]) * second + Int(other.codes.start[segment])]
      }
    }
    let parts =
      column.parts.map { part in
        CodeColumn.Part(feature: part.feature, bins: pairs.map { part.bins[$0 / second] })
      }
      + other.column.parts.map { part in
        CodeColumn.Part(feature: part.feature, bins: pairs.map { part.bins[$0 % second] })
      }
    return SegmentCodes(
      codes: joint, column: CodeColumn(codeCount: pairs.count, parts: parts))
  }
}
