/// Rows by falling margin, gathered into cells for the areas under the ROC and precision curves.
///
/// Neighbouring groups of ties without positives are one cell: neither area can tell them apart.
/// With rare positives there are few cells, and nearly all work is adding up weights of negatives.
struct RankingCells: Sendable {
  private(set) var negativeEntities: [Int32] = []
  private(set) var positiveEntities: [Int32] = []
  /// Per cell the end of its negatives, and of its positives, in those lists.
  private(set) var negativeEnds: [Int] = []
  private(set) var positiveEnds: [Int] = []

  init(_ rows: [ResampleRow]) {
    var start = 0
    var lastHasPositives = true
    while start < rows.count {
      var end = start
      var hasPositives = false
      while end < rows.count, rows[end].margin == rows[start].margin {
        if rows[end].label == 1 {
          positiveEntities.append(rows[end].entity)
          hasPositives = true
        } else {
          negativeEntities.append(rows[end].entity)
        }
        end += 1
      }
      if hasPositives || lastHasPositives {
        negativeEnds.append(negativeEntities.count)
        positiveEnds.append(positiveEntities.count)
      } else {
        negativeEnds[negativeEnds.count - 1] = negativeEntities.count
      }
      lastHasPositives = hasPositives
      start = end
    }
  }

  /// Both areas, with each entity counted as often as its weight says.
  func areas(
    _ weights: [UInt16], positives: Int, rows: Int
  ) -> (rocAUC: Double?, averagePrecision: Double?) {
    guard positives > 0 else { return (nil, nil) }
    let negatives = rows - positives
    var pairsWon = CompensatedSum()
    var precision = CompensatedSum()
    var negativesAbove = 0
    var positivesAbove = 0
    var negative = 0
    var positive = 0
    for cell in negativeEnds.indices {
      var cellNegatives = 0
      while negative < negativeEnds[cell] {
        cellNegatives += Int(weights[Int(negativeEntities[negative])])
        negative += 1
      }
      var cellPositives = 0
      while positive < positiveEnds[cell] {
        cellPositives += Int(weights[Int(positiveEntities[positive])])
        positive += 1
      }
      let below = Double(negatives - negativesAbove - cellNegatives)
      negativesAbove += cellNegatives
      guard cellPositives > 0 else { continue }
      positivesAbove += cellPositives
      pairsWon.add(Double(cellPositives) * (below + 0.5 * Double(cellNegatives)))
      let above = positivesAbove + negativesAbove
      precision.add(Double(cellPositives) * (Double(positivesAbove) / Double(above)))
    }
    return (
      negatives > 0 ? pairsWon.value / (Double(positives) * Double(negatives)) : nil,
      precision.value / Double(positives)
    )
  }
}
