internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
internal import Promotion
internal import Runs
internal import Spec

// Profiles: the features of each published list, counted.
//
// - In: a champion, its train cutoffs, and the cohort of each list.
// - Out: a file for the champion with the cells in which its features are counted, and one for each
//   list with the counts. A monitor compares weeks by them, so that later corrections of the history
//   do not change what earlier weeks were.

/// The cells in which a champion's features are counted, with the counts of its train rows.
struct TrainCells: Codable, Equatable {
  /// One feature, in the order of the spec.
  struct Feature: Codable, Equatable {
    let name: String
    /// The edges of a number's cells and the range of the train rows; nil for a category, and for a
    /// number that no train row has.
    let edges: [Double]?
    let minimum: Double?
    let maximum: Double?
    /// The kept levels of a category; nil for a number.
    let levels: [String]?
    let train: FeatureProfile
  }

  let runId: String
  let features: [Feature]
}

extension TrainCells {
  /// Counts the train rows.
  /// - Parameters:
  ///   - train: the blocks of the train cutoffs.
  ///   - builder: what built them.
  init(_ champion: ProductionModel, train: [PanelBlock], builder: PanelBuilder) {
    runId = champion.runId
    features = champion.spec.features.indices.map { index in
      let name = champion.spec.features[index].name.value
      let columns = train.map { $0.features.columns[index] }
      let levels = champion.categoryLevels(index)
      let grid = levels == nil ? RankGrid(columns.flatMap(\.numbers)) : nil
      let empty = Feature(
        name: name, edges: grid?.edges, minimum: grid?.minimum, maximum: grid?.maximum,
        levels: levels?.levels, train: FeatureProfile(cells: [], missing: 0))
      let counted = CountedFeature(
        empty, grid: grid, known: levels, dictionary: builder.levels(ofFeature: index))
      return Feature(
        name: name, edges: empty.edges, minimum: empty.minimum, maximum: empty.maximum,
        levels: empty.levels,
        train: columns.map(counted.profile).reduce(empty.train) { $0.adding($1) })
    }
  }

  /// Returns what it takes to count the features.
  /// - Parameter dictionary: the texts of a category's codes, of every block that will be counted.
  func counted(_ model: ScoringModel, dictionary: (Int) -> [String]) -> [CountedFeature] {
    features.enumerated().map { CountedFeature($1, model, dictionary: dictionary($0)) }
  }

  /// Whether these are the cells of a champion's features, so far as that can be seen.
  func belong(to champion: ProductionModel) -> Bool {
    runId == champion.runId
      && features.map(\.name) == champion.spec.features.map(\.name.value)
      && features.indices.allSatisfy { index in
        let feature = features[index]
        return feature.levels == champion.categoryLevels(index)?.levels
          && feature.train.isPossible && (feature.edges == nil || feature.grid != nil)
      }
  }
}

extension TrainCells.Feature {
  /// The cells of a number; nil for a category, and for a number that no train row has.
  var grid: RankGrid? {
    guard let edges, let minimum, let maximum else { return nil }
    return RankGrid(edges: edges, counts: train.cells, minimum: minimum, maximum: maximum)
  }

  /// The number of cells of a profile.
  var cellCount: Int { levels?.count ?? edges.map { $0.count + 1 } ?? 1 }
}

extension ProductionModel {
  /// The levels of a feature that the learner reads as a category; nil for a number.
  fileprivate func categoryLevels(_ index: Int) -> CategoryLevels? {
    let feature = spec.features[index]
    return feature.expression.isCategory ? model.levels[feature.name.value] : nil
  }

  /// The cutoffs that the model has learned from, with their roles.
  var ownCutoffs: [Cutoff] {
    model.record.cutoffs.compactMap(Cutoff.init).filter(\.role.hasRows)
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
  var unlabelled: Cutoff { Cutoff(date: date, role: .immature, windowEnd: windowEnd) }
}

/// A feature with what it takes to count its values in a panel.
struct CountedFeature {
  /// The cells of a number; nil for a category, and for a number that no train row has.
  let grid: RankGrid?
  /// How each code of the dictionary is read; nil for a number.
  let levels: [FeatureProfile.Level]?
  /// The kept levels of a category.
  let names: [String]
  /// The counts of the train rows.
  let train: FeatureProfile

  fileprivate init(_ feature: TrainCells.Feature, _ model: ScoringModel, dictionary: [String]) {
    self.init(
      feature, grid: feature.grid, known: feature.levels == nil ? nil : model.levels[feature.name],
      dictionary: dictionary)
  }

  fileprivate init(
    _ feature: TrainCells.Feature, grid: RankGrid?, known: CategoryLevels?, dictionary: [String]
  ) {
    self.grid = grid
    names = known?.levels ?? []
    train = feature.train
    levels = known.map { known in
      dictionary.map { text in
        let code = Int(known.code(of: text))
        if code > 0 { return .kept(code - 1) }
        return known.isNew(text) ? .unseen : .other
      }
    }
  }

  /// Counts a cohort's values.
  func profile(of column: FeatureColumn) -> FeatureProfile {
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
