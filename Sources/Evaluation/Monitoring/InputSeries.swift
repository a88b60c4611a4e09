/// One measure of one feature over the weeks, and the weeks that are alarms.
public struct InputSeries: Sendable, Equatable {
  /// What is measured.
  public enum Measure: String, Sendable, Codable, CaseIterable {
    /// The share of rows that moved.
    case moved
    /// The share of rows without a value.
    case missing
    /// The share of rows with a level that no train row had.
    case unseen
  }

  /// The index of the feature.
  public let feature: Int
  /// What is measured.
  public let measure: Measure
  /// How many lists back each list is compared with.
  public let lag: Int
  /// The distance of each list from that `lag` lists before it; nil for the first ones.
  public let values: [Double?]
  /// Each value beside the earlier ones; nil where they are too few.
  public let jumps: [JumpRule.Jump?]

  /// Measures a feature over lists.
  /// - Parameters:
  ///   - profiles: of each list, oldest first.
  ///   - grid: the cells of a number; nil for a category.
  ///   - acknowledged: the lists whose jumps are known and are not compared with.
  public init(
    _ profiles: [FeatureProfile], grid: RankGrid?, feature: Int, measure: Measure, lag: Int,
    rule: JumpRule = .inputs, acknowledged: Set<Int> = []
  ) {
    self.feature = feature
    self.measure = measure
    self.lag = lag
    var values: [Double?] = []
    var jumps: [JumpRule.Jump?] = []
    var earlier: [Double] = []
    for list in profiles.indices {
      guard list >= lag else {
        values.append(nil)
        jumps.append(nil)
        continue
      }
      let distance = FeatureDistance(from: profiles[list - lag], to: profiles[list], grid: grid)
      let value =
        switch measure {
        case .moved: distance.moved
        case .missing: distance.missing
        case .unseen: distance.unseen
        }
      values.append(value)
      jumps.append(rule.jump(value, after: earlier))
      // The distance spans an acknowledged jump if that happened since the list compared with.
      if !((list - lag + 1)...list).contains(where: acknowledged.contains) {
        earlier.append(value)
      }
    }
    self.values = values
    self.jumps = jumps
  }

  /// The lags, in lists, at which inputs are compared: the last step, and the last four together,
  /// which show a change that takes several weeks.
  public static let lags = [1, 4]

  /// Returns every series of a feature: each measure at each lag. Numbers have no unseen levels.
  public static func all(
    _ profiles: [FeatureProfile], grid: RankGrid?, feature: Int, rule: JumpRule = .inputs,
    acknowledged: Set<Int> = []
  ) -> [InputSeries] {
    Measure.allCases.filter { grid == nil || $0 != .unseen }.flatMap { measure in
      lags.map { lag in
        InputSeries(
          profiles, grid: grid, feature: feature, measure: measure, lag: lag, rule: rule,
          acknowledged: acknowledged)
      }
    }
  }
}

/// A feature that moved between two lists more than it ever does.
public struct InputAlarm: Sendable, Equatable {
  /// The index of the list, of which this is the first alarm.
  public let list: Int
  /// The index of the feature.
  public let feature: Int
  /// The measure with the largest z value.
  public let measure: InputSeries.Measure
  /// The lag of that measure, in lists.
  public let lag: Int
  /// The value beside what is usual.
  public let jump: JumpRule.Jump

  /// Finds the alarms among series, by list, then by size, largest first.
  ///
  /// One change is one alarm: while the list compared with is older than a feature's last alarm, the
  /// same change is still between the two, and is not reported again. Of several measures that alarm
  /// together, the one with the largest z value is reported.
  public static func all(in series: [InputSeries], acknowledged: Set<Int> = []) -> [InputAlarm] {
    var alarms: [InputAlarm] = []
    for (feature, own) in Dictionary(grouping: series, by: \.feature) {
      var last: Int?
      for list in 0..<(own.map(\.jumps.count).max() ?? 0) {
        let candidates = own.compactMap { one -> InputAlarm? in
          guard let jump = one.jumps[list], jump.isAlarm,
            last.map({ list - one.lag >= $0 }) ?? true,
            !((list - one.lag + 1)...list).contains(where: acknowledged.contains)
          else { return nil }
          return InputAlarm(
            list: list, feature: feature, measure: one.measure, lag: one.lag, jump: jump)
        }
        guard let first = candidates.max(by: { $0.jump.z < $1.jump.z }) else { continue }
        alarms.append(first)
        last = list
      }
    }
    return alarms.sorted { left, right in
      if left.list != right.list { return left.list < right.list }
      return left.jump.value == right.jump.value
        ? left.feature < right.feature : left.jump.value > right.jump.value
    }
  }
}
