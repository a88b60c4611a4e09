public import Diagnostics
public import OrderedCollections

/// What scoring publishes of each row, and where. It is no part of what a run is made of.
public struct ScoreSpec: Sendable {
  /// The table written; nil: none.
  public var table: Located<String>?
  /// The connection whose database has the table; nil: that of the cohort's source, else `default`.
  public var connection: Located<String>?
  /// The file written, a path in which `{cutoff}` stands for the cutoff's date; nil: none.
  public var parquet: Located<String>?
  /// The name of the column that holds the entity's key.
  public var key: Located<String>
  /// Category features within whose levels rows are ranked.
  public var rankBy: [Located<String>]
  /// What is published beside the score, in this order; the features of `rankBy` stand first unless named.
  public var columns: [PublishedColumn]
  /// Reasons per row.
  public var reasons: Int
  /// How a reason is said, by feature.
  public var sentences: OrderedDictionary<String, ReasonSentences>
  /// Features that are never given as a reason: names, or patterns with `*`.
  public var hidden: [Located<String>]
  /// What becomes of rows with a category level that the model has never seen.
  public var newLevels: NewLevels

  public enum NewLevels: String, CaseIterable, Sendable {
    /// Nothing is written.
    case refuse
    /// They are scored as the level `other`, and told of.
    case other
  }
}

/// A column of a score list beside those that every list has.
public struct PublishedColumn: Sendable {
  public enum Input: Sendable {
    /// A feature of the experiment, as the model reads it.
    case feature(Located<String>)
    /// A column of a source, as it stood on the cutoff; one that holds only today's value is null at
    /// cutoffs before the last observed day.
    case column(Located<ColumnReference>)
  }

  /// The column's name in the list.
  public var name: Located<String>
  public var input: Input
}

/// The sentences of one feature's reasons. `{value}` stands for the account's value.
///
/// The first that is there and fits is taken, in this order.
public struct ReasonSentences: Sendable {
  /// Where the value is missing.
  public var missing: Located<String>?
  /// Where it is 0.
  public var zero: Located<String>?
  /// Where it is 1.
  public var one: Located<String>?
  /// Where it raises the margin.
  public var raises: Located<String>?
  /// Where it lowers the margin.
  public var lowers: Located<String>?
  /// Everywhere else.
  public var otherwise: Located<String>?

  public init(
    missing: Located<String>? = nil, zero: Located<String>? = nil, one: Located<String>? = nil,
    raises: Located<String>? = nil, lowers: Located<String>? = nil,
    otherwise: Located<String>? = nil
  ) {
    self.missing = missing
    self.zero = zero
    self.one = one
    self.raises = raises
    self.lowers = lowers
    self.otherwise = otherwise
  }
}
