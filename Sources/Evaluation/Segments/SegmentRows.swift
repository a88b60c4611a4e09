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

  var count: Int { rows.count }

  init(_ rows: ScoredRows) {
    order = (0..<rows.count).sorted {
      if rows.score[$0] != rows.score[$1] { return rows.score[$0] > rows.score[$1] }
      return rows.entity[$0] < rows.entity[$1]
    }
    self.rows = rows.selecting(order)
    (entities, entityCount) = self.rows.numberedClusters
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

  /// - Parameter level: the confidence level of the interval.
  func ratio(_ positions: [Int], level: Double) -> CountRatio? {
    CountRatio(
      scores: positions.map { rows.score[$0] }, entities: positions.map { entities[$0] },
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

  /// - Parameter level: each row's level, in the original order.
  init(_ sorted: SortedRows, level: [Int32], count: Int) {
    precondition(level.count == sorted.count, "one level is needed per row")
    let level = sorted.order.map { level[$0] }
    var positions = [[Int]](repeating: [], count: count)
    var unassigned: [Int] = []
    for (position, level) in level.enumerated() {
      if level < 0 { unassigned.append(position) } else { positions[Int(level)].append(position) }
    }
    let counts = positions.map(sorted.counts)
    shown = counts.indices.filter { counts[$0].rows > 0 && !counts[$0].isSmall }
    small = counts.indices.filter { counts[$0].rows > 0 && counts[$0].isSmall }
    var slices = shown.map { positions[$0] }
    if !small.isEmpty { slices.append(small.flatMap { positions[$0] }.sorted()) }
    if !unassigned.isEmpty { slices.append(unassigned) }
    (self.sorted, self.level, self.positions) = (sorted, level, positions)
    (self.unassigned, self.counts, self.slices) = (unassigned, counts, slices)
  }
}

/// The areas under the ROC curves of slices with enough positive entities.
struct SegmentAreas {
  private(set) var values: [Double?]
  private(set) var intervals: [Interval?]

  init(_ sorted: SortedRows, _ slices: [[Int]], _ settings: BootstrapOptions) {
    let measured = Parallel.map(slices.count, threads: settings.threads) {
      slice -> (area: Double, cells: RankingCells)? in
      let positions = slices[slice]
      guard
        sorted.counts(positions).positiveEntities >= SegmentStudy.smallestEvidenceForArea
      else { return nil }
      let own = sorted.rows.selecting(positions)
      return ScoreGroups(labels: own.label, scores: own.margin).areaUnderROC.map { area in
        let byMargin = own.sortedByFallingMargin(entities: positions.map { sorted.entities[$0] })
        return (area, RankingCells(byMargin))
      }
    }
    values = measured.map { $0?.area }
    intervals = measured.map { _ in nil }
    let cells = measured.compactMap { $0?.cells }
    guard !cells.isEmpty else { return }
    let resampling = EntityResampling(entityCount: sorted.entityCount, seed: settings.seed)
    let draws = resampling.answers(settings) { [cells] weights in
      cells.map { $0.areas(weights).rocAUC }
    }
    for (number, slice) in measured.indices.filter({ measured[$0] != nil }).enumerated() {
      intervals[slice] = Interval(draws.map { $0[number] }, level: settings.level)
    }
  }
}
