internal import Columns

/// How well the scores hold in each level of a segment, such as a territory, and whether the levels
/// differ at all.
///
/// ```swift
/// let study = SegmentStudy(rows, level: regions, count: 18)
/// study.alike?.pValue                    // is there any difference? ask this first
/// study.levels[0].figures.ratio?.ratio   // positives over expected positives
/// study.levels[0].figures.shrunken       // the ratio to act on
/// ```
///
/// A ratio of few positives is far from 1 by chance alone, and one purchase may make its account
/// positive at several cutoffs. So all intervals and tests keep the rows of an entity together, and
/// levels with little evidence are pooled. Nothing is left out: `levels`, `small` and `unassigned`
/// have all rows between them. An entity that changes its level counts in each.
public struct SegmentStudy: Codable, Sendable, Equatable {
  /// The figures of some rows, pooled over cutoffs.
  public struct Figures: Codable, Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of distinct entities.
    public let entities: Int
    /// The number of positive rows.
    public let positives: Int
    /// The number of distinct entities with a positive row.
    public let positiveEntities: Int
    /// The sum of the scores.
    public let expected: Double
    /// The expected number of distinct entities with a positive row, if rows of an entity are as
    /// dependent as their scores allow: the sum of each entity's highest score.
    public let expectedPositiveEntities: Double
    /// Positives over expected positives; nil if all scores are 0.
    public let ratio: CountRatio?
    /// The ratio shrunken towards that of all levels together (`RatioShrinkage`); nil if all scores
    /// are 0, or if the figures are not those of levels.
    public let shrunken: Double?
    /// The area under the ROC curve by margin; nil with fewer than 10 positive entities or without
    /// negatives.
    public let rocAuc: Double?
    /// Its interval over resamples of the entities.
    public let rocAucInterval: Interval?
  }

  /// One level with enough evidence to be shown by itself.
  public struct Level: Codable, Sendable, Equatable {
    /// The level's index.
    public let index: Int
    /// The figures of its rows.
    public let figures: Figures
    /// The p-value of a ratio of 1, corrected for the number of all levels, small ones included
    /// (Holm, 1979); nil if all scores are 0.
    public let adjustedPValue: Double?
  }

  /// The levels with at least 5 positive entities or 5 expected ones, by index. A level without
  /// rows is absent.
  public let levels: [Level]
  /// The number of small levels: the others with rows.
  public let smallLevels: Int
  /// All small levels together; nil if there are none.
  public let small: Figures?
  /// The rows without a level; nil if there are none.
  public let unassigned: Figures?
  /// All rows.
  public let all: Figures
  /// Whether the levels are alike; nil with fewer than two levels, or if no positives are expected.
  public let alike: AlikeTest?
  /// How the ratios were shrunken; nil if no positives are expected.
  public let shrinkage: RatioShrinkage?
  /// The confidence level of the intervals.
  public let level: Double

  static let smallestEvidence = 5
  static let smallestEvidenceForArea = 10

  /// Studies rows by level.
  /// - Parameters:
  ///   - level: each row's level, an index below `count`; negative for a row without one.
  ///   - draws: the number of draws of the test whether all levels are alike.
  ///   - settings: resamples for the areas, the level of all intervals, the seed and the threads.
  public init(
    _ rows: ScoredRows, level: [Int32], count: Int, draws: Int = 2000,
    bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 400)
  ) {
    precondition(level.count == rows.count, "one level is needed per row")
    let rows = SegmentRows(rows, level: level, count: count)
    func ratio(_ positions: [Int]) -> CountRatio? { rows.ratio(positions, level: settings.level) }
    let ratios = Parallel.map(count, threads: settings.threads) {
      rows.ratio(rows.positions[$0], level: settings.level)
    }
    let present = (0..<count).filter { !rows.positions[$0].isEmpty }
    let shrinkage = RatioShrinkage(present.compactMap { ratios[$0] })
    let counts = rows.positions.map(rows.counts)
    let shown = present.filter { !counts[$0].isSmall }
    let small = present.filter { counts[$0].isSmall }
    let isUnassigned = rows.count > present.reduce(0) { $0 + counts[$1].rows }

    // The slices with figures: levels, then all small ones, those without a level, and all rows.
    var slices = shown.map { rows.positions[$0] }
    if !small.isEmpty { slices.append(small.flatMap { rows.positions[$0] }.sorted()) }
    if isUnassigned { slices.append(rows.unassigned) }
    slices.append(Array(0..<rows.count))
    let areas = SegmentAreas(rows, slices, settings)
    func figures(_ slice: Int, _ ratio: CountRatio?, isOfLevels: Bool) -> Figures {
      Figures(
        rows.counts(slices[slice]), ratio,
        shrunken: isOfLevels ? ratio.flatMap { shrinkage?.shrunken($0) } : nil,
        area: areas.values[slice], interval: areas.intervals[slice])
    }
    let adjusted = Holm(ratios.map { $0?.pValue }, alpha: 1 - settings.level).adjusted
    self.levels = shown.enumerated().map { slice, index in
      Level(
        index: index, figures: figures(slice, ratios[index], isOfLevels: true),
        adjustedPValue: ratios[index] == nil ? nil : adjusted[index])
    }
    smallLevels = small.count
    let afterSmall = shown.count + (small.isEmpty ? 0 : 1)
    self.small =
      small.isEmpty
      ? nil : figures(shown.count, ratio(slices[shown.count]), isOfLevels: true)
    unassigned =
      isUnassigned
      ? figures(afterSmall, ratio(slices[afterSmall]), isOfLevels: false) : nil
    let last = slices.count - 1
    all = figures(last, ratio(slices[last]), isOfLevels: false)
    alike = AlikeTest(rows, counts, draws: draws, settings)
    self.shrinkage = shrinkage
    self.level = settings.level
  }
}

extension SegmentStudy.Figures {
  fileprivate init(
    _ counts: SegmentCounts, _ ratio: CountRatio?, shrunken: Double?, area: Double?,
    interval: Interval?
  ) {
    rows = counts.rows
    entities = counts.entities
    positives = counts.positives
    positiveEntities = counts.positiveEntities
    expected = ratio?.expected ?? 0
    expectedPositiveEntities = counts.expectedPositiveEntities
    self.ratio = ratio
    self.shrunken = shrunken
    rocAuc = area
    rocAucInterval = interval
  }
}
