/// The share of a window's events that have happened some days after the cutoff, by band of scores.
///
/// Accounts with a high score buy early, so the share depends on the score: one curve for all would
/// expect too few early events of a good list and too many of the rest. The curves are estimated on
/// windows that have ended, as reserves are from claims whose development is known (Mack, 1993).
public struct Maturation: Sendable, Codable, Equatable {
  /// One band of scores.
  public struct Band: Sendable, Codable, Equatable {
    /// The greatest score of the band; the last band's is 1.
    public let upperScore: Double
    /// The number of events.
    public let events: Int
    /// The number of distinct entities that had them.
    public let entities: Int
    /// The share of the events that happened within a number of days: index 0 is the cutoff itself,
    /// and the last index is the horizon.
    public let shares: [Double]
  }

  /// By score, lowest first; at least one.
  public let bands: [Band]
  /// The days over which the first shares are made linear.
  public let linearDays: Int

  /// The greatest number of bands.
  public static let bandCount = 4
  /// The least number of distinct entities with an event in a band.
  public static let minimumEntities = 50

  /// Estimates the curves; nil if there is no event.
  ///
  /// Bands have equal numbers of events, except that equal scores are in one band. There are as many
  /// as have `minimumEntities` entities each, from one to four.
  ///
  /// Up to four weeks, or a quarter of the horizon if that is shorter, a share grows in proportion to
  /// the days. The share of the first week alone would rest on few events, and on which days of the
  /// month the cutoffs are: the first week of a month is not like its last.
  /// - Parameters:
  ///   - scores: the score of each row with an event.
  ///   - days: the days from the cutoff to the event, from 1 to `horizon`.
  ///   - entities: the row's entity, or cluster.
  ///   - horizon: the days of the window.
  public init?(scores: [Double], days: [Int], entities: [Int32], horizon: Int) {
    precondition(
      scores.count == days.count && scores.count == entities.count, "columns of unequal length")
    guard !scores.isEmpty, horizon > 0 else { return nil }
    let order = scores.indices.sorted { left, right in
      scores[left] == scores[right] ? days[left] < days[right] : scores[left] < scores[right]
    }
    linearDays = max(1, min(28, horizon / 4))
    var count = Self.bandCount
    var bands: [Band] = []
    repeat {
      bands = Self.bands(
        count, order, scores: scores, days: days, entities: entities, horizon: horizon,
        linearDays: linearDays)
      count -= 1
    } while count > 0 && bands.contains { $0.entities < Self.minimumEntities }
    self.bands = bands
  }

  private static func bands(
    _ count: Int, _ order: [Int], scores: [Double], days: [Int], entities: [Int32], horizon: Int,
    linearDays: Int
  ) -> [Band] {
    var bands: [Band] = []
    var start = 0
    for band in 1...count {
      var end = order.count * band / count
      // Equal scores are in one band.
      while end > 0, end < order.count, scores[order[end]] == scores[order[end - 1]] { end += 1 }
      guard end > start else { continue }
      let rows = order[start..<end]
      var counts = [Int](repeating: 0, count: horizon + 1)
      for row in rows { counts[min(max(days[row], 1), horizon)] += 1 }
      var total = 0
      var shares = counts.map { own -> Double in
        total += own
        return Double(total) / Double(rows.count)
      }
      for day in 0..<linearDays {
        shares[day] = shares[linearDays] * Double(day) / Double(linearDays)
      }
      bands.append(
        Band(
          upperScore: end == order.count ? 1 : scores[order[end - 1]], events: rows.count,
          entities: Set(rows.map { entities[$0] }).count, shares: shares))
      start = end
    }
    return bands
  }

  /// Returns the index of a score's band.
  public func band(of score: Double) -> Int {
    bands.firstIndex { score <= $0.upperScore } ?? bands.count - 1
  }

  /// Returns the share of the events of a score that happen within some days after the cutoff.
  public func share(of score: Double, within days: Int) -> Double {
    let shares = bands[band(of: score)].shares
    return shares[min(max(days, 0), shares.count - 1)]
  }
}
