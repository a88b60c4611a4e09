internal import Foundation

/// The data shared by all bootstrap resamples: the rows sorted and partitioned so that a resample
/// only has to sum integer weights.
///
/// The entities of a plan are what is drawn: the clusters of the rows, which are their entities
/// unless the rows have other clusters.
struct ResamplePlan: Sendable {
  /// The metrics of all rows pooled, in the order of a resample's values.
  static let pooledNames = [
    "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece", "calibration_intercept",
    "calibration_slope", "observed_over_expected", "base_rate",
  ]

  let lists: [TopListSize]
  /// Which of the expensive metrics are computed; the others are left undefined.
  let hasAreas: Bool
  let hasCalibration: Bool
  let entityCount: Int
  /// The number of rows, log loss, squared error and score of each entity, each summed over its
  /// rows.
  let entitySums: [SIMD4<Double>]
  /// The entity of each positive row.
  let positiveEntities: [Int32]
  let ranking: RankingCells
  let calibration: CalibrationCells
  let cutoffs: [CutoffRanking]

  /// Prepares all metrics, or at least the one that is named.
  init(_ rows: ScoredRows, lists: [TopListSize], only metric: String? = nil) {
    self.lists = lists.filter { metric.map(Self.meanNames(of: [$0]).contains) ?? true }
    hasAreas = metric.map(["roc_auc", "pr_auc"].contains) ?? true
    hasCalibration =
      metric.map(["ece", "calibration_intercept", "calibration_slope"].contains) ?? true
    let (entities, count) = rows.numberedClusters
    entityCount = count
    let byMargin = rows.sortedByFallingMargin(entities: entities)
    ranking = RankingCells(byMargin)
    cutoffs = CutoffRanking.each(byMargin, cutoffCount: rows.cutoffCount)
    let byScore = byMargin.sortedByFallingScore()
    calibration = CalibrationCells(byScore)
    positiveEntities = ranking.positiveEntities
    var sums = [SIMD4<Double>](repeating: .zero, count: count)
    // Descending score order makes an entity's sums independent of the order of the rows.
    for row in byScore {
      let cost = ScoreGroups.cost(of: row.label == 1 ? row.score : 1 - row.score)
      let error = Double(row.label) - row.score
      sums[Int(row.entity)] += SIMD4(1, cost, error * error, row.score)
    }
    entitySums = sums
  }

  /// Returns the metrics that are means over cutoffs, in the order of a resample's values.
  static func meanNames(of lists: [TopListSize]) -> [String] {
    lists.flatMap { list in
      ["precision", "recall", "lift"].map { "\($0)_at_\(list.suffix)" }
    }
  }

  /// The names of a resample's values.
  var names: [String] { Self.pooledNames + Self.meanNames(of: lists) }
}

/// The rows of one cutoff by descending margin, for the top lists of a resample.
///
/// The hits of a list depend on how groups of ties without positives are split no more than the
/// areas do, so the rows are in the same cells.
struct CutoffRanking: Sendable {
  let cells: RankingCells

  /// The number of rows.
  var rowCount: Int { cells.negativeEntities.count + cells.positiveEntities.count }

  /// Returns the rankings of all cutoffs, from rows sorted by descending margin.
  static func each(_ rows: [ResampleRow], cutoffCount: Int) -> [CutoffRanking] {
    var ofCutoff = [[ResampleRow]](repeating: [], count: cutoffCount)
    for row in rows { ofCutoff[Int(row.cutoff)].append(row) }
    return ofCutoff.map { CutoffRanking(cells: RankingCells($0)) }
  }

  /// Returns the number of rows and positives of the resample and, for each list, its length and
  /// its hits averaged over the orders of ties; nil if no row of the cutoff was drawn. `lengths`
  /// and `hits` have the order of `lists`.
  func topLists(
    _ weights: [UInt16], lists: [TopListSize]
  ) -> (rows: Int, positives: Int, lengths: [Int], hits: [Double])? {
    Self.topLists(cells.counts(weights), lists: lists)
  }

  static func topLists(
    _ counts: RankingCells.Counts, lists: [TopListSize]
  ) -> (rows: Int, positives: Int, lengths: [Int], hits: [Double])? {
    let positives = counts.positives
    let rows = counts.negatives + positives
    guard rows > 0 else { return nil }
    let lengths = lists.map { $0.length(rows: rows) }
    let order = lengths.indices.sorted { lengths[$0] < lengths[$1] }
    var hits = [Double](repeating: 0, count: lists.count)
    var filled = 0
    var (rowsAbove, positivesAbove) = (0, 0)
    for cell in counts.cells {
      let cellRows = cell.negatives + cell.positives
      while filled < order.count, lengths[order[filled]] <= rowsAbove + cellRows {
        let open = lengths[order[filled]] - rowsAbove
        let share = cellRows > 0 ? Double(cell.positives) / Double(cellRows) : 0
        hits[order[filled]] = Double(positivesAbove) + Double(open) * share
        filled += 1
      }
      if filled == order.count { break }
      rowsAbove += cellRows
      positivesAbove += cell.positives
    }
    return (rows, positives, lengths, hits)
  }
}

