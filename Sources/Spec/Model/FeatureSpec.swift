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

/// How a feature's value at a cutoff is computed. `FeatureKinds.swift` has the facts of each kind.
public enum FeatureExpression: Sendable {
  /// A function of one column of the entity's row.
  case column(ColumnFunction, Located<ColumnReference>)
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

  /// How the levels of a category are formed; nil for other features.
  public var policy: CategoryPolicy? {
    if case .category(_, let policy) = self { policy } else { nil }
  }

  /// The summary of events; nil for other features.
  public var aggregate: Aggregate? {
    if case .aggregate(let aggregate) = self { aggregate } else { nil }
  }
}

/// A feature that is computed from the values of other features of the same row.
public struct Combination: Sendable {
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

/// Which other features of the same row the values of features are computed from.
public struct FeatureInputs: Sendable {
  /// The name under which the SQL of a feature reads other features: `features.NAME`.
  public static let table = "features"

  private let features: [String: FeatureSpec]

  /// Collects features by name.
  public init(_ features: some Sequence<FeatureSpec>) {
    self.features = Dictionary(features.map { ($0.name.value, $0) }) { first, _ in first }
  }

  /// Returns the features that a feature is computed from directly: the parts of a combination, or
  /// those that its SQL names, in the order of their first mention.
  public func direct(_ feature: FeatureSpec) -> [FeatureSpec] {
    feature.expression.inputs.compactMap { features[$0.value] }
  }

  /// Returns the features that some features are computed from, directly or through others, each
  /// after those that it is computed from itself.
  public func all(of features: [FeatureSpec]) -> [FeatureSpec] {
    func inputs(_ feature: FeatureSpec) -> [(feature: FeatureSpec, isDone: Bool)] {
      direct(feature).reversed().map { ($0, false) }
    }
    var found: [FeatureSpec] = []
    var seen: Set<String> = []
    // A chain of features may be longer than the stack of a thread allows a recursion to be.
    var open = features.reversed().flatMap(inputs)
    while let (feature, isDone) = open.popLast() {
      if isDone {
        found.append(feature)
      } else if seen.insert(feature.name.value).inserted {
        open.append((feature, true))
        open += inputs(feature)
      }
    }
    return found
  }
}

extension FeatureExpression {
  /// The names of the features that the expression is computed from, without duplicates: the parts
  /// of a combination, or `NAME` of each `features.NAME` in SQL.
  public var inputs: [Located<String>] {
    let names: [Located<String>] =
      switch facts.reads {
      case .features(let names): names
      case .sql(let sql): sql.featureNames
      case .column, .events: []
      }
    var seen: Set<String> = []
    return names.filter { seen.insert($0.value).inserted }
  }

  /// Whether the expression is SQL over other features.
  public var isSQLOverFeatures: Bool {
    if case .sql = facts.reads { !inputs.isEmpty } else { false }
  }
}

extension ExperimentSpec {
  /// The inputs of the features, chosen or not.
  public var inputs: FeatureInputs { FeatureInputs(features + otherFeatures) }

  /// Returns the features that the SQL of some features reads, directly or through others, each
  /// after those that it is computed from itself.
  ///
  /// The parts of combinations are not included, unless SQL reads the combination: they are chosen
  /// features themselves.
  public func inputs(of features: [FeatureSpec]) -> [FeatureSpec] {
    let readers = features.filter(\.expression.isSQLOverFeatures)
    return readers.isEmpty ? [] : inputs.all(of: readers)
  }
}

extension SQLText {
  /// The names in `features.NAME`, in the order of the text.
  fileprivate var featureNames: [Located<String>] {
    guard text.contains(FeatureInputs.table) else { return [] }
    return SQLWords(text).qualifiedNames.filter { $0.source == FeatureInputs.table }
      .map { Located($0.column, at: span(of: $0.range)) }
  }
}
