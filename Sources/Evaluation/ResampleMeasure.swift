/// Measures resamples one after the other on one thread, reusing its working storage.
struct ResampleMeasure {
  private let plan: ResamplePlan
  private var cells: LogisticCells

  init(_ plan: ResamplePlan) {
    self.plan = plan
    cells = plan.calibration.cells
  }

  /// The pooled metrics, then the means over cutoffs, in the order of the plan's names.
  mutating func values(_ weights: [UInt16]) -> [Double?] {
    pooled(weights) + means(weights)
  }

  private mutating func pooled(_ weights: [UInt16]) -> [Double?] {
    let sums = entitySums(weights)
    let rows = sums[0]
    var positives = 0
    for entity in plan.positiveEntities { positives += Int(weights[Int(entity)]) }
    let areas: (rocAUC: Double?, averagePrecision: Double?) =
      plan.hasAreas
      ? plan.ranking.areas(weights, positives: positives, rows: Int(rows)) : (nil, nil)
    var error: Double?
    var recalibration: (intercept: Double?, slope: Double?) = (nil, nil)
    if plan.hasCalibration {
      error = plan.calibration.weigh(weights, into: &cells) / rows
      recalibration = plan.calibration.recalibration(cells)
    }
    guard rows > 0 else { return ResamplePlan.pooledNames.map { _ in nil } }
    let baseRate = Double(positives) / rows
    let brier = sums[2] / rows
    let reference = baseRate * (1 - baseRate)
    return [
      areas.rocAUC, areas.averagePrecision, sums[1] / rows, brier,
      reference > 0 ? 1 - brier / reference : nil,
      error, recalibration.intercept, recalibration.slope,
      sums[3] > 0 ? Double(positives) / sums[3] : nil, baseRate,
    ]
  }

  /// The weighted sum over entities, in blocks, so that rounding does not grow with their number.
  private func entitySums(_ weights: [UInt16]) -> SIMD4<Double> {
    let block = 512
    var total = SIMD4<Double>.zero
    for start in stride(from: 0, to: weights.count, by: block) {
      var part = SIMD4<Double>.zero
      for entity in start..<min(start + block, weights.count) {
        part += plan.entitySums[entity] * Double(weights[entity])
      }
      total += part
    }
    return total
  }

  private func means(_ weights: [UInt16]) -> [Double?] {
    let count = plan.lists.count
    var sums = [Double](repeating: 0, count: 3 * count)
    var precisions = 0
    var ratios = 0
    for cutoff in plan.cutoffs {
      guard let found = cutoff.topLists(weights, lists: plan.lists) else { continue }
      precisions += 1
      if found.positives > 0 { ratios += 1 }
      for list in 0..<count {
        let precision = found.hits[list] / Double(found.lengths[list])
        sums[3 * list] += precision
        guard found.positives > 0 else { continue }
        sums[3 * list + 1] += found.hits[list] / Double(found.positives)
        sums[3 * list + 2] += precision / (Double(found.positives) / Double(found.rows))
      }
    }
    return sums.indices.map { index in
      let cutoffs = index % 3 == 0 ? precisions : ratios
      return cutoffs > 0 ? sums[index] / Double(cutoffs) : nil
    }
  }
}
