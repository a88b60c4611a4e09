internal import Diagnostics
public import Spec

/// The features of consecutive panel rows: columns of equal length, in the order of the features.
public struct FeatureBlock: Sendable {
  public var rowCount: Int
  public var columns: [FeatureColumn]

  public init(rowCount: Int, columns: [FeatureColumn]) {
    precondition(columns.allSatisfy { $0.count == rowCount }, "columns of unequal length")
    self.rowCount = rowCount
    self.columns = columns
  }

  /// Some of the rows, by their places, ascending.
  public func rows(_ places: [Int]) -> FeatureBlock {
    FeatureBlock(rowCount: places.count, columns: columns.map { $0.rows(places) })
  }

  /// All features of a spec out of those that are read, by their places; sums are made of their parts.
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
