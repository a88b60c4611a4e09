import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct TopListTests {
  /// Hits over every order of the rows that keeps scores falling.
  private func enumerated(
    _ labels: [UInt8], _ scores: [Double], length: Int
  ) -> (mean: Double, most: Double, fewest: Double) {
    var counts: [Int] = []
    func extend(_ chosen: [Int]) {
      guard chosen.count < labels.count else {
        counts.append(chosen.prefix(length).reduce(0) { $0 + Int(labels[$1]) })
        return
      }
      let left = labels.indices.filter { !chosen.contains($0) }
      let best = left.map { scores[$0] }.max()
      for row in left where scores[row] == best { extend(chosen + [row]) }
    }
    extend([])
    let sum = Double(counts.reduce(0, +))
    return (sum / Double(counts.count), Double(counts.max() ?? 0), Double(counts.min() ?? 0))
  }

  @Test(arguments: 0..<60)
  func `hits are the mean, best and worst over all orders of ties`(seed: Int) throws {
    var draw = Draw(seed: UInt64(seed))
    let (labels, scores) = draw.tied(rows: 2 + draw.below(6), levels: 3, rate: 0.4)
    let groups = ScoreGroups(labels: labels, scores: scores)
    for length in 1...labels.count {
      let list = try #require(groups.topList(.count(length)))
      let expected = enumerated(labels, scores, length: length)
      // 1e-12: the enumeration adds whole numbers, the closed form multiplies a share.
      #expect(isClose(list.hits, expected.mean, 1e-12))
      #expect(list.mostHits == expected.most)
      #expect(list.fewestHits == expected.fewest)
    }
  }

  @Test func `a list longer than the rows is all rows`() throws {
    let groups = ScoreGroups(labels: [1, 0, 0], scores: [0.3, 0.2, 0.1])
    let list = try #require(groups.topList(.count(50)))
    #expect(list.length == 3)
    #expect(
      list.values(suffix: "50") == [
        "precision_at_50": 1.0 / 3, "recall_at_50": 1, "lift_at_50": 1,
      ])
  }

  @Test(arguments: [
    (1000, 1.1, 11), (1000, 0.1, 1), (250, 1, 3), (10, 1, 1), (7, 100, 7), (300, 0.7, 3),
    (1_000_000, 0.3, 3000), (0, 5, 0),
  ])
  func `a percentage is rounded up to rows, at least one`(
    rows: Int, percent: Double, length: Int
  ) {
    #expect(TopListSize.percent(percent).length(rows: rows) == length)
  }

  @Test func `every tenth of a percent of a round number of rows is met exactly`() {
    for tenths in 1...1000 {
      #expect(TopListSize.percent(Double(tenths) / 10).length(rows: 100_000) == tenths * 100)
    }
  }

  @Test func `names say how long the list is`() {
    #expect(TopListSize.count(50).suffix == "50")
    #expect(TopListSize.percent(1).suffix == "1_percent")
    #expect(TopListSize.percent(0.5).suffix == "0.5_percent")
  }

  @Test func `best and worst appear only where the order of ties matters`() throws {
    let groups = ScoreGroups(labels: [1, 0, 1, 0], scores: [0.9, 0.9, 0.5, 0.1])
    let cut = try #require(groups.topList(.count(1))).values(suffix: "1")
    #expect(cut["precision_at_1"] == 0.5)
    #expect(cut["precision_at_1_best"] == 1)
    #expect(cut["precision_at_1_worst"] == 0)
    #expect(cut["lift_at_1"] == 1)
    #expect(cut["recall_at_1_best"] == 0.5)
    let whole = try #require(groups.topList(.count(2))).values(suffix: "2")
    #expect(whole == ["precision_at_2": 0.5, "recall_at_2": 0.5, "lift_at_2": 1])
  }

  @Test func `without positives there is a precision but neither recall nor lift`() throws {
    let list = try #require(ScoreGroups(labels: [0, 0], scores: [1, 2]).topList(.count(1)))
    #expect(list.values(suffix: "1") == ["precision_at_1": 0])
  }

  @Test func `the gains curve ends with all positives`() {
    let groups = ScoreGroups(labels: [1, 0, 1, 0], scores: [0.9, 0.8, 0.5, 0.1])
    let gains = groups.gains(atPercents: [25, 50, 75, 100])
    #expect(gains.map(\.recall) == [0.5, 0.5, 1, 1])
  }
}
