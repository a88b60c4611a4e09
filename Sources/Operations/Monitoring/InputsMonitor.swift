internal import Columns
internal import Evaluation
internal import Panel
internal import Spec

extension MonitorReport.Inputs {
  /// Compares the features of each week with those of the weeks before.
  /// - Parameters:
  ///   - names: of the features, in the model's order.
  ///   - ignored: the names of those that are not watched.
  ///   - acknowledged: the days whose alarms are known.
  init(
    _ panel: MonitorPanel, names: [String], ignored: Set<String>,
    acknowledged: Set<CalendarDate>
  ) {
    let weeks = panel.weeks
    let days = weeks.map(\.block.cutoff.date)
    let known = Set(days.indices.filter { acknowledged.contains(days[$0]) })
    var series: [InputSeries] = []
    var features: [Feature] = []
    var corrections: [Correction] = []
    for (index, watched) in panel.features.enumerated() where !ignored.contains(names[index]) {
      let profiles = weeks.map { $0.profiles[index] }
      let own = InputSeries.all(
        profiles, grid: watched.grid, feature: index, acknowledged: known)
      series += own
      if let correction = Self.correction(of: index, names[index], weeks, grid: watched.grid) {
        corrections.append(correction)
      }
      guard let last = profiles.last else { continue }
      let first = own.first { $0.measure == .moved && $0.lag == 1 }
      func share(_ count: Int) -> Double { last.rows > 0 ? Double(count) / Double(last.rows) : 0 }
      features.append(
        Feature(
          name: names[index], isCategory: watched.levels != nil, moved: first?.values ?? [],
          threshold: first?.jumps.last.flatMap(\.self)?.threshold(.inputs),
          sinceTrain: FeatureDistance(from: watched.train, to: last, grid: watched.grid),
          missing: share(last.missing), unseen: share(last.unseen), outside: share(last.outside)))
    }
    self.features = features
    storedWeeks = weeks.count { $0.stored != nil }
    self.corrections = corrections.sorted { left, right in
      left.share == right.share ? left.feature < right.feature : left.share > right.share
    }
    self.ignored = names.filter(ignored.contains)
    alarms = InputAlarm.all(in: series, acknowledged: known).map { alarm in
      let (week, since) = (weeks[alarm.list], weeks[alarm.list - alarm.lag])
      return Alarm(
        week: days[alarm.list], since: days[alarm.list - alarm.lag],
        feature: names[alarm.feature], measure: alarm.measure, jump: alarm.jump,
        rows: Int((alarm.jump.value * Double(week.profiles[alarm.feature].rows)).rounded()),
        flows: Self.flows(panel.features[alarm.feature], alarm.feature, from: since, to: week))
    }
    testedFrom = series.flatMap { series in
      series.jumps.indices.first { series.jumps[$0] != nil }.map { [days[$0]] } ?? []
    }.min()
  }

  /// The stored profile of a feature that is farthest from what today's data give; nil if none is
  /// farther than the jump rule ignores.
  private static func correction(
    of index: Int, _ name: String, _ weeks: [MonitorPanel.Week], grid: RankGrid?
  ) -> Correction? {
    weeks.compactMap { week -> Correction? in
      guard let stored = week.stored else { return nil }
      let distance = FeatureDistance(from: stored[index], to: week.rebuilt[index], grid: grid)
      let share = max(distance.moved, distance.missing, distance.unseen)
      guard share > JumpRule.inputs.floor else { return nil }
      return Correction(feature: name, week: week.block.cutoff.date, share: share)
    }.max { $0.share < $1.share }
  }

  private static func flows(
    _ watched: CountedFeature, _ feature: Int, from before: MonitorPanel.Week,
    to after: MonitorPanel.Week
  ) -> [Flow] {
    guard watched.levels != nil else { return [] }
    func levels(_ week: MonitorPanel.Week) -> (entities: [Int32], levels: [FeatureProfile.Level]) {
      (week.block.entities, watched.levels(of: week.block.features.columns[feature]))
    }
    func level(_ level: FeatureProfile.Level) -> Level {
      switch level {
      case .missing: .missing
      case .other: .other
      case .unseen: .unseen
      case .kept(let index): .kept(watched.names[index])
      }
    }
    return LevelFlow.all(from: levels(before), to: levels(after)).prefix(3).map {
      Flow(from: level($0.from), to: level($0.to), accounts: $0.accounts)
    }
  }
}
