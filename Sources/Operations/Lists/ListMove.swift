/// A row that two lists have, at different ranks or in different groups.
public struct ListMove: Sendable, Equatable {
  /// The row of the last list.
  public let last: Int
  /// The row of this list.
  public let next: Int
}
