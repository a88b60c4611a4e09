internal import CLightGBM
public import Panel

extension Booster {
  /// The margin of each row: the sum of the trees' leaves, before any calibration.
  ///
  /// Bit for bit what LightGBM's Python package predicts with `raw_score=True`, on any thread
  /// count.
  ///
  /// - Parameters:
  ///   - blocks: the rows, with the model's features as columns, in the model's order.
  ///   - encodings: how each column is read; tables as they were when the model was trained.
  ///   - threads: how many threads convert and predict.
  /// - Throws: `invalidInput` when columns and model do not fit; `callFailed`.
  public func predictMargins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    try predict(
      blocks, encodings, kind: Int32(lgbm_predict_raw_score), valuesPerRow: 1, threads)
  }

  /// What each feature added to each row's margin.
  ///
  /// It takes `featureCount + 1` doubles per row, and much longer than the margins: give it the few
  /// rows that somebody will look at.
  ///
  /// - Throws: `invalidInput` when columns and model do not fit; `callFailed`.
  public func contributions(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> Contributions {
    let values = try predict(
      blocks, encodings, kind: Int32(lgbm_predict_contribution),
      valuesPerRow: featureNames.count + 1, threads)
    return Contributions(
      rowCount: values.count / (featureNames.count + 1), featureCount: featureNames.count,
      values: values)
  }

  /// Rows converted and predicted at a time.
  private static let batchSize = 16384

  private func predict(
    _ blocks: [FeatureBlock], _ encodings: [ColumnEncoding], kind: Int32, valuesPerRow: Int,
    _ threads: Int
  ) throws(LearningError) -> [Double] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard rows.columnCount == featureNames.count else {
      throw LearningError(
        .invalidInput,
        "the model has \(featureNames.count) features, the rows have \(rows.columnCount)")
    }
    if let smallTrees {
      return kind == Int32(lgbm_predict_raw_score)
        ? smallTrees.margins(rows, threads: threads)
        : smallTrees.contributions(rows, threads: threads)
    }
    var result = [Double](repeating: 0, count: rows.rowCount * valuesPerRow)
    guard rows.rowCount > 0 else { return result }
    let parameters = "verbosity=0 num_threads=\(threads)"
    var values = [Double](
      repeating: 0, count: min(Self.batchSize, rows.rowCount) * rows.columnCount)
    try library.perform(threads: threads, log: LogCollector()) {
      functions throws(LearningError) in
      for first in stride(from: 0, to: rows.rowCount, by: Self.batchSize) {
        let range = first..<min(first + Self.batchSize, rows.rowCount)
        rows.convert(range, into: &values, threads: threads)
        var length: Int64 = 0
        let status = result.withUnsafeMutableBufferPointer { result in
          functions.boosterPredictForMatrix(
            handle, values, Int32(lgbm_type_float64), Int32(range.count),
            Int32(rows.columnCount), 1, kind, 0, -1, parameters, &length,
            result.baseAddress.map { $0 + first * valuesPerRow })
        }
        try functions.check(status, "LGBM_BoosterPredictForMat")
        guard length == range.count * valuesPerRow else {
          throw LearningError(
            .callFailed, "returned \(length) values, not \(range.count * valuesPerRow)",
            function: "LGBM_BoosterPredictForMat")
        }
      }
    }
    return result
  }
}
