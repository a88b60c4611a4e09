internal import Columns
internal import Foundation

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
    public let areaUnderROC: Double?
    /// Its interval over resamples of the entities.
    public let areaInterval: Interval?
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

  /// A test of whether all levels have the same ratio of positives to expected positives.
  public struct AlikeTest: Codable, Sendable, Equatable {
    /// G = 2 Σ O log(O / E), with E scaled to the observed total.
    public let statistic: Double
    /// The number of levels compared: those with at least 5 expected positive entities, and all
    /// others as one. Were they fewer than two, every level is compared.
    public let levels: Int
    /// The share of draws with at least this statistic, the rows themselves counted as one.
    public let pValue: Double
    /// The number of draws.
    public let draws: Int
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
  public let whole: Figures
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
    let ratios = Parallel.map(count, threads: settings.threads) { rows.ratio(rows.positions[$0]) }
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
      ? nil : figures(shown.count, rows.ratio(slices[shown.count]), isOfLevels: true)
    unassigned =
      isUnassigned
      ? figures(afterSmall, rows.ratio(slices[afterSmall]), isOfLevels: false) : nil
    let last = slices.count - 1
    whole = figures(last, rows.ratio(slices[last]), isOfLevels: false)
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
    areaUnderROC = area
    areaInterval = interval
  }
}

/// Counts of some rows.
private struct SegmentCounts: Sendable {
  var rows = 0
  var entities = 0
  var positives = 0
  var positiveEntities = 0
  var expectedPositiveEntities = 0.0

  /// Whether there are too few positives to show the rows by themselves. Few positives where many
  /// are expected are evidence.
  var isSmall: Bool { positiveEntities < SegmentStudy.smallestEvidence && !isEvidenceExpected }

  /// Whether enough positive entities are expected.
  var isEvidenceExpected: Bool {
    expectedPositiveEntities >= Double(SegmentStudy.smallestEvidence)
  }
}

/// The rows by descending score, so that no sum depends on their original order.
private struct SegmentRows: Sendable {
  let rows: ScoredRows
  /// The entities, numbered without gaps.
  let entities: [Int32]
  let entityCount: Int
  let level: [Int32]
  /// The positions of the rows of each level, ascending.
  let positions: [[Int]]
  /// The positions of the rows without a level.
  let unassigned: [Int]

  var count: Int { rows.count }

  init(_ rows: ScoredRows, level: [Int32], count: Int) {
    let order = (0..<rows.count).sorted {
      if rows.score[$0] != rows.score[$1] { return rows.score[$0] > rows.score[$1] }
      return rows.entity[$0] < rows.entity[$1]
    }
    self.rows = rows.selecting(order)
    (entities, entityCount) = numberedEntities(self.rows.entity)
    self.level = order.map { level[$0] }
    var positions = [[Int]](repeating: [], count: count)
    var unassigned: [Int] = []
    for (position, level) in self.level.enumerated() {
      if level < 0 { unassigned.append(position) } else { positions[Int(level)].append(position) }
    }
    self.positions = positions
    self.unassigned = unassigned
  }

  func counts(_ positions: [Int]) -> SegmentCounts {
    var counts = SegmentCounts()
    var isSeen = [Bool](repeating: false, count: entityCount)
    var isPositive = isSeen
    var expected = CompensatedSum()
    for position in positions {
      let entity = Int(entities[position])
      counts.rows += 1
      if !isSeen[entity] {
        counts.entities += 1
        // The first row of an entity has its highest score.
        expected.add(rows.score[position])
        isSeen[entity] = true
      }
      guard rows.label[position] == 1 else { continue }
      counts.positives += 1
      if !isPositive[entity] { counts.positiveEntities += 1 }
      isPositive[entity] = true
    }
    counts.expectedPositiveEntities = expected.value
    return counts
  }

  func ratio(_ positions: [Int]) -> CountRatio? {
    CountRatio(
      scores: positions.map { rows.score[$0] }, entities: positions.map { entities[$0] },
      count: positions.count { rows.label[$0] == 1 })
  }
}

/// The areas under the ROC curves of slices with enough positive entities.
private struct SegmentAreas {
  private(set) var values: [Double?]
  private(set) var intervals: [Interval?]

