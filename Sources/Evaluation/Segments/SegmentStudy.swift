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
    self = Self.each(rows, by: [(level, count)], draws: draws, bootstrap: settings)[0]
  }

  /// Studies the same rows by several segments. Sorting, resampling, and the figures of all rows are
  /// done once.
  /// - Parameters:
  ///   - segments: each row's level, and the number of levels.
  ///   - draws: the number of draws of the test whether all levels are alike.
  ///   - settings: resamples for the areas, the level of all intervals, the seed and the threads.
  public static func each(
    _ rows: ScoredRows, by segments: [(level: [Int32], count: Int)], draws: Int = 2000,
    bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 400)
  ) -> [SegmentStudy] {
    let sorted = SortedRows(rows)
    let segments = segments.map { SegmentRows(sorted, level: $0.level, count: $0.count) }
    let allRows = Array(0..<sorted.count)
    let allCounts = sorted.counts([allRows])
    let rankings = Parallel.map(segments.count, threads: settings.threads) {
      segments[$0].rankings
    }
    let areas = SegmentAreas(
      sorted.rankings(counts: allCounts) { _ in 0 } + rankings.flatMap(\.self),
      entityCount: sorted.entityCount, settings)
    let all = Figures(
      allCounts[0], sorted.ratio(allRows, level: settings.level), shrunken: nil,
      area: areas.values[0], interval: areas.intervals[0])
    let tests = AlikeTest.each(segments, draws: draws, settings)
    var start = 1
    return zip(segments, tests).map { segment, test in
      defer { start += segment.slices.count }
      return SegmentStudy(segment, all: all, areas: areas, from: start, alike: test, settings)
    }
  }

  /// - Parameter start: the index of the first of the segment's slices in `areas`.
  private init(
    _ segment: SegmentRows, all: Figures, areas: SegmentAreas, from start: Int,
    alike: AlikeTest?, _ settings: BootstrapOptions
  ) {
    let (sorted, slices) = (segment.sorted, segment.slices)
    let ratios = Parallel.map(segment.positions.count, threads: settings.threads) {
      sorted.ratio(segment.positions[$0], level: settings.level)
    }
    let shrinkage = RatioShrinkage(
      ratios.indices.filter { !segment.positions[$0].isEmpty }.compactMap { ratios[$0] })
    func figures(_ slice: Int, _ ratio: CountRatio?, isOfLevels: Bool) -> Figures {
      Figures(
        segment.sliceCounts[slice], ratio,
        shrunken: isOfLevels ? ratio.flatMap { shrinkage?.shrunken($0) } : nil,
        area: areas.values[start + slice], interval: areas.intervals[start + slice])
    }
    func pooled(_ slice: Int, isOfLevels: Bool) -> Figures {
      figures(
        slice, sorted.ratio(slices[slice], level: settings.level), isOfLevels: isOfLevels)
    }
    let adjusted = Holm(ratios.map { $0?.pValue }, alpha: 1 - settings.level).adjusted
    self.levels = segment.shown.enumerated().map { slice, index in
      Level(
        index: index, figures: figures(slice, ratios[index], isOfLevels: true),
        adjustedPValue: ratios[index] == nil ? nil : adjusted[index])
    }
    smallLevels = segment.small.count
    small = segment.small.isEmpty ? nil : pooled(segment.shown.count, isOfLevels: true)
    unassigned = segment.unassigned.isEmpty ? nil : pooled(slices.count - 1, isOfLevels: false)
    self.all = all
    self.alike = alike
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
