/// What decides who is on a call list: one value per row of a score list, column by column.
public struct AllocationRows: Sendable {
  /// The date of a row that was on no earlier list.
  public static let never = Int32.min
  /// The exclusion of a row that no file names.
  public static let notExcluded: Int16 = -1

  /// The rows, best first, each once: `Ranking.order`.
  public var order: [Int]
  /// Calibrated probabilities.
  public var scores: [Double]
  /// The number of each row's group; all 0 where the capacity has no groups.
  public var groups: [Int32]
  /// By number of the group, all different.
  public var groupNames: [String]
  /// When the row's entity was last selected, at the latest on the day before the cutoff, in days since
  /// 1970-01-01; `never` where it was not.
  public var lastSelected: [Int32]
  /// The place in `CapacitySpec.exclude` of the first file that names the row's entity, or `notExcluded`.
  public var exclusions: [Int16]

  /// Rows of one group, none of which was on an earlier list or is excluded, unless told otherwise.
  public init(
    order: [Int], scores: [Double], groups: [Int32]? = nil, groupNames: [String] = [""],
    lastSelected: [Int32]? = nil, exclusions: [Int16]? = nil
  ) {
    self.order = order
    self.scores = scores
    self.groups = groups ?? [Int32](repeating: 0, count: scores.count)
    self.groupNames = groupNames
    self.lastSelected = lastSelected ?? [Int32](repeating: Self.never, count: scores.count)
    self.exclusions = exclusions ?? [Int16](repeating: Self.notExcluded, count: scores.count)
  }

  /// The number of rows.
  public var count: Int { scores.count }
}
