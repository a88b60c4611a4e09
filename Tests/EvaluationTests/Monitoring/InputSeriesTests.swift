import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct InputSeriesTests {
  // MARK: - Distances

  /// The mean rank of each value in the train rows, ties sharing one.
  private func ranks(_ values: [Double], in train: [Double]) -> [Double] {
    values.map { value in
      let below = train.count { $0 < value }
      let equal = train.count { $0 == value }
      return (Double(below) + Double(equal) / 2) / Double(train.count)
    }
  }

  @Test func `the shift of a number is the mean change of rank`() throws {
    var draw = Draw(seed: 5)
    for values in [2, 3, 10] {
      let train = (0..<1_000).map { _ in Double(draw.below(values) * draw.below(values)) }
      let grid = try #require(RankGrid(train))
      let distinct = Set(train).sorted()
      func cohort() -> [Double] { (0..<500).map { _ in distinct[draw.below(distinct.count)] } }
      let (before, after) = (cohort(), cohort())
      let distance = FeatureDistance(
        from: grid.profile(of: before), to: grid.profile(of: after), grid: grid)
      // Of two samples of equal size, the distance pairs the sorted values.
      let pairs = zip(ranks(before, in: train).sorted(), ranks(after, in: train).sorted())
      let wanted = pairs.reduce(0) { $0 + abs($1.0 - $1.1) } / 500
      #expect(abs(distance.moved - wanted) < 1e-12, "\(values) values")
      let negative = try #require(RankGrid(train.map { -$0 }))
      let mirrored = FeatureDistance(
        from: negative.profile(of: before.map { -$0 }), to: negative.profile(of: after.map { -$0 }),
        grid: negative)
      #expect(abs(mirrored.moved - distance.moved) < 1e-12, "a sign matters")
    }
  }

  @Test func `values that the train rows lacked, and missing ones, are seen`() throws {
    let grid = try #require(RankGrid((0..<1_000).map { _ in 1 }))
    let ones = [Double](repeating: 1, count: 200)
    func distance(_ values: [Double]) -> FeatureDistance {
      FeatureDistance(from: grid.profile(of: ones), to: grid.profile(of: values), grid: grid)
    }
    // A flag that was always set: no quantile of the train rows tells 0 from 1.
    let lost = distance(ones.dropLast(20) + [Double](repeating: 0, count: 20))
    #expect(abs(lost.moved - 0.05) < 1e-12 && lost.missing == 0)
    let raised = distance(ones.dropLast(20) + [Double](repeating: 2, count: 20))
    #expect(abs(raised.moved - 0.05) < 1e-12)
    let empty = distance(ones.dropLast(20) + [Double](repeating: .nan, count: 20))
    #expect(empty.moved == 0 && empty.missing == 0.1)
    #expect(distance([Double](repeating: .nan, count: 200)).missing == 1)
    let profile = grid.profile(of: [0, 1, 1, 3, .nan])
    #expect(profile.outside == 2 && profile.missing == 1 && profile.rows == 5)
    #expect(RankGrid([.nan]) == nil)
    // The column has a value in one row of a hundred; all of them move, by half of the ranks.
    let rare = [Double](repeating: .nan, count: 198)
    let few = FeatureDistance(
      from: grid.profile(of: rare + [1, 1]), to: grid.profile(of: rare + [0, 0]), grid: grid)
    #expect(abs(few.moved - 0.005) < 1e-12)
  }

  @Test func `cells that were stored are the same again, and impossible ones are refused`() throws {
    var draw = Draw(seed: 9)
    let train = (0..<1_000).map { _ in draw.uniform() < 0.2 ? .nan : Double(draw.below(50)) }
    let grid = try #require(RankGrid(train))
    let counts = grid.profile(of: train).cells
    func again(_ edges: [Double], _ counts: [Int], _ minimum: Double? = nil) -> RankGrid? {
      RankGrid(
        edges: edges, counts: counts, minimum: minimum ?? grid.minimum, maximum: grid.maximum)
    }
    #expect(again(grid.edges, counts) == grid)
    #expect(again(grid.edges.reversed(), counts) == nil)
    #expect(again([1, .nan], [1, 1, 1]) == nil && again([1], [1, 1]) == nil)
    #expect(again(grid.edges, Array(counts.dropLast())) == nil)
    #expect(again(grid.edges, [-1] + counts.dropFirst()) == nil)
    #expect(again(grid.edges, counts.map { _ in 0 }) == nil)
    #expect(again(grid.edges, counts, 100) == nil)
    #expect(again([1, 2], [.max, .max, 1]) == nil, "the sum of a damaged file")
    #expect(!FeatureProfile(cells: [.max, .max], missing: 0).isPossible)
    #expect(grid.profile(of: train).isPossible)
    #expect(!FeatureProfile(cells: [4, -1], missing: 0).isPossible)
    #expect(!FeatureProfile(cells: [4, 1], missing: 3, outside: 6).isPossible)
  }

  @Test func `the distance of a category is its total variation`() {
    let before = FeatureProfile(
      rows: [40, 30, 5], levels: [.kept(0), .kept(1), .other], missing: 25, keptCount: 2)
    let after = FeatureProfile(
      rows: [30, 30, 5, 15], levels: [.kept(0), .kept(1), .other, .unseen], missing: 20,
      keptCount: 2)
    let distance = FeatureDistance(from: before, to: after, grid: nil)
    #expect(abs(distance.moved - 0.15) < 1e-12)
    #expect(abs(distance.missing - 0.05) < 1e-12 && abs(distance.unseen - 0.15) < 1e-12)
    let none = FeatureProfile(cells: [0, 0], missing: 0)
    #expect(FeatureDistance(from: before, to: none, grid: nil).moved == 0)
  }

  // MARK: - Alarms

  /// The same accounts week by week: an age that grows, a territory that one in 2,000 leaves a week,
  /// a flag, and a rare number. A fault may be injected from a week on.
  private struct World {
    static let accounts = 4_000
    private(set) var profiles: [[FeatureProfile]] = [[], [], [], []]
    private(set) var grids: [RankGrid?] = []

    init(
      seed: UInt64, weeks: Int,
      fault: (_ week: Int, _ values: inout [[Double]]) -> Void = { _, _ in }
    ) {
      var draw = Draw(seed: seed)
      var age = (0..<Self.accounts).map { _ in Double(draw.below(2_000)) }
      var territory = (0..<Self.accounts).map { _ in Double(draw.below(20)) }
      var flag = (0..<Self.accounts).map { _ in draw.uniform() < 0.7 ? 1.0 : 0 }
      var quote = (0..<Self.accounts).map { _ in draw.uniform() < 0.013 ? draw.uniform() : .nan }
      for week in 0..<(weeks + 1) {
        for account in 0..<Self.accounts {
          age[account] += 7
          // One in 300 accounts is new.
          if draw.uniform() < 1.0 / 300 { age[account] = Double(draw.below(7)) }
          if draw.uniform() < 1.0 / 2_000 { territory[account] = Double(draw.below(20)) }
          if draw.uniform() < 1.0 / 1_000 { flag[account] = 1 - flag[account] }
          if !quote[account].isNaN || draw.uniform() < 0.000_3 {
            quote[account] = draw.uniform() < 0.03 ? .nan : draw.uniform()
          }
        }
        if week == 0 {
          grids = [RankGrid(age), nil, RankGrid(flag), RankGrid(quote)]
          continue
        }
        var values = [age, territory, flag, quote]
        fault(week - 1, &values)
        for feature in values.indices {
          if let grid = grids[feature] {
            profiles[feature].append(grid.profile(of: values[feature]))
          } else {
            let levels = values[feature]
            profiles[feature].append(
              FeatureProfile(
                rows: (0..<21).map { level in levels.count { $0 == Double(level) } },
                levels: (0..<21).map { $0 < 20 ? .kept($0) : .unseen },
                missing: levels.count { $0.isNaN }, keptCount: 20))
          }
        }
      }
    }

    func alarms(acknowledged: Set<Int> = []) -> [InputAlarm] {
      InputAlarm.all(
        in: profiles.indices.flatMap { feature in
          InputSeries.all(
            profiles[feature], grid: grids[feature], feature: feature, acknowledged: acknowledged)
        }, acknowledged: acknowledged)
    }
  }

  @Test func `weeks without a fault raise no alarm`() {
    for seed in 1...6 {
      let alarms = World(seed: UInt64(seed), weeks: 60).alarms()
      #expect(alarms.isEmpty, "world \(seed): \(alarms)")
    }
  }

  @Test(arguments: [
    (feature: 0, measure: InputSeries.Measure.missing), (1, .moved), (1, .unseen), (2, .missing),
    (1, .missing), (2, .moved),
  ])
  func `one percent of rows is found in its first week, once`(
    feature: Int, measure: InputSeries.Measure
  ) {
    for seed in 1...4 {
      let world = World(seed: UInt64(seed), weeks: 45) { week, values in
        guard week >= 35 else { return }
        // A lost flag moves the rows by half of the ranks, so 1 % of the ranks are 2 % of the rows.
        for row in 0..<(measure == .moved && feature == 2 ? 80 : 40) {
          values[feature][row] =
            switch (measure, feature) {
            case (.missing, _): .nan
            case (.unseen, _): 20
            case (.moved, 1): values[1][row] == 3 ? 4 : 3
            case (.moved, _): 0
            }
        }
      }
      let alarms = world.alarms()
      #expect(alarms.map(\.list) == [35] && alarms.first?.feature == feature, "\(alarms)")
      if measure != .moved { #expect(alarms.first.map { $0.jump.value > 0.008 } == true) }
    }
  }

  @Test func `a jump that is acknowledged is no part of the past`() {
    let rule = JumpRule(threshold: 5, floor: 0.001, window: 26, minimum: 1)
    let lists = [[60, 40], [10, 90], [10, 90]].map { FeatureProfile(cells: $0, missing: 0) }
    func jumps(_ acknowledged: Set<Int>) -> [JumpRule.Jump?] {
      InputSeries(
        lists, grid: nil, feature: 0, measure: .moved, lag: 1, rule: rule,
        acknowledged: acknowledged
      ).jumps
    }
    #expect(jumps([]).last??.usual == 0.5)
    #expect(jumps([1]) == [nil, nil, nil])
  }

  @Test func `a reorganization is one alarm, and none when acknowledged`() throws {
    let world = World(seed: 9, weeks: 60) { week, values in
      guard week >= 30 else { return }
      for row in 0..<1_080 { values[1][row] = Double(Int(values[1][row] + 1) % 5) }
    }
    let alarms = world.alarms()
    #expect(alarms.map(\.list) == [30] && alarms.map(\.feature) == [1], "\(alarms)")
    let first = try #require(alarms.first)
    #expect(first.jump.z > 50 && first.measure == .moved)
    #expect(world.alarms(acknowledged: [30]).isEmpty)
    // When the feed is repaired, that is a change, too.
    let repaired = World(seed: 9, weeks: 60) { week, values in
      guard (30..<40).contains(week) else { return }
      for row in 0..<200 { values[2][row] = .nan }
    }
    #expect(repaired.alarms().map(\.list) == [30, 40])
  }

  @Test func `few weeks of history give no verdict`() throws {
    let rule = JumpRule.inputs
    #expect(rule.jump(1, after: [Double](repeating: 0, count: 12)) == nil)
    let first = try #require(rule.jump(0.006, after: [Double](repeating: 0.0005, count: 13)))
    #expect(first.isAlarm && first.usual == 0.0005 && abs(first.z - 5.5) < 1e-9)
    #expect(rule.jump(0.0045, after: [Double](repeating: 0, count: 13))?.isAlarm == false)
    // Only the last 26 count, and one earlier jump does not hide the next.
    let past = [Double](repeating: 1, count: 30) + [Double](repeating: 0, count: 25) + [0.5]
    #expect(rule.jump(0.01, after: past)?.isAlarm == true)
    // The median and the deviation of 1, 2, ... 14 are 7.5 and 3.5.
    let even = try #require(
      JumpRule(threshold: 5, floor: 0, window: 26, minimum: 13)
        .jump(30, after: (1...14).map(Double.init)))
    #expect(even.usual == 7.5 && abs(even.z - 22.5 / (1.4826 * 3.5)) < 1e-12)
  }
}
