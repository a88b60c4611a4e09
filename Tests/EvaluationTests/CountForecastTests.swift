import Evaluation
import Randomness
import Testing

@Suite struct CountForecastTests {
  /// The distribution over every outcome of every entity, one by one.
  private func slowly(_ scores: [Double], _ entities: [Int32]) -> [Double] {
    var masses = [1.0] + [Double](repeating: 0, count: scores.count)
    for entity in Set(entities).sorted() {
      let own = scores.indices.filter { entities[$0] == entity }.map { scores[$0] }
      // Between neighbouring scores a uniform number makes the same rows positive.
      let ends = ([0, 1] + own).sorted()
      var next = [Double](repeating: 0, count: masses.count)
      for (low, high) in zip(ends, ends.dropFirst()) where high > low {
        let count = own.count { $0 >= high }
        for place in masses.indices where place + count < next.count {
          next[place + count] += masses[place] * (high - low)
        }
      }
      masses = next
    }
    return masses
  }

  @Test func `the interval is that of every outcome counted one by one`() {
    var generator = Xoshiro256StarStar(seed: 5)
    for _ in 0..<300 {
      let count = Int.random(in: 0...14, using: &generator)
      let scores = (0..<count).map { _ in
        [0, 1, Double.random(in: 0...1, using: &generator)].randomElement(using: &generator) ?? 0
      }
      let entities = (0..<count).map { _ in Int32.random(in: 0...9, using: &generator) }
      let masses = slowly(scores, entities)
      let forecast = CountForecast(scores: scores, entities: entities)
      #expect(abs(forecast.mean - scores.reduce(0, +)) < 1e-12)
      for level in [0.5, 0.9, 0.95] {
        let range = forecast.interval(level: level)
        // Rounding of the sums is below 1e-11.
        let below = masses.prefix(range.lowerBound).reduce(0, +)
        let above = masses.dropFirst(range.upperBound + 1).reduce(0, +)
        let tail = (1 - level) / 2
        #expect(below < tail + 1e-11 && above < tail + 1e-11, "\(scores) \(entities) \(range)")
        // It is the shortest such range: either end moved inwards leaves out too much.
        #expect(below + masses[range.lowerBound] > tail - 1e-11)
        #expect(
          above + masses[range.upperBound] > tail - 1e-11 || range.lowerBound == range.upperBound)
      }
    }
  }

  @Test func `many rows come close to the binomial distribution they are`() {
    // The quantiles of the binomial distribution at 0.025 and 0.975.
    let scores = [Double](repeating: 0.01, count: 20_000)
    #expect(
      CountForecast(scores: scores, entities: Array(0..<20_000)).interval() == 173...228)
    let many = [Double](repeating: 0.1, count: 200_000)
    let range = CountForecast(scores: many, entities: Array(0..<200_000)).interval()
    // The normal distribution stands in; an end may be off by one.
    #expect(abs(range.lowerBound - 19_737) <= 1 && abs(range.upperBound - 20_263) <= 1, "\(range)")
  }

  @Test func `rows of one account widen the interval`() {
    let scores = [Double](repeating: 0.1, count: 600)
    let alone = CountForecast(scores: scores, entities: Array(0..<600))
    let shared = CountForecast(scores: scores, entities: (0..<600).map { $0 / 6 })
    #expect(alone.mean == shared.mean && abs(shared.variance / alone.variance - 6) < 1e-9)
    #expect(shared.interval().lowerBound < alone.interval().lowerBound)
    #expect(shared.interval().upperBound > alone.interval().upperBound)
    #expect(shared.interval().lowerBound % 6 == 0, "an account brings six wins or none")
  }
}
