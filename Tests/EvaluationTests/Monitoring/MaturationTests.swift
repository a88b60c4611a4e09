import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct MaturationTests {
  @Test func `bands have equal numbers of events and their own curves`() throws {
    var draw = Draw(seed: 3)
    let count = 4_000
    let scores = (0..<count).map { _ in draw.uniform() }
    // High scores buy early: day = 180 u with u uniform, or its square.
    let days = scores.map { score -> Int in
      let u = draw.uniform()
      return 1 + Int(179.999 * (score > 0.75 ? u * u : u))
    }
    let curve = try #require(
      Maturation(
        scores: scores, days: days, entities: (0..<Int32(count)).map { $0 }, horizon: 180))
    #expect(curve.bands.map(\.events) == [1_000, 1_000, 1_000, 1_000])
    #expect(curve.bands.allSatisfy { $0.entities == $0.events && $0.shares.count == 181 })
    #expect(curve.linearDays == 28 && curve.bands[3].upperScore == 1)
    // Three standard errors of a share of 1,000 events.
    #expect(abs(curve.share(of: 0.1, within: 90) - 0.5) < 0.048)
    #expect(abs(curve.share(of: 0.9, within: 90) - 0.5.squareRoot()) < 0.044)
    #expect(curve.share(of: 0.9, within: 180) == 1 && curve.share(of: 0.9, within: 500) == 1)
    #expect(curve.share(of: 0.9, within: 0) == 0)
    let week = curve.share(of: 0.1, within: 7)
    #expect(abs(4 * week - curve.share(of: 0.1, within: 28)) < 1e-12, "not linear")
  }

  @Test func `bands are merged until each has enough entities`() throws {
    let count = 400
    let scores = (0..<count).map { Double($0) / 400 }
    let days = (0..<count).map { 1 + $0 % 90 }
    func bands(_ entities: (Int) -> Int32) throws -> Int {
      try #require(
        Maturation(
          scores: scores, days: days, entities: (0..<count).map(entities), horizon: 90)
      ).bands.count
    }
    #expect(try bands { Int32($0) } == 4)
    // Rows of 100 entities at four cutoffs: two bands of 50, however many events there are.
    #expect(try bands { Int32($0 / 4) } == 2)
    #expect(try bands { Int32($0 / 40) } == 1)
    #expect(Maturation(scores: [], days: [], entities: [], horizon: 90) == nil)
  }

  @Test func `equal scores are in one band`() throws {
    let scores = (0..<400).map { $0 < 300 ? 0.1 : 0.2 }
    let curve = try #require(
      Maturation(
        scores: scores, days: scores.map { _ in 5 }, entities: (0..<400).map { $0 }, horizon: 90))
    #expect(curve.bands.map(\.events) == [300, 100])
    #expect(curve.band(of: 0.1) == 0 && curve.band(of: 0.15) == 1 && curve.band(of: 0.99) == 1)
  }

  @Test func `a season is shrunken, and has mean 1`() throws {
    func months(_ count: Int, _ observed: (Int) -> Double) -> [Season.Month] {
      (0..<count).map { Season.Month(month: $0 % 12 + 1, observed: observed($0), expected: 20) }
    }
    #expect(Season(months(23) { _ in 20 }) == nil)
    let flat = try #require(Season(months(24) { _ in 10 }))
    #expect(flat.factors.allSatisfy { abs($0 - 1) < 1e-12 }, "a level is not a season")
    // December of three years: 120 events, 60 expected; the other months 54.5 of 60 each.
    let factors = try #require(Season(months(36) { $0 % 12 == 11 ? 40 : 200.0 / 11 })).factors
    let (december, june) = ((120.0 + 30) / 90, (600.0 / 11 + 30) / 90)
    let mean = (december + 11 * june) / 12
    #expect(abs(factors[11] - december / mean) < 1e-12 && abs(factors[5] - june / mean) < 1e-12)
    // Only the last three years count.
    let older = try #require(Season(months(12) { _ in 500 } + months(36) { _ in 20 }))
    #expect(older.factors.allSatisfy { abs($0 - 1) < 1e-12 })
    var days = [Int](repeating: 0, count: 12)
    (days[10], days[11]) = (3, 4)
    let season = try #require(Season(months(36) { $0 % 12 == 11 ? 40 : 200.0 / 11 }))
    #expect(abs(season.factor(days: days) - (3 * factors[10] + 4 * factors[11]) / 7) < 1e-12)
    #expect(Season.none.factor(days: days) == 1)
  }
}
