package import Diagnostics
package import Panel
package import Spec

/// What a check of an audit found. `Reports` puts it into words.
///
/// Shares are from 0 to 1. Names are those of features, sources, and columns in the spec.
package enum AuditResult: Sendable {
  /// The check stopped with an error.
  case incomplete
  case noPanelRows
  case noTestRows

  // `before_creation`
  /// The label is the absence of an event.
  case nothingOverwritesCreation
  case noEventsRead
  case rowsBeforeCreationAlike
  case creationOverwritten(ColumnReference, sources: [String])

  // `dead_features`
  /// - Parameter areFolded: whether a feature is the same in every row because of `min_frequency`.
  case featuresVary(areFolded: Bool)
  case featuresDead([String])

  // `end_of_data`
  /// The label is conditional on rows of a source.
  case endUnknown(source: String)
  case nothingAfterMatureCutoffs
  case endAlike
  /// - Parameter columns: the columns that the features read; empty if they only count events.
  case endChanged([String], columns: [String])

  case future(Future)

  // `join_coverage`
  case oneSource
  case joined(largestUnmatched: Double)
  /// - Parameter deleted: the source whose rows are deleted after their events; nil: none is.
  case joinsPoor([PoorJoin], deleted: String?)

  // `known_at_proximity`
  case arrivalsFew
  case arrivalsSpread(ArrivalProximity)
  case arrivalsCrowded(ArrivalProximity)

  case permutation(Permutation)

  // `missingness`
  case outcomesFew(positives: Int, PositiveNoun, others: Int, needed: Int)
  /// - Parameter isEndCompared: false for a conditional label.
  case missingAlike(isEndCompared: Bool)
  case missingTells([String])

  // `newest_rows`
  case newestUntested
  case newestAlike
  case newestDiffer([String])

  // `one_feature_dominance`
  case featureByChance(TooFewPositives)
  case trainOneClass
  case testOneClass
  /// - Parameter reached: the share of the model's average precision above the base rate.
  case bestFeature(String, rocAUC: Double, reached: Double)

  // `role_overlap`
  case rolesApart
  case rolesOverlap(pairs: Int, isClustered: Bool, positives: Int, PositiveNoun)

  case shift(Shift)

  case snapshot(Snapshot)

  // `source_meaning`
  case meaningsClear
  case meaningsDoubtful(count: Int)

  case staticDates(StaticDates)

  case staticEffect(StaticEffect)

  // `unseen_levels`
  case noCategories
  case levelsSeen(largestShare: Double)
  case levelsUnseen([String], largestShare: Double)

  /// What `future_poison` and `future_delete` found.
  package enum Future: Sendable {
    /// - Parameter isCohort: whether the cohort changed as well.
    case read(FutureAlteration, isCohort: Bool, features: [String])
    case unreadable(FutureAlteration)
    case nothingLater
    case unread(FutureAlteration, cutoffs: [CalendarDate])
  }

  /// What `label_permutation` found.
  package enum Permutation: Sendable {
    case few(TooFewPositives)
    case oneClass
    case wide(lower: Double, upper: Double)
    case chance(rocAUC: Double, lower: Double, upper: Double)
    case better
  }

  /// What `shift` found.
  package enum Shift: Sendable {
    case oneClass
    case few(TooFewPositives)
    /// - Parameter feature: the one that gains most, with the columns that it reads.
    case gain(
      days: Int, rocAUC: Double, earlier: Double, feature: (name: String, columns: [String])?)
    case missed
    case noGain
  }

  /// What `snapshot` found.
  package enum Snapshot: Sendable {
    case none
    case nothingSince(snapshot: CalendarDate, end: CalendarDate)
    case empty
    case rewritten(since: CalendarDate, [RewrittenPast])
    /// - Parameter differing: the most rows that differ in one way.
    case kept(
      since: CalendarDate, days: Int, rows: Int, columns: Int, sources: Int, differing: Int)
  }

  /// What `static_dates` found.
  package enum StaticDates: Sendable {
    case noLastDay
    case none
    case ahead
    case late(recorded: [ColumnReference], moved: [ColumnReference])
  }

  /// What `static_effect` found.
  package enum StaticEffect: Sendable {
    case noFeatures
    case cutoffsFew
    case stable
    /// - Parameter label: the column or source of the label's event.
    case change(growing: [String], fading: [String], label: String)
  }
}

