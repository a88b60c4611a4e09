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
struct SegmentRows: Sendable {
  let rows: ScoredRows
  /// The clusters, which are the entities unless the rows have others, numbered without gaps.
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
    (entities, entityCount) = self.rows.numberedClusters
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

  /// - Parameter level: the confidence level of the interval.
  func ratio(_ positions: [Int], level: Double) -> CountRatio? {
    CountRatio(
      scores: positions.map { rows.score[$0] }, entities: positions.map { entities[$0] },
      count: positions.count { rows.label[$0] == 1 }, level: level)
  }
}

/// The areas under the ROC curves of slices with enough positive entities.
struct SegmentAreas {
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
      measured.map { _, cells in cells.areas(weights).rocAUC }
    }
    for (number, measured) in measured.enumerated() {
      intervals[measured.slice] = Interval(draws.map { $0[number] }, level: settings.level)
    }
  }
}
