/// What became of the rows of one group, such as a territory.
public struct GroupAllocation: Sendable, Equatable {
  public let name: String
  /// How many rows the group takes; nil: as many as there are.
  public let limit: Int?
  /// Rows by what became of them, in the order of `AllocationOutcome.allCases`.
  private var counts = [Int](repeating: 0, count: AllocationOutcome.allCases.count)

  init(name: String, limit: Int?) {
    self.name = name
    self.limit = limit
  }

  /// Rows of the group.
  public var rows: Int { counts.reduce(0, +) }
  /// Rows of the group that are on the list.
  public var selected: Int { count(of: .selected) }

  /// Rows of the group of which this became.
  public func count(of outcome: AllocationOutcome) -> Int { counts[Int(outcome.rawValue)] }

  mutating func count(_ outcome: AllocationOutcome) { counts[Int(outcome.rawValue)] += 1 }
}
