/// The ratios of a number of rows and their wins, to each other and to the population's.
struct OutcomeRatios {
  let rows: Int
  let wins: Int
  /// The sum of the scores.
  let expected: Double
  let population: Int
  let populationWins: Int

  /// The names of `values`, in their order.
  static let names = ["precision", "base_rate", "lift", "capture", "observed_over_expected"]

  /// nil where undefined.
  var values: [Double?] {
    let precision = rows > 0 ? Double(wins) / Double(rows) : nil
    let base = population > 0 ? Double(populationWins) / Double(population) : nil
    let lift = precision.flatMap { precision in
      base.flatMap { $0 > 0 ? precision / $0 : nil }
    }
    return [
      precision, base, lift,
      populationWins > 0 ? Double(wins) / Double(populationWins) : nil,
      expected > 0 ? Double(wins) / expected : nil,
    ]
  }
}
