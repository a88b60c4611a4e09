/// How many rows of a group changed between two lists.
public struct GroupChanges: Sendable, Equatable {
  public let name: String
  /// Rows of this list.
  public internal(set) var rows = 0
  /// Rows that the last list did not have.
  public internal(set) var entered = 0
  /// Rows of the last list that this one does not have.
  public internal(set) var left = 0
  /// Rows at another rank, or that come from another group.
  public internal(set) var moved = 0

  init(name: String) { self.name = name }

  /// Rows of which there is something to say.
  public var changes: Int { entered + left + moved }
}
