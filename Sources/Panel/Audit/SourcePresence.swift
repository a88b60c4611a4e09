public import Spec

/// Which rows of a block have a row of a source, and which values of that row are there.
public struct SourcePresence: Sendable {
  public struct Column: Sendable {
    public let reference: ColumnReference
    /// One per row of the block: whether the value, as known at the cutoff, is not null.
    public let isPresent: [Bool]
  }

  public let source: String
  /// One per row of the block: whether the source has a row of its entity at the cutoff.
  public let hasRow: [Bool]
  /// The columns that the experiment reads, in the order of their declaration.
  public let columns: [Column]
}
