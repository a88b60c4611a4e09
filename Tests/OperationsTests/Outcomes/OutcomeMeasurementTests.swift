import Evaluation
import Operations
import Randomness
import Testing

@Suite struct OutcomeMeasurementTests {
  /// Three lists of accounts that stand in more than one, some of them chosen.
  private static func lists(seed: UInt64, count: Int = 3, accounts: Int = 120) -> [OutcomeList] {
    var generator = Xoshiro256StarStar(seed: seed)
    return (0..<count).map { _ in
      let population = (0..<Int32(accounts)).filter { _ in
        Double.random(in: 0...1, using: &generator) < 0.8
      }
      let buyers = population.filter { Int($0 * 7) % 11 == 0 && $0 % 3 != 2 }
      let listed = Array(population.shuffled(using: &generator).prefix(50))
      return OutcomeList(
        population: population, buyers: buyers, entities: listed,
        scores: listed.map { _ in Double.random(in: 0.01...0.3, using: &generator) },
        selected: listed.indices.map { $0 < 20 },
        groups: [listed.map { $0 % 4 - 1 }])
    }
  }

  private static let options = OutcomeOptions(
    bootstrap: BootstrapOptions(resamples: 60, seed: 9), minimumPositives: 5)

  private struct Row {
    let list: Int
    let place: Int
    let entity: Int32
    let score: Double
    let isWin: Bool
    let isSelected: Bool
    let group: Int32
  }

  private static func rows(_ lists: [OutcomeList]) -> [Row] {
    lists.enumerated().flatMap { number, list in
      list.entities.indices.map { place in
        Row(
          list: number, place: place, entity: list.entities[place], score: list.scores[place],
          isWin: list.buyers.contains(list.entities[place]),
          isSelected: list.selected?[place] ?? false, group: list.groups[0][place])
      }
    }
  }

