/// One row as the preparation of resampling sorts it.
struct ResampleRow {
  var margin: Double
  var score: Double
  var entity: Int32
  var cutoff: Int32
  var label: UInt8
}

extension ScoredRows {
  /// The rows by falling margin, then falling score, with entities renumbered.
  func sortedByFallingMargin(entities: [Int32]) -> [ResampleRow] {
    var sorted = (0..<count).map {
      ResampleRow(
        margin: margin[$0], score: score[$0], entity: entities[$0], cutoff: cutoff[$0],
        label: label[$0])
    }
    sorted.sort {
      if $0.margin != $1.margin { return $0.margin > $1.margin }
      return $0.score > $1.score
    }
    return sorted
  }
}

extension [ResampleRow] {
  /// The rows by falling score, positives first among equals, then by entity: floating-point sums
  /// taken in this order do not depend on the order in which the rows came.
  func sortedByFallingScore() -> [ResampleRow] {
    sorted {
      if $0.score != $1.score { return $0.score > $1.score }
      if $0.label != $1.label { return $0.label > $1.label }
      return $0.entity < $1.entity
    }
  }
}
