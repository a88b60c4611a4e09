internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Learning
package import Panel
internal import Promotion
internal import Spec

/// What a monitor reads from the sources: the model's own cutoffs, the weeks, and the months of the
/// season, all scored by the champion as of their days.
struct MonitorPanel {
  /// The champion's cutoffs, with their roles and without features.
  let learned: [ScoredCohort]
  /// The weeks, oldest first.
  let weeks: [Week]
  /// How each feature is counted.
  let features: [WatchedFeature]

  /// A week's cohort with its features.
  struct Week {
    let block: PanelBlock
    let scored: ScoredCohort
    /// By feature of the model.
    let profiles: [FeatureProfile]
  }

  /// Builds and scores the cohorts.
  /// - Parameter days: the weeks, oldest first.
  /// - Throws: `FindingsError`, `WarehouseError`, or `LearningError`.
  init(
    _ champion: ProductionModel, days: [CalendarDate], builder: PanelBuilder, threads: Int,
    progress: @escaping ProgressHandler
  ) throws {
    let own = champion.model.record.cutoffs.compactMap(Cutoff.init).filter(\.role.hasRows)
    let weeks = days.map { Cutoff(date: $0, role: .immature, windowEnd: $0) }
    let count = own.count + weeks.count
    let learnedBlocks = try builder.blocks(own.map(\.unlabelled), threads: threads) {
      progress(StepProgress(.weeks, done: $0, of: count))
    }
    let weekBlocks = try builder.blocks(weeks, threads: threads) {
      progress(StepProgress(.weeks, done: own.count + $0, of: count))
    }
    // The dictionaries are complete only now.
    let train = zip(own, learnedBlocks).filter { $0.0.role == .train }.map(\.1)
    features = champion.spec.features.indices.map { index in
      WatchedFeature(index, champion.model, train: train, builder: builder)
    }
    func scored(_ cutoffs: [Cutoff], _ blocks: [PanelBlock]) throws -> [ScoredCohort] {
      let rows = try champion.model.scored(blocks, builder: builder, threads: threads)
      guard !rows.isEmpty else { return [] }
      return zip(zip(cutoffs, blocks), rows).map { pair, rows in
        ScoredCohort(
          cutoff: pair.0, entities: rows.entities, clusters: pair.1.clusters,
          margins: rows.margins, scores: rows.scores)
      }
    }
    learned = try scored(own, learnedBlocks)
    let features = features
    let scoredWeeks = try scored(weeks, weekBlocks)
    // Before the first account there is nothing to compare with.
    self.weeks = zip(weekBlocks, scoredWeeks).drop { $0.0.rowCount == 0 }.map { block, scored in
      Week(
        block: block, scored: scored,
        profiles: features.indices.map { features[$0].profile(of: block.features.columns[$0]) })
    }
  }

  /// Builds and scores more cutoffs, of which only the scores are kept.
  static func scored(
    _ days: [CalendarDate], _ champion: ProductionModel, builder: PanelBuilder, threads: Int
  ) throws -> [ScoredCohort] {
    let cutoffs = days.map { Cutoff(date: $0, role: .immature, windowEnd: $0) }
    let blocks = try builder.blocks(cutoffs, threads: threads)
    let rows = try champion.model.scored(blocks, builder: builder, threads: threads)
    guard !rows.isEmpty else { return [] }
    return zip(zip(cutoffs, blocks), rows).map { pair, rows in
      ScoredCohort(
        cutoff: pair.0, entities: rows.entities, clusters: pair.1.clusters, margins: rows.margins,
        scores: rows.scores)
    }
  }
}

extension Cutoff {
  /// A cutoff of a run's record; nil if the record is not readable.
  fileprivate init?(_ entry: RunRecord.CutoffEntry) {
    guard let date = CalendarDate(entry.date), let end = CalendarDate(entry.windowEnd),
      let role = Role(rawValue: entry.role)
    else { return nil }
    self.init(date: date, role: role, windowEnd: end)
  }

  /// The same day, for rows without a label: who bought is asked for separately, with the days.
  fileprivate var unlabelled: Cutoff { Cutoff(date: date, role: .immature, windowEnd: windowEnd) }
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

/// How one feature is counted, and its train rows.
struct WatchedFeature {
  /// The cells of a number; nil for a category, and for a number that no train row has.
  let grid: RankGrid?
  /// How each code of the dictionary is read; nil for a number.
  let levels: [FeatureProfile.Level]?
  /// The kept levels of a category.
  let names: [String]
  let train: FeatureProfile

  /// - Parameters:
  ///   - index: of the feature in the model's spec.
  ///   - train: the blocks of the train cutoffs.
  ///   - builder: the builder of all blocks that will be counted.
  init(_ index: Int, _ model: ScoringModel, train: [PanelBlock], builder: PanelBuilder) {
    let feature = model.spec.features[index]
    let columns = train.map { $0.features.columns[index] }
    if let known = model.levels[feature.name.value], feature.expression.isCategory {
      levels = builder.levels(ofFeature: index).map { text in
        let code = Int(known.code(of: text))
        if code > 0 { return .kept(code - 1) }
        return known.isNew(text) ? .unseen : .other
      }
      names = known.levels
      grid = nil
    } else {
      levels = nil
      names = []
      grid = RankGrid(columns.flatMap(\.numbers))
    }
    let parts = columns.map { [levels, names, grid] column in
      Self.profile(of: column, levels: levels, names: names, grid: grid)
    }
    self.train = parts.reduce(FeatureProfile(cells: [], missing: 0)) { $0.adding($1) }
  }

  func profile(of column: FeatureColumn) -> FeatureProfile {
    Self.profile(of: column, levels: levels, names: names, grid: grid)
  }

  private static func profile(
    of column: FeatureColumn, levels: [FeatureProfile.Level]?, names: [String], grid: RankGrid?
  ) -> FeatureProfile {
    if let levels {
      var (rows, missing) = ([Int](repeating: 0, count: levels.count), 0)
      for code in column.codes {
        if code < 0 { missing += 1 } else { rows[Int(code)] += 1 }
      }
      return FeatureProfile(rows: rows, levels: levels, missing: missing, keptCount: names.count)
    }
    if let grid { return grid.profile(of: column.numbers) }
    // No train row has a value, so every value is outside of what the model knows.
    let values = column.numbers
    let missing = values.count { $0.isNaN }
    return FeatureProfile(
      cells: [values.count - missing], missing: missing, outside: values.count - missing)
  }

  /// The level of each row.
  func levels(of column: FeatureColumn) -> [FeatureProfile.Level] {
    guard let levels else { return [] }
    return column.codes.map { $0 < 0 ? .missing : levels[Int($0)] }
  }
}
