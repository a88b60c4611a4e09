internal import Evaluation

/// Measures the outcomes of published lists.
///
/// Pure: the same lists give bit-identical results on any number of threads.
public struct OutcomeMeasurement: Sendable {
  /// Some rows of some lists, with their figures.
  public struct Part: Sendable {
    /// Every row.
    public let published: OutcomeFigures
    /// The rows within capacity; nil if a list does not say which they are.
    public let selected: OutcomeFigures?
  }

  /// All lists together.
  public let pooled: Part
  /// Each list by itself.
  public let lists: [Part]
  /// By tenth of the list, best first, without intervals.
  public let tenths: [OutcomeFigures]
  /// Each level of each grouping, over all lists; nil for a level without rows.
  public let groups: [[Part?]]

  /// - Parameters:
  ///   - lists: at least one.
  ///   - groupCounts: the number of levels of each grouping.
  ///   - clusters: the cluster of each account, by number: accounts of one cluster are not
  ///     independent. nil if every account is a cluster of its own.
  public init(
    _ lists: [OutcomeList], groupCounts: [Int] = [], clusters: [Int32]? = nil,
    options: OutcomeOptions
  ) {
    let rows = OutcomeRows(lists, clusters: clusters)
    let every = Array(0..<rows.count)
    let selected = rows.selected
    func part(_ positions: [Int], lists: [Int]) -> [OutcomeSlice] {
      let chosen = selected.map { flags in positions.filter { flags[$0] } }
      return [OutcomeSlice(rows, positions, lists: lists)]
        + (chosen.map { [OutcomeSlice(rows, $0, lists: lists)] } ?? [])
    }
    let allLists = Array(lists.indices)
    var slices = part(every, lists: allLists)
    for list in lists.indices { slices += part(Array(rows.bounds[list]), lists: [list]) }
    var levels: [[[Int]]] = []
    for (grouping, count) in groupCounts.enumerated() {
      levels.append(rows.positions(byLevelOf: rows.groups[grouping], count: count))
      for positions in levels[grouping] where !positions.isEmpty {
        slices += part(positions, lists: allLists)
      }
    }
    let draws = options.bootstrap.map { OutcomeDraws(slices, rows, settings: $0) }
    var next = 0
    func figures() -> OutcomeFigures {
      defer { next += 1 }
      var intervals = draws?.intervals(ofSlice: next, level: options.level) ?? [:]
      if next == 0, let bootstrap = options.bootstrap {
        intervals.merge(
          slices[0].calibrationIntervals(rows, bootstrap, level: options.level)
        ) { own, _ in own }
      }
      return slices[next].figures(rows, options, intervals: intervals)
    }
    func nextPart() -> Part {
      Part(published: figures(), selected: selected == nil ? nil : figures())
    }
    pooled = nextPart()
    self.lists = lists.map { _ in nextPart() }
    groups = levels.map { $0.map { $0.isEmpty ? nil : nextPart() } }
    let byTenth = rows.positions(byLevelOf: rows.tenths, count: 10)
    tenths = byTenth.filter { !$0.isEmpty }.map {
      OutcomeSlice(rows, $0, lists: allLists).figures(rows, options, intervals: [:])
    }
  }
}

/// The ratios of slices in every bootstrap resample of the accounts, or of their clusters.
///
/// Every account in any population is drawn with replacement, together with all its rows in all
/// lists and with the other accounts of its cluster: rows of one account are not independent, and
/// the unlisted accounts vary as much as the listed ones.
struct OutcomeDraws {
  /// By resample, by slice, by ratio.
  private let answers: [[[Double?]]]

