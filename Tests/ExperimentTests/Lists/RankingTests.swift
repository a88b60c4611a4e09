import Experiment
import HoldoutTestSupport
import Randomness
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

  @Test(arguments: 0..<30)
  func `the first rows are the start of the order`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    let count = draw.number(0...60)
    // Few margins, so that ties are common.
    let margins = (0..<count).map { _ in Double(draw.number(0...9)) }
    let entities = Array(0..<Int32(count)).shuffled(using: &draw)
    let order = Ranking(margins: margins, entities: entities).order
    for first in [0, 1, 20, 100] {
      #expect(
        Ranking.first(first, margins: margins, entities: entities) == Array(order.prefix(first)))
    }
  }
}
