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

  /// A segment whose levels are compared.
  private struct Compared {
    let rows: SegmentRows
    /// The group of each level.
    let groups: [Int32]
    let count: Int
  }

  /// Returns the test of each segment of the same rows; nil with fewer than two levels, or if no
  /// positives are expected.
  static func each(
    _ segments: [SegmentRows], draws: Int, _ settings: BootstrapOptions
  ) -> [Self?] {
    let compared = segments.map { rows in
      groups(rows.counts).map { Compared(rows: rows, groups: $0, count: $1) }
    }
    var tests = [Self?](repeating: nil, count: segments.count)
    // Labels depend only on the rows with a level, so segments that share those share the draws.
    let sharing = Dictionary(grouping: segments.indices.filter { compared[$0] != nil }) {
      segments[$0].unassigned
    }
    for numbers in sharing.values {
      let own = together(numbers.compactMap { compared[$0] }, draws: draws, settings)
      for (number, test) in zip(numbers, own) { tests[number] = test }
    }
    return tests
  }

  /// Returns the tests of segments with the same rows, at least one; empty if no positives are
  /// expected.
  ///
  /// Draws labels from the scores, scaled so that their sum is the number of positives: the levels
  /// are alike, and the scores as a whole may be too high or too low.
  private static func together(
    _ segments: [Compared], draws: Int, _ settings: BootstrapOptions
  ) -> [Self] {
    let (sorted, level) = (segments[0].rows.sorted, segments[0].rows.level)
    let positions = level.indices.filter { level[$0] >= 0 }
    let own = positions.map { sorted.rows.score[$0] }
    let expected = CompensatedSum(own).value
    guard expected > 0 else { return [] }
    let positives = positions.count { sorted.rows.label[$0] == 1 }
    let factor = Double(positives) / expected
    let scores = own.map { min(1, factor * max($0, Logistic.epsilon)) }
    // The groups of all segments, one segment after the other.
    var starts = [0]
    for segment in segments { starts.append((starts.last ?? 0) + segment.count) }
    var marks: [Int32] = []
    marks.reserveCapacity(positions.count * segments.count)
    for position in positions {
      for (segment, start) in zip(segments, starts) {
        marks.append(Int32(start) + segment.groups[Int(segment.rows.level[position])])
      }
    }
    var observed = [Int32](repeating: 0, count: starts[segments.count])
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: observed.count)
    for (row, position) in positions.enumerated() {
      for mark in marks[row * segments.count..<(row + 1) * segments.count] {
        observed[Int(mark)] += Int32(sorted.rows.label[position])
        sums[Int(mark)].add(scores[row])
      }
    }
    let ranges = segments.indices.map { starts[$0]..<starts[$0 + 1] }
    let shares = ranges.flatMap { range in
      let all = CompensatedSum(sums[range].lazy.map(\.value)).value
      return sums[range].map { $0.value / all }
    }
    let labels = LabelDraws(
      scores: scores, entities: positions.map { sorted.entities[$0] }, marks: marks,
      seed: settings.seed)
    let blank = observed.map { _ in Int32(0) }
    let drawn = Parallel.map(draws, threads: settings.threads) { index in
      var counts = blank
      labels.add(index, to: &counts)
      return ranges.map { statistic(counts[$0], shares[$0]) }
    }
    return ranges.enumerated().map { number, range in
      let own = statistic(observed[range], shares[range])
      return Self(
        statistic: own, levels: range.count,
        pValue: LabelDraws.pValue(
          of: own, among: drawn.map { $0[number] }, tolerance: tolerance),
        draws: draws)
    }
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

  /// - Parameter shares: the expected share of the positives of each group.
  private static func statistic(
    _ counts: ArraySlice<Int32>, _ shares: ArraySlice<Double>
  ) -> Double {
    let total = Double(counts.reduce(0, +))
    var sum = CompensatedSum()
    for (count, share) in zip(counts, shares) where count > 0 {
      sum.add(Double(count) * log(Double(count) / (total * share)))
    }
    return 2 * sum.value
  }
}