  init(_ slices: [OutcomeSlice], _ rows: OutcomeRows, settings: BootstrapOptions) {
    let resampling = EntityResampling(entityCount: rows.clusterCount, seed: settings.seed)
    let cluster = rows.cluster
    answers = resampling.answers(settings) { weights in
      func total(_ entities: [Int32]) -> Int {
        var total = 0
        for entity in entities { total += Int(weights[Int(cluster[Int(entity)])]) }
        return total
      }
      let populations = rows.populations.map(total)
      let buyers = rows.buyers.map(total)
      return slices.map { slice in
        OutcomeRatios(
          rows: total(slice.entities), wins: total(slice.winners),
          expected: slice.expected(weights, cluster),
          population: slice.lists.reduce(0) { $0 + populations[$1] },
          populationWins: slice.lists.reduce(0) { $0 + buyers[$1] }
        ).values
      }
    }
  }

  /// The interval of each ratio that is defined in at least one resample.
  func intervals(ofSlice slice: Int, level: Double) -> [String: Interval] {
    var intervals: [String: Interval] = [:]
    for (place, name) in OutcomeRatios.names.enumerated() {
      intervals[name] = Interval(answers.map { $0[slice][place] }, level: level)
    }
    return intervals
  }
}

extension OutcomeSlice {
  /// The sum of a resample's scores, computed in blocks so that the rounding error does not grow
  /// with the number of rows.
  fileprivate func expected(_ weights: [UInt16], _ cluster: [Int32]) -> Double {
    let block = 512
    var total = 0.0
    for start in stride(from: 0, to: scores.count, by: block) {
      var part = 0.0
      for row in start..<min(start + block, scores.count) {
        part += scores[row] * Double(weights[Int(cluster[Int(entities[row])])])
      }
      total += part
    }
    return total
  }
}

/// Some rows of some lists in columns, for figures and resamples.
struct OutcomeSlice: Sendable {
  let positions: [Int]
  /// The lists that the rows may come from, whose populations they are compared with.
  let lists: [Int]
  let entities: [Int32]
  let scores: [Double]
  /// The entity of each win.
  let winners: [Int32]

  init(_ rows: OutcomeRows, _ positions: [Int], lists: [Int]) {
    self.positions = positions
    self.lists = lists
    entities = positions.map { rows.entities[$0] }
    scores = positions.map { rows.scores[$0] }
    winners = positions.filter { rows.labels[$0] == 1 }.map { rows.entities[$0] }
  }

  func figures(
    _ rows: OutcomeRows, _ options: OutcomeOptions, intervals: [String: Interval]
  ) -> OutcomeFigures {
    let clusters = entities.map { rows.cluster[Int($0)] }
    let forecast = CountForecast(scores: scores, entities: clusters)
    let buyers = Set(winners.map { rows.cluster[Int($0)] }).count
    var values: MetricValues = [
      "rows": Double(entities.count), "accounts": Double(Set(entities).count),
      "wins": Double(winners.count), "positive_entities": Double(buyers),
      "expected_wins": forecast.mean,
    ]
    let ratios = OutcomeRatios(
      rows: entities.count, wins: winners.count, expected: forecast.mean,
      population: lists.reduce(0) { $0 + rows.populations[$1].count },
      populationWins: lists.reduce(0) { $0 + rows.buyers[$1].count })
    for (name, value) in zip(OutcomeRatios.names, ratios.values) { values[name] = value }
    let groups = ScoreGroups(labels: positions.map { rows.labels[$0] }, scores: scores)
    values["brier"] = groups.brierScore
    values["brier_skill"] = groups.brierSkill
    values["ece"] = groups.expectedCalibrationError()
    values["calibration_intercept"] = groups.calibrationIntercept
    values["calibration_slope"] = groups.calibrationSlope
    return OutcomeFigures(
      values: values, expected: forecast.interval(level: options.level), intervals: intervals,
      evidence: Evidence(
        positiveEntities: buyers, minimumPositives: options.minimumPositives))
  }

  /// Bootstrap intervals of the metrics that depend on the scores alone.
  func calibrationIntervals(
    _ rows: OutcomeRows, _ settings: BootstrapOptions, level: Double
  ) -> [String: Interval] {
    let scored = ScoredRows(
      cutoff: positions.map { rows.list[$0] }, entity: entities,
      cluster: rows.isClustered ? entities.map { rows.cluster[Int($0)] } : nil,
      label: positions.map { rows.labels[$0] }, margin: scores, score: scores,
      uncalibrated: scores)
    let intervals = bootstrap(
      scored, options: EvaluationOptions(topK: [], topPercent: []), bootstrap: settings
    ).intervals(level: level).pooled
    let names = ["brier", "brier_skill", "ece", "calibration_intercept", "calibration_slope"]
    return intervals.filter { names.contains($0.key) }
  }
}

