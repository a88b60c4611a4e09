/// The checks of an audit, in the order in which they are made.
public enum AuditCheckID: String, CaseIterable, Sendable {
  case futurePoison = "future_poison"
  case futureDelete = "future_delete"
  case labelPermutation = "label_permutation"
  case shift
  case oneFeatureDominance = "one_feature_dominance"
  case missingness
  case endOfData = "end_of_data"
  case newestRows = "newest_rows"
  case staticEffect = "static_effect"
  case staticDates = "static_dates"
  case beforeCreation = "before_creation"
  case knownAtProximity = "known_at_proximity"
  case roleOverlap = "role_overlap"
  case deadFeatures = "dead_features"
  case unseenLevels = "unseen_levels"
  case joinCoverage = "join_coverage"
  case sourceMeaning = "source_meaning"
  /// Made only if an earlier snapshot is given.
  case snapshot

  /// What the check fails for, in a few words.
  public var summary: String {
    switch self {
    case .futurePoison: "Changing later values changes a panel."
    case .futureDelete: "Removing later values changes a panel."
    case .labelPermutation: "Shuffled labels can be predicted."
    case .shift: "Earlier cutoffs give a better model."
    case .oneFeatureDominance: "One feature does the model's work."
    case .missingness: "Values are missing because of the outcome."
    case .endOfData: "A feature changes at the end of the data."
    case .newestRows: "A column differs in the newest rows."
    case .staticEffect: "A static column predicts better toward the end."
    case .staticDates: "A static date records what happened."
    case .beforeCreation: "Rows from before creation tell the outcome."
    case .knownAtProximity: "Values pile up on the days of the cutoffs."
    case .roleOverlap: "Label windows of two roles overlap."
    case .deadFeatures: "A feature has one value only."
    case .unseenLevels: "Levels appear that train never saw."
    case .joinCoverage: "Sources do not fit together."
    case .sourceMeaning: "Dates, versions or files do not mean what they say."
    case .snapshot: "The past was rewritten since a snapshot (only with `--earlier`)."
    }
  }
}
