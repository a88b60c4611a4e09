internal import Diagnostics
internal import OrderedCollections
public import Spec

/// What an experiment reads of columns that hold only today's value, as its spec allows.
public struct LookAheadUse: Sendable {
  /// The columns, in the order in which the spec allows them.
  public let columns: [ColumnReference]
  /// The chosen features that read any of them.
  public let features: [String]
  /// How many rules of the cohort do.
  public let ruleCount: Int
  /// Whether the label does.
  public let isInLabel: Bool

  init(
    _ spec: ExperimentSpec, expressions: (SQLText, ExpressionScope) -> Set<ColumnReference>
  ) {
    let allowed = spec.lookAhead?.allowed.map(\.value) ?? []
    func reads(_ uses: ColumnUses) -> Bool { allowed.contains { uses.uses[$0] != nil } }
    let all = ColumnUses(spec, expressions: expressions)
    columns = allowed.filter { all.uses[$0] != nil }
    features = spec.features.filter { feature in
      reads(ColumnUses(feature, of: spec, expressions: expressions))
    }.map(\.name.value)
    ruleCount = spec.cohort.rules.count { rule in
      reads(ColumnUses(rule.value, of: spec, expressions: expressions))
    }
    isInLabel = reads(ColumnUses(spec.label, expressions: expressions))
  }
}
