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
}
