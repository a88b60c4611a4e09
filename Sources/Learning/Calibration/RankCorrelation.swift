import Evaluation

/// Correlation of ranks.
enum RankCorrelation {
  /// Spearman's rank correlation (1904), tied values sharing their mean rank; nil when it is
  /// undefined because either column is constant or there are fewer than two points.
  static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    let (leftRanks, rightRanks) = (meanRanks(left), meanRanks(right))
    let middle = Double(left.count + 1) / 2
    var (product, leftSquares, rightSquares) = (
      CompensatedSum(), CompensatedSum(), CompensatedSum()
    )
    for (leftRank, rightRank) in zip(leftRanks, rightRanks) {
      let (a, b) = (leftRank - middle, rightRank - middle)
      product.add(a * b)
      leftSquares.add(a * a)
      rightSquares.add(b * b)
    }
    guard leftSquares.value > 0, rightSquares.value > 0 else { return nil }
    return product.value / (leftSquares.value * rightSquares.value).squareRoot()
  }

  private static func meanRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
