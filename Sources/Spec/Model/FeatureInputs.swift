public import Diagnostics

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
      switch self {
      case .combination(let combination): combination.parts
      case .sql(let sql, _), .category(.sql(let sql), _): sql.featureNames
      case .value, .flag, .present, .happened, .daysSince, .category(.column, _), .aggregate: []
      }
    var seen: Set<String> = []
    return names.filter { seen.insert($0.value).inserted }
  }

  /// Whether the expression is SQL over other features.
  public var isSQLOverFeatures: Bool {
    if case .combination = self { false } else { !inputs.isEmpty }
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
