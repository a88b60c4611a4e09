/// How the expected wins changed from one list to the next, without a remainder.
///
/// By account: those on both lists whose scores moved, those that entered, and those that left. By
/// group: how many accounts it has (mix), and their mean score (rate), as Kitagawa (1955) splits the
/// difference of two rates.
public struct ScoreShift: Sendable, Equatable {
  /// One cohort with its scores.
  public struct Cohort: Sendable {
    /// Ascending.
    public let entities: [Int32]
    /// Each row's score.
    public let scores: [Double]
    /// Each row's group, from 0.
    public let groups: [Int32]

    /// Creates a cohort from columns of equal length.
    public init(entities: [Int32], scores: [Double], groups: [Int32]) {
      precondition(
        entities.count == scores.count && entities.count == groups.count,
        "columns of unequal length")
      self.entities = entities
      self.scores = scores
      self.groups = groups
    }
  }

  /// One group's part of the change.
  public struct Group: Sendable, Equatable {
    /// The number of rows before and after.
    public let rows: (before: Int, after: Int)
    /// The sum of the scores before and after.
    public let expected: (before: Double, after: Double)
    /// The change because the group has more or fewer rows.
    public let mix: Double
    /// The change because its rows have other scores.
    public let rate: Double

    /// Compares all parts.
    public static func == (left: Group, right: Group) -> Bool {
      left.rows == right.rows && left.expected == right.expected && left.mix == right.mix
        && left.rate == right.rate
    }
  }

  /// The expected wins before.
  public let before: Double
  /// The expected wins after.
  public let after: Double
  /// The change of the scores of rows in both.
  public let moved: Double
  /// The scores of the rows that entered.
  public let entered: Double
  /// The scores of the rows that left, as a magnitude.
  public let left: Double
  /// The number of rows in both, that entered, and that left.
  public let counts: (stayed: Int, entered: Int, left: Int)
  /// By group.
  public let groups: [Group]

  /// Compares all parts.
  public static func == (left: ScoreShift, right: ScoreShift) -> Bool {
    left.before == right.before && left.after == right.after && left.moved == right.moved
      && left.entered == right.entered && left.left == right.left && left.counts == right.counts
      && left.groups == right.groups
  }

  /// The change relative to the wins expected before; 0 if none were.
  public var relative: Double { before > 0 ? (after - before) / before : 0 }

  /// The relative change, as a magnitude, that is an alarm. The greatest of 792 weeks of generated
  /// data without a fault was 0.016.
  public static let alarm = 0.05

  /// Splits the change from one cohort to another.
  /// - Parameter groupCount: the number of groups.
  public init(from old: Cohort, to new: Cohort, groupCount: Int) {
    var (before, after) = (CompensatedSum(), CompensatedSum())
    for score in old.scores { before.add(score) }
    for score in new.scores { after.add(score) }
    self.before = before.value
    self.after = after.value
    var (moved, entered, left) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    var counts = (stayed: 0, entered: 0, left: 0)
    var (row, other) = (0, 0)
    while row < old.entities.count || other < new.entities.count {
      let one = row < old.entities.count ? old.entities[row] : .max
      let two = other < new.entities.count ? new.entities[other] : .max
      if one == two {
        moved.add(new.scores[other] - old.scores[row])
        counts.stayed += 1
      } else if one < two {
        left.add(old.scores[row])
        counts.left += 1
      } else {
        entered.add(new.scores[other])
        counts.entered += 1
      }
      if one <= two { row += 1 }
      if two <= one { other += 1 }
    }
    (self.moved, self.entered, self.left) = (moved.value, entered.value, left.value)
    self.counts = counts
    let olds = Self.totals(old, groupCount)
    let news = Self.totals(new, groupCount)
    groups = zip(olds, news).map { old, new in
      let rates = (
        old.rows > 0 ? old.sum / Double(old.rows) : 0, new.rows > 0 ? new.sum / Double(new.rows) : 0
      )
      // An empty group has no rate: all of its change is mix.
      let (first, second) = (
        old.rows > 0 ? rates.0 : rates.1, new.rows > 0 ? rates.1 : rates.0
      )
      return Group(
        rows: (old.rows, new.rows), expected: (old.sum, new.sum),
        mix: Double(new.rows - old.rows) * (first + second) / 2,
        rate: (second - first) * Double(new.rows + old.rows) / 2)
    }
  }

  private static func totals(_ cohort: Cohort, _ count: Int) -> [(rows: Int, sum: Double)] {
    var rows = [Int](repeating: 0, count: count)
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    for row in cohort.groups.indices {
      rows[Int(cohort.groups[row])] += 1
      sums[Int(cohort.groups[row])].add(cohort.scores[row])
    }
    return zip(rows, sums.map(\.value)).map { ($0, $1) }
  }
}

/// How much of a list's top was at the top of the one before.
public struct TopOverlap: Sendable, Equatable {
  /// The share of the later top rows that are among the earlier ones.
  public let share: Double

  /// Compares the first rows of two lists, given their entities, best first; nil if the later list
  /// has none.
  public init?(_ count: Int, from before: [Int32], to after: [Int32]) {
    let top = after.prefix(count)
    guard !top.isEmpty else { return nil }
    let earlier = Set(before.prefix(count))
    share = Double(top.count { earlier.contains($0) }) / Double(top.count)
  }
}
