import Operations
import Testing

@Suite struct RankingTests {
  @Test func `rows go by falling margin, and equal margins by entity`() {
    let ranking = Ranking(margins: [0.5, 2, 0.5, -1], entities: [9, 3, 4, 1])
    #expect(ranking.order == [1, 2, 0, 3])
    #expect(ranking.overall == [3, 1, 2, 4])
  }

  @Test func `ranks within groups count the group's own rows`() {
    let ranking = Ranking(margins: [0.5, 2, 0.5, -1], entities: [9, 3, 4, 1])
    #expect(ranking.within([0, 1, 0, 1]) == [2, 1, 1, 2])
  }
}
