import Foundation

/// Rows by falling score, gathered into cells of one score (or nearly one logit) and one bin.
///
/// Up to 4,096 distinct scores, as isotonic calibration leaves, each is a cell. Beyond that, cells
/// are 1/64 wide on the logit scale and stand at the mean logit of their rows. A logit is then off by
/// 0.005 at random, which moves slope and intercept by about half a per cent of a standard error.
struct CalibrationCells: Sendable {
  private static let mostDistinctScores = 4096
  private static let cellsPerLogit = 64.0

  private var entities: [Int32] = []
  private var scores: [Double] = []
  private var cellEnds: [Int] = []
  private var positiveEntities: [Int32] = []
  private var positiveEnds: [Int] = []
  /// The bin of each cell.
  private var cellBins: [Int] = []
  private var binCount = 0
  /// The full rows, as cells of a logistic regression, and its optimum.
  private(set) var cells = LogisticCells(predictor: [], weights: [], positives: [])
  private var startIntercept = 0.0
  private var startLine = (intercept: 0.0, slope: 1.0)

  init(_ rows: [ResampleRow]) {
    let groups = ScoreGroups(labels: rows.map(\.label), scores: rows.map(\.score))
    let bins = groups.totalWeight > 0 ? CalibrationBins(groups).upperScores : []
    binCount = bins.count
    let isExact = groups.scores.count <= Self.mostDistinctScores
    var bin = binCount - 1
    var lastKey = (0.0, -1)
    var logits = CompensatedSum()
    for (number, row) in rows.enumerated() {
      while bin > 0, row.score <= bins[bin - 1] { bin -= 1 }
      let logit = Logistic.logOdds(row.score)
      let key = (isExact ? row.score : (logit * Self.cellsPerLogit).rounded(.down), bin)
      if number == 0 || key != lastKey {
        cells.predictor.append(0)
        cells.weights.append(0)
        cells.positives.append(0)
        cellBins.append(bin)
        cellEnds.append(number)
        positiveEnds.append(positiveEntities.count)
        logits = CompensatedSum()
        lastKey = key
      }
      let cell = cellBins.count - 1
      entities.append(row.entity)
      scores.append(row.score)
      if row.label == 1 { positiveEntities.append(row.entity) }
      cellEnds[cell] = number + 1
      positiveEnds[cell] = positiveEntities.count
      logits.add(logit)
      cells.weights[cell] += 1
      cells.positives[cell] += Double(row.label)
      cells.predictor[cell] = logits.value / cells.weights[cell]
    }
    startIntercept = cells.intercept(startingAt: 0) ?? 0
    startLine = cells.line(startingAt: (0, 1)) ?? (0, 1)
  }

  /// Writes the weights of a resample into `cells`, which has the shape of `self.cells`, and returns
  /// the sum over the bins of |positives - expected positives|.
  func weigh(_ weights: [UInt16], into cells: inout LogisticCells) -> Double {
    var error = 0.0
    var expected = 0.0
    var observed = 0
    var row = 0
    var positive = 0
    for cell in cellEnds.indices {
      var weight = 0
      while row < cellEnds[cell] {
        let own = Int(weights[Int(entities[row])])
        weight += own
        expected += Double(own) * scores[row]
        row += 1
      }
      var positives = 0
      while positive < positiveEnds[cell] {
        positives += Int(weights[Int(positiveEntities[positive])])
        positive += 1
      }
      observed += positives
      cells.weights[cell] = Double(weight)
      cells.positives[cell] = Double(positives)
      if cell + 1 == cellEnds.count || cellBins[cell + 1] != cellBins[cell] {
        error += abs(Double(observed) - expected)
        (observed, expected) = (0, 0)
      }
    }
    return error
  }

  /// Calibration intercept and slope of weighed cells, from the optimum of the full rows.
  func recalibration(_ cells: LogisticCells) -> (intercept: Double?, slope: Double?) {
    (
      cells.intercept(startingAt: startIntercept),
      cells.line(startingAt: startLine)?.slope
    )
  }
}
