import Evaluation
import Randomness
import Testing

@Suite struct RandomnessTests {
  @Test func `SplitMix64 gives its published numbers`() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func `xoshiro256** gives its published numbers`() {
    var generator = Xoshiro256StarStar(state: (1, 2, 3, 4))
    #expect(generator.next() == 11520)
    #expect(generator.next() == 0)
    #expect(generator.next() == 1_509_978_240)
    #expect(generator.next() == 1_215_971_899_390_074_240)
  }

  @Test func `each resample draws as many entities as there are, its own way every time`() {
    let resampling = EntityResampling(entityCount: 1000, seed: 9)
    let first = resampling.weights(ofResample: 0)
    #expect(first.reduce(0) { $0 + Int($1) } == 1000)
    #expect(first == resampling.weights(ofResample: 0))
    #expect(first != resampling.weights(ofResample: 1))
    #expect(first != EntityResampling(entityCount: 1000, seed: 10).weights(ofResample: 0))
    #expect(EntityResampling(entityCount: 0, seed: 1).weights(ofResample: 0).isEmpty)
  }

  @Test func `every entity is drawn equally often in the long run`() {
    let resampling = EntityResampling(entityCount: 7, seed: 2)
    var totals = [Int](repeating: 0, count: 7)
    for index in 0..<10_000 {
      for (entity, weight) in resampling.weights(ofResample: index).enumerated() {
        totals[entity] += Int(weight)
      }
    }
    // 10,000 each with a standard deviation of 93; 400 is more than four of them.
    #expect(totals.allSatisfy { abs($0 - 10_000) < 400 })
  }

  @Test(arguments: [0, 1, 40, 300, 1000, 2000])
  func `a sample depends on the keys, not on their order, and grows with its limit`(_ limit: Int) {
    let keys = (0..<1000).map { UInt64($0) * 7 + 3 }
    func drawn(_ keys: [UInt64], _ limit: Int, seed: UInt64 = 5) -> [UInt64] {
      KeyedSample.indices(limit, of: keys.count, seed: seed) { keys[$0] }.map { keys[$0] }
    }
    let sample = drawn(keys, limit)
    #expect(sample.count == min(limit, 1000) && Set(sample).count == sample.count)
    #expect(drawn(keys.reversed(), limit) == sample)
    #expect(drawn(keys, 1000).prefix(limit).elementsEqual(sample))
    #expect(limit == 0 || drawn(keys, limit, seed: 6) != sample)
  }

  @Test func `every key is in a sample equally often`() {
    var totals = [Int](repeating: 0, count: 50)
    for seed in 0..<5_000 {
      for index in KeyedSample.indices(10, of: 50, seed: UInt64(seed), key: { UInt64($0) }) {
        totals[index] += 1
      }
    }
    // 1,000 each with a standard deviation of 28; 130 is more than four of them.
    #expect(totals.allSatisfy { abs($0 - 1_000) < 130 }, "\(totals)")
  }
}
