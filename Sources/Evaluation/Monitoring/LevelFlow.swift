/// The number of accounts that went from one level of a category to another between two cohorts.
public struct LevelFlow: Sendable, Equatable {
  /// The level in the earlier cohort.
  public let from: FeatureProfile.Level
  /// The level in the later one.
  public let to: FeatureProfile.Level
  /// The number of accounts.
  public let accounts: Int

  /// Creates a flow.
  public init(from: FeatureProfile.Level, to: FeatureProfile.Level, accounts: Int) {
    self.from = from
    self.to = to
    self.accounts = accounts
  }

  /// Counts the accounts of both cohorts that have another level in the later one, by flow, largest
  /// first.
  /// - Parameters:
  ///   - before: the entities of the earlier cohort, ascending, and the level of each.
  ///   - after: those of the later one.
  public static func all(
    from before: (entities: [Int32], levels: [FeatureProfile.Level]),
    to after: (entities: [Int32], levels: [FeatureProfile.Level])
  ) -> [LevelFlow] {
    var counts: [Pair: Int] = [:]
    var (row, other) = (0, 0)
    while row < before.entities.count, other < after.entities.count {
      let (left, right) = (before.entities[row], after.entities[other])
      if left == right, before.levels[row] != after.levels[other] {
        counts[Pair(from: before.levels[row].code, to: after.levels[other].code), default: 0] += 1
      }
      if left <= right { row += 1 }
      if right <= left { other += 1 }
    }
    return counts.sorted { left, right in
      if left.value != right.value { return left.value > right.value }
      return (left.key.from, left.key.to) < (right.key.from, right.key.to)
    }.map { pair, accounts in
      LevelFlow(from: .init(code: pair.from), to: .init(code: pair.to), accounts: accounts)
    }
  }

  private struct Pair: Hashable {
    let from: Int
    let to: Int
  }
}

extension FeatureProfile.Level {
  /// A number per level: the kept ones from 0.
  fileprivate var code: Int {
    switch self {
    case .kept(let index): index
    case .missing: -1
    case .other: -2
    case .unseen: -3
    }
  }

  fileprivate init(code: Int) {
    self =
      switch code {
      case -1: .missing
      case -2: .other
      case -3: .unseen
      default: .kept(code)
      }
  }
}
