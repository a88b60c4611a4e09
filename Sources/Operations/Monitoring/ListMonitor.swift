internal import Columns
internal import Evaluation
internal import Experiment
internal import Panel
internal import Spec

extension MonitorReport.List {
  private static let tops = [100, 500]

  /// Compares the champion's scores of the last week with those of the week before.
  /// - Parameter acknowledged: the days whose change is known.
  init(
    _ weeks: [MonitorPanel.Week], groupings: [MonitorGroups], acknowledged: Set<CalendarDate>
  ) {
    isAcknowledged = weeks.last.map { acknowledged.contains($0.block.cutoff.date) } ?? false
    func shifts(_ groups: MonitorGroups?) -> [ScoreShift] {
      let cohorts = weeks.map { week in
        ScoreShift.Cohort(
          entities: week.scored.entities, scores: week.scored.scores,
          groups: groups?.numbers(of: week.block) ?? week.scored.entities.map { _ in 0 })
      }
      return zip(cohorts, cohorts.dropFirst()).map {
        ScoreShift(from: $0, to: $1, groupCount: groups?.names.count ?? 1)
      }
    }
    let all = shifts(nil)
    let earlier = all.dropLast().map { abs($0.relative) }.sorted()
    shift = all.last
    usual = earlier.last.map { (earlier[(earlier.count - 1) / 2], $0) }
    self.groupings = groupings.map { groups in
      Grouping(
        column: groups.column,
        groups: zip(groups.names, shifts(groups).last?.groups ?? [])
          .map { Group(name: $0, change: $1) }
          .filter { $0.change.rows.before > 0 || $0.change.rows.after > 0 }
          .sorted { left, right in
            let (one, other) = (
              abs(left.change.mix + left.change.rate), abs(right.change.mix + right.change.rate)
            )
            return one == other ? left.name < right.name : one > other
          })
    }
    let orders = weeks.map { week in
      Ranking(margins: week.scored.margins, entities: week.scored.entities).order.map {
        week.scored.entities[$0]
      }
    }
    overlaps = Self.tops.compactMap { count in
      let shares = zip(orders, orders.dropFirst()).compactMap {
        TopOverlap(count, from: $0, to: $1)?.share
      }
      guard let last = shares.last, orders.last.map({ $0.count > count }) == true else {
        return nil
      }
      let before = shares.dropLast()
      let usual = before.min().flatMap { least in before.max().map { least...$0 } }
      return Overlap(count: count, share: last, usual: usual)
    }
  }
}

/// The groups of a cohort's rows: the levels of one of the model's categories.
struct MonitorGroups {
  let column: String
  /// The names of the groups.
  let names: [String]
  private let index: Int

  /// - Parameter dictionary: the texts of the category's codes, for every block that was built.
  init(column: String, index: Int, dictionary: [String], missing: String?) {
    self.column = column
    self.index = index
    // Rows without a value are a group like any other.
    names = dictionary + [missing ?? ""]
  }

  /// The group of each row.
  func numbers(of block: PanelBlock) -> [Int32] {
    block.features.columns[index].codes.map { $0 < 0 ? Int32(names.count - 1) : $0 }
  }
}
