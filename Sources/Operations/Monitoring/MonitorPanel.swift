internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Learning
package import Panel
internal import Promotion
internal import Runs
internal import Spec

/// What a monitor reads from the sources: the model's own cutoffs, the weeks, and the months of the
/// season, all scored by the champion as of their days.
struct MonitorPanel {
  /// The champion's cutoffs, with their roles and without features.
  let learned: [ScoredCohort]
  /// The weeks, oldest first.
  let weeks: [Week]
  /// How each feature is counted.
  let features: [CountedFeature]

  /// A week's cohort with its features.
  struct Week {
    let block: PanelBlock
    let scored: ScoredCohort
    /// By feature of the model, by today's data.
    let rebuilt: [FeatureProfile]
    /// As they were when the week's list was made; nil without a stored profile.
    let stored: [FeatureProfile]?

    /// The profiles that weeks are compared by.
    var profiles: [FeatureProfile] { stored ?? rebuilt }
  }

  /// Builds and scores the cohorts.
  /// - Parameters:
  ///   - days: the weeks, oldest first.
  ///   - profiles: what was stored when lists were made.
  /// - Throws: `FindingsError`, `WarehouseError`, or `LearningError`.
  init(
    _ champion: ProductionModel, days: [CalendarDate], profiles: StoredProfiles,
    builder: PanelBuilder, threads: Int, progress: @escaping ProgressHandler
  ) throws {
    let own = champion.ownCutoffs
    let weeks = days.map { Cutoff(date: $0, role: .immature, windowEnd: $0) }
    let count = own.count + weeks.count
    let learnedBlocks = try builder.blocks(own.map(\.unlabelled), threads: threads) {
      progress(StepProgress(.weeks, done: $0, of: count))
    }
    let weekBlocks = try builder.blocks(weeks, threads: threads) {
      progress(StepProgress(.weeks, done: own.count + $0, of: count))
    }
    // The dictionaries are complete only now.
    let cells =
      profiles.cells
      ?? TrainCells(
        champion, train: zip(own, learnedBlocks).filter { $0.0.role == .train }.map(\.1),
        builder: builder)
    features = cells.counted(champion.model, dictionary: builder.levels(ofFeature:))
    learned = try Self.scored(own, learnedBlocks, champion, builder: builder, threads: threads)
    let scoredWeeks = try Self.scored(
      weeks, weekBlocks, champion, builder: builder, threads: threads)
    let features = features
    // Before the first account there is nothing to compare with.
    self.weeks = zip(weekBlocks, scoredWeeks).drop { $0.0.rowCount == 0 }.map { block, scored in
      Week(
        block: block, scored: scored,
        rebuilt: zip(features, block.features.columns).map { $0.profile(of: $1) },
        stored: profiles.ofDay[scored.cutoff.date])
    }
  }

  /// Builds and scores more cutoffs, of which only the scores are kept.
  static func scored(
    _ days: [CalendarDate], _ champion: ProductionModel, builder: PanelBuilder, threads: Int
  ) throws -> [ScoredCohort] {
    let cutoffs = days.map { Cutoff(date: $0, role: .immature, windowEnd: $0) }
    let blocks = try builder.blocks(cutoffs, threads: threads)
    return try scored(cutoffs, blocks, champion, builder: builder, threads: threads)
  }

  /// The champion's cutoffs, scored, without the weeks.
  static func learned(
    _ champion: ProductionModel, builder: PanelBuilder, threads: Int
  ) throws -> [ScoredCohort] {
    let own = champion.ownCutoffs
    let blocks = try builder.blocks(own.map(\.unlabelled), threads: threads)
    return try scored(own, blocks, champion, builder: builder, threads: threads)
  }

  private static func scored(
    _ cutoffs: [Cutoff], _ blocks: [PanelBlock], _ champion: ProductionModel,
    builder: PanelBuilder, threads: Int
  ) throws -> [ScoredCohort] {
    let rows = try champion.model.scored(blocks, builder: builder, threads: threads)
    guard !rows.isEmpty else { return [] }
    return zip(zip(cutoffs, blocks), rows).map { pair, rows in
      ScoredCohort(
        cutoff: pair.0, entities: rows.entities, clusters: pair.1.clusters, margins: rows.margins,
        scores: rows.scores)
    }
  }
}

/// A scored cohort without its features: columns with one value per row.
package struct ScoredCohort: Sendable {
  package let cutoff: Cutoff
  /// Ascending.
  package let entities: [Int32]
  /// The cluster of each row; the entity, unless the spec has `evaluation.cluster`.
  package let clusters: [Int32]
  package let margins: [Double]
  package let scores: [Double]

  package init(
    cutoff: Cutoff, entities: [Int32], clusters: [Int32], margins: [Double], scores: [Double]
  ) {
    self.cutoff = cutoff
    self.entities = entities
    self.clusters = clusters
    self.margins = margins
    self.scores = scores
  }
}
