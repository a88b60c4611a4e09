public import Diagnostics

/// Who is eligible at a cutoff: the entities that exist and for which every rule holds.
public struct CohortSpec: Sendable {
  /// The entity source's name.
  public var entity: Located<String>
  /// All must hold.
  public var rules: [Located<Rule>]
}

/// A condition on an entity at a cutoff. A comparison with null is false, so `not` of it is true.
public indirect enum Rule: Sendable {
  case not(Rule)
  case any([Rule])
  case all([Rule])
  /// The event date is on or before the cutoff.
  case happened(Located<ColumnReference>)
  /// The flag is set.
  case flag(Located<ColumnReference>)
  /// The value is neither null nor blank.
  case present(Located<ColumnReference>)
  /// The value, as text, is one of those listed.
  case among(Located<ColumnReference>, [Located<String>])
  case sql(SQLText)
}
