public import Diagnostics
public import OrderedCollections

/// How many rows of a score list can be worked on, and which of them are not to be. It is no part of
/// what a run is made of.
public struct CapacitySpec: Sendable {
  public var span: SourceSpan
  /// The published column whose values are the groups, such as a territory or a rep; nil: one group.
  public var per: Located<String>?
  /// How many rows each group takes; nil: as many as there are.
  public var rows: Located<Int>?
  /// How many rows single groups take instead.
  public var groups: OrderedDictionary<String, Located<Int>>
  /// How many rows all groups together take.
  public var total: Located<Int>?
  /// The most that one group may take of `total`, from 0 to 1.
  public var maximumShare: Located<Double>?
  /// Rows of a lower score are not taken.
  public var minimumScore: Located<Double>?
  /// Rows that were taken less than this long before the cutoff are not taken again.
  public var coolDown: Period?
  /// Files of entity keys, one a line, that are never taken; relative to the project folder.
  public var exclude: [Located<String>]

  public init(
    span: SourceSpan, per: Located<String>? = nil, rows: Located<Int>? = nil,
    groups: OrderedDictionary<String, Located<Int>> = [:], total: Located<Int>? = nil,
    maximumShare: Located<Double>? = nil, minimumScore: Located<Double>? = nil,
    coolDown: Period? = nil, exclude: [Located<String>] = []
  ) {
    self.span = span
    self.per = per
    self.rows = rows
    self.groups = groups
    self.total = total
    self.maximumShare = maximumShare
    self.minimumScore = minimumScore
    self.coolDown = coolDown
    self.exclude = exclude
  }
}
