/// One cutoff's rows by falling margin, for the top lists of a resample.
struct CutoffRanking: Sendable {
  private var entities: [Int32] = []
  private var labels: [UInt8] = []
  private var positiveEntities: [Int32] = []
  /// Whether the row is the last of its group of ties.
  private var endsGroup: [Bool] = []

  /// The rankings of all cutoffs, from rows sorted by falling margin.
  static func each(_ rows: [ResampleRow], cutoffCount: Int) -> [CutoffRanking] {
    var rankings = [CutoffRanking](repeating: CutoffRanking(), count: cutoffCount)
    var lastMargins = [Double](repeating: .nan, count: cutoffCount)
    for row in rows {
      let cutoff = Int(row.cutoff)
      if !rankings[cutoff].entities.isEmpty, row.margin == lastMargins[cutoff] {
        rankings[cutoff].endsGroup[rankings[cutoff].endsGroup.count - 1] = false
      }
      lastMargins[cutoff] = row.margin
      rankings[cutoff].entities.append(row.entity)
      rankings[cutoff].labels.append(row.label)
      rankings[cutoff].endsGroup.append(true)
      if row.label == 1 { rankings[cutoff].positiveEntities.append(row.entity) }
    }
    return rankings
  }

  /// The mean hits of each list over the orders of ties, with rows and positives of the resample;
  /// nil when no row of the cutoff was drawn. `lists` fills `hits` by position.
  func topLists(
    _ weights: [UInt16], lists: [TopListSize]
  ) -> (rows: Int, positives: Int, lengths: [Int], hits: [Double])? {
    var rows = 0
    for entity in entities { rows += Int(weights[Int(entity)]) }
    guard rows > 0 else { return nil }
    var positives = 0
    for entity in positiveEntities { positives += Int(weights[Int(entity)]) }
    let lengths = lists.map { $0.length(rows: rows) }
    let order = lengths.indices.sorted { lengths[$0] < lengths[$1] }
    var hits = [Double](repeating: 0, count: lists.count)
    var filled = 0
    var (rowsAbove, positivesAbove, groupRows, groupPositives) = (0, 0, 0, 0)
    for row in entities.indices {
      let weight = Int(weights[Int(entities[row])])
      groupRows += weight
      groupPositives += weight * Int(labels[row])
      guard endsGroup[row] else { continue }
      while filled < order.count, lengths[order[filled]] <= rowsAbove + groupRows {
        let open = lengths[order[filled]] - rowsAbove
        let share = groupRows > 0 ? Double(groupPositives) / Double(groupRows) : 0
        hits[order[filled]] = Double(positivesAbove) + Double(open) * share
        filled += 1
      }
      if filled == order.count { break }
      rowsAbove += groupRows
      positivesAbove += groupPositives
      (groupRows, groupPositives) = (0, 0)
    }
    return (rows, positives, lengths, hits)
  }
}
