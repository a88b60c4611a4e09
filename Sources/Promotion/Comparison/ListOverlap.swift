package import Evaluation
package import Learning

/// The overlap of two runs' lists of top-ranked rows, averaged over the cutoffs.
public struct ListOverlap: Sendable, Equatable {
  /// The list as metrics name it: `50`, `1_percent`.
  public let list: String
  /// The number of rows on a list.
  public let length: Double
  /// The number of rows on both lists.
  public let shared: Double

  public var share: Double { length > 0 ? shared / length : 0 }

  /// The overlap of each list. Rows are ranked by margin, ties by entity, so that both sides break
  /// ties the same way.
  package static func all(
    base: ScoredRows, candidate: ScoredRows, lists: [TopListSize]
  ) -> [ListOverlap] {
    let (rankings, others) = (rankings(base), rankings(candidate))
    return lists.map { list in
      var (length, shared, cutoffs) = (0, 0, 0)
      for (own, other) in zip(rankings, others) where !own.isEmpty {
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

  /// The row indices of each cutoff, from the highest margin to the lowest.
  private static func rankings(_ rows: ScoredRows) -> [[Int]] {
    var rankings = [[Int]](repeating: [], count: rows.cutoffCount)
    for row in 0..<rows.count { rankings[Int(rows.cutoff[row])].append(row) }
    return rankings.map { rankings in
      rankings.sorted { left, right in
        if rows.margin[left] != rows.margin[right] { return rows.margin[left] > rows.margin[right] }
        return rows.entity[left] < rows.entity[right]
      }
    }
  }
}

/// What to do with runs that answer different questions or were evaluated on different rows.
public enum ComparisonOverlap: Sendable {
  /// Refuses them, and says that `--overlap` compares them.
  case refused
  /// Compares them on the rows that all of them have scored, with the base's labels.
  case compared
  /// Refuses them where the user has no such option.
  case unheard
}

/// A feature's importance in two models: its share of the total gain.
public struct ImportanceChange: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case gained, lost, unchanged
    /// Only the candidate has the feature.
    case new
    /// Only the base has it.
    case gone
  }

  public let feature: String
  /// nil if the side does not have the feature.
  public let base: Double?
  public let candidate: Double?

  public var change: Double { (candidate ?? 0) - (base ?? 0) }

  public var kind: Kind {
    if base == nil { return .new }
    if candidate == nil { return .gone }
    return change > 0 ? .gained : change < 0 ? .lost : .unchanged
  }

  /// Every feature of either side, by decreasing absolute change, then name.
  package static func all(base: [FeatureImportance], candidate: [FeatureImportance])
    -> [ImportanceChange]
  {
    let (own, other) = (candidate.sharesOfGain, base.sharesOfGain)
    return Set(own.keys).union(other.keys).map {
      ImportanceChange(feature: $0, base: other[$0], candidate: own[$0])
    }.sorted { left, right in
      abs(left.change) == abs(right.change)
        ? left.feature < right.feature : abs(left.change) > abs(right.change)
    }
  }
}