/// How everything that became known after a cutoff is altered.
package enum FutureAlteration: Sendable { case poison, delete }

/// A source whose rows have no match too often.
package enum PoorJoin: Sendable {
  /// Values of a column that refers to the source are no key of it.
  case values(share: Double, column: ColumnReference, source: String)
  case rows(share: Double, source: String)
  /// Rows of the panel without a row of the source.
  case panel(source: String, test: Double, train: Double)
}

/// Too few positive entities among some test rows.
package struct TooFewPositives: Sendable {
  package let found: Int
  package let needed: Int
  package let noun: PositiveNoun
}

/// How the past of a source was rewritten.
package enum RewrittenPast: Sendable {
  case values([ColumnReference])
  case rowsGone(Int, source: String)
  case rowsAdded(Int, source: String)
}

/// A line about one feature, source, column, or cutoff of a check.
package enum AuditDetail: Sendable {
  indirect case on(CalendarDate, AuditDetail)
  case finding(Finding.ID, message: String)
  /// An error that is no finding, as the operation that failed describes it.
  case failure(String)

  case rowsBeforeCreation(source: String, positives: Double, others: Double)
  case foldedFeature(String)
  /// - Parameter isNull: whether all rows have no value.
  case deadFeature(String, isNull: Bool, rows: Int)
  /// - Parameter columns: the columns that the feature reads.
  case endChange(EndChange, columns: [String])

  case samePanel(rows: Int, digest: String)
  case otherPanel(digest: String, altered: String)
  case panelDifference(PanelDifference)

  case keyCoverage(KeyCoverage)
  /// The shares of rows without an entity, among those of at least so many days, and the newest.
  case deletedEntities(
    source: String, older: Double, olderDays: Int, newest: Double, newestDays: Int)
  case withoutRow(source: String, test: Double, testRows: Int, train: Double)

  case arrivals(ArrivalProximity)
  case arrivalsFew(column: String)
  case permutation(Int, rocAUC: Double, lower: Double, upper: Double)
  case nullShares(column: String, positives: Double, others: Double)
  case rowChange(RowChange)
  /// The limits of `one_feature_dominance`.
  case dominanceLimits
  case roleOverlap(Role, Role, pairs: Int, isClustered: Bool, cutoffPairs: Int)

  /// - Parameter days: how much earlier the cutoffs are; 0: they are the spec's own.
  case trial(days: Int, TrialFigures)
  case shiftOneClass(days: Int, Role)
  case shiftFew(days: Int, TooFewPositives)
  case shiftWide(days: Int, gain: Double)
  case featureGain(String, rocAUC: Double, days: Int, earlier: Double)

  case snapshot(Snapshot)

  /// Counted over so many days before, and after, the end of the data.
  case staticDate(StaticDate, days: Int)
  case movedDate(MovedDate)
  case effect(feature: String, columns: [String], EffectTrend)
  /// - Parameter levels: the most frequent first; nil for a missing value.
  case unseenLevels(feature: String, Role, share: Double, levels: [String?])

  /// A source, compared with a snapshot.
  package enum Snapshot: Sendable {
    case compared(String, rows: Int, columns: Int)
    /// - Parameter shares: of the rows of entities with the event since then, and of the others; nil if
    ///   there are none.
    case valuesChanged(
      ColumnReference, SourceChanges.Rows, of: Int, shares: (positives: Double, others: Double)?,
      SinceEvent)
    case rowsGone(source: String, SourceChanges.Rows, of: Int)
    case rowsAdded(source: String, SourceChanges.Rows)
    case columnsNotKept([ColumnReference])
    case sourceNotKept(String)
    case sourceTimedOtherwise(String)
  }
}

/// The event since a snapshot whose entities are counted separately.
package enum SinceEvent: Sendable {
  case label
  /// The label is its absence.
  case absent(source: String)
}

/// The evaluation of a model that a check has trained.
package struct TrialFigures: Sendable {
  package let rocAUC: Double?
  package let positives: Int
  package let noun: PositiveNoun
  package let baseRate: Double
}
