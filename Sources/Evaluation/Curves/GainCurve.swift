/// The share of all positives among the first rows of the list, by the length of the list, and the
/// lift of lists of several lengths.
///
/// A list is made at each cutoff, and curves are averaged over the cutoffs with positives: nobody
/// calls accounts at two dates at once, so they are never pooled. Lengths and ties are those of the
/// top lists of `evaluate(_:)`: a share is rounded up to whole rows, and where the end of a list
/// splits tied rows, the value is the exact mean over all orders of the ties. `captured` for a share
/// of 0.05 is therefore `recall_at_5_percent`, with the same interval. Intervals resample entities
/// and hold at each point by itself. Cost: one sort, and two passes over the rows per resample.
public struct GainCurve: Codable, Sendable, Equatable {
  /// A list of a share of the rows.
  public struct Point: Codable, Sendable, Equatable {
    /// The length of the list as a share of the rows, above 0 and at most 1.
    public let share: Double
    /// The mean share of positives on the list.
    public let captured: Double
    /// The interval of `captured`; nil if no resample has a positive row.
    public let interval: Interval?
  }

  /// A list of a number of rows.
  public struct Lift: Codable, Sendable, Equatable {
    /// The number of rows on each list.
    public let length: Int
    /// How many times more positives the list has than a random one, averaged over cutoffs.
    public let lift: Double
    /// The interval of `lift`; nil if no resample has a positive row.
    public let interval: Interval?
  }

  /// The points, from the shortest list to all rows. The curve starts at 0.
  public let points: [Point]
  /// The lifts, from the shortest list to the longest that every cutoff has.
  public let lifts: [Lift]
  /// The number of cutoffs with positives.
  public let cutoffs: Int
  /// The confidence level of the intervals.
  public let level: Double

  /// The lengths of the lists of `points`, in percent: every tenth up to 1, every fifth up to 10,
  /// and whole numbers above.
  static let percents: [Double] =
    (1...10).map { Double($0) / 10 } + (6...50).map { Double($0) / 5 } + (11...100).map(Double.init)

  /// Returns the lengths of the lists of `lifts`: about ten per factor of ten, from 10 rows up to
  /// `rows` (or `rows` alone if that is fewer than 10).
  static func lengths(rows: Int) -> [Int] {
    let steps = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80]
    var lengths: [Int] = []
    var factor = 1
    while factor * 10 <= rows {
      lengths += steps.map { $0 * factor }.filter { $0 < rows }
      factor *= 10
    }
    return lengths + [rows]
  }

  /// Computes the curve; nil without positive rows.
  public init?(
    _ rows: ScoredRows, bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 400)
  ) {
    let (entities, count) = rows.numberedClusters
    let rankings = CutoffRanking.each(
      rows.sortedByFallingMargin(entities: entities), cutoffCount: rows.cutoffCount)
    let smallest = rankings.map(\.rowCount).filter { $0 > 0 }.min() ?? 0
    guard smallest > 0 else { return nil }
    let lengths = Self.lengths(rows: smallest)
    let measure = GainMeasure(rankings: rankings, percents: Self.percents, lengths: lengths)
    guard let own = measure.values(ResampleBlock(entityCount: count))[0] else { return nil }
    let draws = EntityResampling(entityCount: count, seed: settings.seed)
      .answers(settings, blocks: measure.values)
    func interval(_ column: (GainMeasure.Values) -> Double) -> Interval? {
      Interval(draws.map { $0.map(column) }, level: settings.level)
    }
    points = Self.percents.indices.map { index in
      Point(
        share: Self.percents[index] / 100, captured: own.captured[index],
        interval: interval { $0.captured[index] })
    }
    lifts = lengths.indices.map { index in
      Lift(
        length: lengths[index], lift: own.lifts[index], interval: interval { $0.lifts[index] })
    }
    cutoffs = own.cutoffs
    level = settings.level
  }
}

/// Measures the lists of resamples.
private struct GainMeasure: Sendable {
  struct Values: Sendable {
    var captured: [Double]
    var lifts: [Double]
    var cutoffs: Int
  }

  let rankings: [CutoffRanking]
  let percents: [Double]
  let lengths: [Int]

  /// Returns each resample's means over the cutoffs with positives; nil if there are none.
  func values(_ block: ResampleBlock) -> [Values?] {
    let lists = percents.map(TopListSize.percent) + lengths.map(TopListSize.count)
    let counts = rankings.map { $0.cells.counts(block) }
    return (0..<ResampleBlock.size).map { lane in values(counts.map { $0[lane] }, lists) }
  }

  /// - Parameter counts: by cutoff.
  private func values(_ counts: [RankingCells.Counts], _ lists: [TopListSize]) -> Values? {
    var values = Values(
      captured: percents.map { _ in 0 }, lifts: lengths.map { _ in 0 }, cutoffs: 0)
    for counts in counts {
      guard let found = CutoffRanking.topLists(counts, lists: lists), found.positives > 0 else {
        continue
      }
      values.cutoffs += 1
      let positives = Double(found.positives)
      for index in percents.indices { values.captured[index] += found.hits[index] / positives }
      for index in lengths.indices {
        let list = percents.count + index
        let precision = found.hits[list] / Double(found.lengths[list])
        values.lifts[index] += precision / (positives / Double(found.rows))
      }
    }
    guard values.cutoffs > 0 else { return nil }
    for index in percents.indices { values.captured[index] /= Double(values.cutoffs) }
    for index in lengths.indices { values.lifts[index] /= Double(values.cutoffs) }
    return values
  }
}
