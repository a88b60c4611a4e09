internal import Columns
internal import Foundation

extension SegmentStudy {
  /// A test of whether all levels have the same ratio of positives to expected positives.
  public struct AlikeTest: Codable, Sendable, Equatable {
    /// G = 2 Σ O log(O / E), with E scaled to the observed total.
    public let statistic: Double
    /// The number of levels compared: those with at least 5 expected positive entities, and all
    /// others as one. If that makes fewer than two, every level is compared.
    public let levels: Int
    /// The share of draws with at least this statistic, the rows themselves counted as one.
    public let pValue: Double
    /// The number of draws.
    public let draws: Int
  }
}

extension SegmentStudy {
  /// Whether there are enough positives for `alike` to find a difference: at least two of the groups
  /// that it compares have 5 expected positive entities. A small p-value is evidence without them,
  /// a large one is not.
  public var canCompareLevels: Bool {
    let least = Double(Self.smallestEvidence)
    let expected = levels.map(\.figures.expectedPositiveEntities)
    let separate = expected.count { $0 >= least }
    let others =
      expected.reduce(0) { $0 + ($1 < least ? $1 : 0) } + (small?.expectedPositiveEntities ?? 0)
    return separate + (others >= least ? 1 : 0) > 1
  }

  /// A level's shrunken ratio over that of all levels together; nil if either is undefined, or if
  /// there are no positives.
  public func relativeRatio(_ figures: Figures) -> Double? {
    guard let shrunken = figures.shrunken, let mean = shrinkage?.mean, mean > 0 else { return nil }
    return shrunken / mean
  }
}

extension SegmentStudy.AlikeTest {
  /// The rounding error of the statistic, far below its distance between different counts.
  private static let tolerance = 1e-9

  /// Draws labels from the scores, scaled so that their sum is the number of positives: the levels
  /// are alike, and the scores as a whole may be too high or too low.
  init?(_ rows: SegmentRows, draws: Int, _ settings: BootstrapOptions) {
    guard let (groups, count) = Self.groups(rows.counts) else { return nil }
    let sorted = rows.sorted
    let positions = rows.level.indices.filter { rows.level[$0] >= 0 }
    let marks = positions.map { groups[Int(rows.level[$0])] }
    var expected = CompensatedSum()
    var observed = [Int32](repeating: 0, count: count)
    for (position, mark) in zip(positions, marks) {
      expected.add(sorted.rows.score[position])
      observed[Int(mark)] += Int32(sorted.rows.label[position])
    }
    guard expected.value > 0 else { return nil }
    let factor = Double(observed.reduce(0, +)) / expected.value
    let scores = positions.map { min(1, factor * max(sorted.rows.score[$0], Logistic.epsilon)) }
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    for (mark, score) in zip(marks, scores) { sums[Int(mark)].add(score) }
    let shares = sums.map(\.value)
    let labels = LabelDraws(
      scores: scores, entities: positions.map { sorted.entities[$0] }, marks: marks,
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
