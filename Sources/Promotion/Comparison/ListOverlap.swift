package import Evaluation

/// What the lists of the highest-ranked rows of two runs share, on average over the cutoffs.
public struct ListOverlap: Sendable, Equatable {
  /// The list as metrics name it: `50`, `1_percent`.
  public let list: String
  /// Rows on a list.
  public let length: Double
  /// Rows on both lists.
  public let shared: Double

  public var share: Double { length > 0 ? shared / length : 0 }

  /// The overlap of each list. Rows are ranked by margin, ties by entity, so that both sides order ties
  /// alike.
  package static func all(
    base: ScoredRows, candidate: ScoredRows, lists: [TopListSize]
  ) -> [ListOverlap] {
    let (places, others) = (places(base), places(candidate))
    return lists.map { list in
      var (length, shared, cutoffs) = (0, 0, 0)
      for (own, other) in zip(places, others) where !own.isEmpty {
        let size = list.length(rows: own.count)
        cutoffs += 1
        length += size
        shared += Set(own.prefix(size)).intersection(other.prefix(size)).count
      }
      let count = Double(max(cutoffs, 1))
      return ListOverlap(
        list: list.suffix, length: Double(length) / count, shared: Double(shared) / count)
    }
  }

  /// The rows of each cutoff from the highest margin to the lowest.
  private static func places(_ rows: ScoredRows) -> [[Int]] {
    var places = [[Int]](repeating: [], count: rows.cutoffCount)
    for row in 0..<rows.count { places[Int(rows.cutoff[row])].append(row) }
    return places.map { places in
      places.sorted { left, right in
        if rows.margin[left] != rows.margin[right] { return rows.margin[left] > rows.margin[right] }
        return rows.entity[left] < rows.entity[right]
      }
    }
  }
}
