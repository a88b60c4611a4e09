/// How far a feature's values have moved between two cohorts.
///
/// - A category: the total variation over its levels, of which `missing`, `other`, and `unseen` are
///   three. It is the least share of rows that must have another level now.
/// - A number: the Wasserstein-1 distance (Kantorovich, 1942) after every value is replaced by its
///   rank in the train rows, times the share of rows with a value. It is the least mean change of
///   rank, from 0 to 1. Ranks make it independent of the feature's unit (as in Ramdas, García
///   Trillos, and Cuturi, 2017), and values that are equal in the train rows share their mean rank,
///   so a feature and its negative have the same distance.
///
/// The distances of a week from the week before have no theory of two independent samples behind
/// them: nearly all accounts are in both. They are compared with the distances of earlier weeks
/// (`JumpRule`). No bins are involved that a spike of a date could cross one after the other.
public struct FeatureDistance: Sendable, Equatable {
  /// The share of rows that moved: total variation, or the mean change of rank.
  public let moved: Double
  /// The change of the share of rows without a value, as a magnitude.
  public let missing: Double
  /// The change of the share of rows with a level that no train row had, as a magnitude.
  public let unseen: Double

  /// Measures the distance between two profiles of a feature; 0 if one of them has no rows.
  /// - Parameter grid: the cells of a number; nil for a category.
  public init(from before: FeatureProfile, to after: FeatureProfile, grid: RankGrid?) {
    guard before.rows > 0, after.rows > 0 else {
      (moved, missing, unseen) = (0, 0, 0)
      return
    }
    func change(_ count: (FeatureProfile) -> Int) -> Double {
      abs(Self.share(count(after), after.rows) - Self.share(count(before), before.rows))
    }
    missing = change(\.missing)
    unseen = change(\.unseen)
    moved =
      grid.map { Self.rankShift(before, after, $0) }
      ?? (before.cells.indices.reduce(missing + unseen + change(\.other)) { sum, cell in
        sum + change { $0.cells[cell] }
      }) / 2
  }

  private static func rankShift(
    _ before: FeatureProfile, _ after: FeatureProfile, _ grid: RankGrid
  ) -> Double {
    let present = (before.rows - before.missing, after.rows - after.missing)
    guard present.0 > 0, present.1 > 0 else { return 0 }
    var below = (0, 0)
    var distance = 0.0
    for edge in grid.edges.indices {
      below = (below.0 + before.cells[edge], below.1 + after.cells[edge])
      // The mean ranks of two adjacent cells differ by half of either's mass.
      let width = (grid.masses[edge] + grid.masses[edge + 1]) / 2
      distance += width * abs(share(below.1, present.1) - share(below.0, present.0))
    }
    // A shift within few rows is a small one: of rows that have the value, and only they move.
    return distance * (share(present.0, before.rows) + share(present.1, after.rows)) / 2
  }

  private static func share(_ count: Int, _ of: Int) -> Double { Double(count) / Double(of) }
}
