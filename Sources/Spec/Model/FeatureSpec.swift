public import Diagnostics

/// One feature: a name and how its value at a cutoff is computed.
public struct FeatureSpec: Sendable {
  public var name: Located<String>
  /// The feature set that holds it.
  public var set: String
  public var expression: FeatureExpression

  public init(name: Located<String>, set: String, expression: FeatureExpression) {
    self.name = name
    self.set = set
    self.expression = expression
  }
}

/// How a feature's value at a cutoff is computed.
public enum FeatureExpression: Sendable {
  /// A numeric column as it stands.
  case value(Located<ColumnReference>)
  /// 1 or 0; null where the flag is null.
  case flag(Located<ColumnReference>)
  /// 1 where the value is neither null nor blank, else 0.
  case present(Located<ColumnReference>)
  /// 1 where the event date is on or before the cutoff, else 0.
  case happened(Located<ColumnReference>)
  /// Whole days from the date to the cutoff; null without a date.
  case daysSince(Located<ColumnReference>)
  /// The sum of other features; a missing one counts as 0.
  case sum([Located<String>])
  case category(CategoryInput, CategoryPolicy)
  case aggregate(Aggregate)
  /// A row-level SQL expression that yields a number or a flag.
  case sql(SQLText, SQLType)

  public enum SQLType: String, CaseIterable, Sendable { case number, flag }

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
  /// The level that null stands for; nil: null stays missing.
  public var missing: String?
  /// Levels on fewer train rows than this share one level, `other`.
  public var minFrequency: Int

  public init(missing: String? = nil, minFrequency: Int = 0) {
    self.missing = missing
    self.minFrequency = minFrequency
  }
}

/// A summary of an event table's rows of an entity, known at the cutoff.
public struct Aggregate: Sendable {
  public enum Function: String, CaseIterable, Sendable {
    case count, sum, mean, min, max, distinct
    case daysSinceLast = "days_since_last"
  }

  public var function: Function
  public var source: Located<String>
  /// The column summarised; nil for `count` and `daysSinceLast`.
  public var column: Located<String>?
  /// Only rows for which it holds count; it sees the event table's own columns and `cutoff`.
  public var condition: SQLText?
  /// Only rows in (cutoff - window, cutoff] count; nil: all.
  public var window: Period?
}