  /// Checks figures against sums over the rows one by one.
  private func expect(
    _ figures: OutcomeFigures?, _ rows: [Row], of lists: [OutcomeList],
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let figures = try #require(figures, sourceLocation: place)
    func value(_ name: String) -> Double { figures.values[name] ?? .nan }
    let wins = rows.count(where: \.isWin)
    let population = lists.reduce(0) { $0 + $1.population.count }
    let bought = lists.reduce(0) { $0 + $1.buyers.count }
    let expected = rows.map(\.score).reduce(0, +)
    let precision = Double(wins) / Double(rows.count)
    let counts = [
      ("rows", rows.count), ("wins", wins), ("accounts", Set(rows.map(\.entity)).count),
      ("positive_entities", Set(rows.filter(\.isWin).map(\.entity)).count),
    ]
    for (name, count) in counts {
      #expect(value(name) == Double(count), "\(name)", sourceLocation: place)
    }
    let base = Double(bought) / Double(population)
    let ratios = [
      ("expected_wins", expected), ("precision", precision), ("base_rate", base),
      ("lift", precision / base), ("capture", Double(wins) / Double(bought)),
      ("observed_over_expected", Double(wins) / expected),
      (
        "brier",
        rows.map { row in
          let error = (row.isWin ? 1 : 0) - row.score
          return error * error
        }.reduce(0, +) / Double(rows.count)
      ),
    ]
    for (name, ratio) in ratios {
      // Sums in another order differ by a few units in the last place.
      #expect(abs(value(name) - ratio) < 1e-12, "\(name)", sourceLocation: place)
    }
    #expect(
      figures.evidence.isSufficient == (value("positive_entities") >= 5), sourceLocation: place)
  }

  @Test(arguments: 1...5)
  func `figures are those of sums over the rows one by one`(_ seed: UInt64) throws {
    let lists = Self.lists(seed: seed)
    let rows = Self.rows(lists)
    let measured = OutcomeMeasurement(lists, groupCounts: [4], options: Self.options)
    try expect(measured.pooled.published, rows, of: lists)
    try expect(measured.pooled.selected, rows.filter(\.isSelected), of: lists)
    for (number, list) in lists.enumerated() {
      let own = rows.filter { $0.list == number }
      try expect(measured.lists[number].published, own, of: [list])
      try expect(measured.lists[number].selected, own.filter(\.isSelected), of: [list])
    }
    #expect(measured.groups.count == 1 && measured.groups[0].count == 4)
    for level in 0..<3 {
      let own = rows.filter { $0.group == level }
      try expect(measured.groups[0][level]?.published, own, of: lists)
    }
    // No row has the last level, and a row below 0 has none.
    #expect(measured.groups[0][3] == nil)
    #expect(measured.tenths.count == 10)
    for (tenth, figures) in measured.tenths.enumerated() {
      try expect(figures, rows.filter { $0.place / 5 == tenth }, of: lists)
    }
  }

  @Test func `an account's rows in all lists are drawn together`() throws {
    let lists = Self.lists(seed: 3)
    let rows = Self.rows(lists)
    let entities = Set(lists.flatMap(\.population)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: entities.enumerated().map { ($1, $0) })
    let resampling = EntityResampling(entityCount: entities.count, seed: 9)
    let draws = (0..<60).map { index -> Double? in
      let weights = resampling.weights(ofResample: index)
      func weight(_ entity: Int32) -> Double { Double(weights[numbers[entity] ?? 0]) }
      let own = rows.map { weight($0.entity) }.reduce(0, +)
      let wins = rows.filter(\.isWin).map { weight($0.entity) }.reduce(0, +)
      let population = lists.flatMap(\.population).map(weight).reduce(0, +)
      let bought = lists.flatMap(\.buyers).map(weight).reduce(0, +)
      return own > 0 && bought > 0 ? wins / own / (bought / population) : nil
    }
    let expected = try #require(Interval(draws, level: 0.95))
    let measured = OutcomeMeasurement(lists, groupCounts: [4], options: Self.options)
    let found = try #require(measured.pooled.published.intervals["lift"])
    // The same draws; only the order of one division differs.
    #expect(abs(found.lower - expected.lower) < 1e-12 && abs(found.upper - expected.upper) < 1e-12)
  }

  @Test func `copies of accounts in one cluster have the intervals of the accounts alone`() throws {
    let lists = Self.lists(seed: 8)
    // Account a becomes 2a and 2a + 1.
    func twice<Value>(_ values: [Value]) -> [Value] { values.flatMap { [$0, $0] } }
    func copies(_ accounts: [Int32]) -> [Int32] { accounts.flatMap { [2 * $0, 2 * $0 + 1] } }
    let copied = lists.map { list in
      OutcomeList(
        population: copies(list.population), buyers: copies(list.buyers),
        entities: copies(list.entities), scores: twice(list.scores),
        selected: list.selected.map(twice), groups: list.groups.map(twice))
    }
    let clusters = (0..<240).map { Int32(900 - $0 / 2) }
    let expected = OutcomeMeasurement(lists, options: Self.options).pooled.published
    let found = OutcomeMeasurement(copied, clusters: clusters, options: Self.options).pooled
      .published
    let naive = OutcomeMeasurement(copied, options: Self.options).pooled.published
    for name in ["precision", "base_rate", "lift", "capture"] {
      // Ratios of counts that are all doubled.
      #expect(found.intervals[name] == expected.intervals[name], "\(name)")
    }
    #expect(found.values["wins"] == expected.values["wins"].map { 2 * $0 })
    #expect(found.values["accounts"] == expected.values["accounts"].map { 2 * $0 })
    #expect(found.values["positive_entities"] == expected.values["positive_entities"])
    #expect(naive.values["positive_entities"] == found.values["positive_entities"].map { 2 * $0 })
    // Twice the wins, in twice as wide a range; independent copies would add up to less.
    #expect(found.expected.count > naive.expected.count)
    let brier = try #require(found.intervals["brier"])
    let alone = try #require(expected.intervals["brier"])
    #expect(abs(brier.lower - alone.lower) < 1e-12 && abs(brier.upper - alone.upper) < 1e-12)
  }

  @Test func `a list of everybody lifts nothing and captures all, in every resample`() throws {
    let everybody = Self.lists(seed: 4).map { list in
      OutcomeList(
        population: list.population, buyers: list.buyers, entities: list.population,
        scores: list.population.map { _ in 0.1 })
    }
    let figures = OutcomeMeasurement(everybody, options: Self.options).pooled.published
    for name in ["lift", "capture"] {
      #expect(figures.values[name] == 1)
      let interval = try #require(figures.intervals[name])
      #expect(interval.lower == 1 && interval.upper == 1 && interval.defined == 60)
    }
  }

  @Test func `figures are the same on any number of threads`() {
    let lists = Self.lists(seed: 6)
    func measured(_ threads: Int) -> OutcomeMeasurement {
      var options = Self.options
      options.bootstrap?.threads = threads
      return OutcomeMeasurement(lists, groupCounts: [4], options: options)
    }
    let (one, four) = (measured(1), measured(4))
    #expect(one.pooled.published == four.pooled.published)
    #expect(one.lists.map(\.published) == four.lists.map(\.published))
    #expect(one.groups[0].map { $0?.selected } == four.groups[0].map { $0?.selected })
  }

  @Test func `without buyers, or with an empty list, what is undefined is absent`() throws {
    let nobody = OutcomeList(
      population: [1, 2, 5], buyers: [], entities: [5, 1], scores: [0.2, 0.1])
    let empty = OutcomeList(population: [1, 2], buyers: [2], entities: [], scores: [])
    let measured = OutcomeMeasurement([nobody, empty], options: Self.options)
    let own = measured.lists[0].published
    #expect(own.wins == 0 && own.values["precision"] == 0)
    #expect(own.values["lift"] == nil && own.values["capture"] == nil)
    #expect(own.values["calibration_slope"] == nil)
    #expect(own.expected.contains(0) && own.isAsExpected)
    let none = measured.lists[1].published
    #expect(none.rows == 0 && none.values["precision"] == nil && none.values["capture"] == 0)
    #expect(measured.pooled.selected == nil)
    #expect(!measured.pooled.published.evidence.isSufficient)
  }
}
