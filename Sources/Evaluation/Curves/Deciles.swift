/// The rows of the list in ten parts, best first.
///
/// A list is made at each cutoff, by margin, and its parts differ by at most one row. All figures
/// are means over the cutoffs with rows, `captured` over those with positives. Where the end of a
/// part splits tied rows, positives and scores are the exact mean over all orders of the ties, as
/// in `TopList`.
public struct Deciles: Codable, Sendable, Equatable {
  /// One tenth of the lists.
  public struct Part: Codable, Sendable, Equatable {
    /// The number of rows.
    public let rows: Double
    /// The number of positive rows.
    public let positives: Double
    /// The sum of the scores.
    public let expected: Double
    /// Positives over expected positives; nil if no positives are expected.
    public let observedOverExpected: Double?
    /// The share of all positives; nil without positives.
    public let captured: Double?
  }

  private struct Sums {
    var rows = 0
    var positives = CompensatedSum()
    var expected = CompensatedSum()
    var captured = CompensatedSum()
  }

  /// The ten parts.
  public let parts: [Part]
  /// The number of cutoffs with rows.
  public let cutoffs: Int

  /// Computes the parts; nil without rows.
  public init?(_ rows: ScoredRows) {
    let sorted = rows.sortedByFallingMargin()
    let lists = sorted.positionsByCutoff().filter { !$0.isEmpty }
    guard !lists.isEmpty else { return nil }
    var sums = [Sums](repeating: Sums(), count: 10)
    var withPositives = 0
    for list in lists {
      let tops = (0...10).map { ($0 * list.count + 9) / 10 }
      let above = sorted.cumulated(list, at: tops)
      let all = above[10].positives
      if all > 0 { withPositives += 1 }
      for part in 0..<10 {
        let positives = above[part + 1].positives - above[part].positives
        sums[part].rows += tops[part + 1] - tops[part]
        sums[part].positives.add(positives)
        sums[part].expected.add(above[part + 1].expected - above[part].expected)
        if all > 0 { sums[part].captured.add(positives / all) }
      }
    }
    cutoffs = lists.count
    let count = Double(lists.count)
    parts = sums.map { part in
      Part(
        rows: Double(part.rows) / count, positives: part.positives.value / count,
        expected: part.expected.value / count,
        observedOverExpected: part.expected.value > 0
          ? part.positives.value / part.expected.value : nil,
        captured: withPositives > 0 ? part.captured.value / Double(withPositives) : nil)
    }
  }
}

extension ScoredRows {
  /// Returns the positives and the sum of scores among the first rows of a list, for ascending
  /// lengths up to all of it, averaged over the orders of ties. The list's rows have descending
  /// margins.
  fileprivate func cumulated(
    _ list: [Int], at lengths: [Int]
  ) -> [(positives: Double, expected: Double)] {
    var answers: [(positives: Double, expected: Double)] = []
    var (positives, expected) = (0, CompensatedSum())
    var start = 0
    while answers.count < lengths.count {
      var end = start
      var (ownPositives, ownExpected) = (0, CompensatedSum())
      while end < list.count, margin[list[end]] == margin[list[start]] {
        ownPositives += Int(label[list[end]])
        ownExpected.add(score[list[end]])
        end += 1
      }
      while answers.count < lengths.count, lengths[answers.count] <= end {
        let open = lengths[answers.count] - start
        let share = open > 0 ? Double(open) / Double(end - start) : 0
        answers.append(
          (
            Double(positives) + share * Double(ownPositives),
            expected.value + share * ownExpected.value
          ))
      }
      positives += ownPositives
      expected.add(ownExpected.value)
      start = end
    }
    return answers
  }
}