/// The ratios between a number of rows, their wins and expected wins, and the population's.
struct OutcomeRatios {
  let rows: Int
  let wins: Int
  /// The sum of the scores.
  let expected: Double
  let population: Int
  let populationWins: Int

  /// The names of `values`, in the same order.
  static let names = ["precision", "base_rate", "lift", "capture", "observed_over_expected"]

  /// nil if undefined.
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

/// The concatenated rows of all lists, with entities numbered from 0 without gaps.
struct OutcomeRows: Sendable {
  let entities: [Int32]
  let scores: [Double]
  /// 1 for a win.
  let labels: [UInt8]
  let list: [Int32]
  let selected: [Bool]?
  let groups: [[Int32]]
  let tenths: [Int32]
  /// The range of each list's rows.
  let bounds: [Range<Int>]
  /// Each list's population and its buyers.
  let populations: [[Int32]]
  let buyers: [[Int32]]
  /// The cluster of each entity, by its number; the entity itself if there are no clusters.
  let cluster: [Int32]
  /// The number of distinct clusters in all populations.
  let clusterCount: Int
  let isClustered: Bool

  var count: Int { entities.count }

  init(_ lists: [OutcomeList], clusters: [Int32]?) {
    let greatest =
      lists.flatMap { [$0.population.last ?? -1, $0.entities.max() ?? -1] }.max() ?? -1
    var numbers = [Int32](repeating: -1, count: Int(greatest) + 1)
    for list in lists { for entity in list.population { numbers[Int(entity)] = 0 } }
    var next: Int32 = 0
    for entity in numbers.indices where numbers[entity] == 0 {
      numbers[entity] = next
      next += 1
    }
    // Clusters are numbered in the order of their first entities, which without clusters is that of
    // the entities.
    var known: [Int32: Int32] = [:]
    cluster = numbers.indices.filter { numbers[$0] >= 0 }.map { entity in
      let cluster = clusters?[entity] ?? Int32(entity)
      let number = known[cluster] ?? Int32(known.count)
      known[cluster] = number
      return number
    }
    clusterCount = known.count
    isClustered = clusters != nil
    func renumbered(_ entities: [Int32]) -> [Int32] {
      entities.map { entity in
        precondition(numbers[Int(entity)] >= 0, "an entity is not in the population")
        return numbers[Int(entity)]
      }
    }
    populations = lists.map { renumbered($0.population) }
    buyers = lists.map { renumbered($0.buyers) }
    entities = lists.flatMap { renumbered($0.entities) }
    scores = lists.flatMap(\.scores)
    labels = lists.flatMap { list in
      let buyers = Set(list.buyers)
      return list.entities.map { UInt8(buyers.contains($0) ? 1 : 0) }
    }
    list = lists.enumerated().flatMap { number, list in
      [Int32](repeating: Int32(number), count: list.entities.count)
    }
    let flags = lists.compactMap(\.selected)
    selected = flags.count == lists.count ? flags.flatMap(\.self) : nil
    let groupings = lists.map(\.groups.count).min() ?? 0
    groups = (0..<groupings).map { grouping in lists.flatMap { $0.groups[grouping] } }
    tenths = lists.flatMap(\.tenths)
    var start = 0
    bounds = lists.map { list in
      defer { start += list.entities.count }
      return start..<start + list.entities.count
    }
  }

  /// The positions of the rows of each level.
  func positions(byLevelOf levels: [Int32], count: Int) -> [[Int]] {
    var positions = [[Int]](repeating: [], count: count)
    for (position, level) in levels.enumerated() where level >= 0 {
      positions[Int(level)].append(position)
    }
    return positions
  }
}
