internal import Columns

/// Consecutive rows of typed columns, converted to the learner's format: row-major doubles.
struct RowMajorConverter: Sendable {
  let blocks: [FeatureBlock]
  let encodings: [ColumnEncoding]
  /// The first row of each block, and the row count at the end.
  let starts: [Int]

  var rowCount: Int { starts[starts.count - 1] }
  var columnCount: Int { encodings.count }

  /// Checks that every block has one column per encoding, with storage that the encoding can read.
  ///
  /// - Throws: `invalidInput`.
  init(blocks: [FeatureBlock], encodings: [ColumnEncoding]) throws(LearningError) {
    guard !encodings.isEmpty else {
      throw LearningError(.invalidInput, "there are no features")
    }
    var starts = [0]
    for block in blocks {
      guard block.columns.count == encodings.count else {
        throw LearningError(
          .invalidInput,
          "expected \(encodings.count) columns in each block, found \(block.columns.count)")
      }
      for (index, column) in block.columns.enumerated() {
        guard column.count == block.rowCount else {
          throw LearningError(
            .invalidInput,
            "column \(index) has \(column.count) rows, its block has \(block.rowCount)")
        }
        if encodings[index].isCategory, !column.isInteger {
          throw LearningError(
            .invalidInput, "column \(index) holds categories, so its storage must be an integer")
        }
      }
      starts.append(starts[starts.count - 1] + block.rowCount)
    }
    guard starts[starts.count - 1] <= Int(Int32.max) else {
      throw LearningError(
        .invalidInput, "LightGBM takes at most \(Int32.max) rows, not \(starts[starts.count - 1])")
    }
    self.blocks = blocks
    self.encodings = encodings
    self.starts = starts
  }

  /// Returns the index of the block that contains a row; empty blocks contain none.
  func block(of row: Int) -> Int {
    var low = 0
    var high = blocks.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// Writes rows to the start of `target`, row after row, on several threads.
  func convert(_ rows: Range<Int>, into target: inout [Double], threads: Int) {
    precondition(target.count >= rows.count * columnCount, "too small a target")
    target.withUnsafeMutableBufferPointer { target in
      // Safety: each chunk writes to its own rows, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let target = target
      let chunkCount = (rows.count + Self.chunkSize - 1) / Self.chunkSize
      Parallel.forEach(chunkCount, threads: threads) { chunk in
        let first = rows.lowerBound + chunk * Self.chunkSize
        let start = (first - rows.lowerBound) * columnCount
        convert(
          first..<min(first + Self.chunkSize, rows.upperBound),
          into: UnsafeMutableBufferPointer(rebasing: target[start...]))
      }
    }
  }

  /// Writes rows to the start of `target`, row after row, on the calling thread.
  func convert(_ rows: Range<Int>, into target: inout [Double]) {
    precondition(target.count >= rows.count * columnCount, "too small a target")
    target.withUnsafeMutableBufferPointer { convert(rows, into: $0) }
  }

  /// The number of rows converted at a time, small enough to stay in a core's level 2 cache.
  static let chunkSize = 1024

  /// Writes rows to `target`, row after row.
  private func convert(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Double>) {
    guard !rows.isEmpty else { return }
    var index = block(of: rows.lowerBound)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let end = min(rows.upperBound, starts[index + 1])
      let local = (row - starts[index])..<(end - starts[index])
      let part = UnsafeMutableBufferPointer(
        rebasing: target[((row - rows.lowerBound) * columnCount)...])
      for column in encodings.indices {
        blocks[index].columns[column].write(
          local, as: encodings[column], to: part, offset: column, stride: columnCount)
      }
      row = end
      index += 1
    }
  }

  /// Writes one column's values for consecutive rows.
  func write(column: Int, _ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Double>) {
    guard !rows.isEmpty else { return }
    var index = block(of: rows.lowerBound)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let end = min(rows.upperBound, starts[index + 1])
      blocks[index].columns[column].write(
        (row - starts[index])..<(end - starts[index]), as: encodings[column], to: target,
        offset: row - rows.lowerBound, stride: 1)
      row = end
      index += 1
    }
  }

  /// Returns all values of one column.
  func column(_ column: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: rowCount) { target, count in
      for (index, block) in blocks.enumerated() {
        let part = UnsafeMutableBufferPointer(rebasing: target[starts[index]...])
        block.columns[column].write(
          0..<block.rowCount, as: encodings[column], to: part, offset: 0, stride: 1)
      }
      count = rowCount
    }
  }

  /// Returns one column's values at ascending rows.
  func gather(column: Int, rows: [Int32]) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count)
    var index = 0
    var position = 0
    while position < rows.count {
      while Int(rows[position]) >= starts[index + 1] { index += 1 }
      let read = blocks[index].columns[column].reader(as: encodings[column])
      while position < rows.count, Int(rows[position]) < starts[index + 1] {
        values.append(read(Int(rows[position]) - starts[index]))
        position += 1
      }
    }
    return values
  }

  /// Writes rows in any order to the start of `target`, row after row.
  func gather(_ rows: ArraySlice<Int32>, into target: inout [Double]) {
    precondition(target.count >= rows.count * columnCount, "too small a target")
    // The places of the rows in each block: one pass over a column's values takes them all.
    var places: [Int: [(local: Int, offset: Int)]] = [:]
    for (index, row) in rows.enumerated() {
      let block = block(of: Int(row))
      places[block, default: []].append((Int(row) - starts[block], index * columnCount))
    }
    target.withUnsafeMutableBufferPointer { target in
      for (block, places) in places {
        for column in encodings.indices {
          blocks[block].columns[column].write(
            places, as: encodings[column], to: target, column: column)
        }
      }
    }
  }
}
