internal import Columns
internal import CLightGBM

/// The steps from typed columns to a binned dataset: sample, learn bins, push rows.
struct DatasetBuilder {
  let rows: RowMajorConverter
  let names: [String]
  let labels: [Float]
  let weights: [Float]?
  let parameters: String
  let threads: Int
  /// The rows in the order in which the dataset stores them; nil if that is their own order. Bins
  /// are learned from the same sample either way.
  var order: [Int32]?
  /// The dataset whose bins are reused; nil if bins are learned from the rows.
  var reference: lgbm_dataset?

  /// The magnitude up to which LightGBM treats a number as zero and leaves it out of a sample.
  private static let zeroThreshold = Double(Float(1e-35))

  /// Builds a dataset; the caller owns the handle.
  ///
  /// - Throws: `callFailed`; the dataset is then freed.
  func build(in library: LightGBMLibrary, log: LogCollector) throws(LearningError) -> lgbm_dataset {
    let dataset = try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> lgbm_dataset in
      let dataset =
        if let reference { try createEmpty(like: reference, functions) } else {
          try createEmpty(functions)
        }
      try makeRoom(in: dataset, functions)
      return dataset
    }
    do throws(LearningError) {
      try push(to: dataset, in: library, log: log)
      try library.perform(threads: threads, log: log) { functions throws(LearningError) in
        try functions.check(functions.datasetMarkFinished(dataset), "LGBM_DatasetMarkFinished")
        // Reused bins already have their features' names.
        if reference == nil { try Self.setNames(names, of: dataset, functions) }
      }
    } catch {
      _ = library.functions.datasetFree(dataset)
      throw error
    }
    return dataset
  }

  /// Returns the bins that the dataset would have, without building it.
  ///
  /// - Throws: `callFailed`.
  func findBins(
    in library: LightGBMLibrary, log: LogCollector
  ) throws(LearningError) -> BinReference {
    try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> BinReference in
      let empty = try createEmpty(functions)
      defer { _ = functions.datasetFree(empty) }
      return try BinReference(of: empty, functions)
    }
  }

  /// Learns the bins from a sample of the rows and allocates memory for all rows.
  private func createEmpty(_ functions: LightGBMFunctions) throws(LearningError) -> lgbm_dataset {
    let sample = try sampleRows(functions)
    var (values, indices, counts) = gather(sample)
    var dataset: lgbm_dataset?
    let status = values.withUnsafeMutableBufferPointer { values in
      indices.withUnsafeMutableBufferPointer { indices in
        let starts = (0..<rows.columnCount).map { $0 * sample.count }
        var valueStarts = starts.map { start in values.baseAddress.map { $0 + start } }
        var indexStarts = starts.map { start in indices.baseAddress.map { $0 + start } }
        return functions.datasetCreateFromSampledColumn(
          &valueStarts, &indexStarts, Int32(rows.columnCount), &counts, Int32(sample.count),
          Int32(rows.rowCount), Int64(rows.rowCount), parameters, &dataset)
      }
    }
    try functions.check(status, "LGBM_DatasetCreateFromSampledColumn")
    guard let dataset else {
      throw LearningError(
        .callFailed, "returned no dataset", function: "LGBM_DatasetCreateFromSampledColumn")
    }
    return dataset
  }

  /// Returns an empty dataset with memory for the rows and the bins of another dataset.
  private func createEmpty(
    like reference: lgbm_dataset, _ functions: LightGBMFunctions
  ) throws(LearningError) -> lgbm_dataset {
    var dataset: lgbm_dataset?
    try functions.check(
      functions.datasetCreateByReference(reference, Int64(rows.rowCount), &dataset),
      "LGBM_DatasetCreateByReference")
    guard let dataset else {
      throw LearningError(
        .callFailed, "returned no dataset", function: "LGBM_DatasetCreateByReference")
    }
    return dataset
  }

  /// Prepares a dataset for pushing rows; frees it on failure.
  private func makeRoom(
    in dataset: lgbm_dataset, _ functions: LightGBMFunctions
  ) throws(LearningError) {
    do throws(LearningError) {
      try functions.check(
        functions.datasetInitStreaming(
          dataset, weights == nil ? 0 : 1, 0, 0, 1, Int32(threads), 1),
        "LGBM_DatasetInitStreaming")
    } catch {
      _ = functions.datasetFree(dataset)
      throw error
    }
  }

  /// Returns the rows that LightGBM would sample from the full matrix, ascending.
  private func sampleRows(_ functions: LightGBMFunctions) throws(LearningError) -> [Int32] {
    var count: Int32 = 0
    try functions.check(
      functions.getSampleCount(Int32(rows.rowCount), parameters, &count), "LGBM_GetSampleCount")
    var sample = [Int32](repeating: 0, count: Int(count))
    try functions.check(
      functions.sampleIndices(Int32(rows.rowCount), parameters, &sample, &count),
      "LGBM_SampleIndices")
    return Array(sample.prefix(Int(count)))
  }

  /// Returns each column's nonzero sampled values and their indices in the sample.
  ///
  /// Column c starts at `c * sample.count` and has `counts[c]` values.
  private func gather(
    _ sample: [Int32]
  ) -> (values: [Double], indices: [Int32], counts: [Int32]) {
    let size = sample.count * rows.columnCount
    var values = [Double](repeating: 0, count: size)
    var indices = [Int32](repeating: 0, count: size)
    var counts = [Int32](repeating: 0, count: rows.columnCount)
    values.withUnsafeMutableBufferPointer { values in
      indices.withUnsafeMutableBufferPointer { indices in
        counts.withUnsafeMutableBufferPointer { counts in
          // Safety: each column writes to its own part of the three buffers, and `forEach` returns
          // before they end.
          nonisolated(unsafe) let (values, indices, counts) = (values, indices, counts)
          let rows = rows
          Parallel.forEach(rows.columnCount, threads: threads) { column in
            let start = column * sample.count
            var end = start
            for (index, value) in rows.gather(column: column, rows: sample).enumerated()
            where value.isNaN || value.magnitude > Self.zeroThreshold {
              values[end] = value
              indices[end] = Int32(index)
              end += 1
            }
            counts[column] = Int32(end - start)
          }
        }
      }
    }
    return (values, indices, counts)
  }

  /// Converts and bins chunks of rows on several threads, which share only the dataset.
  ///
  /// LightGBM's own threads would synchronize after each chunk and wait for the slowest.
  private func push(
    to dataset: lgbm_dataset, in library: LightGBMLibrary, log: LogCollector
  ) throws(LearningError) {
    // Safety: LightGBM accepts pushes from several threads, distinguished by the thread's index,
    // and every row of the dataset is written by exactly one of them.
    nonisolated(unsafe) let dataset = dataset
    let rows = rows
    let order = order
    func inOrder(_ values: [Float]) -> [Float] {
      order.map { order in order.map { values[Int($0)] } } ?? values
    }
    let labels = inOrder(labels)
    let weights = weights.map(inOrder)
    let step = RowMajorConverter.chunkSize * threads
    try library.performSideBySide(threads: threads, log: log) {
      thread, functions throws(LearningError) in
      var values = [Double](repeating: 0, count: RowMajorConverter.chunkSize * rows.columnCount)
      for first in stride(from: thread * RowMajorConverter.chunkSize, to: rows.rowCount, by: step) {
        let range = first..<min(first + RowMajorConverter.chunkSize, rows.rowCount)
        if let order {
          rows.gather(order[range], into: &values)
        } else {
          rows.convert(range, into: &values)
        }
        let status = labels.withUnsafeBufferPointer { labels in
          Self.withOptionalBuffer(weights) { weights in
            functions.datasetPushRowsWithMetadata(
              dataset, values, Int32(lgbm_type_float64), Int32(range.count),
              Int32(rows.columnCount), Int32(first), labels.baseAddress.map { $0 + first },
              weights?.baseAddress.map { $0 + first }, nil, nil, Int32(thread))
          }
        }
        try functions.check(status, "LGBM_DatasetPushRowsWithMetadata")
      }
    }
  }

  private static func withOptionalBuffer<Result>(
    _ values: [Float]?, _ body: (UnsafeBufferPointer<Float>?) -> Result
  ) -> Result {
    guard let values else { return body(nil) }
    return values.withUnsafeBufferPointer { body($0) }
  }

  /// Gives a dataset the names of its features.
  static func setNames(
    _ names: [String], of dataset: lgbm_dataset, _ functions: LightGBMFunctions
  ) throws(LearningError) {
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for name in names {
      offsets.append(bytes.count)
      bytes += name.utf8CString
    }
    let status = bytes.withUnsafeBufferPointer { bytes in
      var starts = offsets.map { offset in bytes.baseAddress.map { $0 + offset } }
      return functions.datasetSetFeatureNames(dataset, &starts, Int32(names.count))
    }
    try functions.check(status, "LGBM_DatasetSetFeatureNames")
  }
}