  init(_ rows: SegmentRows, _ slices: [[Int]], _ settings: BootstrapOptions) {
    values = slices.map { _ in nil }
    intervals = values.map { _ in nil }
    var measured: [(slice: Int, cells: RankingCells)] = []
    for (slice, positions) in slices.enumerated()
    where rows.counts(positions).positiveEntities >= SegmentStudy.smallestEvidenceForArea {
      let own = rows.rows.selecting(positions)
      values[slice] = ScoreGroups(labels: own.label, scores: own.margin).areaUnderROC
      guard values[slice] != nil else { continue }
      let sorted = own.sortedByFallingMargin(entities: positions.map { rows.entities[$0] })
      measured.append((slice, RankingCells(sorted)))
    }
    guard !measured.isEmpty else { return }
    let resampling = EntityResampling(entityCount: rows.entityCount, seed: settings.seed)
    let draws = resampling.answers(settings) { [measured] weights in
      func total(_ entities: [Int32]) -> Int {
        var total = 0
        for entity in entities { total += Int(weights[Int(entity)]) }
        return total
      }
      return measured.map { _, cells in
        let positives = total(cells.positiveEntities)
        return cells.areas(
          weights, positives: positives, rows: positives + total(cells.negativeEntities)
        ).rocAUC
      }
    }
    for (number, measured) in measured.enumerated() {
      intervals[measured.slice] = Interval(draws.map { $0[number] }, level: settings.level)
    }
  }
}

extension SegmentStudy.AlikeTest {
  /// The rounding error of the statistic, far below its distance between different counts.
  private static let tolerance = 1e-9

  /// Draws labels from the scores, scaled so that their sum is the number of positives: the levels
  /// are alike, and the scores as a whole may be too high or too low.
  fileprivate init?(
    _ rows: SegmentRows, _ counts: [SegmentCounts], draws: Int, _ settings: BootstrapOptions
  ) {
    guard let (groups, count) = Self.groups(counts) else { return nil }
    let places = (0..<rows.count).filter { rows.level[$0] >= 0 }
    let marks = places.map { groups[Int(rows.level[$0])] }
    var expected = CompensatedSum()
    var observed = [Int32](repeating: 0, count: count)
    for (place, mark) in zip(places, marks) {
      expected.add(rows.rows.score[place])
      observed[Int(mark)] += Int32(rows.rows.label[place])
    }
    guard expected.value > 0 else { return nil }
    let factor = Double(observed.reduce(0, +)) / expected.value
    let scores = places.map { min(1, factor * max(rows.rows.score[$0], Logistic.epsilon)) }
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    for (mark, score) in zip(marks, scores) { sums[Int(mark)].add(score) }
    let shares = sums.map(\.value)
    let labels = LabelDraws(
      scores: scores, entities: places.map { rows.entities[$0] }, marks: marks,
      seed: settings.seed)
    let blank = observed.map { _ in Int32(0) }
    let statistics = Parallel.map(draws, threads: settings.threads) { index in
      var counts = blank
      labels.add(index, to: &counts)
      return Self.statistic(counts, shares)
    }
    statistic = Self.statistic(observed, shares)
    levels = count
    pValue = LabelDraws.pValue(of: statistic, among: statistics, tolerance: Self.tolerance)
    self.draws = draws
  }

  /// Returns the group of each level and the number of groups; nil for fewer than two.
  ///
  /// Levels in which little is expected add chance to the statistic and little else, so they form
  /// one group. What was observed must not decide that.
  private static func groups(_ counts: [SegmentCounts]) -> (groups: [Int32], count: Int)? {
    var separate = counts.indices.filter { counts[$0].isEvidenceExpected }
    var others = counts.indices.filter { counts[$0].rows > 0 && !counts[$0].isEvidenceExpected }
    if separate.count + min(others.count, 1) < 2 {
      separate += others
      others = []
    }
    var groups = counts.map { _ in Int32(separate.count) }
    for (group, level) in separate.enumerated() { groups[level] = Int32(group) }
    let count = separate.count + min(others.count, 1)
    return count > 1 ? (groups, count) : nil
  }

  private static func statistic(_ counts: [Int32], _ expected: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    var all = CompensatedSum()
    for value in expected { all.add(value) }
    var sum = CompensatedSum()
    for (count, expected) in zip(counts, expected) where count > 0 {
      sum.add(Double(count) * log(Double(count) / (total * (expected / all.value))))
    }
    return 2 * sum.value
  }
}
