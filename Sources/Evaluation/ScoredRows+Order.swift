extension ScoredRows {
  /// The rows from the highest margin to the lowest; equal margins from the highest score to the
  /// lowest, so that a score that never falls as the margin rises comes out sorted as well.
  func sortedByFallingMargin() -> ScoredRows {
    struct Key {
      var margin: Double
      var score: Double
      var row: Int
    }
    var keys = (0..<count).map { Key(margin: margin[$0], score: score[$0], row: $0) }
    keys.sort {
      if $0.margin != $1.margin { return $0.margin > $1.margin }
      return $0.score > $1.score
    }
    return selecting(keys.map(\.row))
  }

  /// For each cutoff the positions of its rows, in the order in which they stand here.
  func positionsByCutoff() -> [[Int]] {
    var positions = [[Int]](repeating: [], count: cutoffCount)
    for row in 0..<count { positions[Int(cutoff[row])].append(row) }
    return positions
  }
}
