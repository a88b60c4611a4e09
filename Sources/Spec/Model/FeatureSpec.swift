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
  /// The sum of other features; a missing one counts as 0.
  case sum([Located<String>])
  case category(CategoryInput, CategoryPolicy)
  case aggregate(Aggregate)
  /// A row-level SQL expression that yields a number or a flag.
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
    case daysSinceLast = "days_since_last"
  }

  /// The function that summarizes the rows.
  public var function: Function
  /// The name of the event source.
  public var source: Located<String>
  /// The summarized column; nil for `count` and `daysSinceLast`.
  public var column: Located<String>?
  /// The condition that rows must satisfy; it can use the source's own columns and `cutoff`.
  public var condition: SQLText?
  /// The window (cutoff - window, cutoff] that rows must be in; nil for all rows.
  public var window: Period?
}
