import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct HolmTests {
  @Test func `each p-value is judged at its own level until the first that stays above`() {
    // By hand: 0.005 <= 0.05/4, 0.01 <= 0.05/3, 0.03 > 0.05/2; 0.04 is judged at 0.05/2 too.
    let holm = Holm([0.01, 0.04, 0.03, 0.005], alpha: 0.05)
    #expect(holm.alphas == [0.05 / 3, 0.025, 0.025, 0.0125])
    #expect(holm.adjusted == [0.03, 0.06, 0.06, 0.02])
  }

  @Test func `corrected p-values are by the formula that R documents`() {
    // By hand, as the documentation of p.adjust has it: p.adjust(c(0.0021, 0.8, 0.0125, 0.0125, 0.2, 0.049), "holm").
    let adjusted = Holm([0.0021, 0.8, 0.0125, 0.0125, 0.2, 0.049], alpha: 0.1).adjusted
    for (own, expected) in zip(adjusted, [0.0126, 0.8, 0.0625, 0.0625, 0.4, 0.147]) {
      #expect(isClose(own, expected, 1e-12))
    }
  }

  @Test func `an absent p-value takes no part`() {
    let holm = Holm([nil, 0.03, nil], alpha: 0.05)
    #expect(holm.adjusted == [1, 0.03, 1])
    #expect(holm.alphas[1] == 0.05)
    #expect(Holm([], alpha: 0.05).adjusted.isEmpty)
  }

  @Test func `what is corrected to at most alpha is at most its own level, and nothing else`() {
    var draw = Draw(seed: 3)
    for _ in 0..<2000 {
      let pValues: [Double?] = (0..<1 + draw.below(8)).map { _ in
        draw.below(9) == 0 ? nil : draw.uniform() * draw.uniform() * draw.uniform()
      }
      let holm = Holm(pValues, alpha: 0.05)
      for index in pValues.indices {
        guard let pValue = pValues[index] else { continue }
        #expect((holm.adjusted[index] <= 0.05) == (pValue <= holm.alphas[index]))
      }
    }
  }
}
