import Evaluation
import Promotion
import Testing

/// Which rows of several runs are resampled together.
@Suite struct SharedRowsTests {
  /// Six entities at two cutoffs, and the clusters of each side by entity.
  private func rows(_ sides: [[Int32]?]) -> SharedRows {
    var rows = SharedRows(count: 12, sideCount: sides.count)
    rows.cutoff = (0..<12).map { $0 / 6 }
    rows.entity = (0..<12).map { $0 % 6 }
    rows.dates = ["2024-01-31", "2024-02-29"]
    rows.clusters = sides.map { side in side.map { side in (0..<12).map { side[$0 % 6] } } }
    rows.joinClusters()
    return rows
  }

  /// The sets of entities that are together.
  private func sets(_ sides: [[Int32]?]) -> [[Int32]] {
    let rows = rows(sides).rows(of: 0)
    return Dictionary(grouping: Set(rows.entity)) { entity in
      rows.cluster[Int(entity)]
    }.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  @Test func `without clusters every entity is alone`() {
    let rows = rows([nil, nil])
    #expect(rows.joinedClusters == nil && !rows.rows(of: 0).isClustered)
    #expect(sets([nil, nil]) == [[0], [1], [2], [3], [4], [5]])
  }

  @Test func `where one side has clusters, they are those of both`() {
    let clusters: [Int32] = [2, 0, 2, 1, 0, 3]
    for sides in [[clusters], [clusters, nil], [nil, clusters], [clusters, clusters]] {
      #expect(sets(sides) == [[0, 2], [1, 4], [3], [5]])
      #expect(rows(sides).rows(of: 0).hasClusters(of: rows([clusters]).rows(of: 0)))
    }
  }

  @Test func `what either side keeps together stays together`() {
    // 0 and 2 by the first, 2 and 3 by the second; 5 is alone in both.
    #expect(
      sets([[2, 0, 2, 1, 0, 3], [0, 1, 2, 2, 3, 4]]) == [[0, 2, 3], [1, 4], [5]])
    #expect(sets([[0, 0, 1, 1, 2, 2], nil, [0, 1, 1, 2, 2, 0]]) == [[0, 1, 2, 3, 4, 5]])
  }

  @Test func `sets are joined step by step`() {
    var sets = DisjointSets(count: 9)
    sets.join(7, 3)
    sets.join(8, 7)
    sets.join(1, 2)
    sets.join(2, 2)
    #expect((0..<9).map { sets.first(of: $0) } == [0, 1, 1, 3, 4, 5, 6, 3, 3])
    sets.join(3, 2)
    #expect((0..<9).map { sets.first(of: $0) } == [0, 1, 1, 1, 4, 5, 6, 1, 1])
  }
}

extension ScoredRows {
  fileprivate func hasClusters(of other: ScoredRows) -> Bool { cluster == other.cluster }
}
