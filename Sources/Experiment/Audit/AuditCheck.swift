/// One attempt to prove a spec's time honesty wrong, and how it ended.
public struct AuditCheck: Sendable {
  /// The attempts, in the order in which they are made.
  public enum ID: String, CaseIterable, Sendable {
    case futurePoison = "future_poison"
    case futureDelete = "future_delete"
    case labelPermutation = "label_permutation"
    case shift
    case oneFeatureDominance = "one_feature_dominance"
    case missingness
    case knownAtProximity = "known_at_proximity"
    case roleOverlap = "role_overlap"
    case deadFeatures = "dead_features"
    case unseenLevels = "unseen_levels"
    case joinCoverage = "join_coverage"
    case sourceMeaning = "source_meaning"
  }

  public enum Verdict: String, CaseIterable, Sendable {
    case pass, fail
    /// The data do not suffice for either; never a pass.
    case couldNotTell = "could not tell"
  }

  public let id: ID
  public let verdict: Verdict
  /// What came out, in one plain sentence.
  public let sentence: String
  /// The figures behind it by name, in the order in which they are read.
  public let numbers: [(name: String, value: Double)]
  /// Where it shows: one line per feature, source or cutoff.
  public let details: [String]
  public let seconds: Double
}