/// Rows by descending margin, grouped into cells for the areas under the ROC and precision-recall
/// curves.
///
/// Neighboring groups of ties without positives form one cell, because neither area depends on how
/// they are split. With rare positives there are few cells, and nearly all work is summing the
/// weights of negatives.
struct RankingCells: Sendable {
  private(set) var negativeEntities: [Int32] = []
  private(set) var positiveEntities: [Int32] = []
  /// The end of each cell's negatives, and of its positives, in those lists.
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

  /// The number of negatives and of positives in each cell, and in all.
  struct Counts {
    var cells: [(negatives: Int, positives: Int)] = []
    private(set) var negatives = 0
    private(set) var positives = 0

    mutating func add(negatives: Int, positives: Int) {
      cells.append((negatives, positives))
      self.negatives += negatives
      self.positives += positives
    }
  }

  /// Returns the counts with each entity counted as often as its weight.
  func counts(_ weights: [UInt16]) -> Counts {
    var counts = Counts()
    counts.cells.reserveCapacity(negativeEnds.count)
    // Nearly all time is spent here, so the inner loops are without checks: every entity is below
    // the number of weights.
    weights.withUnsafeBufferPointer { weights in
      negativeEntities.withUnsafeBufferPointer { negativeEntities in
        var (negative, positive) = (0, 0)
        for cell in negativeEnds.indices {
          var sum: UInt32 = 0
          for index in negative..<negativeEnds[cell] {
            sum &+= UInt32(weights[Int(negativeEntities[index])])
          }
          negative = negativeEnds[cell]
          var ownPositives = 0
          while positive < positiveEnds[cell] {
            ownPositives += Int(weights[Int(positiveEntities[positive])])
            positive += 1
          }
          counts.add(negatives: Int(sum), positives: ownPositives)
        }
      }
    }
    return counts
  }

  /// Returns both areas, with each entity counted as often as its weight.
  func areas(_ weights: [UInt16]) -> (rocAUC: Double?, averagePrecision: Double?) {
    counts(weights).areas
  }
}

extension RankingCells.Counts {
  /// The areas under the ROC and precision-recall curves.
  var areas: (rocAUC: Double?, averagePrecision: Double?) {
    guard positives > 0 else { return (nil, nil) }
    var pairsWon = CompensatedSum()
    var precision = CompensatedSum()
    var negativesAbove = 0
    var positivesAbove = 0
    for cell in cells {
      let below = Double(negatives - negativesAbove - cell.negatives)
      negativesAbove += cell.negatives
      guard cell.positives > 0 else { continue }
      positivesAbove += cell.positives
      pairsWon.add(Double(cell.positives) * (below + 0.5 * Double(cell.negatives)))
      let above = positivesAbove + negativesAbove
      precision.add(Double(cell.positives) * (Double(positivesAbove) / Double(above)))
    }
    return (
      negatives > 0 ? pairsWon.value / (Double(positives) * Double(negatives)) : nil,
      precision.value / Double(positives)
    )
  }
}

/// Rows by descending score, grouped into cells of one score (or nearly one logit) and one bin.
///
/// Up to 4,096 distinct scores, such as isotonic calibration gives, each score is a cell. Above
/// that, cells are 1/64 wide on the logit scale and use the mean logit of their rows. A logit then
/// has a random error of 0.005, which moves slope and intercept by about half a percent of a
/// standard error.
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
  /// The full rows as cells of a logistic regression, and the optimum for them.
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

  /// Writes the weights of a resample to `cells`, which has the shape of `self.cells`, and returns
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

  /// Returns the calibration intercept and slope of weighted cells, starting from the optimum of
  /// the full rows.
  func recalibration(_ cells: LogisticCells) -> (intercept: Double?, slope: Double?) {
    (
      cells.intercept(startingAt: startIntercept),
      cells.line(startingAt: startLine)?.slope
    )
  }
}

/// One row in the form used to prepare the resampling.
struct ResampleRow {
  var margin: Double
  var score: Double
  var entity: Int32
  var cutoff: Int32
  var label: UInt8
}

extension ScoredRows {
  /// Returns the rows by descending margin, then descending score, with the given entity indices.
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
  /// Returns the rows by descending score, then positives first, then by entity. Floating-point
  /// sums in this order do not depend on the original order of the rows.
  func sortedByFallingScore() -> [ResampleRow] {
    sorted {
      if $0.score != $1.score { return $0.score > $1.score }
      if $0.label != $1.label { return $0.label > $1.label }
      return $0.entity < $1.entity
    }
  }
}
