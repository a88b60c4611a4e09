public import Diagnostics

/// A feature: its name and how its value at a cutoff is computed.
public struct FeatureSpec: Sendable {
  /// The feature's name.
  public var name: Located<String>
  /// The name of the feature set that contains it.
  public var set: String
  /// How the feature's value is computed.
  public var expression: FeatureExpression

  /// Creates a feature.
  public init(name: Located<String>, set: String, expression: FeatureExpression) {
    self.name = name
    self.set = set
    self.expression = expression
  }
}

/// How a feature's value at a cutoff is computed.
public enum FeatureExpression: Sendable {
  /// A numeric column, unchanged.
  case value(Located<ColumnReference>)
  /// 1 or 0; null if the flag is null.
  case flag(Located<ColumnReference>)
  /// 1 if the value is neither null nor blank, else 0.
  case present(Located<ColumnReference>)
  /// 1 if the event date is on or before the cutoff, else 0.
  case happened(Located<ColumnReference>)
  /// Whole days from the date to the cutoff; null if there is no date.
  case daysSince(Located<ColumnReference>)
  /// A feature of other features.
  case combination(Combination)
  case category(CategoryInput, CategoryPolicy)
  case aggregate(Aggregate)
  /// A row-level SQL expression that yields a number or a flag. It reads columns, and other features
  /// as `features.NAME`.
  case sql(SQLText, SQLType)

  /// The type of an SQL expression's value.
  public enum SQLType: String, CaseIterable, Sendable { case number, flag }

  /// The input of a category: a column or an SQL expression.
  public enum CategoryInput: Sendable {
    case column(Located<ColumnReference>)
    case sql(SQLText)
  }

  /// Whether the learner treats the feature as unordered levels.
  public var isCategory: Bool {
    if case .category = self { true } else { false }
  }
}

/// A feature that is computed from the values of other features of the same row.
public struct Combination: Sendable {
  /// How the values are combined, from left to right.
  public enum Operation: String, CaseIterable, Sendable {
    /// The sum; a missing value counts as 0.
    case sum
    /// The first divided by the others; missing if a value is missing or a divisor is 0.
    case ratio
    /// The first minus the others; missing if a value is missing.
    case difference
  }

  /// How the values are combined.
  public var operation: Operation
  /// The names of the features.
  public var parts: [Located<String>]
}

/// How a category's levels are formed from the train rows.
public struct CategoryPolicy: Hashable, Sendable {
  /// The level that replaces null; nil leaves null missing.
  public var missing: String?
  /// The number of training rows below which a level becomes part of the level `other`.
  public var minFrequency: Int

  /// Creates a policy.
  public init(missing: String? = nil, minFrequency: Int = 0) {
    self.missing = missing
    self.minFrequency = minFrequency
  }
}

/// A summary of an entity's rows in an event source, as known at the cutoff.
public struct Aggregate: Sendable {
  /// The function that summarizes the rows.
  public enum Function: String, CaseIterable, Sendable {
    case count, sum, mean, min, max, distinct
    /// The middle value; with an even number of values the mean of the two in the middle.
    case median
    /// The standard deviation of the sample (n - 1); missing for a single value.
    case stddev
    /// The most frequent value; of several, the smallest.
    case mode
    /// The value of the oldest and of the newest row that has one; of several on one day, the
    /// smallest and the largest.
    case first, last
    /// The slope of the least-squares line of the values over time, per day; missing for values of
    /// fewer than two days.
    case slope
    case daysSinceFirst = "days_since_first"
    case daysSinceLast = "days_since_last"

    /// Whether the function summarizes rows rather than a column's values.
    public var isOfRows: Bool { [.count, .daysSinceFirst, .daysSinceLast].contains(self) }
    /// Whether the result is a whole number that fits in 32 bits.
    public var isSmallInteger: Bool { isOfRows || self == .distinct }
    /// Whether an entity without rows has 0 rather than a missing value.
    public var isZeroWithoutRows: Bool { [.count, .distinct, .sum].contains(self) }
  }

  /// The function that summarizes the rows.
  public var function: Function
  /// The name of the event source.
  public var source: Located<String>
  /// The summarized column; nil for functions of rows.
  public var column: Located<String>?
  /// The condition that rows must satisfy; it can use the source's own columns, `cutoff`, and columns
  /// of other sources as of the row's own day.
  public var condition: SQLText?
  /// The window that rows must be in; nil for all rows.
  public var window: EventWindow?
  /// The number of newest rows in the window, among those that satisfy the condition, that are
  /// summarized; rows of the same day as the last of them are summarized, too. Nil for all.
  public var newest: Int?
}

/// A window of time before the cutoff: (cutoff - from, cutoff - to].
public struct EventWindow: Hashable, Sendable {
  /// How far before the cutoff the window begins.
  public var from: Period
  /// How far before the cutoff the window ends; nil for a window that ends at the cutoff.
  public var to: Period?

  /// The suffix for the name of a feature over this window: `90d`, or `180d_91d`.
  public var abbreviation: String {
    from.abbreviation + (to.map { "_\($0.abbreviation)" } ?? "")
  }
}
