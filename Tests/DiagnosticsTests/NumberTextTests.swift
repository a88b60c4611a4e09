import Diagnostics
import Testing

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0.80964, "0.8096"), (0.002131, "0.00213"), (-0.0532, "-0.0532"), (12, "12"), (0, "0"),
      (1e20, "100000000000000000000.0000"), (nil, "-"),
    ] as [(Double?, String)])
  func `a metric has four decimals, or three figures`(_ value: Double?, _ text: String) {
    #expect(NumberText.metric(value) == text)
  }

  @Test(arguments: [
    (0.00623, "+0.0062"), (-0.00112, "-0.0011"), (0, "0"), (0.0000456, "+5e-05"),
  ])
  func `a difference has a sign`(_ value: Double, _ text: String) {
    #expect(NumberText.signed(value) == text)
  }

  @Test func `shares, levels, p values and counts are written alike everywhere`() {
    #expect(NumberText.percent(0.0731) == "7.3 %" && NumberText.percent(0.5, decimals: 0) == "50 %")
    #expect(NumberText.level(0.95) == "95 %" && NumberText.level(0.975) == "97.5 %")
    #expect(NumberText.probability(0.0123) == "0.012" && NumberText.probability(3e-4) == "0.0003")
    #expect(NumberText.mean(1234) == "1,234" && NumberText.mean(30.33) == "30.3")
    #expect(NumberText.wins(0.046) == "0.05" && NumberText.wins(1234.6) == "1,235")
    #expect(NumberText.signedMetric(0.00206) == "+0.00206")
  }
}
