internal import Columns

/// Counts of some rows.
struct SegmentCounts: Sendable {
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
struct SortedRows: Sendable {
  let rows: ScoredRows
  /// The original index of each row.
  let order: [Int]
  /// The clusters, which are the entities unless the rows have others, numbered without gaps.
  let entities: [Int32]
  let entityCount: Int
  /// The positions of the rows by descending margin.
  let byMargin: [Int32]

  var count: Int { rows.count }

  init(_ rows: ScoredRows) {
    struct Key {
      var score: Double
      var entity: Int32
      var row: Int32
    }
    var keys = (0..<rows.count).map {
      Key(score: rows.score[$0], entity: rows.entity[$0], row: Int32($0))
    }
    keys.sort { $0.score != $1.score ? $0.score > $1.score : $0.entity < $1.entity }
    order = keys.map { Int($0.row) }
    let sorted = rows.selecting(order)
    self.rows = sorted
    (entities, entityCount) = sorted.numberedClusters
    byMargin = sorted.orderByFallingMargin().map { Int32($0) }
  }

  /// Returns the counts of each slice, which is the ascending positions of some rows.
  func counts(_ slices: [[Int]]) -> [SegmentCounts] {
    // The last slice in which each entity was seen, and in which it was positive.
    var seen = [Int](repeating: -1, count: entityCount)
    var positive = seen
    return slices.enumerated().map { slice, positions in
      var counts = SegmentCounts()
      counts.rows = positions.count
      var expected = CompensatedSum()
      for position in positions {
        let entity = Int(entities[position])
        if seen[entity] != slice {
          counts.entities += 1
          // The first row of an entity has its highest score.
          expected.add(rows.score[position])
          seen[entity] = slice
        }
        guard rows.label[position] == 1 else { continue }
        counts.positives += 1
        if positive[entity] != slice { counts.positiveEntities += 1 }
        positive[entity] = slice
      }
      counts.expectedPositiveEntities = expected.value
      return counts
    }
  }

  /// - Parameter level: the confidence level of the interval.
  func ratio(_ positions: [Int], level: Double) -> CountRatio? {
    // Scores that ascend need no sorting.
    let ascending = positions.reversed()
    return CountRatio(
      scores: ascending.map { rows.score[$0] }, entities: ascending.map { entities[$0] },
      count: positions.count { rows.label[$0] == 1 }, level: level)
  }
}

/// The rows by level, and the slices of them that get figures.
struct SegmentRows: Sendable {
  let sorted: SortedRows
  let level: [Int32]
  /// The positions of the rows of each level, ascending.
  let positions: [[Int]]
  /// The positions of the rows without a level.
  let unassigned: [Int]
  let counts: [SegmentCounts]
  /// The levels that are shown by themselves.
  let shown: [Int]
  /// The other levels with rows.
  let small: [Int]
  /// The positions of the rows of each shown level, of all small ones if there are any, and of the
  /// rows without a level if there are any.
  let slices: [[Int]]
  let sliceCounts: [SegmentCounts]

  /// - Parameter level: each row's level, in the original order.
  init(_ sorted: SortedRows, level: [Int32], count: Int) {
    precondition(level.count == sorted.count, "one level is needed per row")
    let level = sorted.order.map { level[$0] }
    var positions = [[Int]](repeating: [], count: count)
    var unassigned: [Int] = []
    for (position, level) in level.enumerated() {
      if level < 0 { unassigned.append(position) } else { positions[Int(level)].append(position) }
    }
    let counts = sorted.counts(positions)
    shown = counts.indices.filter { counts[$0].rows > 0 && !counts[$0].isSmall }
    small = counts.indices.filter { counts[$0].rows > 0 && counts[$0].isSmall }
    var slices = shown.map { positions[$0] }
    if !small.isEmpty { slices.append(small.flatMap { positions[$0] }.sorted()) }
    if !unassigned.isEmpty { slices.append(unassigned) }
    (self.sorted, self.level, self.positions) = (sorted, level, positions)
    (self.unassigned, self.counts, self.slices) = (unassigned, counts, slices)
    // Only the pools of levels are not counted yet.
    sliceCounts = shown.map { counts[$0] } + sorted.counts(Array(slices.dropFirst(shown.count)))
  }

  /// The ranking of each slice; nil for those with too few positive entities for an area.
  var rankings: [RankingCells?] {
    var sliceOfLevel = [Int](repeating: shown.count, count: positions.count)
    for (slice, level) in shown.enumerated() { sliceOfLevel[level] = slice }
    return sorted.rankings(counts: sliceCounts) { position in
      level[position] < 0 ? slices.count - 1 : sliceOfLevel[Int(level[position])]
    }
  }
}

extension SortedRows {
  /// Returns the ranking of each slice; nil for those with too few positive entities for an area.
  /// - Parameter slice: the slice of the row at a position.
  func rankings(counts: [SegmentCounts], slice: (Int) -> Int) -> [RankingCells?] {
    let areMeasured = counts.map {
      $0.positiveEntities >= SegmentStudy.smallestEvidenceForArea
    }
    var ranked = [[ResampleRow]](repeating: [], count: counts.count)
    for (number, count) in counts.enumerated() where areMeasured[number] {
      ranked[number].reserveCapacity(count.rows)
    }
    for position in byMargin.lazy.map({ Int($0) }) {
      let slice = slice(position)
      guard areMeasured[slice] else { continue }
      ranked[slice].append(
        ResampleRow(
          margin: rows.margin[position], score: rows.score[position], entity: entities[position],
          cutoff: rows.cutoff[position], label: rows.label[position]))
    }
    return ranked.indices.map { areMeasured[$0] ? RankingCells(ranked[$0]) : nil }
  }
}

/// The areas under the ROC curves of slices with enough positive entities.
struct SegmentAreas {
  let values: [Double?]
  private(set) var intervals: [Interval?]

  /// - Parameter rankings: those of the slices that have enough positive entities.
  init(_ rankings: [RankingCells?], entityCount: Int, _ settings: BootstrapOptions) {
    let once = [UInt16](repeating: 1, count: entityCount)
    let values = rankings.map { $0?.areas(once).rocAUC }
    self.values = values
    intervals = values.map { _ in nil }
    let measured = values.indices.filter { values[$0] != nil }
    let cells = measured.compactMap { rankings[$0] }
    guard !cells.isEmpty else { return }
    let resampling = EntityResampling(entityCount: entityCount, seed: settings.seed)
    @Sendable func areas(_ block: ResampleBlock) -> [[Double?]] {
      let areas = cells.map { cells in
        let counts = cells.counts(block)
        return (0..<ResampleBlock.size).map { counts[$0].areas.rocAUC }
      }
      return (0..<ResampleBlock.size).map { lane in areas.map { $0[lane] } }
    }
    let draws = resampling.answers(settings, blocks: areas)
    for (number, slice) in measured.enumerated() {
      intervals[slice] = Interval(draws.map { $0[number] }, level: settings.level)
    }
  }
}
