extension ScoreGroups {
  /// The list of the highest-ranked rows; nil without rows. Weights must be whole numbers.
  public func topList(_ size: TopListSize) -> TopList? {
    guard totalWeight > 0 else { return nil }
    let length = Double(size.length(rows: Int(totalWeight)))
    var rowsAbove = 0.0
    var positivesAbove = 0.0
    var group = 0
    while rowsAbove + weights[group] < length {
      rowsAbove += weights[group]
      positivesAbove += positives[group]
      group += 1
    }
    let open = length - rowsAbove
    return TopList(
      length: length,
      hits: positivesAbove + open * (positives[group] / weights[group]),
      mostHits: positivesAbove + min(open, positives[group]),
      fewestHits: positivesAbove + max(0, open - (weights[group] - positives[group])),
      rows: totalWeight, positives: totalPositives)
  }

  /// The share of all positives among the first rows, for each percentage of the rows asked for;
  /// empty without positives. Points of a gains curve.
  public func gains(atPercents percents: [Double]) -> [(percent: Double, recall: Double)] {
    percents.compactMap { percent in
      guard let list = topList(.percent(percent)), let recall = list.recall(list.hits) else {
        return nil
      }
      return (percent, recall)
    }
  }
}
